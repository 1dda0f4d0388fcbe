import { expect, test } from "vitest";
import type { StagedChunk } from "../../engine/run/stage-chunks.ts";
import { stageBeside } from "../../engine/sync/stage-beside.ts";
import { planOf, stateFolder } from "./hand-run.ts";

const SAY = `import { parentPort } from "node:worker_threads";
const staged = (index) =>
  parentPort.postMessage({ kind: "staged", chunk: { index, rows: 1, bytes: 9, digest: "d" } });
`;

const RUN = { operation: "insert", columns: ["Key"], rows: [["a"], ["b"]], chunkRows: 1 } as const;

/** Stages by a thread that runs `script`. */
function by(script: string, signal = new AbortController().signal): AsyncGenerator<StagedChunk> {
  const url = new URL(`data:text/javascript,${encodeURIComponent(SAY + script)}`);
  const order = { plan: planOf(RUN), folder: stateFolder(), epoch: 1, wanted: [0, 1] };
  return stageBeside(url, order, signal);
}

/** Takes chunks until it ends. */
async function taken(chunks: AsyncGenerator<StagedChunk>): Promise<(number | string)[]> {
  const seen: (number | string)[] = [];
  try {
    for await (const { index } of chunks) seen.push(index);
    seen.push("end");
  } catch (error) {
    seen.push(String(error));
  }
  return seen;
}

test.each([
  [
    "says that it is done",
    `staged(0); staged(1); parentPort.postMessage({ kind: "end" });`,
    [0, 1, "end"],
  ],
  [
    "says what failed",
    `staged(0); parentPort.postMessage({ kind: "failed", thrown: { message: "No room." } });
     parentPort.on("message", () => parentPort.close());`,
    [0, "Error: No room."],
  ],
  [
    "crashes",
    `staged(0); setImmediate(() => { throw new TypeError("Out of its mind."); });`,
    [0, "TypeError: Out of its mind."],
  ],
  [
    "ends without a word",
    `staged(0); setImmediate(() => process.exit(0));`,
    [0, "Error: The thread that stages ended."],
  ],
])("a thread that %s", async (_what, script, wanted) => {
  expect(await taken(by(script))).toEqual(wanted);
});

const WAITS_AND_CRASHES = `staged(0);
parentPort.on("message", (said) => { if (said === "stop") throw new Error("Late."); });`;

test("a crash after the last chunk that is asked for replaces neither the end nor its reason", async () => {
  const chunks = by(WAITS_AND_CRASHES);
  const reason = new Error("The network is gone.");
  const use = async () => {
    for await (const _ of chunks) throw reason;
  };
  await expect(use()).rejects.toBe(reason);
  for await (const { index } of by(WAITS_AND_CRASHES)) {
    expect(index).toBe(0);
    break;
  }
});

test("when the run stops, what the thread says of it is the run's reason", async () => {
  const stop = new AbortController();
  const reason = new Error("Stopped, as asked.");
  const script = `staged(0);
    parentPort.on("message", (said) => {
      if (said !== "stop") return;
      parentPort.postMessage({ kind: "failed", thrown: { message: "The run stops." } });
      parentPort.close();
    });`;
  const use = async () => {
    for await (const _ of by(script, stop.signal)) stop.abort(reason);
  };
  await expect(use()).rejects.toBe(reason);
});
