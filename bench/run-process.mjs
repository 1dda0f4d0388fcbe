import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const MEASURE = pathToFileURL(fileURLToPath(new URL("measure.mjs", import.meta.url))).href;

/** Runs a whole Node process and gives its wall time from start to end, its CPU time and its peak of
 *  memory. `codes`: exit codes that are fine. */
export async function runProcess(words, { cwd, env = {}, codes = [0], measure = true } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), "bench-"));
  const report = path.join(folder, "measure.json");
  try {
    const begun = performance.now();
    const flags = measure ? ["--import", MEASURE] : [];
    const child = spawn(process.execPath, [...flags, ...words], {
      cwd,
      env: { ...process.env, NO_COLOR: "1", ...env, BENCH_MEASURE: report },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    let err = "";
    child.stdout.on("data", (data) => {
      out += data;
    });
    child.stderr.on("data", (data) => {
      err += data;
    });
    const code = await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    const wallMs = performance.now() - begun;
    if (!codes.includes(code))
      throw new Error(`${words.join(" ")} ended with ${code}\n${err}${out}`);
    const measured = measure ? JSON.parse(readFileSync(report, "utf8")) : { cpuMs: 0, peakKb: 0 };
    return { wallMs, ...measured, out, err };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The median of some runs, one measure at a time. `prepare` is done before each and not counted. */
export async function medianOf(times, run, prepare = async () => {}) {
  const runs = [];
  for (let i = 0; i < times; i++) {
    await prepare();
    runs.push(await run());
  }
  return {
    wallMs: median(runs.map(({ wallMs }) => wallMs)),
    cpuMs: median(runs.map(({ cpuMs }) => cpuMs)),
    peakKb: Math.max(...runs.map(({ peakKb }) => peakKb)),
  };
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
