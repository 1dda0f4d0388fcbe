import { asEngineError } from "../base/engine-error.ts";
import { type Context, type GlobalFlags, processContext, watchSignals } from "./context.ts";
import { envelope, respond } from "./respond.ts";
import { type CommandResult, failure } from "./result.ts";

/** Runs one command and prints how it ended, on every way out. Gives the exit code. A command that
 *  printed its own line (a server with --json) gives null. */
export async function runAction(
  command: string,
  flags: GlobalFlags,
  action: (context: Context) => Promise<CommandResult | null>,
): Promise<number> {
  // The local org has no checkpoint: it just stops.
  const notice = command === "emulator" ? "" : STOPPING;
  const signals = watchSignals(notice, (exitCode) => {
    if (flags.json) {
      const nothing: CommandResult = {
        data: null,
        text: "",
        warnings: [],
        diagnostics: [],
        error: null,
        exitCode,
      };
      process.stdout.write(`${JSON.stringify(envelope(command, nothing, exitCode))}\n`);
    }
    process.exit(exitCode);
  });
  const context = processContext(flags, signals.signal);
  let result: CommandResult | null;
  try {
    result = await action(context);
  } catch (error) {
    result = failure(asEngineError(error));
    if (context.env.SLUICE_DEBUG === "1" && error instanceof Error) context.err(`${error.stack}\n`);
  }
  const isServer = command === "serve" || command === "emulator";
  if (result === null) return 0;
  // A server that is told to stop has done its work.
  const interrupted = isServer && result.error === null ? null : signals.exitCode();
  return respond(command, result, context, { interrupted });
}

const STOPPING = "Stopping at the next checkpoint. Once more to leave at once.\n";
