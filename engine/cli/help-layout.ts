import { hanging, prose } from "../report/text-block.ts";
import { screenOf } from "./screen.ts";

/** How commander lays its help out: as wide as the screen, and an option's words below it where
 *  beside it there is no room. */
export const HELP_LAYOUT = { showGlobalOptions: true, formatItem };

export const HELP_OUTPUT = {
  getOutHelpWidth: () => screenOf(process.stdout, process.env).columns,
  getErrHelpWidth: () => screenOf(process.stderr, process.env).columns,
};

export function helpProse(text: string): string {
  return prose(text, "", HELP_OUTPUT.getOutHelpWidth()).join("\n");
}

function formatItem(
  term: string,
  termWidth: number,
  description: string,
  helper: { readonly helpWidth?: number | undefined },
): string {
  const width = helper.helpWidth ?? 80;
  const beside = termWidth + 4;
  if (description === "") return `  ${term}`;
  if (width - beside < WORDS_WIDTH_MIN) {
    return [`  ${term}`, ...hanging(description, { width, first: BELOW, rest: BELOW })].join("\n");
  }
  const rest = " ".repeat(beside);
  return hanging(description, { width, first: `  ${term.padEnd(termWidth)}  `, rest }).join("\n");
}

const WORDS_WIDTH_MIN = 24;
const BELOW = "      ";
