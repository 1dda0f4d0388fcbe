import { on } from "node:events";
import { Worker } from "node:worker_threads";
import type { RunPlan } from "../plan/sync-plan.ts";
import type { StagedChunk } from "../run/stage-chunks.ts";
import { type StageAnswer, thrownOf } from "./stage-messages.ts";

/** What the worker is told at its start. */
export interface StageOrder {
  readonly plan: RunPlan;
  /** Absolute path of the run's folder. */
  readonly folder: string;
  readonly epoch: number;
  /** Chunks to write. */
  readonly wanted: readonly number[];
}

export interface StageThread {
  /** What it runs. */
  readonly script: URL;
  /** Bytes of chunks from which on it is worth its start. */
  readonly fromBytes: number;
}

/** Pass 2 in a thread of its own, beside the network: gives what `stageStored` gives, and throws what it
 *  throws. The thread works on the chunk after the one that was given, and then waits to be asked. */
export async function* stageBeside(
  script: URL,
  order: StageOrder,
  signal: AbortSignal,
): AsyncGenerator<StagedChunk> {
  const worker = new Worker(script, { workerData: order });
  // What it throws is told by `answers` as long as somebody asks; afterwards it makes no difference.
  worker.on("error", () => {});
  const ended = new Promise((resolve) => worker.once("exit", resolve));
  const answers = on(worker, "message", { close: ["exit"] }) as AsyncIterable<[StageAnswer]>;
  const stop = () => worker.postMessage("stop");
  signal.addEventListener("abort", stop, { once: true });
  try {
    // One to give, and one ahead.
    worker.postMessage("next");
    worker.postMessage("next");
    for await (const [answer] of answers) {
      if (answer.kind === "end") return;
      if (answer.kind === "failed") throw signal.aborted ? signal.reason : thrownOf(answer.thrown);
      yield answer.chunk;
      worker.postMessage("next");
    }
    throw new Error("The thread that stages ended.");
  } finally {
    signal.removeEventListener("abort", stop);
    // It lets go of the chunk in hand before it ends.
    stop();
    await ended;
  }
}
