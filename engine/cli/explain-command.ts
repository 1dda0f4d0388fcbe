import { CODES } from "../base/codes.ts";
import { EngineError } from "../base/engine-error.ts";
import { didYouMean } from "../base/suggest.ts";
import { ROW_CODES } from "../mapping/row-codes.ts";
import { labelled } from "../report/text-block.ts";
import { wrapText } from "../report/text-width.ts";
import { ERROR_CLASSES, type ErrorClass } from "../run/error-classes.ts";
import type { Context } from "./context.ts";
import { type CommandResult, success } from "./result.ts";

interface Explanation {
  readonly code: string;
  /** Of Sluice itself, of a row that is not sent, or of a row that Salesforce refused. */
  readonly kind: "error" | "row" | "salesforce";
  readonly summary: string;
  readonly explain: string;
  readonly remedy: string;
  /** The command's exit code; null where the code alone does not decide it. */
  readonly exitCode: number | null;
}

/** What a code means and what to do about it: Sluice's own, those in invalid.csv, and those that
 *  Salesforce gives in failed.csv. Without a code: all of them, in one line each. */
export async function explainCommand(
  code: string | null,
  context: Pick<Context, "width">,
): Promise<CommandResult> {
  const all = explanations();
  if (code === null) {
    const { width } = context;
    const lines = all.flatMap((each) =>
      labelled(each.code, each.summary, { width, labelWidth: CODE_WIDTH, color: (text) => text }),
    );
    return success({ codes: all }, `${lines.join("\n")}\n`);
  }
  const wanted = code.trim().toUpperCase();
  const found = all.filter((each) => each.code === wanted);
  if (found.length === 0) {
    const hint = didYouMean(wanted, new Set(all.map((each) => each.code)));
    throw new EngineError("USAGE", `There is no code "${code}".`, {
      hint: hint ?? "To see them all:\n    sluice explain",
    });
  }
  const width = Math.min(context.width, TEXT_WIDTH_MAX);
  return success({ codes: found }, found.map((each) => textOf(each, width)).join("\n"));
}

/** The longest codes of Salesforce and two blanks. */
const CODE_WIDTH = 44;

/** Longer lines are hard to read. */
const TEXT_WIDTH_MAX = 100;

function textOf({ code, summary, explain, remedy, exitCode }: Explanation, width: number): string {
  const exit = exitCode === null ? "" : `  (exit ${exitCode})`;
  return [
    ...wrapText(`${code}: ${summary}${exit}`, width),
    "",
    ...wrapText(explain, width - 2).map((line) => `  ${line}`),
    "",
    ...wrapText(remedy, width - 2).map((line) => `  ${line}`),
    "",
  ].join("\n");
}

function explanations(): Explanation[] {
  const own = Object.entries(CODES).map(([code, { summary, explain, remedy, exit }]) => ({
    ...{ code, kind: "error" as const, summary, explain },
    ...{ remedy: REMEDIES[remedy], exitCode: exit },
  }));
  const rows = Object.entries(ROW_CODES).map(([code, explain]) => ({
    ...{ code, kind: "row" as const, summary: "A row is not sent", explain },
    remedy: "Mend the row that invalid.csv names, or the mapping, and run again.",
    exitCode: null,
  }));
  const classes = new Map<string, ErrorClass[]>();
  for (const rule of ERROR_CLASSES) {
    classes.set(rule.code, [...(classes.get(rule.code) ?? []), rule.class]);
  }
  const salesforce = [...classes].map(([code, kinds]) => ({
    ...{ code, kind: "salesforce" as const, summary: "Salesforce refused a row" },
    explain:
      "Salesforce gives this code for a row; its message, in failed.csv, names field and rule.",
    remedy: [...new Set(kinds.map((kind) => CLASS_WORDS[kind]))].join(" Or: "),
    exitCode: null,
  }));
  return [...own, ...rows, ...salesforce];
}

const REMEDIES = {
  retry: "It passes by itself: try again.",
  fix: "Something has to be mended first; the message says what.",
  report: "This is for the makers of Sluice: please report it.",
} as const;

const CLASS_WORDS: Readonly<Record<ErrorClass, string>> = {
  transient: "It passes by itself: the row is sent again in the same run.",
  order: "The row's parent may come later: it is sent again after the others.",
  data: "Mend the row in the source and run again; only such rows are sent then.",
  setup: "Mend the org: a permission, a field's access, an automation. Then run again.",
  done: "Nothing: the record is already as wanted.",
};
