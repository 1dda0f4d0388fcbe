import type { SyncSpec } from "../config/sync-spec.ts";
import { changesText, mappingChanges } from "./mapping-changes.ts";
import { mirrorWork } from "./mirror-work.ts";
import type { MirrorPlan, PlanCounts, PlanReason, ReasonNote } from "./sync-plan.ts";

/** What is remembered of earlier runs, as far as it explains this plan. */
export interface PastFacts {
  /** The spec whose mapping the state's fingerprints were made by; null when it is not kept. */
  readonly spec: SyncSpec | null;
  /** Rows of the last run that did not arrive. */
  readonly missed: { readonly runId: string; readonly rows: number } | null;
  /** The org that this name meant before; null when it is the same, or there was none. */
  readonly otherOrgId: string | null;
  /** What the sync's key, object and operation were when it last sent rows in this org; null when
   *  they are the same. */
  readonly otherKey: string | null;
}

interface ReasonInput {
  readonly spec: SyncSpec;
  readonly counts: PlanCounts;
  readonly knownKeys: number;
  readonly full: boolean;
  readonly orgId: string;
  readonly mappingDigest: string;
  readonly storedMappingDigest: string | null;
  readonly past: PastFacts;
  readonly mirror: MirrorPlan | null;
}

/** The one word for it, which scripts may compare. */
export function reasonOf(input: ReasonInput): PlanReason {
  const { spec, counts, storedMappingDigest, mappingDigest } = input;
  if (isRepeat(spec)) return "repeat";
  if (input.knownKeys === 0) return "first run";
  if (input.full) return "full";
  if (counts.toSend === 0) return "nothing changed";
  if (storedMappingDigest !== null && storedMappingDigest !== mappingDigest) {
    return "mapping changed";
  }
  return "data changed";
}

/** Why rows are sent, in sentences. */
export function reasonNotes(input: ReasonInput): ReasonNote[] {
  const { counts, past, mirror } = input;
  const notes: ReasonNote[] = [];
  const note = (kind: ReasonNote["kind"], text: string, fields: readonly string[] = []) =>
    void notes.push({ kind, text, fields });
  switch (reasonOf(input)) {
    case "repeat":
      note("repeat", "repeat: true sends every row on every run.");
      break;
    case "first run":
      firstRun(input, note);
      break;
    case "full":
      note("full", "--full sends every row, changed or not.");
      break;
    case "mapping changed":
      mappingChanged(input, note);
      break;
    case "data changed":
      note("dataChanged", dataText(counts));
      break;
    case "nothing changed":
      note("nothingChanged", "The source is as it was last sent.");
      break;
  }
  if (past.missed !== null && counts.toSend > 0) {
    const { rows, runId } = past.missed;
    const text = `${rowsText(rows)} of run ${runId} did not arrive and ${rows === 1 ? "is" : "are"} tried again.`;
    note("failedBefore", text);
  }
  const left = mirrorWork(mirror);
  if (mirror !== null && left > 0) {
    const { fields } = mirror;
    const does = fields.length === 0 ? "deletes records" : `updates ${fields.join(", ")}`;
    note("leftSource", `${rowsText(left, "key")} left the source; mirror ${does}.`, fields);
  }
  return notes;
}

type Note = (kind: ReasonNote["kind"], text: string, fields?: readonly string[]) => void;

function firstRun({ past, spec, orgId }: ReasonInput, note: Note): void {
  if (past.otherOrgId !== null) {
    const text = `This name meant org ${past.otherOrgId} before and means ${orgId} now: nothing is known of what it holds.`;
    note("otherOrg", text);
  } else if (past.otherKey !== null) {
    const { object, operation, externalId } = spec.target;
    const now = `${operation} ${object} by ${externalId ?? "Id"}`;
    note("keyChanged", `It was ${past.otherKey} and is ${now}: what was sent before says nothing.`);
  } else {
    note("firstRun", "The first run: nothing is known to have been sent.");
  }
}

function mappingChanged({ past, spec, counts }: ReasonInput, note: Note): void {
  if (past.spec === null) {
    note("mappingChanged", `The mapping changed: ${rowsText(counts.toSend)} differ.`);
    return;
  }
  const changes = mappingChanges(past.spec, spec);
  const text = changesText(changes);
  // The describe has a part in it too: a record type's Id, a field's rules.
  const what = text === "" ? "what describe says of its fields" : text;
  const fields = [...changes.added, ...changes.changed, ...changes.removed];
  note(
    "mappingChanged",
    `The mapping changed (${what}): ${rowsText(counts.toSend)} differ.`,
    fields,
  );
}

function dataText(counts: PlanCounts): string {
  const parts = [];
  if (counts.new > 0) parts.push(`${rowsText(counts.new)} ${counts.new === 1 ? "is" : "are"} new`);
  if (counts.changed > 0) parts.push(`${rowsText(counts.changed)} changed`);
  return `${parts.join(", ")} since the last run.`;
}

function rowsText(count: number, noun = "row"): string {
  const digits = String(count).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${digits} ${noun}${count === 1 ? "" : "s"}`;
}

export function isRepeat(spec: SyncSpec): boolean {
  return spec.repeat && spec.target.externalId === null && spec.target.operation === "insert";
}
