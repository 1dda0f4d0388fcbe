const DAY_MS = 24 * 60 * 60 * 1000;

export interface DayRange {
  readonly startMs: number;
  /** The first instant that is not in the range any more. */
  readonly endMs: number;
}

/** The span of a SOQL date literal, in UTC: the time zone of the local org's user. */
export function readDateLiteral(text: string, nowMs: number): DayRange | null {
  const now = new Date(nowMs);
  const year = now.getUTCFullYear();
  const month = now.getUTCMonth();
  const today = Date.UTC(year, month, now.getUTCDate());
  const days = (from: number, to: number): DayRange => ({
    startMs: today + from * DAY_MS,
    endMs: today + to * DAY_MS,
  });
  const months = (from: number, to: number): DayRange => ({
    startMs: Date.UTC(year, month + from, 1),
    endMs: Date.UTC(year, month + to, 1),
  });
  const years = (from: number, to: number): DayRange => ({
    startMs: Date.UTC(year + from, 0, 1),
    endMs: Date.UTC(year + to, 0, 1),
  });
  const [word = "", count] = text.split(":");
  const n = Number(count ?? Number.NaN);
  switch (word) {
    case "TODAY":
      return days(0, 1);
    case "YESTERDAY":
      return days(-1, 0);
    case "TOMORROW":
      return days(1, 2);
    case "THIS_MONTH":
      return months(0, 1);
    case "LAST_MONTH":
      return months(-1, 0);
    case "NEXT_MONTH":
      return months(1, 2);
    case "THIS_YEAR":
      return years(0, 1);
    case "LAST_YEAR":
      return years(-1, 0);
    case "LAST_N_DAYS":
      return Number.isInteger(n) ? days(-n, 1) : null;
    case "NEXT_N_DAYS":
      return Number.isInteger(n) ? days(1, n + 1) : null;
    case "LAST_90_DAYS":
      return days(-90, 1);
    default:
      return null;
  }
}
