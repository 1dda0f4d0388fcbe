// AssemblyScript, compiled to WebAssembly by scripts/build-kernel.mjs: tsc does not see this file.
// The twin of engine/mapping/byte-copy.ts: copies of a field's bytes to `out`, changed on their way or
// not, that give where they end. They may write up to 16 bytes beyond that.

/** Only JavaScript knows what becomes of it. */
export const DECLINED: i32 = -1;

const LF: i32 = 10;
const CR: i32 = 13;
const SPACE: i32 = 32;
const QUOTE: i32 = 34;
const COMMA: i32 = 44;

/** What the last copy saw: bytes beyond ASCII; quotes; something that needs quotes around it. */
export let wide: bool = false;
let quotes: i32 = 0;
export let quoted: bool = false;

export function copyPlain(from: i32, to: i32, out: i32): i32 {
  const isQuote = i8x16.splat(<i8>QUOTE);
  const isComma = i8x16.splat(<i8>COMMA);
  const isLf = i8x16.splat(<i8>LF);
  const isCr = i8x16.splat(<i8>CR);
  let special: i32 = 0;
  let beyond: i32 = 0;
  let at: i32 = out;
  for (let i: i32 = from; i < to; i += 16, at += 16) {
    const bytes = v128.load(i);
    v128.store(at, bytes);
    const found = v128.or(
      v128.or(i8x16.eq(bytes, isQuote), i8x16.eq(bytes, isComma)),
      v128.or(i8x16.eq(bytes, isLf), i8x16.eq(bytes, isCr)),
    );
    const left: i32 = to - i;
    const mask: i32 = left >= 16 ? 0xffff : (1 << left) - 1;
    special |= i8x16.bitmask(found) & mask;
    beyond |= i8x16.bitmask(bytes) & mask;
  }
  wide = beyond !== 0;
  quotes = 0;
  quoted = special !== 0;
  const end: i32 = out + to - from;
  if (!quoted) return end;
  for (let i: i32 = out; i < end; i++) {
    const byte: i32 = load<u8>(i);
    if (byte === QUOTE) quotes++;
    // Rewriting line ends is rare enough for a string.
    else if (byte === CR) return DECLINED;
  }
  return end;
}

/** Letters from LOW to HIGH change their case: places in a column of the table, see map.as.ts. */
const LOW: usize = 40;
const HIGH: usize = 44;
/** 1 where spaces become one, and where only digits stay. */
const COLLAPSE: usize = 48;
const DIGITS: usize = 52;

/** Byte by byte: doubled quotes become one; letters change their case, spaces become one, only digits
 *  stay, as the column says. */
export function copyChanged(
  column: i32,
  letters: bool,
  doubled: i32,
  from: i32,
  to: i32,
  out: i32,
): i32 {
  const lowest: i32 = load<i32>(column, LOW);
  const highest: i32 = load<i32>(column, HIGH);
  const collapse: bool = load<i32>(column, COLLAPSE) !== 0;
  const digits: bool = load<i32>(column, DIGITS) !== 0;
  let at: i32 = out;
  let inSpaces: bool = false;
  wide = false;
  quotes = 0;
  quoted = false;
  for (let i: i32 = from; i < to; i++) {
    let byte: i32 = load<u8>(i);
    if (byte === doubled) i++;
    if (byte >= 0x80) {
      if (letters) return DECLINED;
      wide = true;
    }
    if (digits && (byte < 0x30 || byte > 0x39)) continue;
    const space: bool = byte === SPACE || (byte >= 0x09 && byte <= 0x0d);
    if (collapse && space) {
      if (inSpaces) continue;
      byte = SPACE;
    }
    inSpaces = space;
    if (byte === QUOTE) {
      quotes++;
      quoted = true;
    } else if (byte === COMMA || byte === LF) {
      quoted = true;
    } else if (byte === CR) {
      return DECLINED;
    } else if (letters && byte >= lowest && byte <= highest) {
      byte ^= 0x20;
    }
    store<u8>(at++, byte);
  }
  return at;
}

const DIGIT: i32 = 1;
const GROUP: i32 = 2;
const DECIMAL: i32 = 3;

/** The twin of engine/mapping/number-copy.ts. */
export function copyNumber(kinds: i32, from: i32, to: i32, out: i32): i32 {
  wide = false;
  quotes = 0;
  quoted = false;
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

/** Moves the value one byte up, each quote doubled, from its end so that nothing is overwritten. */
export function quoteInPlace(start: i32, end: i32): i32 {
  if (quotes === 0) {
    memory.copy(start + 1, start, end - start);
    store<u8>(start, QUOTE);
    store<u8>(end + 1, QUOTE);
    return end + 2;
  }
  let to: i32 = end + quotes + 1;
  store<u8>(to, QUOTE);
  for (let from: i32 = end - 1; from >= start; from--) {
    const byte: i32 = load<u8>(from);
    store<u8>(--to, byte);
    if (byte === QUOTE) store<u8>(--to, QUOTE);
  }
  store<u8>(start, QUOTE);
  return end + quotes + 2;
}
