import type { RunPlan } from "../plan/sync-plan.ts";
import type { RunFolder } from "../run/run-folder.ts";
import type { StagedChunk } from "../run/stage-chunks.ts";
import { type StageThread, stageBeside } from "./stage-beside.ts";
import { stageStored } from "./stage-stored.ts";

/** Stages the wanted chunks of a run whose plan and decisions are stored: in a thread of its own where
 *  there is one and the work is worth it. */
export async function* stagePlanned(
  input: {
    readonly plan: RunPlan;
    readonly folder: RunFolder;
    readonly epoch: number;
    readonly wanted: (index: number) => boolean;
    readonly signal: AbortSignal;
  },
  thread: StageThread | null,
): AsyncGenerator<StagedChunk> {
  const { plan, folder, epoch, signal } = input;
  const cuts = plan.plan.chunks;
  const wanted = [...cuts.keys()].filter((index) => input.wanted(index));
  const bytes = wanted.reduce((sum, index) => sum + (cuts[index]?.bytes ?? 0), 0);
  if (thread === null || wanted.length === 0 || bytes < thread.fromBytes) yield* stageStored(input);
  else yield* stageBeside(thread.script, { plan, folder: folder.folder, epoch, wanted }, signal);
}
