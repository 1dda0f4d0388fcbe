/** An Id as three words: its 15 characters that count, five in 30 bits each. The two bits that are left
 *  in each word are free for others. Packed Ids sort as their texts do. */
export const ID_WORDS = 3;

/** The bits of a word that hold characters. */
const ID_MASK = 2 ** 30 - 1;

/** Packs an Id of 15 or 18 characters into three words from `at`; false when the text is none. */
export function packId(id: string, into: Uint32Array, at: number): boolean {
  if (id.length !== 15 && id.length !== 18) return false;
  for (let word = 0; word < ID_WORDS; word++) {
    let packed = 0;
    for (let i = 0; i < 5; i++) {
      const digit = DIGIT_OF[id.charCodeAt(word * 5 + i)] ?? -1;
      if (digit < 0) return false;
      packed = packed * 62 + digit;
    }
    into[at + word] = packed;
  }
  return true;
}

/** The Id of 18 characters: the last three follow from the letter case of the others (Salesforce's
 *  "18-character Id" article: five bits a group of five, the first character lowest). */
export function unpackId(first: number, second: number, third: number): string {
  let id = "";
  let suffix = "";
  for (const word of [first, second, third]) {
    let packed = word & ID_MASK;
    let group = "";
    let upper = 0;
    for (let i = 4; i >= 0; i--) {
      const digit = packed % 62;
      packed = (packed - digit) / 62;
      group = (DIGITS[digit] ?? "") + group;
      if (digit >= 10 && digit < 36) upper |= 1 << i;
    }
    id += group;
    suffix += SUFFIX[upper] ?? "";
  }
  return id + suffix;
}

/** In the order of their codes. */
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

const DIGIT_OF = Array.from({ length: 128 }, (_, code) =>
  DIGITS.indexOf(String.fromCharCode(code)),
);
