import { version } from "../base/version.ts";
import { type LoadedProject, loadProject } from "../config/load-project.ts";
import { resolveAuth } from "../config/resolve-auth.ts";
import type { OrgSpec, Project } from "../config/sync-spec.ts";
import type { ConnectedOrg } from "../salesforce/connect.ts";
import type { StateStore } from "../state/state-store.ts";
import type { Context } from "./context.ts";
import { embeddedOrg } from "./embedded-org.ts";
import { problemsError } from "./problems-error.ts";

/** The project as the command sees it, and what it opened on the way. Close it when done. */
export interface OpenEngine {
  readonly loaded: LoadedProject;
  readonly project: Project;
  /** The state; opened when first asked for. */
  store(): Promise<StateStore>;
  /** Connects to an org once a process. */
  connect(org: OrgSpec): Promise<ConnectedOrg>;
  close(): Promise<void>;
}

/** Loads the project that the flags name. Throws what `problemsError` makes of its diagnostics
 *  when there is no usable sync.config.yaml. */
export async function openEngine(context: Context): Promise<OpenEngine> {
  const loaded = await loadProject({
    cwd: context.cwd,
    configPath: context.flags.config,
    env: context.env,
    statePath: context.flags.state,
  });
  const { project } = loaded;
  if (project === null) throw problemsError(loaded.diagnostics);
  const orgs = new Map<string, Promise<ConnectedOrg>>();
  const closers: (() => Promise<void>)[] = [];
  let store: Promise<StateStore> | null = null;

  const connect = async (org: OrgSpec): Promise<ConnectedOrg> => {
    const { connectOrg } = await import("../salesforce/connect.ts");
    const connection = org.emulator
      ? await embeddedOrg(org, project, closers)
      : await configuredConnection(org, project, context);
    const connected = connectOrg(connection, {
      clock: context.clock,
      version: version(),
      onEvent: (event) => {
        if (event.kind === "refreshTokenRotated") {
          context.err(
            `${org.name}: the org handed out a new refresh token, which is kept in memory only; ` +
              "the configured one may be revoked. Turn rotation off for this app.\n",
          );
        }
        if (event.kind === "retry" || event.kind === "throttled") {
          context.err(
            `${event.purpose}: ${event.reason}; trying again in ${Math.ceil(event.waitMs / 1000)} s\n`,
          );
        }
      },
    });
    closers.push(() => connected.close());
    return connected;
  };

  return {
    loaded,
    project,
    store() {
      store ??= import("../state/sqlite-store.ts").then(({ openSqliteStore }) =>
        openSqliteStore(project.stateFolder, context.clock),
      );
      return store;
    },
    connect(org) {
      const before = orgs.get(org.name);
      if (before !== undefined) return before;
      const connecting = connect(org);
      orgs.set(org.name, connecting);
      return connecting;
    },
    async close() {
      // The connection before the emulator that it talks to.
      for (const close of closers.reverse()) await close();
      if (store !== null) (await store.catch(() => null))?.close();
    },
  };
}

async function configuredConnection(org: OrgSpec, project: Project, context: Context) {
  const auth = await resolveAuth(org, { env: context.env, folder: project.folder });
  return { name: org.name, instanceUrl: org.instanceUrl, apiVersion: org.apiVersion, auth };
}
