import { setMaxListeners } from "node:events";
import { type Clock, systemClock } from "../base/clock.ts";
import { EngineError } from "../base/engine-error.ts";
import { freeBytes } from "../base/free-bytes.ts";
import { type Screen, screenOf } from "./screen.ts";

/** What every command is handed: the process's edges, as values. */
export interface Context {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Bytes that are free where the folder is; null: unknown. */
  readonly freeBytes: (folder: string) => number | null;
  readonly flags: GlobalFlags;
  /** Aborted by the first SIGINT or SIGTERM; its reason is RUN_INTERRUPTED. */
  readonly signal: AbortSignal;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly color: boolean;
  /** A live line may be drawn on stderr. */
  readonly live: boolean;
  /** Columns of the terminal; 80 elsewhere. */
  readonly width: number;
  /** What stderr can show: one of the two may be a terminal and the other a file. */
  readonly errScreen: Screen;
}

export interface GlobalFlags {
  readonly config: string | null;
  readonly org: string | null;
  readonly state: string | null;
  readonly json: boolean;
}

export interface Interruption {
  readonly signal: AbortSignal;
  /** 130 or 143 once a signal came; null before. */
  exitCode(): 130 | 143 | null;
}

/** First signal: stop at the next checkpoint. Second: leave at once, which is safe too. */
export function watchSignals(
  notice: string,
  onSecond: (exitCode: 130 | 143) => void,
): Interruption {
  const controller = new AbortController();
  // Every request listens to it while it is under way.
  setMaxListeners(0, controller.signal);
  let code: 130 | 143 | null = null;
  const take = (received: 130 | 143) => {
    if (code !== null) return onSecond(received);
    code = received;
    controller.abort(
      new EngineError("RUN_INTERRUPTED", "Stopped at the next checkpoint, as asked.", {
        hint: "Everything is saved. To go on:\n    sluice resume",
      }),
    );
    process.stderr.write(notice);
  };
  process.on("SIGINT", () => take(130));
  process.on("SIGTERM", () => take(143));
  return { signal: controller.signal, exitCode: () => code };
}

export function processContext(flags: GlobalFlags, signal: AbortSignal): Context {
  const { env } = process;
  const screen = screenOf(process.stdout, env);
  return {
    cwd: process.cwd(),
    env,
    clock: systemClock,
    freeBytes,
    flags,
    signal,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    color: screen.color,
    live: process.stderr.isTTY === true && env.TERM !== "dumb" && !flags.json,
    width: screen.columns,
    errScreen: screenOf(process.stderr, env),
  };
}
