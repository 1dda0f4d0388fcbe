import { accessSync, constants } from "node:fs";
import { hasErrors } from "../base/diagnostic.ts";
import { asEngineError, EngineError } from "../base/engine-error.ts";
import { freeBytes } from "../base/free-bytes.ts";
import { countText } from "../report/number-text.ts";
import { paintFor } from "../report/paint.ts";
import { hanging, prose } from "../report/text-block.ts";
import { findLeftovers, type Leftover } from "../sync/find-leftovers.ts";
import { orgOf } from "../sync/org-of.ts";
import type { Context } from "./context.ts";
import { type OpenEngine, openEngine } from "./open-engine.ts";
import { problemsError } from "./problems-error.ts";
import type { CommandResult } from "./result.ts";

interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What to do; null where nothing is wrong. */
  readonly hint: string | null;
}

/** Looks at everything a run needs, and says for each thing that is wrong what to do. Changes nothing,
 *  but with `abortLeftovers` ends the empty jobs that crashes left in the org. */
export async function doctorCommand(
  flags: { readonly abortLeftovers: boolean },
  context: Context,
): Promise<CommandResult> {
  const findings: Finding[] = [nodeVersion()];
  let leftovers: Leftover[] = [];
  let worst: ReturnType<typeof asEngineError> | null = null;
  const check = async (name: string, look: () => Promise<string> | string) => {
    try {
      findings.push({ name, ok: true, detail: await look(), hint: null });
    } catch (thrown) {
      const error = asEngineError(thrown);
      worst ??= error;
      findings.push({ name, ok: false, detail: error.message, hint: error.hint });
    }
  };
  let engine: OpenEngine | null = null;
  try {
    await check("config", async () => {
      engine = await openEngine(context);
      const { diagnostics } = engine.loaded;
      if (hasErrors(diagnostics)) throw problemsError(diagnostics);
      const count = engine.project.syncs.length;
      return `${engine.project.file}: ${count} ${count === 1 ? "sync" : "syncs"}`;
    });
    if (engine !== null) {
      await checkState(engine, check);
      leftovers = await checkOrgs(engine, flags.abortLeftovers, context, check);
    }
  } finally {
    await (engine as OpenEngine | null)?.close();
  }
  return {
    data: { findings, leftovers },
    text: findings.map((finding) => findingText(finding, context)).join(""),
    warnings: [],
    diagnostics: [],
    error: worst,
    exitCode: (worst as ReturnType<typeof asEngineError> | null)?.exitCode ?? 0,
  };
}

type Check = (name: string, look: () => Promise<string> | string) => Promise<void>;

async function checkState(engine: OpenEngine, check: Check): Promise<void> {
  const folder = engine.project.stateFolder;
  await check("state", async () => {
    const store = await engine.store();
    const streams = await store.listStreams();
    accessSync(folder, constants.W_OK);
    const unfinished = new Set<string>();
    for (const stream of streams) {
      const run = await store.unfinishedRun(stream.id);
      if (run !== null) unfinished.add(run.id);
    }
    const names = [...unfinished].join(", ");
    const rest =
      unfinished.size === 0 ? "nothing unfinished" : `unfinished: ${names} (sluice resume)`;
    return `${folder}: ${rest}`;
  });
  await check("disk", () => {
    const free = freeBytes(folder);
    if (free === null) return "its file system does not say how much is free";
    if (free < FREE_BYTES_MIN) {
      const text = `only ${countText(Math.floor(free / 1e6))} MB are free under ${folder}`;
      throw Object.assign(new Error(text), { code: "ENOSPC" });
    }
    return `${countText(Math.floor(free / 1e6))} MB free`;
  });
}

/** A chunk of the usual size, its sidecars and its results. */
const FREE_BYTES_MIN = 500_000_000;

/** Each org that a sync writes to: can it be reached, does it let us in, what did crashes leave there? */
async function checkOrgs(
  engine: OpenEngine,
  abort: boolean,
  context: Context,
  check: Check,
): Promise<Leftover[]> {
  const { project } = engine;
  const leftovers: Leftover[] = [];
  const orgs = new Set(project.syncs.map((spec) => orgOf(project, spec, context.flags.org)));
  if (orgs.size === 0) orgs.add(orgOf(project, null, context.flags.org));
  for (const spec of orgs) {
    let reached = false;
    await check(`login to ${spec.name}`, async () => {
      const org = await engine.connect(spec);
      const { username, orgId, instanceUrl } = await org.identify();
      reached = true;
      return `${username ?? "a user"} of ${orgId} at ${instanceUrl}`;
    });
    if (!reached) continue;
    await check(`clock against ${spec.name}`, async () => {
      const org = await engine.connect(spec);
      const aheadMs = org.answeredAt === null ? 0 : context.clock.now() - org.answeredAt;
      return clockText(aheadMs);
    });
    await check(`leftovers in ${spec.name}`, async () => {
      const org = await engine.connect(spec);
      const store = await engine.store();
      const { clock, signal } = context;
      const syncs = project.syncs.filter(
        (sync) => orgOf(project, sync, context.flags.org) === spec,
      );
      const found = await findLeftovers(org, syncs, { store, clock, signal });
      leftovers.push(...found);
      if (found.length === 0) return "no empty job was left by a crash";
      const ids = found.map(({ jobId }) => jobId).join(", ");
      if (!abort) return `${found.length} empty open: ${ids} (sluice doctor --abort-leftovers)`;
      for (const { jobId } of found) await org.ingest.abortJob(jobId);
      return `${found.length} aborted: ${ids}`;
    });
  }
  return leftovers;
}

/** No outcome depends on our clock; logins by JWT and the times in records do. */
function clockText(aheadMs: number): string {
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  if (seconds <= CLOCK_SECONDS_MAX) return "in step with the org's";
  const way = aheadMs > 0 ? "ahead of" : "behind";
  throw new EngineError("USAGE", `This machine's clock is ${seconds} s ${way} the org's.`, {
    hint: "Logins by JWT fail with a wrong clock. Set it by NTP.",
  });
}

/** A JWT is refused when it is off by more than a few minutes. */
const CLOCK_SECONDS_MAX = 120;

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const ok = major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]);
  const hint = `Install Node ${NODE_MIN.join(".")} or later.`;
  return { name: "node", ok, detail: process.versions.node, hint: ok ? null : hint };
}

/** As `engines` in package.json says. */
const NODE_MIN = [20, 19] as const;

function findingText(
  { name, ok, detail, hint }: Finding,
  { color, width }: Pick<Context, "color" | "width">,
): string {
  const paint = paintFor(color);
  const [first = "", ...rest] = hanging(`${name}: ${detail}`, { width, first: "", rest: "     " });
  const sign = ok ? paint.good("ok  ") : paint.bad("!!  ");
  const lines = [`${sign} ${first}`, ...rest];
  if (hint !== null) lines.push(...prose(hint, "       ", width));
  return `${lines.join("\n")}\n`;
}
