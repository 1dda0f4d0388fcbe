import { readFileSync } from "node:fs";
import { EngineError } from "../base/engine-error.ts";
import { compileProgram } from "../mapping/compile-program.ts";
import type { RunPlan } from "../plan/sync-plan.ts";
import type { RunFolder } from "../run/run-folder.ts";
import { type StagedChunk, stageChunks } from "../run/stage-chunks.ts";
import { readStoredIds } from "./stored-ids.ts";

/** Pass 2 from what is stored with the run: its plan, its decisions, its looked-up Ids. Throws
 *  RUN_SOURCE_CHANGED when those are gone, or the source is not what was planned. */
export async function* stageStored(input: {
  readonly plan: RunPlan;
  readonly folder: RunFolder;
  readonly wanted: (index: number) => boolean;
  readonly signal: AbortSignal;
}): AsyncGenerator<StagedChunk> {
  const { plan, folder } = input;
  const { spec, shape, parents } = plan.mapping;
  yield* stageChunks({
    ...input,
    program: compileProgram({ spec, shape, parents: new Map(parents) }),
    decisions: stored(() => new Uint8Array(readFileSync(folder.decisions))),
    ids: plan.joinBySidecar ? null : stored(() => readStoredIds(folder.ids)),
  });
}

/** What was decided for each row is gone: the rest is left to the next run, which decides anew. */
function stored<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new EngineError(
      "RUN_SOURCE_CHANGED",
      "What was decided for the rows of this run can't be read any more.",
      { hint: "Chunks that were complete are finished. For the rest:\n    sluice run", cause },
    );
  }
}
