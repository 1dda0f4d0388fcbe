/** The 18-character form of a record id. Five upper-case bits of each block of five characters make
 *  one of the three last characters (Salesforce knowledge article 000385585). An id that has 18
 *  already, or is no id, is returned as it is. */
export function longId(id: string): string {
  if (!/^[A-Za-z0-9]{15}$/.test(id)) return id;
  let suffix = "";
  for (let block = 0; block < 15; block += 5) {
    let bits = 0;
    for (let i = 0; i < 5; i++) if (/[A-Z]/.test(id[block + i] ?? "")) bits |= 1 << i;
    suffix += SUFFIX_LETTERS[bits];
  }
  return id + suffix;
}

const SUFFIX_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
