import { type Diagnostic, errorDiagnostic } from "../base/diagnostic.ts";
import { didYouMean } from "../base/suggest.ts";
import type { LoadedProject } from "./load-project.ts";
import type { SyncSpec } from "./sync-spec.ts";

export interface SelectedSyncs {
  /** In dependency order. */
  readonly syncs: readonly SyncSpec[];
  /** The problems that concern this selection: those of the config file, of the selected specs, and of
   *  specs whose name cannot be read. A mistake in another spec does not stop these. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The syncs that the command line names; all when it names none. */
export function selectSyncs(loaded: LoadedProject, names: readonly string[]): SelectedSyncs {
  const { project, diagnostics, broken } = loaded;
  if (project === null) return { syncs: [], diagnostics };
  if (names.length === 0) return { syncs: project.syncs, diagnostics };
  const known = [
    ...project.syncs.map(({ name }) => name),
    ...broken.flatMap(({ name }) => (name === null ? [] : [name])),
  ];
  const unknown = names
    .filter((name) => !known.includes(name))
    .map((name) =>
      errorDiagnostic("CONFIG_SYNC_UNKNOWN", {
        detail: `No sync of this project is called "${name}".`,
        hint: didYouMean(name, known) ?? `Its syncs are: ${known.join(", ")}.`,
      }),
    );
  const syncs = project.syncs.filter(({ name }) => names.includes(name));
  const others = new Set([
    ...project.syncs.filter(({ name }) => !names.includes(name)).map((sync) => sync.fileShown),
    ...broken.filter((b) => b.name !== null && !names.includes(b.name)).map((b) => b.fileShown),
  ]);
  const concerned = diagnostics.filter(({ file }) => file === null || !others.has(file));
  return { syncs, diagnostics: [...unknown, ...concerned] };
}
