import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take long because they wait for processes. Begun last, one of them would run alone while
 *  the other workers have nothing left to do. */
const SLOW = [
  "run/process-sweep",
  "cli/screen",
  "run/process-manners",
  "features/exit-codes",
  "features/many-chunks",
  "run/flow-sweep",
  "run/after-a-run",
  "run/kill-sweep",
  "plan/operations-as-planned",
  "run/process-network",
];

export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = SLOW.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return place < 0 ? SLOW.length : place;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
