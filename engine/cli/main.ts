#!/usr/bin/env node
import { version } from "../base/version.ts";

// Asked for most often, by scripts that only want to know that it is there: answered without loading
// anything else.
const [only, ...more] = process.argv.slice(2);
if (more.length === 0 && (only === "--version" || only === "-V")) {
  process.stdout.write(`${version()}\n`);
} else {
  const { runProgram } = await import("./program.ts");
  process.exitCode = await runProgram(process.argv);
}
