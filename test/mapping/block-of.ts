import { parse } from "csv-parse/sync";
import {
  FIELD_ESCAPED,
  FIELD_QUOTED,
  type RowBlock,
  type SourceFile,
} from "../../engine/source/row-block.ts";

/** A block as a reader would give it, from a CSV text with a header line. */
export function blockOfCsv(text: string): RowBlock {
  const [header = [], ...rows] = parse(text, { bom: false }) as string[][];
  return blockOf(header, rows);
}

/** A block from fields that are given as they are meant. */
export function blockOf(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  quote = '"',
): RowBlock {
  const file: SourceFile = {
    path: "/rows.csv",
    shown: "rows.csv",
    index: 0,
    header,
    delimiter: 44,
    quote: quote.charCodeAt(0),
  };
  const chunks: Buffer[] = [];
  const fieldFirst: number[] = [0];
  const fieldStart: number[] = [];
  const fieldEnd: number[] = [];
  const flags: number[] = [];
  const rowOffset: number[] = [];
  const rowLength: number[] = [];
  let at = 0;
  const put = (chunk: string): void => {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    at += bytes.length;
  };
  for (const row of rows) {
    rowOffset.push(at);
    row.forEach((field, place) => {
      if (place > 0) put(",");
      const escaped = field.includes(quote);
      const quoted = escaped || /[,\r\n]/.test(field);
      if (quoted) put(quote);
      fieldStart.push(at);
      put(field.replaceAll(quote, quote + quote));
      fieldEnd.push(at);
      if (quoted) put(quote);
      flags.push((quoted ? FIELD_QUOTED : 0) | (escaped ? FIELD_ESCAPED : 0));
    });
    rowLength.push(at - (rowOffset.at(-1) ?? 0));
    fieldFirst.push(fieldStart.length);
    put("\n");
  }
  return {
    file,
    bytes: new Uint8Array(Buffer.concat(chunks)),
    rowCount: rows.length,
    fieldFirst: Int32Array.from(fieldFirst),
    fieldStart: Int32Array.from(fieldStart),
    fieldEnd: Int32Array.from(fieldEnd),
    fieldFlags: Uint8Array.from(flags),
    rowStart: Int32Array.from(rowOffset),
    rowLine: Float64Array.from(rows, (_, place) => place + 2),
    rowOffset: Float64Array.from(rowOffset),
    rowLength: Int32Array.from(rowLength),
    rowFault: new Uint8Array(rows.length),
  };
}
