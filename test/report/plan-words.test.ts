import { expect, test } from "vitest";
import { nothingWords } from "../../engine/report/plan-words.ts";

const none = {
  source: 0,
  filtered: 0,
  invalid: 0,
  duplicate: 0,
  unchanged: 0,
  new: 0,
  changed: 0,
  toSend: 0,
};

test.each([
  [{ unchanged: 5 }, "Nothing to send: every row is as it was last sent."],
  [{ invalid: 1 }, "Nothing to send: 1 row can't be sent."],
  [
    { invalid: 1, duplicate: 2, unchanged: 4 },
    "Nothing to send: 3 rows can't be sent, and the others are as they were last sent.",
  ],
  [{ filtered: 3 }, "Nothing to send: the sources have no row for the org."],
])("why nothing would be sent: %o", (counts, words) => {
  expect(nothingWords([{ counts: { ...none, ...counts } }])).toBe(words);
});
