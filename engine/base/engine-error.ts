import type { ErrorExit, Remedy } from "./codes/code-entry.ts";
import { CODES, type Code } from "./codes.ts";
import type { Diagnostic } from "./diagnostic.ts";

interface EngineErrorOptions {
  readonly hint?: string | undefined;
  readonly cause?: unknown;
  /** The code Salesforce gave, where one came with the answer. */
  readonly salesforceCode?: string | undefined;
  /** How long the org asked to wait, in milliseconds, where it did. */
  readonly retryAfterMs?: number | null | undefined;
  /** The problems in the user's files that this error sums up. */
  readonly diagnostics?: readonly Diagnostic[] | undefined;
}

/** A failure of the world (network, org, disk) or a refusal. Carries a permanent, readable code.
 *  The message never holds a secret or a row's value. */
export class EngineError extends Error {
  readonly code: Code;
  readonly hint: string | null;
  readonly salesforceCode: string | null;
  readonly retryAfterMs: number | null;
  readonly diagnostics: readonly Diagnostic[];

  constructor(code: Code, message: string, options: EngineErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "EngineError";
    this.code = code;
    this.hint = options.hint ?? null;
    this.salesforceCode = options.salesforceCode ?? null;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.diagnostics = options.diagnostics ?? [];
  }

  get remedy(): Remedy {
    return CODES[this.code].remedy;
  }

  get exitCode(): ErrorExit {
    return CODES[this.code].exit;
  }
}

/** Wraps what was thrown, so that every way out has a code; an EngineError passes unchanged. */
export function asEngineError(thrown: unknown): EngineError {
  if (thrown instanceof EngineError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (isDiskTrouble(thrown)) {
    return new EngineError("DISK", `The disk refused: ${message}.`, {
      hint: "Make room on the disk, or make the folder writable.",
      cause: thrown,
    });
  }
  return new EngineError("INTERNAL", `${message} This is a bug in Sluice.`, { cause: thrown });
}

/** What the system says of a full, read-only or failing disk. */
function isDiskTrouble(thrown: unknown): boolean {
  const code = String((thrown as { code?: unknown } | null)?.code ?? "");
  return ["ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM", "EIO", "EMFILE", "EFBIG"].includes(code);
}
