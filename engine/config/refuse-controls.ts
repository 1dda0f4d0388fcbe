import { type Diagnostic, errorDiagnostic } from "../base/diagnostic.ts";
import { nameOf } from "./name-of.ts";
import { keyPositionOf, positionOf, refuse, type SourceDocument } from "./source-document.ts";

/** Control characters in keys and values, raw or as escapes: no name, path or pattern has one, and
 *  terminals and file systems choke on them. A tab and line ends are no such. */
export function refuseControls(document: SourceDocument): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const [pointer, { text }] of document.places) {
    if (!CONTROLS.test(`${pointer}${text ?? ""}`)) continue;
    const isInside = diagnostics.some(
      ({ path }) => path !== null && pointer.startsWith(`${path}/`),
    );
    if (isInside) continue;
    const isKey = CONTROLS.test(pointer);
    diagnostics.push(
      errorDiagnostic("CONFIG_BAD_VALUE", {
        detail: `${isKey ? "This key" : nameOf(pointer)} holds a control character, which no name, path or text here can have.`,
        hint: "Retype the text; it was probably pasted from elsewhere.",
        at: isKey ? keyPositionOf(document, pointer) : positionOf(document, pointer),
        path: pointer,
      }),
    );
  }
  for (const { path } of diagnostics) if (path !== null) refuse(document, path);
  return diagnostics;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
