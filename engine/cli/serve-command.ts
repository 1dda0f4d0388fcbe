import { isoNow } from "../base/clock.ts";
import { hasErrors } from "../base/diagnostic.ts";
import { EngineError } from "../base/engine-error.ts";
import { selectSyncs } from "../config/select-syncs.ts";
import { runText } from "../report/run-text.ts";
import { serveSchedules } from "../schedule/daemon.ts";
import { runSyncs } from "../sync.ts";
import type { Context } from "./context.ts";
import { depsOf } from "./deps-of.ts";
import { openEngine } from "./open-engine.ts";
import { problemsError, requireSound } from "./problems-error.ts";
import { type CommandResult, success } from "./result.ts";

/** Runs the syncs that have a schedule until SIGTERM. Prints one line when it is ready (JSON with
 *  --json), and a block for each run on stderr. */
export async function serveCommand(context: Context): Promise<CommandResult | null> {
  const engine = await openEngine(context);
  const log = (line: string) => context.err(`${isoNow(context.clock)} ${line}\n`);
  try {
    const selected = selectSyncs(engine.loaded, []);
    requireSound(selected.diagnostics);
    const scheduled = selected.syncs.filter(({ schedule }) => schedule !== null);
    if (scheduled.length === 0) {
      throw new EngineError("SCHEDULE_NONE", "No sync of this project has a schedule.", {
        hint: 'Give a spec one:\n    schedule: { cron: "*/15 * * * *", timezone: Europe/Berlin }',
      });
    }
    const deps = await depsOf(engine, context, () => {});
    const names = scheduled.map(({ name }) => name);
    context.out(
      context.flags.json
        ? `${JSON.stringify({ serving: names })}\n`
        : `Serving ${names.join(", ")}. End it with SIGTERM or Ctrl-C.\n`,
    );
    await serveSchedules(scheduled, {
      clock: context.clock,
      signal: context.signal,
      log,
      runSync: async (name) => {
        log(`${name}: run begins`);
        const outcome = await runSyncs(
          scheduled.filter((sync) => sync.name === name),
          deps,
          {
            command: "serve",
            org: context.flags.org,
            full: false,
            refresh: false,
            approve: false,
            override: [],
            resendUnknown: false,
          },
        );
        if (hasErrors(outcome.diagnostics))
          log(`${name}: ${problemsError(outcome.diagnostics).message}`);
        else log(runText(outcome.reports, { ...context, color: false }).trimEnd());
      },
    });
    log("stopped");
  } finally {
    await engine.close();
  }
  return context.flags.json ? null : success(null, "");
}
