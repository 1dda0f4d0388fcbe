import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** Reads the CPU profile of a process and adds up, by stage, the time in which its main thread was busy:
 *  each sample counts for the innermost function of Sluice on the stack, so that what a stage calls in
 *  Node.js or a package is the stage's. Gives [stage, milliseconds], most first. */
export function stagesOf(folder) {
  const [name] = readdirSync(folder).filter((file) => file.endsWith(".cpuprofile"));
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(path.join(folder, name), "utf8"));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((c) => [c, id])));
  const stages = new Map();
  const times = new Map();
  samples.forEach((id, i) => {
    let stage = stages.get(id);
    if (stage === undefined) {
      stage = stageOf(id, byId, parents);
      stages.set(id, stage);
    }
    if (stage !== null) times.set(stage, (times.get(stage) ?? 0) + timeDeltas[i] / 1000);
  });
  return [...times].sort((a, b) => b[1] - a[1]);
}

function stageOf(id, byId, parents) {
  const inner = byId.get(id).callFrame;
  if (inner.functionName === "(idle)") return null;
  if (inner.functionName === "(garbage collector)") return "garbage collection";
  if (inner.url.startsWith("wasm:") && !isPackage(id, byId, parents)) return KERNEL;
  for (let at = id; at !== undefined; at = parents.get(at)) {
    const { url } = byId.get(at).callFrame;
    if (/^node:internal\/(modules|bootstrap)/.test(url)) return "loading modules";
    const folder = /^engine\/([a-z]+)/.exec(sourceOf(byId.get(at).callFrame) ?? "")?.[1];
    if (folder !== undefined) return STAGES[folder] ?? "the rest";
  }
  return "Node.js and undici by themselves";
}

/** undici parses answers in a module of its own. */
function isPackage(id, byId, parents) {
  for (let at = id; at !== undefined; at = parents.get(at)) {
    const source = sourceOf(byId.get(at).callFrame);
    if (source !== null) return source.startsWith("node_modules/");
  }
  return false;
}

/** The file that a line of the bundle came from, which the bundle says in comments; null for code of
 *  others. Lines count from 0. */
function sourceOf({ url, lineNumber }) {
  if (!/\/dist[^/]*\/cli\//.test(url)) return null;
  let sources = known.get(url);
  if (sources === undefined) {
    let source = null;
    sources = readFileSync(new URL(url), "utf8")
      .split("\n")
      .map((line) => {
        source = /^\/\/ ((?:engine|node_modules)\/\S+)$/.exec(line)?.[1] ?? source;
        return source;
      });
    known.set(url, sources);
  }
  return sources[lineNumber] ?? null;
}

const known = new Map();

const KERNEL = "kernel: scan, map, digest";
const STAGES = {
  source: "source: read, check UTF-8",
  mapping: "mapping: cells that need JavaScript",
  delta: "delta: decide, fingerprints",
  run: "run: stage chunks, settle",
  salesforce: "salesforce: send",
  state: "state: SQLite",
  base: "base: durable files, hashes",
};
