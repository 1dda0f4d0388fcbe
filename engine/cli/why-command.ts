import { existsSync } from "node:fs";
import { EngineError } from "../base/engine-error.ts";
import { findPrint } from "../delta/find-print.ts";
import { FLAG_DOUBT, FLAG_GONE } from "../delta/fingerprints.ts";
import { compileProgram } from "../mapping/compile-program.ts";
import { foldKey } from "../mapping/fold-key.ts";
import type { RunPlan } from "../plan/sync-plan.ts";
import { plural } from "../report/number-text.ts";
import { paintFor } from "../report/paint.ts";
import { hanging, labelled } from "../report/text-block.ts";
import { eachResult } from "../run/result-rows.ts";
import { filesAreGone } from "../run/run-folder.ts";
import { type KeyTrace, keyDigest, traceKey } from "../run/trace-key.ts";
import type { RunRow, StateStore } from "../state/state-store.ts";
import type { Context } from "./context.ts";
import { requireKnownSync } from "./known-sync.ts";
import { openEngine } from "./open-engine.ts";
import { type CommandResult, success } from "./result.ts";

/** What happened to one record, from the records kept: which runs sent it, with which outcome, which
 *  did not send it and why, and what to do next. Asks neither the source nor the org. */
export async function whyCommand(
  sync: string,
  key: string,
  context: Context,
): Promise<CommandResult> {
  const engine = await openEngine(context);
  try {
    const store = await engine.store();
    await requireKnownSync(sync, engine, store);
    const runs = await store.listRuns({ sync, limit: RUNS_MAX });
    const latest = runs.find((run) => (run.plan as RunPlan).fingerprints.keyed);
    if (latest === undefined) {
      const repeats = engine.project.syncs.some(({ name, repeat }) => name === sync && repeat);
      throw runs.length > 0 || repeats ? withoutKey(sync) : neverRan(sync);
    }
    const { spec, shape, parents } = (latest.plan as RunPlan).mapping;
    const program = compileProgram({ spec, shape, parents: new Map(parents) });
    const kind = program.keyKind ?? "text";
    const digest = keyDigest(key, kind);
    const sendings: KeyTrace[] = [];
    const refusals: Refusal[] = [];
    const gone: string[] = [];
    for (const run of [...runs].reverse()) {
      if (run.streamId !== latest.streamId) continue;
      if (filesAreGone(run)) {
        const hadFiles = run.files.invalid !== null || (await store.listChunks(run.id)).length > 0;
        if (hadFiles) gone.push(run.id);
        continue;
      }
      sendings.push(...(await traceKey(run, digest, store)));
      const column = spec.mapping.find(({ field }) => isKey(field, program))?.from ?? null;
      refusals.push(...(await refusalsIn(run, column, foldKey(key, kind), kind)));
    }
    const state = await knownAs(latest.streamId, digest, store);
    const next = nextStep(sync, sendings, refusals, state);
    const data = { sync, key, state, sendings, refusals, next };
    const warnings = gone.length === 0 ? [] : [goneText(gone)];
    return success(data, textOf(data, context), warnings);
  } finally {
    await engine.close();
  }
}

/** Newest runs that are looked through. */
const RUNS_MAX = 1_000;

function isKey(field: string, program: ReturnType<typeof compileProgram>): boolean {
  const name = program.columns[program.keyColumn ?? -1];
  return name !== undefined && field.toLowerCase() === name.toLowerCase();
}

interface WhyData {
  readonly sync: string;
  readonly key: string;
  readonly sendings: readonly KeyTrace[];
  readonly refusals: readonly Refusal[];
  readonly next: string;
}

interface Refusal {
  readonly runId: string;
  readonly startedAt: string;
  readonly file: string;
  readonly line: number;
  readonly field: string;
  readonly code: string;
  readonly reason: string;
}

/** Rows of the key in the run's table of rows that were not sent. */
async function refusalsIn(
  run: RunRow,
  column: string | null,
  folded: string,
  kind: Parameters<typeof foldKey>[1],
): Promise<Refusal[]> {
  const table = run.files.invalid;
  if (table === null || column === null || !existsSync(table)) return [];
  const refusals: Refusal[] = [];
  await eachResult(table, (cell) => {
    if (foldKey(cell(column), kind) !== folded) return;
    refusals.push({
      runId: run.id,
      startedAt: run.startedAt,
      file: cell("file"),
      line: Number(cell("line")),
      field: cell("field"),
      code: cell("code"),
      reason: cell("reason"),
    });
  });
  return refusals;
}

