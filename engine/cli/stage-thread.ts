import { existsSync } from "node:fs";
import type { StageThread } from "../sync/stage-beside.ts";

/** The thread that stages chunks, whose script lies beside this one in dist/; null where the sources run
 *  as they are, which a thread can't load. */
export function stageThread(): StageThread | null {
  const script = new URL("stage-worker.js", import.meta.url);
  return existsSync(script) ? { script, fromBytes: WORTH_BYTES } : null;
}

/** A thread takes about a tenth of a second to start. */
const WORTH_BYTES = 16_000_000;
