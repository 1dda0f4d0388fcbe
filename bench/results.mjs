import { readFileSync } from "node:fs";
import os from "node:os";

/** A table as markdown, and as text that is easy to read in a terminal. */
export function table(title, head, rows) {
  const all = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, c) => Math.max(...all.map((row) => row[c].length)));
  const line = (row) =>
    `| ${row.map((cell, c) => (c === 0 ? cell.padEnd(widths[c]) : cell.padStart(widths[c]))).join(" | ")} |`;
  const rule = `|${widths.map((width, c) => (c === 0 ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`)).join("|")}|`;
  const [first, ...rest] = all;
  return `## ${title}\n\n${[line(first), rule, ...rest.map(line)].join("\n")}\n`;
}

export const ratio = (value, of) => `${(value / of).toFixed(2)}x`;
export const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;
export const megabytes = (kb) => `${Math.round((kb * 1024) / 1e6)} MB`;

/** Target met, or by how much it was missed. */
export function verdict(value, most) {
  return value <= most ? "met" : `missed by ${Math.round((value / most - 1) * 100)} %`;
}

export function machine() {
  const version = (name) =>
    JSON.parse(readFileSync(new URL(`../${name}/package.json`, import.meta.url), "utf8")).version;
  const [cpu] = os.cpus();
  const packages = ["undici", "jsforce", "csv-parse", "csv-stringify"];
  return [
    `${os.cpus().length} x ${cpu?.model ?? "unknown"}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.type()} ${os.release().split("-")[0]}`,
    `load of the machine before and after: LOAD`,
    `Node.js ${process.version}, sluice ${version(".")}, ${packages.map((name) => `${name} ${version(`node_modules/${name}`)}`).join(", ")}`,
  ];
}
