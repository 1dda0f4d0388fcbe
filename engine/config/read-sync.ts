import path from "node:path";
import type { Diagnostic, Position } from "../base/diagnostic.ts";
import { checkOperation } from "./check-operation.ts";
import type { Draft, Findings } from "./findings.ts";
import { readGuards } from "./read-guards.ts";
import { readMapping } from "./read-mapping.ts";
import { readMirror } from "./read-mirror.ts";
import { readSchedule } from "./read-schedule.ts";
import { readSource } from "./read-source.ts";
import { readDuration, readSize } from "./read-unit.ts";
import type { SourceDocument } from "./source-document.ts";
import type { SyncSpec } from "./sync-spec.ts";
import type { SyncYaml } from "./sync-yaml.generated.ts";

export interface ReadSyncResult {
  /** Sound or not: what was refused has its default. An unsound spec is only held against others. */
  readonly spec: SyncSpec;
  readonly isSound: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** Turns a validated document into a sync: fills in the defaults, resolves units, and holds the parts
 *  against each other. Knows nothing of the org or of the files: that is the stage `check`. */
export async function readSync(
  document: SourceDocument,
  wasSound: boolean,
): Promise<ReadSyncResult> {
  const findings: Findings = { document, diagnostics: [] };
  const yaml = document.data as Draft<SyncYaml>;
  const chunk = yaml.chunk ?? {};
  checkOperation(findings, yaml);
  const spec: SyncSpec = {
    name: yaml.sync ?? "",
    file: document.file,
    fileShown: document.fileShown,
    org: yaml.org ?? null,
    source: readSource(findings, yaml.source ?? {}, path.dirname(document.file)),
    target: {
      object: yaml.target?.object ?? "",
      operation: yaml.target?.operation ?? "upsert",
      externalId: yaml.target?.externalId ?? null,
      assignmentRuleId: yaml.target?.assignmentRuleId ?? null,
    },
    mapping: readMapping(findings, yaml.mapping ?? {}),
    where: yaml.where ?? null,
    nulls: yaml.nulls ?? "ignore",
    duplicates: yaml.duplicates ?? "reject",
    onInvalid: yaml.onInvalid ?? "skip",
    dependsOn: (yaml.dependsOn ?? []).filter((name) => name !== undefined),
    chunk: {
      bytesMax: readSize(findings, "/chunk/maxBytes", chunk.maxBytes, CHUNK_BYTES),
      rowsMax: chunk.maxRows ?? 500_000,
    },
    parallelJobs: yaml.parallelJobs ?? 4,
    results: yaml.results ?? "full",
    retry: { roundsMax: yaml.retry?.rounds ?? 3 },
    pollTimeoutMs: readDuration(findings, "/pollTimeout", yaml.pollTimeout, POLL_TIMEOUT),
    repeat: yaml.repeat ?? false,
    mirror: readMirror(findings, yaml),
    guards: readGuards(findings, yaml.guards ?? {}),
    schedule: yaml.schedule === undefined ? null : await readSchedule(findings, yaml.schedule),
    positions: positionsOf(document),
  };
  const isSound = wasSound && findings.diagnostics.every(({ severity }) => severity !== "error");
  return { spec, isSound, diagnostics: findings.diagnostics };
}

/** Bulk API 2.0 takes 150 MB of base64 for one job, which is 100 MB of content (see the guide). */
const CHUNK_BYTES = {
  default: 100_000_000,
  min: { value: 1000, shown: "1KB" },
  max: {
    value: 100_000_000,
    shown: "100MB",
    why: "Bulk API 2.0 takes no more in one job (1MB is 1,000,000 bytes).",
  },
};

const POLL_TIMEOUT = {
  default: 3_600_000,
  min: { value: 1000, shown: "1s" },
  max: { value: 7 * 86_400_000, shown: "7d", why: "Salesforce deletes finished jobs after that." },
};

/** A value's place is where it stands; a mapping entry's is its key, because that names the field. The
 *  short form `Field: column` has its column at `/mapping/Field/from`, as the long form has. */
function positionsOf(document: SourceDocument): Record<string, Position> {
  const positions: Record<string, Position> = {};
  for (const [pointer, { key, value }] of document.places) {
    if (!/^\/(mapping|mirror\/update)\/[^/]+$/.test(pointer)) {
      positions[pointer] = value;
      continue;
    }
    positions[pointer] = key ?? value;
    positions[`${pointer}/from`] ??= value;
  }
  return positions;
}
