import { pointerParts, type SourceDocument } from "./source-document.ts";

/** A value's name in messages: `guards.maxFailed`, `mapping.Email.transform[0]`. */
export function nameOf(pointer: string): string {
  const name = pointerParts(pointer).reduce((before, part) => {
    if (/^\d+$/.test(part)) return `${before}[${part}]`;
    return before === "" ? part : `${before}.${part}`;
  }, "");
  return name === "" ? "The file" : name;
}

/** The value as it was written, a reference rather than what it refers to, and nothing of auth: the
 *  two could be secrets. */
export function writtenAs(document: SourceDocument, pointer: string): string {
  const text = document.places.get(pointer)?.text;
  if (isAuth(pointer) || text === null || text === undefined) return "what is written here";
  if (/^-?\d+(\.\d+)?$/.test(text)) return text;
  return `"${text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}...` : text}"`;
}

/** True for values of an org's auth: they are resolved late, and never printed. */
export function isAuth(pointer: string): boolean {
  return /^\/orgs\/[^/]+\/auth(\/|$)/.test(pointer);
}

const SHOWN_MAX = 60;
