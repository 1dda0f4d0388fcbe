import { createHash } from "node:crypto";

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHECK_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

/**
 * A 3-character key prefix and a number give an 18-character Id, in ascending order of the number.
 */
export function makeId(keyPrefix: string, sequence: number): string {
  let rest = sequence;
  let text = "";
  for (let place = 0; place < 7; place += 1) {
    text = (DIGITS[rest % 62] ?? "0") + text;
    rest = Math.floor(rest / 62);
  }
  // Two characters for the instance, as in real Ids, and three that are always zero.
  return toId18(`${keyPrefix}SL000${text}`);
}

/** An Id that follows from a name alone: the same in every start of the org. */
export function idFromName(keyPrefix: string, name: string): string {
  const digest = createHash("sha256").update(name).digest();
  return makeId(keyPrefix, digest.readUInt32BE(0));
}

/** Adds the three characters that make a 15-character Id safe in case-insensitive tools. */
export function toId18(id15: string): string {
  let suffix = "";
  for (let block = 0; block < 3; block += 1) {
    let bits = 0;
    for (let index = 0; index < 5; index += 1) {
      const char = id15.charAt(block * 5 + index);
      if (char >= "A" && char <= "Z") bits |= 1 << index;
    }
    suffix += CHECK_DIGITS[bits] ?? "A";
  }
  return id15 + suffix;
}

/** The 18-character form of an Id given in 15 or 18 characters, or null if it is no Id at all. */
export function readId(text: string): string | null {
  if (!/^[0-9A-Za-z]+$/.test(text)) return null;
  if (text.length === 15) return toId18(text);
  if (text.length !== 18) return null;
  const id = toId18(text.slice(0, 15));
  return id.slice(15) === text.slice(15).toUpperCase() ? id : null;
}
