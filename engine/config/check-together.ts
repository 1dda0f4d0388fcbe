import { type Diagnostic, errorDiagnostic } from "../base/diagnostic.ts";
import { didYouMean } from "../base/suggest.ts";
import type { ConfigYaml } from "./config-yaml.generated.ts";
import type { Draft } from "./findings.ts";
import type { BrokenSpec } from "./load-project.ts";
import { orderSyncs } from "./order-syncs.ts";
import { positionOf, type SourceDocument } from "./source-document.ts";
import type { SyncSpec } from "./sync-spec.ts";

interface Specs {
  readonly specs: readonly SyncSpec[];
  readonly broken: readonly BrokenSpec[];
}

/** Holds the specs of a project against each other and against its orgs: names, dependencies, orgs.
 *  Gives the sound ones in dependency order. */
export function checkTogether(
  config: SourceDocument,
  { specs, broken }: Specs,
): { readonly syncs: readonly SyncSpec[]; readonly diagnostics: readonly Diagnostic[] } {
  const named = keepFirstOfEachName(specs);
  const isNameUnread = broken.some(({ name }) => name === null);
  const { ordered, diagnostics: misordered } = orderSyncs(named.syncs, {
    alsoKnown: isNameUnread ? "any" : [],
  });
  const brokenFiles = new Set(broken.map(({ fileShown }) => fileShown));
  return {
    syncs: ordered.filter(({ fileShown }) => !brokenFiles.has(fileShown)),
    diagnostics: [...named.diagnostics, ...checkOrgs(config, specs), ...misordered],
  };
}

function keepFirstOfEachName(specs: readonly SyncSpec[]): {
  readonly syncs: readonly SyncSpec[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const first = new Map<string, SyncSpec>();
  const diagnostics: Diagnostic[] = [];
  for (const spec of specs) {
    const earlier = first.get(spec.name.toLowerCase());
    if (earlier === undefined) first.set(spec.name.toLowerCase(), spec);
    else diagnostics.push(nameTwice(spec, earlier));
  }
  return { syncs: [...first.values()], diagnostics };
}

function nameTwice(spec: SyncSpec, earlier: SyncSpec): Diagnostic {
  const place = earlier.positions["/sync"];
  const where = place === undefined ? earlier.fileShown : `${place.file}:${place.line}`;
  return errorDiagnostic("CONFIG_NAME_TWICE", {
    detail: `The name "${earlier.name}" is taken by ${where}; state and commands could not tell the two apart.`,
    hint: "Give one of the two another name.",
    at: spec.positions["/sync"],
    path: "/sync",
  });
}

/** A spec's `org` must be one of the config's, unless something is wrong with the orgs themselves. */
function checkOrgs(config: SourceDocument, specs: readonly SyncSpec[]): Diagnostic[] {
  if ([...config.refused].some((pointer) => /^\/orgs(\/[^/]+)?$/.test(pointer))) return [];
  const names = Object.keys((config.data as Draft<ConfigYaml>).orgs ?? {});
  return specs.flatMap(({ org, positions }) => {
    if (org === null || names.includes(org)) return [];
    return errorDiagnostic("CONFIG_ORG_UNKNOWN", {
      detail: `${config.fileShown} has no org "${org}".`,
      hint: didYouMean(org, names) ?? `Its orgs are: ${names.join(", ")}.`,
      at: positions["/org"] ?? positionOf(config, ""),
      path: "/org",
    });
  });
}
