import { EngineError } from "../base/engine-error.ts";
import { fileDigest } from "../base/file-digest.ts";
import type { ChunkRow } from "../state/state-store.ts";
import type { Stage } from "./execute-run.ts";
import { writeRound } from "./retry-round.ts";
import type { RunDeps } from "./run-deps.ts";

/** After a restart a chunk that is to be sent must be what was staged; if it is not, it is staged anew:
 *  from the source, or for a further round from the chunks of the round before. Throws
 *  RUN_SOURCE_CHANGED when that does not give the same bytes: its rows were never acknowledged, so the
 *  next run's delta picks them up. */
export async function restoreChunk(chunk: ChunkRow, deps: RunDeps, stage: Stage): Promise<void> {
  if (fileDigest(deps.folder.chunkCsv(chunk.index)) === chunk.digest) return;
  if (chunk.round > 0) {
    const chunks = await deps.store.listChunks(deps.runId);
    const again = await writeRound(chunks, chunk.round, deps);
    if (again.some(({ index, digest }) => index === chunk.index && digest === chunk.digest)) return;
  } else {
    for await (const staged of stage((index) => index === chunk.index)) {
      if (staged.digest === chunk.digest) return;
    }
  }
  throw new EngineError(
    "RUN_SOURCE_CHANGED",
    `Chunk ${chunk.index} is damaged, and can't be staged again as it was planned.`,
    {
      hint: "Chunks that were complete are finished. The next run picks up the rest:\n    sluice run",
    },
  );
}
