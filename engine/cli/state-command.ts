import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { makeFolder, syncFolder, writeDurably } from "../base/durable-file.ts";
import { EngineError } from "../base/engine-error.ts";
import { countKeys } from "../delta/count-keys.ts";
import { mergeSegments } from "../delta/merge-segments.ts";
import { openSegment } from "../delta/segment-file.ts";
import { countText, plural } from "../report/number-text.ts";
import { stdTable } from "../report/table.ts";
import { withLease } from "../run/keep-lease.ts";
import { segmentPath } from "../run/segment-names.ts";
import type { StateStore, Stream, StreamKey } from "../state/state-store.ts";
import { segmentFolder } from "../sync/run-deps-of.ts";
import type { Context } from "./context.ts";
import { requireKnownSync } from "./known-sync.ts";
import { type OpenEngine, openEngine } from "./open-engine.ts";
import { type CommandResult, success } from "./result.ts";

/** `state show`, and the three that change what is remembered. */
export async function stateCommand(
  what: string,
  name: string | null,
  flags: { readonly orgId: string | null; readonly duplicates: boolean },
  context: Context,
): Promise<CommandResult> {
  if (what === "show" && name === null) return stateShow(context);
  if (what === "forget" && name !== null) return stateForget(name, flags, context);
  if (what === "export" && name !== null) return stateExport(name, context);
  if (what === "import" && name !== null) return stateImport(name, context);
  throw new EngineError("USAGE", "Not understood: what shall be done with the state?", {
    hint: "One of\n    sluice state show\n    sluice state forget <sync>\n    sluice state export <folder>\n    sluice state import <folder>",
  });
}

/** What the state remembers of each sync in each org. */
function stateShow(context: Context): Promise<CommandResult> {
  return withState(context, async (store) => {
    const streams = [];
    for (const stream of await store.listStreams()) {
      const segments = await store.listSegments(stream.id);
      const { sync, orgId, object, operation, keyField, serial } = stream;
      const keys = countKeys(segments.map(({ file }) => file));
      const facts = { sync, orgId, object, operation, keyField, serial, keys };
      streams.push({ ...facts, segments: segments.length });
    }
    const text = stdTable(
      ["sync", "org", "target", "key", "known keys", "serial"],
      streams.map((each) => [
        each.sync,
        each.orgId,
        `${each.operation} ${each.object}`,
        each.keyField ?? "",
        countText(each.keys),
        String(each.serial),
      ]),
      context.width,
    );
    return success({ streams }, streams.length === 0 ? "Nothing is remembered yet.\n" : text);
  });
}

/** Forgets what a sync has sent: its next run is a first run. Upserts, updates and deletes are then
 *  sent once more, which does no harm; an insert would make every record a second time. */
function stateForget(
  sync: string,
  options: { readonly orgId: string | null; readonly duplicates: boolean },
  context: Context,
): Promise<CommandResult> {
  return withState(context, async (store, engine) => {
    const { orgId } = options;
    const own = (await store.listStreams()).filter(
      (stream) => stream.sync === sync && (orgId === null || stream.orgId === orgId),
    );
    if (own.length === 0) {
      await requireKnownSync(sync, engine, store);
      throw nothingOf(sync);
    }
    const inserts = own.some(({ operation, serial }) => operation === "insert" && serial > 0);
    if (inserts && !options.duplicates) {
      throw new EngineError("USAGE", `${sync} inserts: forgetting makes each record once more.`, {
        hint: `When its records were removed from the org, or may come twice:\n    sluice state forget ${sync} --allow-duplicates`,
      });
    }
    let keys = 0;
    for (const stream of own) {
      await withLease(stream.id, { ...context, store }, async (lease) => {
        await requireEnded(stream, store);
        keys += countKeys((await store.listSegments(stream.id)).map(({ file }) => file));
        await store.forgetStream(lease);
      });
    }
    return success(
      { sync, streams: own.length, keys },
      `${sync}: ${plural(keys, "key")} forgotten.\n`,
    );
  });
}

/** Writes the fingerprints of all syncs into a folder that `state import` reads: to move a project to
 *  another machine. Runs and their files are not part of it. */
