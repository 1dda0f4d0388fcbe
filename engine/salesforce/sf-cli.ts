import { execFile } from "node:child_process";
import { EngineError } from "../base/engine-error.ts";
import type { CliAnswer, RunCli } from "./connection.ts";
import type { Redactor } from "./redact.ts";

export interface CliLogin {
  readonly accessToken: string;
  readonly instanceUrl: string;
  readonly username: string | null;
}

/** The CLI starts slowly and may update itself first. */
const CLI_TIMEOUT_MS = 120_000;
const CLI_OUTPUT_BYTES_MAX = 4 * 1024 * 1024;

/** Takes the login that the Salesforce CLI keeps for a user name or alias. Since May 2026
 *  `sf org display` hides the token and `sf org auth show-access-token` shows it, refreshed; older
 *  CLIs know only the first, with the token in it.
 *  @throws EngineError AUTH_CLI when the CLI is missing or has no such login. */
export async function cliLogin(
  target: string,
  deps: { runCli: RunCli; redactor: Redactor; signal?: AbortSignal | undefined },
): Promise<CliLogin> {
  const { runCli, redactor, signal } = deps;
  if (target.startsWith("-")) {
    throw new EngineError(
      "AUTH_CLI",
      `"${target}" is no user name or alias of the Salesforce CLI.`,
    );
  }
  const ask = async (...command: string[]) => {
    const answer = await runCli([...command, "--target-org", target, "--json"], signal);
    signal?.throwIfAborted();
    if (answer.exitCode === null) throw cliMissing();
    return readCliAnswer(answer, redactor);
  };
  const shown = await ask("org", "auth", "show-access-token");
  const display = await ask("org", "display");
  if (display.result === null) throw cliRefused(target, "sf org display", display.message);
  const hidden = display.result.accessToken;
  const accessToken =
    shown.result?.accessToken ?? (hidden?.startsWith("[REDACTED]") ? undefined : hidden);
  if (accessToken === undefined) {
    throw cliRefused(target, "sf org auth show-access-token", shown.message);
  }
  const { instanceUrl, username } = display.result;
  if (instanceUrl === undefined) {
    throw cliRefused(target, "sf org display", "the answer holds no instanceUrl");
  }
  redactor.learn(accessToken);
  return { accessToken, instanceUrl, username: username ?? null };
}

/** Runs the real `sf`, without a shell, so that no name can be read as a command. */
export const runSfCli: RunCli = (args, signal) =>
  new Promise((resolve) => {
    const { FORCE_COLOR: _, ...env } = process.env;
    const options = {
      env: {
        ...env,
        NO_COLOR: "1",
        SF_AUTOUPDATE_DISABLE: "true",
        SF_TEMP_SHOW_SECRETS: "true",
      },
      timeout: CLI_TIMEOUT_MS,
      maxBuffer: CLI_OUTPUT_BYTES_MAX,
      ...(signal === undefined ? {} : { signal }),
    };
    execFile("sf", [...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      // A text such as ENOENT: the program did not start. Null: it was killed, by the time limit.
      const exitCode = typeof code === "string" ? null : (code ?? 1);
      resolve({ exitCode, stdout, stderr });
    });
  });

interface CliReading {
  readonly result: {
    readonly accessToken?: string;
    readonly instanceUrl?: string;
    readonly username?: string;
  } | null;
  readonly message: string;
}

function readCliAnswer(answer: CliAnswer, redactor: Redactor): CliReading {
  const parsed = parseObject(answer.stdout);
  const result = asRecord(parsed?.result);
  if (answer.exitCode === 0 && result !== null) {
    const pick = (key: string) =>
      typeof result[key] === "string" && result[key] !== "" ? { [key]: result[key] } : {};
    return {
      result: { ...pick("accessToken"), ...pick("instanceUrl"), ...pick("username") },
      message: "the answer holds no access token",
    };
  }
  const message = typeof parsed?.message === "string" ? parsed.message : answer.stderr;
  return { result: null, message: redactor.clean(message) || "it failed without a message" };
}

/** Warnings of an outdated CLI may stand before the JSON. */
function parseObject(stdout: string): Record<string, unknown> | null {
  const start = stdout.indexOf("{");
  if (start < 0) return null;
  try {
    return asRecord(JSON.parse(stdout.slice(start)));
  } catch {
    return null;
  }
}

function asRecord(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
}

function cliMissing(): EngineError {
  return new EngineError("AUTH_CLI", "The Salesforce CLI (sf) can't be started.", {
    hint: "Install it and put it on the PATH, or use another auth.flow. To install:\n    npm install --global @salesforce/cli",
  });
}

function cliRefused(target: string, command: string, message: string): EngineError {
  return new EngineError(
    "AUTH_CLI",
    `The Salesforce CLI gave no login for "${target}": "${command}" said: ${message}`,
    { hint: `Log the CLI in to the org:\n    sf org login web --alias ${target}` },
  );
}
