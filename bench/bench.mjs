// Sluice beside the alternatives: whole processes, one machine, one run. See README.md beside this file.
//   npm run bench [-- --quick] [--rows N] [--times N] [--dist DIR] [--data DIR] [--only a,b,c,d]
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { casesOf } from "./cases.mjs";
import { makeData } from "./make-data.mjs";
import { makeOrg } from "./project.mjs";
import { machine, megabytes, ratio, seconds, table, verdict } from "./results.mjs";
import { startSink } from "./sink.mjs";
import { stagesOf } from "./stages.mjs";

const { values: flags } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    rows: { type: "string" },
    times: { type: "string" },
    dist: { type: "string", default: fileURLToPath(new URL("../dist", import.meta.url)) },
    data: { type: "string", default: path.join(os.tmpdir(), "sluice-bench-data") },
    only: { type: "string", default: "a,b,c,d" },
  },
});
const rows = Number(flags.rows ?? (flags.quick ? 100_000 : 2_000_000));
const times = Number(flags.times ?? 3);
const only = new Set(flags.only.split(","));
const sliceRows = Math.min(rows, flags.quick ? 20_000 : 200_000);
const memoryRows = flags.quick ? [10_000, 50_000, 200_000] : [100_000, 1_000_000, 5_000_000];
const cli = path.resolve(flags.dist, "cli", "main.js");
if (!existsSync(cli)) throw new Error("dist/ is missing. Build it first: npm run build");

const folder = mkdtempSync(path.join(os.tmpdir(), "sluice-bench-"));
mkdirSync(flags.data, { recursive: true });
const org = path.join(folder, "org");
makeOrg(org);
const loadBefore = os.loadavg()[0];
const sink = await startSink(cli, org);
const bench = casesOf({ cli, folder, sink, times });
const tables = [];
try {
  say(`${rows} rows, ${times} times each; data in ${flags.data}`);
  const yardstick = await compareLoads();
  await measureStartUp();
  if (only.has("b")) await compareRepeats(yardstick);
  // What is known so far: a run of an hour may be cut short.
  writeResults();
  if (only.has("d")) await measureStages();
  if (only.has("c")) await measureMemory();
  process.stdout.write(`\n${writeResults()}`);
} finally {
  await sink.stop();
  rmSync(folder, { recursive: true, force: true });
}

function data(count, changed = 0) {
  const file = path.join(flags.data, `rows-${count}-${changed}.csv`);
  makeData(file, count, changed);
  return file;
}

/** (a) A first run: every row is new. Gives the yardstick. */
async function compareLoads() {
  const file = data(rows);
  const yardstick = await measured("yardstick", () => bench.yardstick(file));
  if (!only.has("a")) return yardstick;
  const put = await measured("bare PUT", () => bench.put());
  const copied = await measured("bare PUT and copy", () => bench.putAndCopy());
  const plain = await measured("sluice, plain", () => bench.load("plain", file, rows));
  const transformed = await measured("sluice, transformed", () =>
    bench.load("transformed", file, rows),
  );
  const slice = await measured(`jsforce, ${sliceRows} rows`, () => bench.jsforce(data(sliceRows)));
  const scale = rows / sliceRows;
  const jsforce = {
    wallMs: slice.wallMs * scale,
    cpuMs: slice.cpuMs * scale,
    peakKb: slice.peakKb,
  };
  const line = (name, of) => [
    name,
    seconds(of.wallMs),
    seconds(of.cpuMs),
    ratio(of.wallMs, yardstick.wallMs),
    ratio(of.cpuMs, yardstick.cpuMs),
    megabytes(of.peakKb),
  ];
  const head = ["Full load", "wall", "CPU", "wall / yardstick", "CPU / yardstick", "peak memory"];
  tables.push(
    table(`(a) Full load, ${rows} rows, 12 of 14 columns`, head, [
      line("yardstick: one plain JavaScript loop, to a file", yardstick),
      line("bare undici PUT of the finished file", put),
      line("the same and one fsynced copy", copied),
      line("sluice, plain mapping", plain),
      line("sluice, six of twelve columns transformed", transformed),
      line(
        `csv-parse, csv-stringify, jsforce${scale > 1 ? ` (${sliceRows} rows, scaled by ${scale})` : ""}`,
        jsforce,
      ),
    ]),
    `Target: full load at most 1x the yardstick: CPU ${verdict(plain.cpuMs / yardstick.cpuMs, 1)}, wall ${verdict(plain.wallMs / yardstick.wallMs, 1)}.\n` +
      `Aim: within 2x of bare PUT and one fsynced copy: CPU ${ratio(plain.cpuMs, copied.cpuMs)}, wall ${ratio(plain.wallMs, copied.wallMs)}.\n` +
      `jsforce with csv-parse and csv-stringify takes ${ratio(jsforce.cpuMs, plain.cpuMs)} the CPU time of sluice and ${ratio(jsforce.wallMs, plain.wallMs)} its wall time.\n`,
  );
  return yardstick;
}

