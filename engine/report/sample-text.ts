import type { PlanSample, SampledField } from "../plan/plan-sample.ts";
import type { Paint } from "./paint.ts";
import { displayWidth } from "./text-width.ts";

/** A few rows, field by field: `~ key  file:line`, and below it what each field would become. */
export function sampleLines(
  samples: readonly PlanSample[],
  page: { readonly paint: Paint; readonly width: number; readonly deletes: boolean },
): string[] {
  if (samples.length === 0) return [];
  const { paint, width } = page;
  const lines = [""];
  for (const sample of samples) {
    const sign = page.deletes ? "-" : sample.kind === "new" ? "+" : "~";
    const place = `${sample.file}:${sample.line}`;
    const key = sample.key === null ? place : `${sample.key}  ${paint.dim(place)}`;
    const color = page.deletes ? paint.bad : sample.kind === "new" ? paint.good : paint.change;
    const note = page.deletes ? "" : noteOf(sample);
    const title = `  ${color(sign)} ${key}`;
    const room = width - 6 - displayWidth(sample.key ?? "") - displayWidth(place);
    if (note === "") lines.push(title);
    else if (displayWidth(note) + 2 <= room) lines.push(`${title}  ${paint.dim(note)}`);
    else lines.push(title, paint.dim(`      ${note}`));
    const shown = sample.fields.slice(0, FIELDS_SHOWN_MAX);
    const names = Math.max(0, ...shown.map(({ field }) => displayWidth(field)));
    for (const field of shown) lines.push(fieldLine(field, names, width));
    const more = sample.fields.length - shown.length;
    if (more > 0) lines.push(paint.dim(`      and ${more} more`));
  }
  return lines;
}

const FIELDS_SHOWN_MAX = 5;

function noteOf({ kind, inOrg, fields }: PlanSample): string {
  if (kind === "new" && inOrg === true) return "(the org has it already)";
  if (kind === "changed" && inOrg === false) return "(gone from the org)";
  return inOrg === true && fields.length === 0 ? "(the org has it so)" : "";
}

function fieldLine({ field, before, after }: SampledField, names: number, width: number): string {
  const name = field.padEnd(names);
  const room = Math.max(8, Math.floor((width - 6 - names - 2 - 4) / 2));
  const to = quoted(after, room);
  const change = before === null ? to : `${quoted(before, room)} -> ${to}`;
  return `      ${name}  ${change}`;
}

/** In one line, cut to fit. */
function quoted(value: string, room: number): string {
  if (value === "") return "(blank)";
  const plain = value.replace(/\p{Cc}/gu, " ");
  if (displayWidth(plain) + 2 <= room) return `"${plain}"`;
  let cut = "";
  for (const character of plain) {
    if (displayWidth(cut + character) + 3 > room) break;
    cut += character;
  }
  return `"${cut}…"`;
}
