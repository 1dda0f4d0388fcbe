/** What a person should do about a code: try again, mend something, or tell us. */
export type Remedy = "retry" | "fix" | "report";

/** The frozen exit codes that an error can lead to. Signals (130, 143) and 0, 2 are the CLI's own. */
export type ErrorExit = 1 | 3 | 4 | 5 | 6 | 7 | 8;

export interface CodeEntry {
  readonly remedy: Remedy;
  readonly exit: ErrorExit;
  /** Fixed words, without a user's names, so that equal problems can be folded. */
  readonly summary: string;
  /** Why this is a problem and what usually mends it: what `sluice explain CODE` prints. */
  readonly explain: string;
}