/** What the state believes of the key: `acknowledged` rows are sent again only when they change. */
async function knownAs(
  streamId: number,
  digest: Uint32Array,
  store: StateStore,
): Promise<"acknowledged" | "inDoubt" | "unknown"> {
  const files = (await store.listSegments(streamId)).map(({ file }) => file);
  const flags = findPrint(files, digest);
  if (flags === null || flags === FLAG_GONE) return "unknown";
  return (flags & FLAG_DOUBT) === 0 ? "acknowledged" : "inDoubt";
}

function nextStep(
  sync: string,
  sendings: readonly KeyTrace[],
  refusals: readonly Refusal[],
  state: "acknowledged" | "inDoubt" | "unknown",
): string {
  const last = sendings.at(-1);
  const refusal = refusals.at(-1);
  if (refusal !== undefined && (last === undefined || refusal.startedAt > last.startedAt)) {
    return `Mend ${refusal.file}:${refusal.line}, then: sluice run ${sync}`;
  }
  if (last === undefined) {
    return state === "acknowledged"
      ? "It arrived; the run that sent it is no longer among the records."
      : "No run has sent it: it was not in the source, or `where` filtered it. See: sluice plan";
  }
  switch (last.outcome) {
    case "succeeded":
      return "Nothing: it arrived. It is sent again when it changes (an insert never is).";
    case "failed":
      return `Mend the row in the source, then: sluice run ${sync}`;
    case "unprocessed":
      return `The org did not get to it. Send it: sluice run ${sync}`;
    case "unknown":
      return `Look in the org whether it is there. To send it again: sluice run ${sync} --resend-unknown`;
    case "inFlight":
    case "pending":
      return `Its run is not finished: sluice resume ${last.runId}`;
  }
}

function textOf(
  { sync, key, sendings, refusals, next }: WhyData,
  { color, width }: Pick<Context, "color" | "width">,
): string {
  const paint = paintFor(color);
  const indented = (text: string) => hanging(text, { width, first: "    ", rest: "    " });
  const events = [
    ...sendings.map((sending) => ({ at: sending.startedAt, ...sendingWords(sending) })),
    ...refusals.map(({ startedAt, runId, code, reason, file, line }) => ({
      ...{ at: startedAt, head: `run ${runId}  not sent`, good: false },
      details: [`${file}:${line}`, `${code}: ${reason}`],
    })),
  ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const lines = [
    ...hanging(`${sync}  ${key}`, { width, first: "", rest: "    " }).map(paint.strong),
  ];
  for (const { at, head, good, details } of events) {
    const title = hanging(`${at}  ${head}`, { width, first: "  ", rest: "    " });
    lines.push(...title.map(good ? paint.good : paint.bad), ...details.flatMap(indented));
  }
  if (events.length === 0) lines.push("  No run has sent it or refused it.");
  lines.push(...labelled("next", next, { width, labelWidth: 8, color: (text) => text }));
  return `${lines.join("\n")}\n`;
}

function sendingWords(sending: KeyTrace) {
  const { runId, outcome, recordId, jobId, round, code, message, file, line } = sending;
  const facts = [
    ...(file === null ? [] : [`${file}:${line}`]),
    ...(recordId === null ? [] : [`record ${recordId}`]),
    ...(jobId === null ? [] : [`job ${jobId}`]),
    ...(round === 0 ? [] : [`sent again, round ${round}`]),
  ];
  const details = [facts.join(", "), code === null ? "" : `${code}: ${message}`];
  return {
    head: `run ${runId}  ${outcome === "inFlight" ? "in flight" : outcome}`,
    good: outcome === "succeeded",
    details: details.filter((text) => text !== ""),
  };
}

function neverRan(sync: string): EngineError {
  return new EngineError("RUN_UNKNOWN", `The state knows no run of ${sync}.`, {
    hint: `To run it:\n    sluice run ${sync}`,
  });
}

/** Runs of which only the state knows: whether they sent the record can't be told. */
function goneText(runs: readonly string[]): string {
  return `${plural(runs.length, "run")} could not be looked through: ${runs.length === 1 ? "its" : "their"} files were removed. The last is ${runs.at(-1)}.`;
}

function withoutKey(sync: string): EngineError {
  return new EngineError(
    "RUN_WITHOUT_KEY",
    `${sync} sends rows without a key: nothing tells one of them from another.`,
    {
      hint:
        "Rows that failed are in failed.csv of their run, as Salesforce returned them:\n    sluice runs --sync " +
        sync,
    },
  );
}
