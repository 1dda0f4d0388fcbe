// Loaded into a process before its program (`node --import`): on its way out it writes what the process
// took, itself and all its threads, into the file that BENCH_MEASURE names.
import { readFileSync, writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

const file = process.env.BENCH_MEASURE;
if (isMainThread && file !== undefined) {
  process.on("exit", () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    const cpuMs = (userCPUTime + systemCPUTime) / 1000;
    writeFileSync(file, JSON.stringify({ cpuMs, peakKb: peakKb() ?? maxRSS }));
  });
}

/** The kernel's own high-water mark of the process's memory; elsewhere than on Linux, getrusage's. */
function peakKb() {
  try {
    const match = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"));
    return match === null ? null : Number(match[1]);
  } catch {
    return null;
  }
}
