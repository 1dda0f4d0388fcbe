import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { type Database, numberOf } from "../store/database.ts";
import { readMeta, writeMeta } from "../store/schema.ts";
import { holdsFor } from "./job-faults.ts";
import { readRule } from "./read-rule.ts";
import type { Rule } from "./rules.ts";

/** Something in a list of faults is wrong. */
export class RuleError extends Error {}

/** The rules in force, and what was counted for them. */
export interface Rules {
  list(): readonly Rule[];
  /** Rules that hold for this request. Each rule that fits is counted, whether it holds or not. */
  forRequest(method: string, url: string): readonly Rule[];
  replace(text: string, source: string): void;
  report(): unknown;
}

/**
 * Takes a faults file (or none) and counts occurrences in memory, job and row counts in the
 * database.
 */
export function openRules(db: Database, file: string | null): Rules {
  let rules: readonly Rule[] = [];
  let hits = new Map<string, number>();

  const replace = (text: string, source: string): void => {
    rules = readRules(text, source);
    hits = new Map();
    db.run("DELETE FROM fault_hits");
  };

  if (file !== null) {
    const text = readFileSync(file, "utf8");
    rules = readRules(text, file);
    // Row attempts go on over restarts: a file that is loaded again keeps its counters, a new one
    // does not.
    if (readMeta(db, "faults") !== text) db.run("DELETE FROM fault_hits");
    writeMeta(db, "faults", text);
  }

  return {
    list: () => rules,
    replace,
    forRequest: (method, url) => {
      if (rules.length === 0) return [];
      const [pathname = ""] = url.split("?");
      return rules.filter((rule) => {
        const { on } = rule;
        if (on.job !== null) return false;
        if (on.method !== null && on.method !== method) return false;
        if (on.path !== null && !on.path.test(pathname) && !on.path.test(url)) return false;
        const count = (hits.get(rule.id) ?? 0) + 1;
        hits.set(rule.id, count);
        return holdsFor(rule, count);
      });
    },
    report: () =>
      rules.map((rule) => {
        const counted = db.get("SELECT sum(hits) AS n FROM fault_hits WHERE rule = ?", rule.id);
        return {
          id: rule.id,
          do: rule.action,
          hits: (hits.get(rule.id) ?? 0) + numberOf(counted ?? {}, "n"),
        };
      }),
  };
}

function readRules(text: string, source: string): Rule[] {
  let parsed: unknown;
  try {
    parsed = parse(text);
  } catch (error) {
    throw new RuleError(`${source}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const list = isMap(parsed) ? parsed.faults : parsed;
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) throw new RuleError(`${source}: a list of faults is expected`);
  return list.map((entry: unknown, index) => {
    try {
      return readRule(entry, `${index + 1}`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new RuleError(`${source}: fault ${index + 1}: ${reason}`);
    }
  });
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
