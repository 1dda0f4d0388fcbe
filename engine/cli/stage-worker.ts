// The thread that stages chunks beside the network: see sync/stage-beside.ts, which starts it.
import { parentPort, workerData } from "node:worker_threads";
import { runFolder } from "../run/run-folder.ts";
import type { StageOrder } from "../sync/stage-beside.ts";
import { plainThrown, type StageAnswer } from "../sync/stage-messages.ts";
import { stageStored } from "../sync/stage-stored.ts";

const { plan, folder, epoch, wanted } = workerData as StageOrder;
const stopping = new AbortController();
let asked = 0;
let wake = () => {};
parentPort?.on("message", (message: "next" | "stop") => {
  if (message === "next") asked++;
  else stopping.abort(new Error("The run stops."));
  wake();
});

try {
  const own = new Set(wanted);
  for await (const chunk of stageStored({
    plan,
    folder: runFolder(folder, epoch),
    wanted: (index) => own.has(index),
    signal: stopping.signal,
  })) {
    say({ kind: "staged", chunk });
    await leave();
  }
  say({ kind: "end" });
} catch (thrown) {
  say({ kind: "failed", thrown: plainThrown(thrown) });
} finally {
  parentPort?.close();
}

function say(answer: StageAnswer): void {
  parentPort?.postMessage(answer);
}

/** Waits until the next chunk is asked for. */
async function leave(): Promise<void> {
  asked--;
  while (asked <= 0) {
    stopping.signal.throwIfAborted();
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
}
