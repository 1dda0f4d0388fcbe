import { findSecrets } from "./find-secrets.ts";
import { displayWidth } from "./text-width.ts";

export interface ShownLine {
  readonly text: string;
  /** What stands before the marked spot. */
  readonly before: string;
  readonly marked: string;
}

interface LineOptions {
  readonly text: string;
  /** From 1. */
  readonly column: number;
  /** True where the line may be a part of an org's auth: more of it is masked. */
  readonly nearAuth: boolean;
  /** Columns that are free for the line. */
  readonly width: number;
}

/** One line of a user's file with a spot marked, made fit to be printed: secrets are masked, tabs and
 *  control characters replaced, and a long line is cut around the spot. */
export function showSourceLine({ text, column, nearAuth, width }: LineOptions): ShownLine {
  const masked = maskSecrets(replaceControls(text), Math.min(column - 1, text.length), nearAuth);
  const end = masked.start + markedLength(masked.text, masked.start);
  const { from, to } = cut(masked.text, masked.start, width);
  const lead = from > 0 ? "..." : "";
  const tail = to < masked.text.length ? "..." : "";
  return {
    text: `${lead}${masked.text.slice(from, to)}${tail}`,
    before: `${lead}${masked.text.slice(from, masked.start)}`,
    marked: masked.text.slice(masked.start, Math.min(end, to)),
  };
}

const MASK = "********";

/** Puts a mask of fixed length over each secret, and moves the spot along. */
function maskSecrets(
  text: string,
  start: number,
  nearAuth: boolean,
): { text: string; start: number } {
  let masked = "";
  let end = 0;
  let moved = start;
  for (const secret of findSecrets(text, nearAuth)) {
    masked += text.slice(end, secret.start) + MASK;
    end = secret.end;
    const length = secret.end - secret.start;
    if (start >= secret.end) moved += MASK.length - length;
    else if (start > secret.start) moved -= start - secret.start;
  }
  return { text: masked + text.slice(end), start: moved };
}

/** One for one, so that columns stay right. */
function replaceControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replaceAll("\t", " ").replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, "\ufffd");
}

/** The word, quoted text or reference that begins at the spot. */
function markedLength(text: string, start: number): number {
  const word = MARKED.exec(text.slice(start));
  return word?.[0].length ?? 1;
}

const MARKED =
  /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(?:\$\{[^}]*\}|[^\s,:{}[\]#])+(?::[^\s,:{}[\]]+)*)/;

function cut(text: string, start: number, width: number): { from: number; to: number } {
  if (displayWidth(text) <= width) return { from: 0, to: text.length };
  const room = Math.max(width - 6, 10);
  const from = start < room * 0.7 ? 0 : Math.max(0, start - Math.floor(room / 3));
  return { from, to: Math.min(text.length, from + room) };
}
