import pc from "picocolors";
import type { Diagnostic } from "../base/diagnostic.ts";
import { holdsAuth } from "./find-secrets.ts";
import { showSourceLine } from "./show-source-line.ts";
import { prose } from "./text-block.ts";
import { displayWidth, wrapText } from "./text-width.ts";

export interface RenderOptions {
  readonly color: boolean;
  /** The text of a file as diagnostics name it; null when it cannot be read. Asked once per file. */
  readonly readSource: (file: string) => string | null;
  /** Columns of the terminal. Default: 100. */
  readonly width?: number;
}

/** Diagnostics for people, in the manner of a good compiler: the code, the place, the line with the
 *  spot marked, what is wrong and what to do; at the end how many there are. Ends with a line end;
 *  empty when there is nothing to say. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  { color, readSource, width = 100 }: RenderOptions,
): string {
  if (diagnostics.length === 0) return "";
  const files = new Map<string, readonly string[] | null>();
  const linesOf = (file: string): readonly string[] | null => {
    const known = files.get(file);
    if (known !== undefined) return known;
    const lines = readSource(file)?.split(/\r?\n/) ?? null;
    files.set(file, lines);
    return lines;
  };
  const colors = pc.createColors(color);
  const parts = diagnostics.map((diagnostic) => {
    const lines = diagnostic.file === null ? null : linesOf(diagnostic.file);
    return renderOne(diagnostic, { lines, colors, width: Math.max(width, WIDTH_MIN) });
  });
  return `${[...parts, countOf(diagnostics)].join("\n")}\n`;
}

/** An error that is about no place in a file. Ends with a line end. */
export function errorText(
  error: { readonly code: string; readonly message: string; readonly hint: string | null },
  { color, width }: { readonly color: boolean; readonly width: number },
): string {
  const colors = pc.createColors(color);
  const head = `error[${error.code}]`;
  const lines = prose(plain(`${head} ${error.message}`), "", Math.max(width, WIDTH_MIN));
  lines[0] = lines[0]?.replace(head, () => colors.bold(colors.red(head))) ?? "";
  const hint = error.hint === null ? [] : prose(plain(error.hint), "", Math.max(width, WIDTH_MIN));
  return `${[...lines, ...hint.map((line) => colors.cyan(line))].join("\n")}\n`;
}

/** Longer lines are no spec that somebody wrote. */
const LINE_LENGTH_MAX = 4000;

/** Below this nothing can be laid out. */
const WIDTH_MIN = 24;

interface OneOptions {
  readonly lines: readonly string[] | null;
  readonly colors: ReturnType<typeof pc.createColors>;
  readonly width: number;
}

function renderOne(diagnostic: Diagnostic, { lines, colors, width }: OneOptions): string {
  const { severity, code, summary, file, line, column, detail, hint } = diagnostic;
  const paint = severity === "error" ? colors.red : colors.yellow;
  const head = `${severity}[${code}]`;
  const [first = "", ...rest] = wrapText(`${head} ${summary}`, width);
  const out = [
    colors.bold(paint(head)) + colors.bold(first.slice(head.length)),
    ...rest.map((row) => `  ${colors.bold(row)}`),
  ];
  if (file !== null) {
    const place = [file, line, column].filter((part) => part !== null).join(":");
    out.push(`  ${colors.blue("-->")} ${place}`);
  }
  const text = line === null ? undefined : lines?.[line - 1];
  const isShowable = text !== undefined && text.trim() !== "" && text.length <= LINE_LENGTH_MAX;
  if (line !== null && isShowable) {
    const nearAuth = holdsAuth(lines ?? []);
    out.push(...excerpt(column, { text, line, nearAuth, colors, paint, width }));
  }
  out.push(...prose(plain(detail), "  ", width));
  if (hint !== null) out.push(...prose(plain(hint), "  ", width).map((row) => colors.cyan(row)));
  return `${out.join("\n")}\n`;
}

interface ExcerptOptions {
  readonly text: string;
  readonly line: number;
  readonly nearAuth: boolean;
  readonly colors: OneOptions["colors"];
  readonly paint: (text: string) => string;
  readonly width: number;
}

function excerpt(column: number | null, options: ExcerptOptions): string[] {
  const { text, line, nearAuth, colors, paint, width } = options;
  const number = String(line);
  const gutter = `${" ".repeat(number.length + 2)}${colors.blue("|")}`;
  const shown = showSourceLine({
    text,
    column: column ?? 1,
    nearAuth,
    width: width - number.length - 4,
  });
  const rows = [gutter, ` ${colors.blue(number)} ${colors.blue("|")} ${shown.text}`];
  if (column === null) return rows;
  const indent = " ".repeat(displayWidth(shown.before));
  const carets = "^".repeat(Math.max(displayWidth(shown.marked), 1));
  return [...rows, `${gutter} ${indent}${paint(carets)}`];
}

function countOf(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const warnings = diagnostics.length - errors;
  const parts = [
    errors === 0 ? null : `${errors} error${errors === 1 ? "" : "s"}`,
    warnings === 0 ? null : `${warnings} warning${warnings === 1 ? "" : "s"}`,
  ];
  return parts.filter((part) => part !== null).join(", ");
}

/** Names from users' files may hold control characters, which a terminal would obey. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, "\ufffd");
}
