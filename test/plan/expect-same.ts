import { expect } from "vitest";

type Counts = Readonly<Record<string, number>>;

/** A plan's counts against those of the run after it. */
export function expectSame(plan: Counts, run: Counts): void {
  const { source, filtered, invalid, duplicate, unchanged, toSend } = plan;
  expect(run).toMatchObject({ source, filtered, invalid, duplicate, unchanged, sent: toSend });
}