/** (b) A run after another: most rows are known. */
async function compareRepeats(yardstick) {
  const first = data(rows);
  const lines = [];
  for (const perMille of [0, 10, 1000]) {
    const file = data(rows, perMille);
    const sent = perMille === 0 ? 0 : countChanged(perMille);
    const name = `${perMille / 10} % changed`;
    const took = await measured(name, () => bench.repeat(first, file, sent));
    lines.push([
      name,
      seconds(took.wallMs),
      seconds(took.cpuMs),
      ratio(took.wallMs, yardstick.wallMs),
      ratio(took.cpuMs, yardstick.cpuMs),
      megabytes(took.peakKb),
    ]);
    if (perMille === 0) {
      lines.target =
        `Target: with nothing changed at most 0.5x the yardstick: CPU ${verdict(took.cpuMs / yardstick.cpuMs, 0.5)}, ` +
        `wall ${verdict(took.wallMs / yardstick.wallMs, 0.5)}.\n`;
    }
  }
  const head = ["Repeat run", "wall", "CPU", "wall / yardstick", "CPU / yardstick", "peak memory"];
  tables.push(table(`(b) Repeat run, ${rows} rows`, head, lines), lines.target);
}

/** Counted as the generator counts. */
function countChanged(perMille) {
  return perMille === 1000 ? rows : "\\d+";
}

/** (c) The most memory that the process had at once. */
async function measureMemory() {
  const lines = [];
  let most = 0;
  for (const count of memoryRows) {
    const took = await measured(`memory at ${count}`, () =>
      bench.load("plain", data(count), count, 1),
    );
    most = Math.max(most, took.peakKb);
    lines.push([count, megabytes(took.peakKb)]);
  }
  tables.push(
    table("(c) Peak memory of a full load (VmHWM)", ["rows", "peak"], lines),
    `Target: under 256 MB: ${verdict((most * 1024) / 1e6, 256)}.\n`,
  );
}

/** (d) Where the main thread spends its time. */
async function measureStages() {
  const profiles = path.join(folder, "profiles");
  await bench.profile(data(rows), profiles);
  const stages = stagesOf(profiles);
  const total = stages.reduce((sum, [, ms]) => sum + ms, 0);
  const lines = stages.map(([name, ms]) => [
    name,
    seconds(ms),
    `${Math.round((ms / total) * 100)} %`,
  ]);
  tables.push(
    table("(d) Stages of a full load, plain mapping", ["stage", "main thread", "share"], lines),
    "From a CPU profile of one run, which makes it slower. Waiting is not counted.\n",
  );
}

async function measureStartUp() {
  const { sluice, node } = await bench.startUp();
  const line = (name, { wallMs }) => [name, `${Math.round(wallMs)} ms`, ratio(wallMs, node.wallMs)];
  tables.push(
    table(
      "Start-up",
      ["command", "wall", "ratio"],
      [line("node -e 0", node), line("sluice --version", sluice)],
    ),
    `Target: at most 3x: ${verdict(sluice.wallMs / node.wallMs, 3)}.\n`,
  );
}

async function measured(name, run) {
  const took = await run();
  say(
    `${name}: wall ${seconds(took.wallMs)}, CPU ${seconds(took.cpuMs)}, ${megabytes(took.peakKb)}`,
  );
  return took;
}

function writeResults() {
  const load = `${loadBefore.toFixed(1)}, ${os.loadavg()[0].toFixed(1)}`;
  const facts = machine().map((fact) => `- ${fact.replace("LOAD", load)}`);
  const text = [
    `# Results${flags.quick ? " of a quick run, too small to judge by" : ""}\n`,
    "Written by `npm run bench`. Medians of " +
      `${times} runs of whole processes; ratios are what counts: times are this machine's.\n`,
    `${facts.join("\n")}\n`,
    ...tables,
  ].join("\n");
  if (!flags.quick) writeFileSync(new URL("results.md", import.meta.url), text);
  return text;
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
