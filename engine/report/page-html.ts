/** The frame of an HTML report: one file that needs no network. Style and script stand in it; a
 *  Content-Security-Policy forbids everything else. */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** A part of a bar that stands for a whole. */
export interface BarPart {
  readonly name: string;
  readonly count: number;
  /** One of the classes of the style: new, changed, same, left, bad. */
  readonly kind: string;
}

/** One bar for all rows, with a legend that has the numbers. Nothing for no rows. */
export function htmlBar(parts: readonly BarPart[], countText: (count: number) => string): string {
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return "";
  const there = parts.filter(({ count }) => count > 0);
  const width = (count: number) => Math.max((count / total) * 100, 0.5).toFixed(2);
  const bar = there
    .map(({ kind, count }) => `<span class="${kind}" style="flex-basis:${width(count)}%"></span>`)
    .join("");
  const legend = there
    .map(
      ({ name, kind, count }) =>
        `<li><i class="${kind}"></i>${escaped(name)} <b>${countText(count)}</b></li>`,
    )
    .join("");
  return `<div class="bar" role="img" aria-label="${escaped(
    there.map(({ name, count }) => `${name} ${countText(count)}`).join(", "),
  )}">${bar}</div><ul class="legend">${legend}</ul>`;
}

/** Horizontal bars, one a name, as long as its count. */
export function htmlChart(
  bars: readonly { readonly name: string; readonly count: number; readonly kind: string }[],
  countText: (count: number) => string,
): string {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const rows = bars.map(({ name, count, kind }) => {
    const width = ((count / most) * 100).toFixed(1);
    return `<tr><th scope="row">${escaped(name)}</th><td class="track"><span class="${kind}" style="width:${width}%"></span></td><td class="number">${countText(count)}</td></tr>`;
  });
  return `<table class="chart">${rows.join("")}</table>`;
}

/** A table with a field to search it. Cells are text. */
export function htmlTable(
  name: string,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const head = header.map((cell) => `<th scope="col">${escaped(cell)}</th>`).join("");
  const body = rows
    .map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join("")}</tr>`)
    .join("\n");
  const search = `<input type="search" placeholder="Search ${escaped(name)}" aria-label="Search ${escaped(name)}"><span class="found"></span>`;
  const isShort = rows.length <= ROWS_SEEN_AT_ONCE;
  return `<div class="${isShort ? "short" : "searchable"}">${isShort ? "" : search}
<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>
${body}
</tbody></table></div></div>`;
}

const ROWS_SEEN_AT_ONCE = 5;

const STYLE = `
:root{color-scheme:light dark;--ink:#1d2733;--dim:#5c6773;--page:#f6f7f9;--card:#fff;--line:#dde2e8;
--new:#2e8b57;--changed:#c77d00;--same:#9fb0c0;--left:#c9d2db;--bad:#c0392b}
@media(prefers-color-scheme:dark){:root{--ink:#e4e9ee;--dim:#9aa7b4;--page:#14191f;--card:#1c232b;
--line:#313b46;--same:#56697b;--left:#3d4a57}}
*{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:60rem;margin:0 auto;padding:2rem 1rem 4rem}h1{font-size:1.5rem;margin:0 0 .25rem}
h2{font-size:1.15rem;margin:0}h3{font-size:.8rem;margin:1.5rem 0 .4rem;color:var(--dim);
text-transform:uppercase;letter-spacing:.05em}p{margin:.25rem 0}.dim{color:var(--dim)}
section{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:1.25rem;margin-top:1.25rem}
.bar{display:flex;height:1.4rem;border-radius:4px;overflow:hidden;margin-top:1rem}
.bar span{flex-grow:0;flex-shrink:1}.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;padding:0;margin:.5rem 0}
.legend i{display:inline-block;width:.75rem;height:.75rem;border-radius:2px;margin-right:.4rem}
.new{background:var(--new)}.changed{background:var(--changed)}.same{background:var(--same)}
.left{background:var(--left)}.bad{background:var(--bad)}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid var(--line);
vertical-align:top;overflow-wrap:break-word}thead th{color:var(--dim);font-weight:600}
.chart{table-layout:fixed}.chart th{width:35%;font-weight:400}.chart td.track{width:auto}.chart span{display:block;height:.9rem;border-radius:2px;margin-top:.25rem;min-width:2px}
.number{text-align:right;width:5rem;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}.scroll td{min-width:5rem;max-width:24rem}.searchable input{width:16rem;max-width:100%;padding:.35rem .6rem;margin-bottom:.5rem;border:1px solid var(--line);
border-radius:4px;background:var(--page);color:inherit;font:inherit}.found{margin-left:.75rem;color:var(--dim)}
.tag{display:inline-block;border-radius:3px;padding:0 .45rem;font-size:.8rem;color:#fff;background:var(--bad)}
.ok{color:var(--new)}.stop{color:var(--bad);font-weight:600}code{font-family:ui-monospace,Menlo,Consolas,monospace}
`;

const SCRIPT = `
for (const box of document.querySelectorAll(".searchable")) {
  const input = box.querySelector("input");
  const found = box.querySelector(".found");
  const rows = [...box.querySelectorAll("tbody tr")];
  input.addEventListener("input", () => {
    const wanted = input.value.toLowerCase();
    let count = 0;
    for (const row of rows) {
      const hit = row.textContent.toLowerCase().includes(wanted);
      row.hidden = !hit;
      if (hit) count++;
    }
    found.textContent = wanted === "" ? "" : count + " of " + rows.length;
  });
}
`;
