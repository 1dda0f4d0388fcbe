// AssemblyScript, compiled to WebAssembly by scripts/build-kernel.mjs: tsc does not see this file.
// The twin of engine/mapping/byte-rule.ts: forms of ASCII that are surely fine. False says nothing.

export const RULE_NONE: i32 = 0;
export const RULE_EMAIL: i32 = 1;
export const RULE_NUMBER: i32 = 2;
export const RULE_DATE: i32 = 3;
export const RULE_DATE_TIME: i32 = 4;
export const RULE_ID: i32 = 5;

/** `detail`: the most digits of a number; how many prefixes an Id may have, 0 for any. They lie at
 *  `prefixes`, four bytes each. */
export function accepts(rule: i32, detail: i32, prefixes: i32, start: i32, end: i32): bool {
  switch (rule) {
    case RULE_NONE:
      return true;
    case RULE_EMAIL:
      return isEmail(start, end);
    case RULE_NUMBER:
      return isNumber(start, end, detail);
    case RULE_DATE:
      return end - start === 10 && isDay(start);
    case RULE_DATE_TIME:
      return isUtcTime(start, end);
    case RULE_ID:
      return isId(start, end, detail, prefixes);
    default:
      return false;
  }
}

/** Visible ASCII with one @ that stands neither first nor last. */
function isEmail(start: i32, end: i32): bool {
  let at: i32 = -1;
  for (let i: i32 = start; i < end; i++) {
    const byte: i32 = load<u8>(i);
    if (byte <= 0x20) return false;
    if (byte === 0x40) {
      if (at >= 0) return false;
      at = i;
    }
  }
  return at > start && at < end - 1;
}

/** A sign, digits, a point, digits. */
function isNumber(start: i32, end: i32, digitsMax: i32): bool {
  const sign: i32 = load<u8>(start);
  let i: i32 = sign === 0x2d || sign === 0x2b ? start + 1 : start;
  const first: i32 = i;
  while (i < end && isDigit(load<u8>(i))) i++;
  const whole: i32 = i - first;
  if (whole === 0 || (digitsMax > 0 && whole > digitsMax)) return false;
  if (i < end && load<u8>(i) === 0x2e) i++;
  while (i < end && isDigit(load<u8>(i))) i++;
  return i === end;
}

/** yyyy-MM-dd with a day that every month has. */
function isDay(start: i32): bool {
  if (load<u8>(start, 4) !== 0x2d || load<u8>(start, 7) !== 0x2d) return false;
  if (two(start) < 0 || two(start + 2) < 0) return false;
  const month: i32 = two(start + 5);
  const day: i32 = two(start + 8);
  return month >= 1 && month <= 12 && day >= 1 && day <= 28;
}

/** yyyy-MM-ddTHH:mm:ssZ, with or without parts of a second. */
function isUtcTime(start: i32, end: i32): bool {
  if (end - start < 20 || !isDay(start)) return false;
  if (load<u8>(start, 10) !== 0x54 || load<u8>(end - 1) !== 0x5a) return false;
  if (load<u8>(start, 13) !== 0x3a || load<u8>(start, 16) !== 0x3a) return false;
  if (two(start + 11) < 0 || two(start + 14) < 0 || two(start + 17) < 0) return false;
  if (end - start === 20) return true;
  if (load<u8>(start, 19) !== 0x2e || end - start === 21) return false;
  for (let i: i32 = start + 20; i < end - 1; i++) if (!isDigit(load<u8>(i))) return false;
  return true;
}

function isId(start: i32, end: i32, count: i32, prefixes: i32): bool {
  const length: i32 = end - start;
  if (length !== 15 && length !== 18) return false;
  for (let i: i32 = start; i < end; i++) {
    const byte: i32 = load<u8>(i);
    const letter: i32 = byte | 0x20;
    if (isDigit(byte)) {
      if (i >= start + 15 && byte > 0x35) return false;
    } else if (letter < 0x61 || letter > 0x7a) return false;
  }
  if (count === 0) return true;
  const prefix: u32 = load<u32>(start) & 0xffffff;
  for (let i: i32 = 0; i < count; i++) if (load<u32>(prefixes + (i << 2)) === prefix) return true;
  return false;
}

function isDigit(byte: i32): bool {
  return byte >= 0x30 && byte <= 0x39;
}

/** The value of two digits; -1 where they are none. */
function two(at: i32): i32 {
  const tens: i32 = load<u8>(at);
  const ones: i32 = load<u8>(at, 1);
  if (!isDigit(tens) || !isDigit(ones)) return -1;
  return (tens - 0x30) * 10 + ones - 0x30;
}
