import { displayWidth, wrapText } from "./text-width.ts";

/** Below this, words would stand alone on their lines. */
export const WIDTH_MIN = 32;

/** `  label    words that go on below themselves`: where the page is too narrow for that, they go on
 *  below the label. `labelWidth` is the column where the words begin. */
export function labelled(
  label: string,
  text: string,
  options: {
    readonly width: number;
    readonly labelWidth: number;
    readonly color: (text: string) => string;
  },
): string[] {
  const { width, labelWidth, color } = options;
  const head = `  ${label.padEnd(labelWidth - 2)}`;
  const fits = !text.includes("\n") && labelWidth + displayWidth(text) <= width;
  const beside = fits || width >= labelWidth + WORDS_WIDTH_MIN;
  const indent = " ".repeat(beside ? labelWidth : 4);
  const lines = wrapText(text, width - indent.length);
  if (beside) return lines.map((line, i) => color(`${i === 0 ? head : indent}${line}`));
  const below = lines.map((line) => color(indent + line));
  return label === "" ? below : [color(`  ${label}`), ...below];
}

/** Beside a label, less is not worth reading. */
const WORDS_WIDTH_MIN = 40;

/** Words that go on further in than they began. */
export function hanging(
  text: string,
  options: { readonly width: number; readonly first: string; readonly rest: string },
): string[] {
  const { width, first, rest } = options;
  return wrapText(text, width - rest.length).map((line, i) => `${i === 0 ? first : rest}${line}`);
}

/** Prose with commands: a command stands alone on an indented line and stays whole, so that it can be
 *  copied. */
export function prose(text: string, indent: string, width: number): string[] {
  return text
    .split("\n")
    .flatMap((part) => (part.startsWith("    ") ? [part] : wrapText(part, width - indent.length)))
    .map((line) => `${indent}${line}`);
}
