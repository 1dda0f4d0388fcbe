import { expect, test } from "vitest";
import type { PlanView } from "../../engine/plan/plan-sample.ts";
import { planHtml } from "../../engine/report/plan-html.ts";
import { planMarkdown } from "../../engine/report/plan-markdown.ts";
import { planText } from "../../engine/report/plan-text.ts";

const COUNTS = {
  source: 9,
  filtered: 1,
  invalid: 2,
  duplicate: 1,
  unchanged: 2,
  new: 1,
  changed: 2,
};

/** A plan with `many` of everything, and names that are nobody's friend. */
function view(many: number, sync = "contacts"): PlanView {
  const names = Array.from({ length: many }, (_, i) => `Field_${i}_with_a_long_name__c`);
  const counts = Object.fromEntries(names.map((name, i) => [name, i + 1]));
  return {
    plan: {
      ...{ sync, spec: "a.sync.yaml", object: "Contact", operation: "upsert", basis: "state" },
      externalId: "Key__c",
      org: {
        ...{ name: "prod", orgId: "00D", instanceUrl: "https://x", production: true },
        protected: true,
      },
      reason: "data changed",
      reasons: [{ kind: "dataChanged", text: "2 rows changed @everyone <img> | `x`", fields: [] }],
      counts: { ...COUNTS, toSend: 3 },
      inOrg: null,
      chunks: [{ rows: 3, bytes: 100 }],
      ...{ bytes: 100, apiCalls: 6, fields: counts, cleared: counts, guards: [] },
      warnings: names.map((name) => `about ${name}`),
      sources: [{ file: "a|b.csv", bytes: 100, rows: 9, digest: "d" }],
      invalid: names.map((field) => ({ code: "X", field, count: 1, file: "a|b.csv", line: 2 })),
      ...{ invalidFile: null, mirror: null, planHash: "h" },
      inputs: { config: "", describe: "", mapping: "", serial: 0, rows: "", mirror: "" },
    },
    samples: names.map((field, line) => ({
      ...{ kind: "changed", key: "k", file: "a.csv", line, inOrg: true },
      fields: [{ field, before: "b".repeat(500), after: "<b>\u001b[31m\nx" }],
    })),
  };
}

test("markdown fits a comment, whatever the plan", () => {
  const plans = [
    ...[[view(1)], [view(5_000)], Array.from({ length: 40 }, (_, i) => view(500, `sync-${i}`))],
    Array.from({ length: 3_000 }, (_, i) => view(3, `sync-${i}-${"x".repeat(300)}`)),
  ];
  for (const views of plans) {
    const text = planMarkdown(views);
    expect(text.length).toBeLessThan(60_000);
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
    expect(text).not.toMatch(/@everyone|<img|<b>/);
  }
  expect(planMarkdown(plans[3] ?? [])).toContain("are left out: the comment would be too long");
});

test("production stands in capitals in every format", () => {
  const options = { color: false, cwd: "/", width: 80, apply: "sluice run" };
  expect(planText([view(1)], options)).toContain("prod (PRODUCTION)");
  expect(planMarkdown([view(1)])).toContain("**PRODUCTION**");
  expect(planHtml([view(1)], { madeAt: "now", apply: "sluice run" })).toContain(">PRODUCTION<");
});

test("a value can't move the terminal's cursor, nor become a part of the page", () => {
  const options = { color: false, cwd: "/", width: 80, apply: "sluice run" };
  expect(planText([view(2)], options)).not.toContain("\u001b");
  expect(planHtml([view(2)], { madeAt: "now", apply: "x" })).not.toMatch(/<img|<td><b>/);
});
