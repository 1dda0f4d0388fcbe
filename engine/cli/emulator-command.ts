import path from "node:path";
import { loadProject } from "../config/load-project.ts";
import type { Context } from "./context.ts";
import { emulatorFolder, seedFolder, shapeFiles } from "./embedded-org.ts";
import { type CommandResult, success } from "./result.ts";
import { startLocalOrg } from "./start-local-org.ts";

export interface EmulatorFlags {
  readonly port: number;
  readonly sink: boolean;
  readonly fromDescribe: string | null;
  readonly faults: string | null;
}

/** Serves the local org until a signal. With --json prints one line and no envelope. The records are
 *  those of the project's `emulator: true` org; without a project, of `.sluice/emulator` here. */
export async function emulatorCommand(
  flags: EmulatorFlags,
  context: Context,
): Promise<CommandResult | null> {
  const place = await folders(context);
  const emulator = await startLocalOrg({
    dir: flags.sink ? null : place.dir,
    port: flags.port,
    orgShapeFiles: await shapeFiles(place.folder),
    seedDir: seedFolder(place.folder),
    fromDescribeDir:
      flags.fromDescribe === null ? null : path.resolve(context.cwd, flags.fromDescribe),
    sink: flags.sink,
    faults: flags.faults === null ? null : path.resolve(context.cwd, flags.faults),
    // Who names a faults file is testing, and may also steer the org.
    control: flags.faults !== null,
  });
  try {
    const { url, accessToken, clientId, clientSecret } = emulator;
    if (context.flags.json) {
      context.out(`${JSON.stringify({ url, accessToken, clientId, clientSecret })}\n`);
    } else {
      context.out(
        `The local org listens at ${url}\n  accessToken   ${accessToken}\n  clientId      ${clientId}\n` +
          `  clientSecret  ${clientSecret}\nEnd it with Ctrl-C.\n`,
      );
    }
    await new Promise<void>((resolve) => {
      if (context.signal.aborted) resolve();
      context.signal.addEventListener("abort", () => resolve(), { once: true });
    });
  } finally {
    await emulator.close();
  }
  return context.flags.json ? null : success(null, "");
}

async function folders(context: Context): Promise<{ dir: string; folder: string }> {
  const { project } = await loadProject({
    cwd: context.cwd,
    configPath: context.flags.config,
    env: context.env,
    statePath: context.flags.state,
  });
  if (project === null) {
    const state = context.flags.state ?? ".sluice";
    return { dir: path.resolve(context.cwd, state, "emulator"), folder: context.cwd };
  }
  const orgs = Object.values(project.orgs);
  return {
    dir: emulatorFolder(project.stateFolder, orgs, context.flags.org),
    folder: project.folder,
  };
}
