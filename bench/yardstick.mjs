// The yardstick: ONE plain JavaScript loop over the file's bytes that finds fields, copies the first
// twelve columns, hashes rows and writes the output to a file. What a good programmer would write in an
// afternoon: no types are checked, nothing is remembered, nothing is sent.
//   node yardstick.mjs IN.csv OUT.csv
import { closeSync, openSync, readSync, writeSync } from "node:fs";

const MAPPED = 12;
const SIZE = 1 << 20;
const QUOTE = 34;
const COMMA = 44;
const LF = 10;

const [, , from, to] = process.argv;
const input = openSync(from, "r");
const output = openSync(to, "w");
const bytes = new Uint8Array(SIZE * 2);
const out = new Uint8Array(SIZE * 2);
const starts = new Int32Array(64);
const ends = new Int32Array(64);
let hashes = new Uint32Array(1 << 20);
let rows = 0;
let have = 0;

for (let n = readSync(input, bytes, have, SIZE, null); n > 0; ) {
  const length = have + n;
  let at = 0;
  let field = 0;
  let start = 0;
  let record = 0;
  let inQuotes = false;
  for (let i = 0; i < length; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) {
      inQuotes = !inQuotes;
      continue;
    }
    if (inQuotes || (byte !== COMMA && byte !== LF)) continue;
    starts[field] = start;
    ends[field] = i;
    field++;
    start = i + 1;
    if (byte === COMMA) continue;
    let hash = 0x811c9dc5;
    for (let column = 0; column < MAPPED; column++) {
      const end = ends[column];
      for (let j = starts[column]; j < end; j++) {
        const copied = bytes[j];
        out[at++] = copied;
        hash = Math.imul(hash ^ copied, 0x01000193);
      }
      out[at++] = COMMA;
    }
    out[at - 1] = LF;
    if (rows === hashes.length) {
      const larger = new Uint32Array(rows * 2);
      larger.set(hashes);
      hashes = larger;
    }
    hashes[rows++] = hash >>> 0;
    field = 0;
    record = start;
  }
  for (let written = 0; written < at; ) written += writeSync(output, out, written, at - written);
  bytes.copyWithin(0, record, length);
  have = length - record;
  n = readSync(input, bytes, have, SIZE, null);
}
closeSync(input);
closeSync(output);
console.log(`${rows} rows`);
