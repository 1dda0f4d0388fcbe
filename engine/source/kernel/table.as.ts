// AssemblyScript, compiled to WebAssembly by scripts/build-kernel.mjs: tsc does not see this file.
// Texts whose cells are known beforehand. engine/mapping/kernel-table.ts writes such a table: a head, then
// slots, of which a text has the first that is free from where its bytes lead to.

import { firstBytes } from "./murmur.as";

/** Places in the head. */
const SLOTS_MASK: usize = 0;
/** The cell of all other texts, and that of texts of more than 16 bytes; 0 where JavaScript knows. */
const OTHERS: usize = 4;
const LONG: usize = 8;
const HEAD_BYTES: i32 = 16;

/** Places in a slot; the text comes first. */
const LENGTH: usize = 16;
const CELL: usize = 20;
const SLOT_SHIFT: i32 = 5;

const TEXT_BYTES_MAX: i32 = 16;

/** The address of the cell; 0 where only JavaScript knows it. */
export function findCell(table: i32, from: i32, length: i32): i32 {
  if (length > TEXT_BYTES_MAX) return load<i32>(table, LONG);
  const text = firstBytes(v128.load(from), length);
  const mask: i32 = load<i32>(table, SLOTS_MASK);
  const mixed = i32x4.mul(text, MIXING);
  const hash: i32 =
    i32x4.extract_lane(mixed, 0) ^
    i32x4.extract_lane(mixed, 1) ^
    i32x4.extract_lane(mixed, 2) ^
    i32x4.extract_lane(mixed, 3);
  const slots: i32 = table + HEAD_BYTES;
  let slot: i32 = (hash ^ (<u32>hash >> 15)) & mask;
  let at: i32 = slots + (slot << SLOT_SHIFT);
  while (load<i32>(at, LENGTH) !== 0) {
    const same: bool = !v128.any_true(v128.xor(v128.load(at), text));
    if (same && load<i32>(at, LENGTH) === length) return load<i32>(at, CELL);
    slot = (slot + 1) & mask;
    at = slots + (slot << SLOT_SHIFT);
  }
  return load<i32>(table, OTHERS);
}

const MIXING: v128 = i32x4(-1640531535, -2048144777, -1028477379, 668265263);
