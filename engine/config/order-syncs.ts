import { type Diagnostic, errorDiagnostic } from "../base/diagnostic.ts";
import { didYouMean } from "../base/suggest.ts";
import { pointerTo } from "./source-document.ts";
import type { SyncSpec } from "./sync-spec.ts";

interface OrderOptions {
  /** Names that exist although their spec is not among the syncs; "any": not all names are known, so
   *  an unknown one is no mistake for sure. */
  readonly alsoKnown?: readonly string[] | "any";
}

/** The syncs so that each comes after those it depends on, otherwise in the order given. Syncs in a
 *  circle keep their order, and are told. */
export function orderSyncs(
  syncs: readonly SyncSpec[],
  { alsoKnown = [] }: OrderOptions = {},
): { readonly ordered: readonly SyncSpec[]; readonly diagnostics: readonly Diagnostic[] } {
  const byName = new Map(syncs.map((sync) => [sync.name, sync]));
  const diagnostics: Diagnostic[] = [];
  const ordered: SyncSpec[] = [];
  const done = new Set<SyncSpec>();
  const inCircle = new Set<string>();

  function visit(sync: SyncSpec, path: readonly SyncSpec[]): void {
    if (done.has(sync)) return;
    for (const [i, name] of sync.dependsOn.entries()) {
      const needed = byName.get(name);
      if (needed === undefined) {
        if (alsoKnown !== "any" && !alsoKnown.includes(name)) {
          diagnostics.push(unknown(sync, i, [...byName.keys(), ...alsoKnown]));
        }
        continue;
      }
      const trail = [...path, sync];
      const start = trail.indexOf(needed);
      if (start >= 0) {
        const circle = trail.slice(start);
        if (circle.some((member) => !inCircle.has(member.name))) {
          diagnostics.push(cycle(sync, i, circle));
        }
        for (const member of circle) inCircle.add(member.name);
        continue;
      }
      visit(needed, trail);
    }
    done.add(sync);
    ordered.push(sync);
  }

  for (const sync of syncs) visit(sync, []);
  return { ordered, diagnostics };
}

function unknown(sync: SyncSpec, index: number, names: readonly string[]): Diagnostic {
  const name = sync.dependsOn[index] ?? "";
  const others = names.filter((other) => other !== sync.name);
  const known =
    others.length === 0 ? "This is the only one." : `The others are: ${others.join(", ")}.`;
  return errorDiagnostic("CONFIG_DEPENDS_UNKNOWN", {
    detail: `${sync.name} depends on "${name}", and no sync of the project has that name.`,
    hint: didYouMean(name, others) ?? known,
    at: sync.positions[pointerTo("/dependsOn", index)] ?? null,
    path: pointerTo("/dependsOn", index),
  });
}

function cycle(sync: SyncSpec, index: number, circle: readonly SyncSpec[]): Diagnostic {
  const names = circle.map(({ name }) => name);
  const [first = ""] = names;
  return errorDiagnostic("CONFIG_DEPENDS_CYCLE", {
    detail:
      names.length === 1
        ? `${first} depends on itself.`
        : `Each waits for the next: ${[...names, first].join(" -> ")}.`,
    hint: "Remove one of these dependencies.",
    at: sync.positions[pointerTo("/dependsOn", index)] ?? null,
    path: pointerTo("/dependsOn", index),
  });
}
