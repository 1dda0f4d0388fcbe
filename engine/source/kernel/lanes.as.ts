// AssemblyScript, compiled to WebAssembly by scripts/build-kernel.mjs: tsc does not see this file.
// Constants of sixteen bytes. They lie in the first bytes of the memory, which CONSTANT_BYTES of
// engine/source/block-memory.ts leaves free for them: reading one there takes one instruction, making it
// takes five.

/** The place of each lane. */
export const PLACES: usize = memory.data<u8>(
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  16,
);

/** What needs quotes around it, each byte at the place of its low half. */
export const SPECIALS: usize = memory.data<u8>(
  [255, 0, 34, 0, 0, 0, 0, 0, 0, 0, 10, 0, 44, 13, 0, 0],
  16,
);
export const LOW_HALF: usize = memory.data<u8>(
  [15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15],
  16,
);

/** The first visible character. */
export const VISIBLE: usize = memory.data<u8>(
  [33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33],
  16,
);
/** The character before A, and the one after Z. */
export const BEFORE_A: usize = memory.data<u8>(
  [64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64],
  16,
);
export const AFTER_Z: usize = memory.data<u8>(
  [91, 91, 91, 91, 91, 91, 91, 91, 91, 91, 91, 91, 91, 91, 91, 91],
  16,
);

export const ZEROS: usize = memory.data<u8>(
  [48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48],
  16,
);
export const NINES: usize = memory.data<u8>([9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9], 16);

/** Bounds of digits and hyphens in yyyy-MM-dd; anything behind it. */
export const DAY_LOW: usize = memory.data<u8>(
  [48, 48, 48, 48, 45, 48, 48, 45, 48, 48, 0, 0, 0, 0, 0, 0],
  16,
);
export const DAY_HIGH: usize = memory.data<u8>(
  [57, 57, 57, 57, 45, 57, 57, 45, 57, 57, 255, 255, 255, 255, 255, 255],
  16,
);
