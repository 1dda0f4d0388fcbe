/** What a stream can show. */
export interface Screen {
  readonly color: boolean;
  readonly columns: number;
}

type Env = Readonly<Record<string, string | undefined>>;

/** NO_COLOR forbids colours, FORCE_COLOR asks for them off a terminal too; COLUMNS, where it is set,
 *  is how wide text may be, as everywhere. */
export function screenOf(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  env: Env,
): Screen {
  return { color: wantsColor(stream.isTTY === true, env), columns: columnsOf(stream.columns, env) };
}

function wantsColor(isTerminal: boolean, { NO_COLOR, FORCE_COLOR, TERM }: Env): boolean {
  if ((NO_COLOR ?? "") !== "") return false;
  if ((FORCE_COLOR ?? "") !== "") return !/^(0|false)$/i.test(FORCE_COLOR ?? "");
  return isTerminal && TERM !== "dumb";
}

function columnsOf(columns: number | undefined, { COLUMNS }: Env): number {
  if (/^[1-9]\d{0,3}$/.test(COLUMNS ?? "")) return Number(COLUMNS);
  // A terminal that was never told its size says 0.
  return columns === undefined || columns < 1 ? COLUMNS_DEFAULT : columns;
}

const COLUMNS_DEFAULT = 80;
