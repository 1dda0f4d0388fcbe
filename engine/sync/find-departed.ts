import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { newUuid } from "../base/ids.ts";
import { KEY_WORDS, type KeyList, newKeyList } from "../delta/key-list.ts";
import { ID_WORDS, packId } from "../delta/packed-id.ts";
import { keyDigestOf } from "../mapping/key-digest.ts";
import { eachResult } from "../run/result-rows.ts";
import { type DepartedRecords, NO_RECORDS, RECORD_WORDS } from "../run/stage-mirror.ts";
import type { EngineDeps } from "./engine-deps.ts";
import type { PreparedSync } from "./prepare-sync.ts";

/** Keeps the keys that left the source, as digests: the state knows no others. */
export function newDeparted() {
  const keys = newKeyList(1);
  return { keys, add: (words: Uint32Array, at: number) => void keys.add(words, at) };
}

/** The records of the keys, by one Bulk query over the object, sorted by Id so that the same plan made
 *  twice is the same plan; and how many keys have a record. */
export async function findDeparted(
  { shape, program, org }: PreparedSync,
  departed: KeyList,
  deps: EngineDeps,
): Promise<{ readonly records: DepartedRecords; readonly keysFound: number }> {
  const key = program.columns[program.keyColumn ?? 0] ?? "Id";
  const kind = program.keyKind ?? "text";
  const folder = path.join(deps.project.stateFolder, "tmp");
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `mirror-${newUuid()}.csv`);
  const soql =
    key === "Id"
      ? `SELECT Id FROM ${shape.name}`
      : `SELECT Id, ${key} FROM ${shape.name} WHERE ${key} != null`;
  try {
    await org.queryToFile(soql, file, deps.signal);
    const records = newRecordList();
    let keysFound = 0;
    await eachResult(file, (cell) => {
      const digest = keyDigestOf(cell(key), kind);
      const place = departed.find(digest, 0);
      if (place < 0 || !records.add(digest, cell("Id"))) return;
      if (departed.word(place, KEY_WORDS) === 0) keysFound++;
      departed.setWord(place, KEY_WORDS, 1);
    });
    return { records: records.sorted(), keysFound };
  } finally {
    rmSync(file, { force: true });
  }
}

function newRecordList() {
  let words = new Uint32Array(RECORD_WORDS * 1024);
  let count = 0;
  return {
    /** False for what is no Id. */
    add(digest: Uint32Array, id: string): boolean {
      const at = count * RECORD_WORDS;
      if (at === words.length) {
        const more = new Uint32Array(words.length * 2);
        more.set(words);
        words = more;
      }
      if (!packId(id, words, at + KEY_WORDS)) return false;
      words.set(digest, at);
      count++;
      return true;
    },
    sorted(): DepartedRecords {
      if (count === 0) return NO_RECORDS;
      const order = Uint32Array.from({ length: count }, (_, record) => record).sort((a, b) => {
        for (let i = 0; i < ID_WORDS; i++) {
          const at = KEY_WORDS + i;
          const one = words[a * RECORD_WORDS + at] ?? 0;
          const other = words[b * RECORD_WORDS + at] ?? 0;
          if (one !== other) return one - other;
        }
        return 0;
      });
      const sorted = new Uint32Array(count * RECORD_WORDS);
      for (const [to, from] of order.entries()) {
        const record = words.subarray(from * RECORD_WORDS, (from + 1) * RECORD_WORDS);
        sorted.set(record, to * RECORD_WORDS);
      }
      return { count, words: sorted };
    },
  };
}
