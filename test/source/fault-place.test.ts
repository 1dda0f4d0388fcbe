import { expect, test } from "vitest";
import { faultPlace } from "../../engine/source/fault-place.ts";
import { readRows } from "../../engine/source/read-rows.ts";
import { openText } from "./temp-source.ts";

const PLACES: readonly [name: string, row: string | Uint8Array, line: number, column: number][] = [
  ["quote in an unquoted field", 'é,a"b\n', 3, 4],
  ["text after a closing quote", '"a\r\nb"c,2\n', 4, 3],
  ["after a doubled quote", '"a""b" ,2\n', 3, 7],
  ["open quote", '1,"2\n3\n', 3, 3],
  ["open quote on a later line", '"1\n\n1","2\n3,4\n', 5, 4],
  ["open quote, very long", `1,"${"2\n".repeat(3_000_000)}`, 3, 1],
  ["NUL", "ü,a\u0000b\n", 3, 4],
  ["bad byte on the second line of a row", Buffer.from('"a\nb\xff",2\n', "latin1"), 4, 2],
  [
    "bad byte after good characters",
    Buffer.concat([Buffer.from("é🙂,"), Buffer.of(0xc3, 0x28)]),
    3,
    5,
  ],
  ["width", "1,2,3\n", 3, 1],
];
for (const [name, row, line, column] of PLACES) {
  test(`a fault's place: ${name}`, async () => {
    const { file } = await openText(Buffer.concat([Buffer.from("a,b\n1,2\n"), Buffer.from(row)]));
    const places = [];
    for await (const block of readRows(file)) {
      for (let r = 0; r < block.rowCount; r++) {
        if (block.rowFault[r] !== 0) places.push(faultPlace(block, r));
      }
    }
    expect(places).toEqual([{ line, column }]);
  });
}
