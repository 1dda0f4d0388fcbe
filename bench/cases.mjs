import { rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { makeProject } from "./project.mjs";
import { medianOf, runProcess } from "./run-process.mjs";

const script = (name) => fileURLToPath(new URL(name, import.meta.url));

/** The programs that are measured, each a whole process. `bench`: { cli, folder, sink, times }. */
export function casesOf(bench) {
  const { cli, folder, sink, times } = bench;
  const project = path.join(folder, "project");
  const output = path.join(folder, "mapped.csv");
  const copy = path.join(folder, "copy.csv");
  const env = { BENCH_TOKEN: sink.accessToken };
  const fresh = () => makeProject(project, sink.url);
  const use = (file) => {
    rmSync(path.join(project, "rows.csv"), { force: true });
    symlinkSync(file, path.join(project, "rows.csv"));
  };
  const sluice = async (sync, expected, flags = []) => {
    const ran = await runProcess([...flags, cli, "run", sync], { cwd: project, env });
    const shown = ran.out.replaceAll(",", "");
    if (!expected.test(shown)) throw new Error(`sluice run ${sync} said:\n${ran.out}${ran.err}`);
    return ran;
  };

  return {
    yardstick: (file) => medianOf(times, () => runProcess([script("yardstick.mjs"), file, output])),
    /** Sends what the yardstick wrote. */
    put: () =>
      medianOf(times, () =>
        runProcess([script("bare-put.mjs"), sink.url, sink.accessToken, output]),
      ),
    putAndCopy: () =>
      medianOf(
        times,
        () => runProcess([script("bare-put.mjs"), sink.url, sink.accessToken, output, copy]),
        async () => rmSync(copy, { force: true }),
      ),
    jsforce: (file) => {
      const words = [script("jsforce-load.mjs"), sink.url, sink.accessToken, file];
      return medianOf(1, () => runProcess(words));
    },
    load: (sync, file, rows, runs = times) =>
      medianOf(
        runs,
        () => sluice(sync, new RegExp(`succeeded +${rows}\\b`)),
        async () => {
          fresh();
          use(file);
        },
      ),
    /** A first load of one file, which is not measured, and then a run over another. */
    repeat: (before, after, sent) =>
      medianOf(
        times,
        () => sluice("plain", sent === 0 ? /nothing to do/ : new RegExp(`succeeded +${sent}\\b`)),
        async () => {
          fresh();
          use(before);
          await sluice("plain", /succeeded/);
          use(after);
        },
      ),
    /** A full load under the profiler, which writes into a folder. */
    profile: async (file, into) => {
      fresh();
      use(file);
      const flags = ["--cpu-prof", `--cpu-prof-dir=${into}`, "--cpu-prof-interval", "500"];
      return sluice("plain", /succeeded/, flags);
    },
    startUp: async () => {
      const runs = Math.max(times, 9);
      const wall = { measure: false };
      return {
        sluice: await medianOf(runs, () => runProcess([cli, "--version"], wall)),
        node: await medianOf(runs, () => runProcess(["-e", "0"], wall)),
      };
    },
  };
}
