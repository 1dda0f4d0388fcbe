/** 1,234,567: the same in every locale, so that logs and golden files agree. */
export function countText(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** 1 row, 2 rows. */
export function plural(value: number, noun: string): string {
  return `${countText(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** 812 B, 4.2 kB, 61 MB: powers of 1,000, as Salesforce's limits are given. */
export function bytesText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = "B";
  for (const next of units) {
    if (value < 1_000) break;
    value /= 1_000;
    unit = next;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

export function durationText(ms: number): string {
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min ${Math.floor((ms % 60_000) / 1_000)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** 40 min, 5 h, 12 days: as exact as an age is asked for. */
function ageText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return minutes < 1 ? `${Math.round(ms / 1_000)} s` : `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 72 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

/** A guard's value or limit: a ratio as a percentage, a number as it is. */
export function guardText(name: string, value: number | null): string {
  if (value === null) return "unknown";
  if (name === "maxChangeRatio") return `${(value * 100).toFixed(1)}%`;
  return name === "maxAge" ? ageText(value) : countText(value);
}
