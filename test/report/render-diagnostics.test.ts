import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import {
  type Diagnostic,
  errorDiagnostic,
  warningDiagnostic,
} from "../../engine/base/diagnostic.ts";
import { renderDiagnostics } from "../../engine/report/render-diagnostics.ts";

const at = { file: "a.sync.yaml", line: 2, column: 3 };
const error = errorDiagnostic("CONFIG_UNKNOWN_KEY", {
  detail: 'There is no key "fro" in mapping.LastName.',
  hint: 'Did you mean "from"?',
  at,
  path: "/mapping/LastName/fro",
});

function render(diagnostics: readonly Diagnostic[], source: string | null, width?: number): string {
  const options = { color: false, readSource: () => source };
  return renderDiagnostics(diagnostics, width === undefined ? options : { ...options, width });
}

/** The line of the file and the line with the caret. */
function excerpt(source: string, column: number, width?: number): string {
  const [, , , line, caret] = render([{ ...error, line: 1, column }], source, width).split("\n");
  return `${line}\n${caret}`;
}

test("nothing wrong is nothing said", () => {
  expect(render([], null)).toBe("");
});

test("a diagnostic has its code, place, line, caret, detail and hint", () => {
  expect(render([error], "a:\n  fro: x\n")).toBe(`error[CONFIG_UNKNOWN_KEY] Unknown key
  --> a.sync.yaml:2:3
   |
 2 |   fro: x
   |   ^^^
  There is no key "fro" in mapping.LastName.
  Did you mean "from"?

1 error
`);
});

test("warnings are told apart and counted apart", () => {
  const warning = warningDiagnostic("CONFIG_ORG", { detail: "Odd." });
  expect(
    render([warning, error, warning], null),
  ).toBe(`warning[CONFIG_ORG] Org not configured rightly
  Odd.

error[CONFIG_UNKNOWN_KEY] Unknown key
  --> a.sync.yaml:2:3
  There is no key "fro" in mapping.LastName.
  Did you mean "from"?

warning[CONFIG_ORG] Org not configured rightly
  Odd.

1 error, 2 warnings
`);
});

test("a file is read once, and one that cannot be read leaves the excerpt out", () => {
  let reads = 0;
  const readSource = () => {
    reads++;
    return null;
  };
  const text = renderDiagnostics([error, error], { color: false, readSource });
  expect(reads).toBe(1);
  expect(text).not.toContain("|");
});

test("long sentences are wrapped, commands are not", () => {
  const long = errorDiagnostic("CONFIG_ORG", {
    detail: "One two three four five six seven eight nine ten.",
    hint: "To mend it:\n    sluice a-rather-long-command --with-a-flag --and-another",
  });
  expect(render([long], null, 30)).toBe(`error[CONFIG_ORG] Org not
  configured rightly
  One two three four five six
  seven eight nine ten.
  To mend it:
      sluice a-rather-long-command --with-a-flag --and-another

1 error
`);
});

describe("the caret", () => {
  test("stands under the spot behind wide characters, tabs and joined marks", () => {
    expect(excerpt("名前: x", 5)).toBe(" 1 | 名前: x\n   |       ^");
    expect(excerpt("a:\tx", 4)).toBe(" 1 | a: x\n   |    ^");
    expect(excerpt("e\u0301: x", 5)).toBe(" 1 | e\u0301: x\n   |    ^");
  });

  test("covers a quoted text, a reference, a word with a colon", () => {
    expect(excerpt('a: "b, c" # d', 4)).toBe(' 1 | a: "b, c" # d\n   |    ^^^^^^');
    expect(excerpt("a: ${env:B}/c", 4)).toBe(" 1 | a: ${env:B}/c\n   |    ^^^^^^^^^^");
    expect(excerpt("User:Owner.Email: x", 1)).toBe(
      " 1 | User:Owner.Email: x\n   | ^^^^^^^^^^^^^^^^",
    );
  });

  test("stays right in a long line that is cut", () => {
    const line = `a: [${"x, ".repeat(60)}here, ${"y, ".repeat(60)}]`;
    const [shown = "", caret = ""] = excerpt(line, line.indexOf("here") + 1, 60).split("\n");
    expect(shown.length).toBeLessThanOrEqual(60);
    expect(shown.slice(caret.indexOf("^"), caret.lastIndexOf("^") + 1)).toBe("here");
  });

  test("stays right behind a masked secret", () => {
    const line = "    auth: { clientSecret: hunter2, flow: jwt }";
    const text = render([{ ...error, line: 1, column: 42, path: "/orgs/a/auth/flow" }], line);
    expect(text).toContain("clientSecret: ********, flow: jwt }");
    const [, , , shown = "", caret = ""] = text.split("\n");
    expect(shown.slice(caret.indexOf("^"), caret.lastIndexOf("^") + 1)).toBe("jwt");
  });
});

test("control characters never reach the terminal", () => {
  const evil = { ...error, detail: "a\u001b[31mb", line: 1, column: 1 };
  const text = render([evil], "\u001b]0;title\u0007: x");
  expect(text).not.toContain("\u001b");
  expect(text).not.toContain("\u0007");
});

test("colour is used when asked for", () => {
  const text = renderDiagnostics([error], { color: true, readSource: () => "a:\n  fro: x\n" });
  expect(text).toContain("\u001b[31m");
  expect(stripVTControlCharacters(text)).toBe(render([error], "a:\n  fro: x\n"));
});