function stateExport(folder: string, context: Context): Promise<CommandResult> {
  return withState(context, async (store) => {
    const into = path.resolve(context.cwd, folder);
    if (existsSync(path.join(into, INDEX))) {
      throw new EngineError("USAGE", `${folder} holds an export already.`, {
        hint: "Name a folder that does not exist yet.",
      });
    }
    // What is in flight is in no segment yet: whoever imported the rest would send it a second time.
    for (const stream of await store.listStreams()) await requireEnded(stream, store);
    mkdirSync(into, { recursive: true });
    const streams: ExportedStream[] = [];
    for (const stream of await store.listStreams()) {
      const segments = await store.listSegments(stream.id);
      if (segments.length === 0) continue;
      const name = `${streams.length + 1}.seg`;
      const keys = mergeSegments(
        segments.map(({ file }) => file),
        path.join(into, name),
      );
      const { sync, orgId, object, operation, keyField, mappingDigest, columns } = stream;
      const key = { sync, orgId, object, operation, keyField };
      streams.push({ ...key, mappingDigest, columns, keys, segment: name });
    }
    const index = { schemaVersion: 1, kind: "sluice-state", streams };
    writeDurably(path.join(into, INDEX), [Buffer.from(`${JSON.stringify(index, null, 2)}\n`)]);
    const text = `${plural(streams.length, "sync")} written to ${folder}\n`;
    return success({ folder: into, streams: streams.length }, text);
  });
}

const INDEX = "state.json";

interface ExportedStream extends StreamKey {
  readonly mappingDigest: string | null;
  readonly columns: readonly string[] | null;
  readonly keys: number;
  /** The file's name in the folder. */
  readonly segment: string;
}

/** Takes what `state export` wrote. Refuses where a sync has a memory of its own already: two can't be
 *  told apart afterwards. */
function stateImport(folder: string, context: Context): Promise<CommandResult> {
  return withState(context, async (store, { project }) => {
    const from = path.resolve(context.cwd, folder);
    const streams = readIndex(from, folder);
    for (const each of streams) openSegment(path.join(from, each.segment)).close();
    for (const each of streams) {
      const stream = await store.openStream(each);
      if ((await store.listSegments(stream.id)).length === 0) continue;
      throw new EngineError("USAGE", `${each.sync} is remembered here already.`, {
        hint: `To take the imported memory instead, first:\n    sluice state forget ${each.sync}`,
      });
    }
    for (const each of streams) {
      const stream = await store.openStream(each);
      await withLease(stream.id, { ...context, store }, async (lease) => {
        await requireEnded(stream, store);
        const file = segmentPath(segmentFolder(project.stateFolder), lease);
        makeFolder(path.dirname(file));
        copyFileSync(path.join(from, each.segment), file);
        syncFolder(path.dirname(file));
        const { keys: rows, mappingDigest, columns } = each;
        await store.importStream(lease, { segment: { file, rows }, mappingDigest, columns });
      });
    }
    return success({ streams: streams.length }, `${plural(streams.length, "sync")} imported.\n`);
  });
}

function readIndex(from: string, shown: string): ExportedStream[] {
  try {
    const index = JSON.parse(readFileSync(path.join(from, INDEX), "utf8"));
    if (index.kind === "sluice-state" && Array.isArray(index.streams)) return index.streams;
  } catch {
    // Told below: whatever is wrong, it is no export.
  }
  throw new EngineError("USAGE", `${shown} holds no exported state.`, {
    hint: "Write one with\n    sluice state export <folder>",
  });
}

async function requireEnded(stream: Stream, store: StateStore): Promise<void> {
  const run = await store.unfinishedRun(stream.id);
  if (run === null) return;
  throw new EngineError("RUN_IN_FLIGHT", `Run ${run.id} of ${run.sync} is not finished.`, {
    hint: `First:\n    sluice resume ${run.id}`,
  });
}

function nothingOf(sync: string): EngineError {
  return new EngineError("USAGE", `Nothing is remembered of a sync "${sync}".`, {
    hint: "To see what is:\n    sluice state show",
  });
}

async function withState<T>(
  context: Context,
  work: (store: StateStore, engine: OpenEngine) => Promise<T>,
): Promise<T> {
  const engine = await openEngine(context);
  try {
    return await work(await engine.store(), engine);
  } finally {
    await engine.close();
  }
}
