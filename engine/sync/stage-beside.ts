import { once } from "node:events";
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
  const ended = once(worker, "exit");
  // Whoever awaits it sees the failure; until then it is not unhandled.
  ended.catch(() => {});
  const answers = answersOf(worker);
  const stop = () => worker.postMessage("stop");
  signal.addEventListener("abort", stop, { once: true });
  try {
    worker.postMessage("next");
    for (;;) {
      worker.postMessage("next");
      const answer = await answers();
      if (answer.kind === "staged") yield answer.chunk;
      else if (answer.kind === "end") return;
      else throw signal.aborted ? signal.reason : thrownOf(answer.thrown);
    }
  } finally {
    signal.removeEventListener("abort", stop);
    // It lets go of the chunk in hand before it ends.
    stop();
    await ended;
  }
}

/** Gives the worker's messages one by one, in their order. */
function answersOf(worker: Worker): () => Promise<StageAnswer> {
  const waiting: StageAnswer[] = [];
  let wake: (() => void) | null = null;
  const take = (answer: StageAnswer) => {
    waiting.push(answer);
    wake?.();
  };
  worker.on("message", take);
  worker.on("error", (error) => take({ kind: "failed", thrown: { message: error.message } }));
  worker.on("exit", () =>
    take({ kind: "failed", thrown: { message: "The thread that stages ended." } }),
  );
  return async () => {
    for (;;) {
      const answer = waiting.shift();
      if (answer !== undefined) return answer;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
}
