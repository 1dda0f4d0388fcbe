// AssemblyScript, compiled to WebAssembly by scripts/build-kernel.mjs: tsc does not see this file.

import { murmur, murmurFirst, murmurSecond } from "./murmur.as";

/** Digests the bytes from `start` to `end`, seed 0, and stores 16 bytes at `out`. */
export function digest(start: i32, end: i32, out: i32): void {
  murmur(start, end, 0);
  store<u64>(out, murmurFirst);
  store<u64>(out, murmurSecond, 8);
}
