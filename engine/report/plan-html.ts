import type { PlanView } from "../plan/plan-sample.ts";
import type { SyncPlan } from "../plan/sync-plan.ts";
import { bytesText, countText } from "./number-text.ts";
import { escaped, htmlBar, htmlChart, htmlPage, htmlTable } from "./page-html.ts";
import {
  diskWords,
  driftWords,
  guardsToShow,
  guardWords,
  mirrorText,
  nothingWords,
  orgWords,
  sumWords,
  targetWords,
  workWords,
} from "./plan-words.ts";

/** A plan as one HTML file, for whoever has to approve it. */
export function planHtml(
  views: readonly PlanView[],
  options: { readonly madeAt: string; readonly apply: string },
): string {
  const sum = sumWords(views.map(({ plan }) => plan));
  const stopped = views.some(({ plan }) => plan.guards.some(({ ok }) => !ok));
  const next = stopped
    ? "A guard would stop this run."
    : `To apply it: <code>${escaped(options.apply)}</code>`;
  const head = [
    "<h1>Sluice plan</h1>",
    `<p>${escaped(sum === null ? nothingWords(views.map(({ plan }) => plan)) : `${sum}.`)}</p>`,
    `<p class="dim">Made ${escaped(options.madeAt)}. ${next}</p>`,
  ];
  return htmlPage("Sluice plan", [...head, ...views.map(syncSection)].join("\n"));
}

function syncSection({ plan, samples }: PlanView): string {
  const disk = diskWords(plan);
  const production = plan.org.production === true ? ' <span class="tag">PRODUCTION</span>' : "";
  return [
    "<section>",
    `<h2>${escaped(plan.sync)}${production}</h2>`,
    `<p>${escaped(targetWords(plan))} in ${escaped(plan.org.name)}</p>`,
    ...plan.reasons.map(({ text }) => `<p class="dim">${escaped(text)}</p>`),
    countBar(plan),
    ...org(plan),
    ...histogram(plan),
    ...guards(plan),
    ...plan.warnings.map((warning) => `<p class="stop">${escaped(warning)}</p>`),
    ...sampleTable(samples),
    ...invalidTable(plan),
    ...sourceTable(plan),
    plan.apiCalls > 0 ? `<p class="dim">${escaped(workWords(plan))}</p>` : "",
    disk === null ? "" : `<p class="dim">Disk: ${escaped(disk)}</p>`,
    "</section>",
  ].join("\n");
}

function countBar(plan: SyncPlan): string {
  const { counts } = plan;
  const deletes = plan.operation === "delete";
  const mirrored = mirrorText(plan);
  const bar = htmlBar(
    [
      { name: "new", count: deletes ? 0 : counts.new, kind: "new" },
      { name: "changed", count: deletes ? 0 : counts.changed, kind: "changed" },
      { name: "to delete", count: deletes ? counts.toSend : 0, kind: "bad" },
      { name: "unchanged", count: counts.unchanged, kind: "same" },
      { name: "filtered", count: counts.filtered, kind: "left" },
      { name: "duplicate", count: counts.duplicate, kind: "bad" },
      { name: "invalid", count: counts.invalid, kind: "bad" },
    ],
    countText,
  );
  const left = mirrored === null ? "" : `<p class="stop">${escaped(mirrored)}</p>`;
  return bar + left;
}

function org({ inOrg, operation }: SyncPlan): string[] {
  if (inOrg === null) return [];
  const drift = driftWords(inOrg, operation);
  const told = `<p>In the org: ${escaped(orgWords(inOrg, operation))}</p>`;
  return drift === null ? [told] : [told, `<p>Drift: ${escaped(drift)}</p>`];
}

function histogram({ fields, cleared }: SyncPlan): string[] {
  const changes = Object.entries(fields)
    .sort((a, b) => b[1] - a[1])
    .map(([name, count]) => ({ name, count, kind: "changed" }));
  const clears = Object.entries(cleared).map(([name, count]) => ({ name, count, kind: "bad" }));
  const parts: string[] = [];
  if (changes.length > 0) parts.push("<h3>Changes by field</h3>", htmlChart(changes, countText));
  if (clears.length > 0) parts.push("<h3>Cleared fields</h3>", htmlChart(clears, countText));
  return parts;
}

function guards(plan: SyncPlan): string[] {
  const all = guardsToShow(plan);
  if (all.length === 0) return [];
  const lines = all.map((guard) =>
    guard.ok
      ? `<p><span class="ok">ok</span> ${escaped(guardWords(guard))}</p>`
      : `<p><span class="stop">stops</span> ${escaped(guardWords(guard))}</p>`,
  );
  return ["<h3>Guards</h3>", ...lines];
}

function sampleTable(samples: PlanView["samples"]): string[] {
  const rows = samples.flatMap(({ kind, key, file, line, fields }) =>
    fields.map(({ field, before, after }) => [
      kind,
      key ?? "",
      `${file}:${line}`,
      field,
      before === null ? "" : before === "" ? "(blank)" : before,
      after === "" ? "(blank)" : after,
    ]),
  );
  if (rows.length === 0) return [];
  const header = ["row", "key", "from", "field", "before", "after"];
  return ["<h3>Samples</h3>", htmlTable("samples", header, rows)];
}

function invalidTable({ invalid }: SyncPlan): string[] {
  if (invalid.length === 0) return [];
  const rows = invalid.map(({ code, field, count, file, line }) => [
    code,
    field,
    countText(count),
    `${file}:${line}`,
  ]);
  return ["<h3>Not sent</h3>", htmlTable("reasons", ["code", "field", "rows", "first at"], rows)];
}

function sourceTable({ sources }: SyncPlan): string[] {
  const rows = sources.map(({ file, rows: count, bytes }) => [
    file,
    countText(count),
    bytesText(bytes),
  ]);
  return ["<h3>Source</h3>", htmlTable("files", ["file", "rows", "size"], rows)];
}
