import { EngineError } from "../base/engine-error.ts";
import { didYouMean } from "../base/suggest.ts";
import { stagedBytes } from "../plan/disk-bytes.ts";
import { GUARD_NAMES } from "../plan/guards.ts";
import { mirrorWork } from "../plan/mirror-work.ts";
import { whatMoved } from "../plan/staleness.ts";
import type { ChunkCut, RunPlan, SyncPlan } from "../plan/sync-plan.ts";
import { bytesText, guardText } from "../report/number-text.ts";
import type { EngineDeps } from "./engine-deps.ts";
import type { PlannedSync } from "./plan-sync.ts";

/** Why a plan may not be applied; null when it may. Judged before anything is sent. */
export function judgePlan(
  planned: PlannedSync,
  options: {
    readonly approve: boolean;
    readonly override: readonly string[];
    readonly org: string | null;
  },
): EngineError | null {
  const { plan, prepared } = planned;
  // A command that is pasted must not write to another org than the one that was refused.
  const again = `sluice run ${plan.sync}${options.org === null ? "" : ` --org ${options.org}`}`;
  const { spec } = prepared;
  const rejected = plan.counts.invalid + (spec.duplicates === "reject" ? plan.counts.duplicate : 0);
  if (spec.onInvalid === "stop" && rejected > 0) {
    return new EngineError("RUN_INVALID_STOP", `${rejected} rows of ${plan.sync} can't be sent.`, {
      hint: `They are listed, with the reason for each, in\n    ${plan.invalidFile ?? "invalid.csv"}`,
    });
  }
  const broken = plan.guards.filter((guard) => !guard.ok && !options.override.includes(guard.name));
  if (broken.length > 0) {
    const words = broken.map(({ name, value, limit, detail }) => {
      const numbers = `${name} is ${guardText(name, value)}, the limit is ${guardText(name, limit)}`;
      return detail === null ? numbers : `${numbers} (${detail})`;
    });
    const flags = broken.map(({ name }) => `--override ${name}`).join(" ");
    return new EngineError("RUN_GUARD", `${words.join("; ")}. Nothing was sent.`, {
      hint: `Look at the plan. If the change is meant, once:\n    ${again} ${flags}`,
    });
  }
  const writes = plan.counts.toSend + mirrorWork(plan.mirror);
  if (plan.org.protected && !options.approve && writes > 0) {
    return new EngineError(
      "RUN_PROTECTED",
      `The org "${plan.org.name}" is protected. Nothing was sent.`,
      {
        hint: `Look at the plan, then approve it:\n    ${again} --approve`,
      },
    );
  }
  return null;
}

type Room = Pick<EngineDeps, "project" | "freeBytes">;

/** Why the disk can't hold the run; null when it can, or does not say how much is free. `staged`: chunks
 *  that are written already, so that what is free is less by them. */
export function judgeRoom(
  { plan, prepared }: PlannedSync,
  staged: readonly ChunkCut[],
  deps: Room,
): EngineError | null {
  const columns = prepared.program.columns.length;
  const has = staged.reduce((sum, chunk) => sum + stagedBytes(chunk, columns), 0);
  const lack = lackOf((plan.diskBytes ?? 0) - has, deps);
  if (lack === null) return null;
  return new EngineError(
    "RUN_NO_ROOM",
    `The run of ${plan.sync} needs ${lack}. Nothing was sent.`,
    {
      hint: "Make room there, or move the whole state folder to a larger disk and name it with --state.",
    },
  );
}

/** What `plan` says of a disk that is too small; null when it is not. */
export function roomWarning({ plan }: PlannedSync, deps: Room): string | null {
  const lack = lackOf(plan.diskBytes ?? 0, deps);
  return lack === null ? null : `A run needs ${lack}.`;
}

function lackOf(bytes: number, { project, freeBytes }: Room): string | null {
  const free = bytes <= 0 ? null : freeBytes(project.stateFolder);
  if (free === null || bytes <= free) return null;
  return `about ${bytesText(bytes)} in ${project.stateFolder}, where ${bytesText(free)} are free`;
}

/** The plan as it is kept with a run whose guards were overridden: history says which, and by how much. */
export function withOverrides(runPlan: RunPlan, override: readonly string[]): RunPlan {
  const overridden = runPlan.plan.guards.filter(({ ok, name }) => !ok && override.includes(name));
  if (overridden.length === 0) return runPlan;
  const notes = overridden.map(
    ({ name, value, limit }) =>
      `The guard ${name} was overridden: ${guardText(name, value)}, the limit is ${guardText(name, limit)}.`,
  );
  return {
    ...runPlan,
    overrides: overridden.map(({ name }) => name),
    plan: { ...runPlan.plan, warnings: [...runPlan.plan.warnings, ...notes] },
  };
}

/** Throws USAGE for a name that is no guard's: a misspelt override must not pass for one. */
export function requireGuardNames(names: readonly string[]): void {
  const known: readonly string[] = GUARD_NAMES;
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new EngineError("USAGE", `There is no guard "${name}" that could be overridden.`, {
      hint: didYouMean(name, known) ?? `The guards are: ${known.join(", ")}.`,
    });
  }
}

/** Why a saved plan may not be applied; null when nothing has moved since it was made. */
export function judgeSaved(saved: SyncPlan, now: SyncPlan): EngineError | null {
  const moved = whatMoved(saved, now);
  return moved.length === 0 ? null : stalePlan([{ sync: saved.sync, moved }]);
}

export interface StaleSync {
  readonly sync: string;
  readonly moved: readonly string[];
}

export function stalePlan(stale: readonly StaleSync[]): EngineError {
  const words = stale.map(
    ({ sync, moved }) => `The saved plan of ${sync} is stale. What moved: ${moved.join("; ")}.`,
  );
  return new EngineError("PLAN_STALE", `${words.join(" ")} Nothing was sent.`, {
    hint: "Make a new plan, look at it, and apply that:\n    sluice plan --out plan.json",
  });
}
