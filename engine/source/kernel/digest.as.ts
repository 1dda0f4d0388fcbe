// AssemblyScript, compiled to WebAssembly by scripts/build-kernel.mjs: tsc does not see this file.

import { murmur, murmur1, murmur2, murmur3, murmur4 } from "./murmur.as";

/** Digests the bytes from `start` to `end`, seed 0, and stores four words at `out`. */
export function digest(start: i32, end: i32, out: i32): void {
  murmur(start, end, 0);
  store<u32>(out, murmur1);
  store<u32>(out, murmur2, 4);
  store<u32>(out, murmur3, 8);
  store<u32>(out, murmur4, 12);
}
