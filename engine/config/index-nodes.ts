import { isMap, isScalar, isSeq, type Node, type Pair } from "yaml";
import type { Position } from "../base/diagnostic.ts";
import { type Place, pointerTo } from "./source-document.ts";

/** What turns an offset of the text into a position. */
export interface FileLines {
  readonly fileShown: string;
  /** Offsets at which lines begin, ascending. */
  readonly starts: readonly number[];
}

/** The parser has a counter of its own, but loses lines behind some mistakes. */
export function linesOf(text: string, fileShown: string): FileLines {
  const starts = [0];
  for (const { index } of text.matchAll(/\n/g)) starts.push(index + 1);
  return { fileShown, starts };
}

export interface IndexedNodes {
  readonly data: unknown;
  readonly places: ReadonlyMap<string, Place>;
}

/** Turns a YAML tree into plain data and notes where each value stands. Keys are taken as written,
 *  so that `1: x` and `true: x` keep the text of their key. */
export function indexNodes(root: Node, file: FileLines): IndexedNodes {
  const places = new Map<string, Place>();

  function visit(node: unknown, pointer: string, key: Position | null, below: Position): unknown {
    const value = startOf(node, file) ?? below;
    if (isMap(node)) {
      places.set(pointer, { key, value, text: null, block: node.flow !== true });
      const data: Record<string, unknown> = Object.create(null);
      for (const pair of node.items) addPair(data, pair, pointer, value);
      return data;
    }
    if (isSeq(node)) {
      places.set(pointer, { key, value, text: null, block: node.flow !== true });
      return node.items.map((item, i) => visit(item, pointerTo(pointer, i), null, value));
    }
    const text = scalarText(node);
    places.set(pointer, { key, value, text, block: false });
    return isScalar(node) ? node.value : null;
  }

  function addPair(data: Record<string, unknown>, pair: Pair, parent: string, below: Position) {
    const name = scalarText(pair.key);
    const keyAt = startOf(pair.key, file) ?? below;
    data[name] = visit(pair.value, pointerTo(parent, name), keyAt, keyAt);
  }

  const data = visit(root, "", null, { file: file.fileShown, line: 1, column: 1 });
  return { data, places };
}

/** A scalar as it was written, without quotes: `1.0` stays `1.0`. */
export function scalarText(node: unknown): string {
  if (!isScalar(node)) return "";
  if (typeof node.value === "string") return node.value;
  return node.source ?? (node.value === null ? "" : String(node.value));
}

export function positionAt(offset: number, { fileShown, starts }: FileLines): Position {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return { file: fileShown, line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}

function startOf(node: unknown, file: FileLines): Position | null {
  const range = isMap(node) || isSeq(node) || isScalar(node) ? node.range : null;
  return range ? positionAt(range[0], file) : null;
}
