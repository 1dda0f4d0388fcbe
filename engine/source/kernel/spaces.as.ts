// AssemblyScript, compiled to WebAssembly by scripts/build-kernel.mjs: tsc does not see this file.
// The twin of engine/mapping/byte-spaces.ts: the spaces that a string's trim() cuts.

/** Where the spaces at the end of a range begin. */
export function spacesStart(from: i32, to: i32): i32 {
  let end: i32 = to;
  while (end > from) {
    const last: i32 = load<u8>(end - 1);
    if (last < 0x80) {
      if (!isAsciiSpace(last)) return end;
      end--;
    } else if (end - from >= 2 && isPair(end - 2)) end -= 2;
    else if (end - from >= 3 && isTriple(end - 3)) end -= 3;
    else return end;
  }
  return end;
}

/** Where the spaces at the start of a range end. */
export function spacesEnd(from: i32, to: i32): i32 {
  let start: i32 = from;
  while (start < to) {
    const first: i32 = load<u8>(start);
    if (first < 0x80) {
      if (!isAsciiSpace(first)) return start;
      start++;
    } else if (to - start >= 2 && isPair(start)) start += 2;
    else if (to - start >= 3 && isTriple(start)) start += 3;
    else return start;
  }
  return start;
}

function isAsciiSpace(byte: i32): bool {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

function isPair(at: i32): bool {
  return load<u8>(at) === 0xc2 && load<u8>(at, 1) === 0xa0;
}

function isTriple(at: i32): bool {
  const first: i32 = load<u8>(at);
  const second: i32 = load<u8>(at, 1);
  const third: i32 = load<u8>(at, 2);
  if (first === 0xe1) return second === 0x9a && third === 0x80;
  if (first === 0xe2) {
    if (second === 0x81) return third === 0x9f;
    if (second !== 0x80) return false;
    return (third >= 0x80 && third <= 0x8a) || third === 0xa8 || third === 0xa9 || third === 0xaf;
  }
  if (first === 0xe3) return second === 0x80 && third === 0x80;
  if (first === 0xef) return second === 0xbb && third === 0xbf;
  return false;
}
