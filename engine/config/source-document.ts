import type { Position } from "../base/diagnostic.ts";

/** A user's YAML file, parsed: its data, and where each part of it stands. */
export interface SourceDocument {
  /** Absolute path. */
  readonly file: string;
  /** The path as messages show it. */
  readonly fileShown: string;
  /** Plain data. Objects have no prototype, so that no key is special. */
  data: unknown;
  /** Every value by its JSON pointer; the whole document is "". */
  readonly places: ReadonlyMap<string, Place>;
  /** Pointers whose value was refused and left out of `data`. */
  readonly refused: Set<string>;
  /** Pointers of keys that were probably meant by a misspelt one: no complaint that they are missing. */
  readonly meant: Set<string>;
}

/** Where a value stands and how it was written. */
export interface Place {
  /** Null for list items and the whole document. */
  readonly key: Position | null;
  readonly value: Position;
  /** A scalar as written, without quotes; null for lists and mappings. */
  readonly text: string | null;
  /** True for a list or mapping that begins below its key rather than beside it. */
  readonly block: boolean;
}

/** Appends a key to a JSON pointer. */
export function pointerTo(parent: string, key: string | number): string {
  return `${parent}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** The parts of a JSON pointer. */
export function pointerParts(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Where a problem with the value at `pointer` is shown: at the value, or at its key when the value
 *  is a block below or missing altogether. Falls back to the nearest parent that exists. */
export function positionOf(document: SourceDocument, pointer: string): Position {
  const place = nearestPlace(document, pointer);
  if (place === null) return { file: document.fileShown, line: null, column: null };
  if (place.key !== null && (place.block || place.text === "")) return place.key;
  return place.value;
}

/** Where a problem with the key itself is shown. */
export function keyPositionOf(document: SourceDocument, pointer: string): Position {
  return document.places.get(pointer)?.key ?? positionOf(document, pointer);
}

/** True when `pointer` is `parent` or stands somewhere inside it. */
export function isUnder(pointer: string, parent: string): boolean {
  return pointer === parent || pointer.startsWith(`${parent}/`);
}

/** True when the file has something there, valid or not, or something that was probably meant to be
 *  it: no second complaint that it is missing. */
export function isWritten(document: SourceDocument, pointer: string): boolean {
  return document.places.has(pointer) || document.meant.has(pointer);
}

/** The text of a scalar as it was written: `1.50` stays `1.50`, `yes` stays `yes`. */
export function textAt(document: SourceDocument, pointer: string): string {
  const value = valueAt(document.data, pointer);
  if (typeof value === "string") return value;
  return document.places.get(pointer)?.text ?? String(value);
}

export function valueAt(data: unknown, pointer: string): unknown {
  let value = data;
  for (const part of pointerParts(pointer)) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

/** Takes a refused value out of the data, so that later rules judge only what is sound. */
export function refuse(document: SourceDocument, pointer: string): void {
  document.refused.add(pointer);
  const parts = pointerParts(pointer);
  const last = parts.pop();
  if (last === undefined) {
    document.data = Object.create(null);
    return;
  }
  const parent = valueAt(document.data, parts.reduce(pointerTo, ""));
  if (Array.isArray(parent)) parent[Number(last)] = undefined;
  else if (typeof parent === "object" && parent !== null) {
    delete (parent as Record<string, unknown>)[last];
  }
}

function nearestPlace(document: SourceDocument, pointer: string): Place | null {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf("/"))) {
    const place = document.places.get(at);
    if (place !== undefined) return place;
    if (at === "") return null;
  }
}
