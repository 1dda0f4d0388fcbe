/** Whether the text has the shape of a record Id: 15 letters and digits, or 18 whose last three are
 *  from the checksum's alphabet. The checksum is not compared: of an Id with the wrong letter case
 *  Salesforce makes the right one with its help, so a mismatch is no proof of an error. */
export function looksLikeId(text: string): boolean {
  return /^[0-9A-Za-z]{15}(?:[A-Za-z0-5]{3})?$/.test(text);
}
