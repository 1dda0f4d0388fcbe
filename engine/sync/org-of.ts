import { EngineError } from "../base/engine-error.ts";
import { didYouMean } from "../base/suggest.ts";
import type { OrgSpec, Project, SyncSpec } from "../config/sync-spec.ts";

/** The org a sync writes to: the command's --org, else the spec's own, else the default.
 *  Throws USAGE when there is none of that name. */
export function orgOf(project: Project, spec: SyncSpec | null, named: string | null): OrgSpec {
  const name = named ?? spec?.org ?? project.defaultOrg;
  if (name === null) {
    throw new EngineError("USAGE", "No org is named, and sync.config.yaml has no defaultOrg.", {
      hint: "Name one with --org, or add a line `defaultOrg: <name>`.",
    });
  }
  const org = project.orgs[name];
  if (org !== undefined) return org;
  const names = Object.keys(project.orgs);
  const hint = didYouMean(name, names) ?? `sync.config.yaml names: ${names.join(", ")}.`;
  throw new EngineError("USAGE", `There is no org "${name}" in sync.config.yaml.`, { hint });
}
