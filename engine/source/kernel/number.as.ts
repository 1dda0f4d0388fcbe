// AssemblyScript, compiled to WebAssembly by scripts/build-kernel.mjs: tsc does not see this file.
// The twin of engine/mapping/number-copy.ts.

import { DECLINED } from "./copy.as";

const SPACE: i32 = 32;
const DIGIT: i32 = 1;
const GROUP: i32 = 2;
const DECIMAL: i32 = 3;

/** `kinds` is the address of 256 bytes that tell what each byte is in a number. */
export function copyNumber(kinds: i32, from: i32, to: i32, out: i32): i32 {
  let i: i32 = from;
  let end: i32 = to;
  let at: i32 = out;
  while (i < end && load<u8>(i) === SPACE) i++;
  while (end > i && load<u8>(end - 1) === SPACE) end--;
  if (i < end) {
    const sign: i32 = load<u8>(i);
    if (sign === 0x2d) store<u8>(at++, 0x2d);
    if (sign === 0x2d || sign === 0x2b) i++;
  }
  const first: i32 = at;
  let digits: i32 = 0;
  let inGroup: i32 = 0;
  let grouped: bool = false;
  for (; i < end; i++) {
    const byte: i32 = load<u8>(i);
    const kind: i32 = load<u8>(kinds + byte);
    if (kind === DIGIT) {
      // Zeros that lead say nothing; the last one before the mark stays.
      if (at - first === 1 && load<u8>(first) === 0x30) at = first;
      store<u8>(at++, byte);
      digits++;
      inGroup++;
    } else if (kind === GROUP) {
      if (inGroup === 0 || inGroup > 3 || (grouped && inGroup !== 3)) return DECLINED;
      grouped = true;
      inGroup = 0;
    } else break;
  }
  if (grouped && inGroup !== 3) return DECLINED;
  if (i < end) {
    if (load<u8>(kinds + load<u8>(i)) !== DECIMAL) return DECLINED;
    if (digits === 0) store<u8>(at++, 0x30);
    if (i + 1 < end) store<u8>(at++, 0x2e);
    for (i++; i < end; i++) {
      const byte: i32 = load<u8>(i);
      if (load<u8>(kinds + byte) !== DIGIT) return DECLINED;
      store<u8>(at++, byte);
      digits++;
    }
  }
  return digits === 0 ? DECLINED : at;
}
