/** Unicode's spaces in UTF-8, exactly those that a string's trim() cuts. */

/** Where the spaces at the end of a range begin. */
export function spacesStart(bytes: Uint8Array, from: number, to: number): number {
  let end = to;
  while (end > from) {
    const last = bytes[end - 1] ?? 0;
    if (last < 0x80) {
      if (!isAsciiSpace(last)) return end;
      end--;
    } else if (end - from >= 2 && isPair(bytes, end - 2)) end -= 2;
    else if (end - from >= 3 && isTriple(bytes, end - 3)) end -= 3;
    else return end;
  }
  return end;
}

/** Where the spaces at the start of a range end. */
export function spacesEnd(bytes: Uint8Array, from: number, to: number): number {
  let start = from;
  while (start < to) {
    const first = bytes[start] ?? 0;
    if (first < 0x80) {
      if (!isAsciiSpace(first)) return start;
      start++;
    } else if (to - start >= 2 && isPair(bytes, start)) start += 2;
    else if (to - start >= 3 && isTriple(bytes, start)) start += 3;
    else return start;
  }
  return start;
}

function isAsciiSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

/** U+00A0. */
function isPair(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xc2 && bytes[at + 1] === 0xa0;
}

function isTriple(bytes: Uint8Array, at: number): boolean {
  const second = bytes[at + 1] ?? 0;
  const third = bytes[at + 2] ?? 0;
  switch (bytes[at]) {
    case 0xe1: // U+1680
      return second === 0x9a && third === 0x80;
    case 0xe2: // U+2000 to U+200A, U+2028, U+2029, U+202F, U+205F
      if (second === 0x81) return third === 0x9f;
      return (
        second === 0x80 &&
        ((third >= 0x80 && third <= 0x8a) || third === 0xa8 || third === 0xa9 || third === 0xaf)
      );
    case 0xe3: // U+3000
      return second === 0x80 && third === 0x80;
    case 0xef: // U+FEFF
      return second === 0xbb && third === 0xbf;
    default:
      return false;
  }
}
