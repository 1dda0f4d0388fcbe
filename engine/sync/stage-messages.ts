import { EngineError } from "../base/engine-error.ts";
import type { StagedChunk } from "../run/stage-chunks.ts";

/** What the thread that stages says. */
export type StageAnswer =
  | { readonly kind: "staged"; readonly chunk: StagedChunk }
  | { readonly kind: "end" }
  | { readonly kind: "failed"; readonly thrown: PlainThrown };

/** What was thrown, as a message between threads can carry it. */
export interface PlainThrown {
  readonly message: string;
  readonly engine?: { readonly code: EngineError["code"]; readonly hint: string | null };
  /** The system's code: ENOSPC and its like. */
  readonly system?: string;
}

export function plainThrown(thrown: unknown): PlainThrown {
  if (thrown instanceof EngineError) {
    return { message: thrown.message, engine: { code: thrown.code, hint: thrown.hint } };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const code = (thrown as { code?: unknown } | null)?.code;
  return typeof code === "string" ? { message, system: code } : { message };
}

export function thrownOf({ message, engine, system }: PlainThrown): Error {
  if (engine !== undefined) {
    return new EngineError(engine.code, message, { hint: engine.hint ?? undefined });
  }
  return Object.assign(new Error(message), system === undefined ? {} : { code: system });
}
