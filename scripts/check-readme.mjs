// Holds the README to what the demo prints: `npm run demo | node scripts/check-readme.mjs`, and with
// --write puts the output there. Run names, times and durations differ from run to run and are not
// compared.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const file = fileURLToPath(new URL("../README.md", import.meta.url));
const begin = "<!-- demo output: checked by scripts/check-readme.mjs -->\n```\n";
const end = "```\n<!-- end of demo output -->";
const readme = readFileSync(file, "utf8");
const from = readme.indexOf(begin) + begin.length;
const to = readme.indexOf(end);
if (from < begin.length || to < from)
  throw new Error("README.md has no place for the demo's output");

let output = "";
for await (const piece of process.stdin) output += piece;
process.stdout.write(output);
// npm's own lines above the program's are no part of it.
const printed = output.replace(/^(\s*> .*\n|\s*\n)+/, "");

if (process.argv.includes("--write")) {
  writeFileSync(file, readme.slice(0, from) + printed + readme.slice(to));
} else if (steady(readme.slice(from, to)) !== steady(printed)) {
  process.stderr.write(
    "\nREADME.md shows another output than the demo prints. To bring it up to date:\n" +
      "    npm run demo --silent | node scripts/check-readme.mjs --write\n",
  );
  process.exitCode = 1;
}

function steady(text) {
  return text
    .replace(/\d{8}-\d{6}-[a-z0-9]{4}/g, "RUN")
    .replace(/\d+(\.\d+)? s\b/g, "N s")
    .replace(/\d+ API calls/g, "N API calls")
    .trim();
}
