import { murmur128 } from "../base/murmur.ts";
import { KEY_WORDS, newKeyList } from "../delta/key-list.ts";
import { foldKey } from "../mapping/fold-key.ts";
import type { ChunkRow } from "../state/state-store.ts";
import { readPrints } from "./chunk-prints.ts";
import { eachResult } from "./result-rows.ts";
import type { RunDeps } from "./run-deps.ts";

/** Finds the row of a chunk by the text of its key as a result set gives it. -1: no such row. */
export type JoinTable = (keyText: string) => number;

/** Keys compare as Salesforce compares them, so numbers that come back as 9.1E8 still find their row.
 *  Never by position: the order of results is not guaranteed. */
export async function openJoinTable(chunk: ChunkRow, deps: RunDeps): Promise<JoinTable> {
  const { plan, folder } = deps;
  if (plan.join === null) return () => -1;
  const { column, kind } = plan.join;
  const digest = new Uint32Array(4);
  const digestOf = (text: string) => {
    const bytes = new TextEncoder().encode(foldKey(text, kind));
    murmur128(bytes, 0, bytes.length, 0, digest, 0);
    return digest;
  };
  const table = newKeyList(1);
  const note = (keys: Uint32Array, at: number, row: number) =>
    table.setWord(table.add(keys, at), KEY_WORDS, row);
  if (plan.joinBySidecar) {
    const prints = readPrints(
      folder.chunkPrints(chunk.index),
      chunk.rows,
      plan.fingerprints.columns,
    );
    for (let row = 0; row < prints.count; row++) note(prints.keys, row * KEY_WORDS, row);
  } else {
    let row = 0;
    await eachResult(folder.chunkCsv(chunk.index), (cell) => {
      note(digestOf(cell(column)), 0, row++);
    });
  }
  return (text) => {
    if (text === "") return -1;
    const place = table.find(digestOf(text), 0);
    return place < 0 ? -1 : table.word(place, KEY_WORDS);
  };
}
