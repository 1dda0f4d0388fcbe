import { complain, type Findings } from "./findings.ts";
import { nameOf, writtenAs } from "./name-of.ts";
import { parseDuration } from "./parse-duration.ts";
import { parseRatio } from "./parse-ratio.ts";
import { parseSize } from "./parse-size.ts";
import type { Parsed } from "./parsed.ts";

interface Limits {
  readonly default: number;
  readonly min?: { readonly value: number; readonly shown: string };
  readonly max?: { readonly value: number; readonly shown: string; readonly why: string };
}

type Written = string | number | undefined;

/** A size in bytes, or the default where there is none or none that can be read. */
export function readSize(findings: Findings, pointer: string, written: Written, limits: Limits) {
  return readUnit(findings, pointer, written === undefined ? null : parseSize(written), limits);
}

/** A duration in milliseconds. */
export function readDuration(
  findings: Findings,
  pointer: string,
  written: Written,
  limits: Limits,
) {
  return readUnit(findings, pointer, written === undefined ? null : parseDuration(written), limits);
}

/** A percentage as a fraction; null when it is not given. */
export function readRatio(findings: Findings, pointer: string, written: Written): number | null {
  const off = -1;
  const parsed = written === undefined ? null : parseRatio(written);
  const ratio = readUnit(findings, pointer, parsed, { default: off });
  return ratio === off ? null : ratio;
}

function readUnit(
  findings: Findings,
  pointer: string,
  parsed: Parsed<number> | null,
  limits: Limits,
): number {
  if (parsed === null) return limits.default;
  const name = nameOf(pointer);
  if (parsed.problem !== null) {
    // The parser's words quote the value, which a reference may have brought: show what is written.
    const written = writtenAs(findings.document, pointer);
    const isReferred = written.includes("${");
    const problem = isReferred ? `${written} gives no value of this kind.` : parsed.problem;
    const hint = isReferred ? null : parsed.hint;
    complain(findings, "CONFIG_BAD_UNIT", pointer, { detail: `${name}: ${problem}`, hint });
    return limits.default;
  }
  const { min, max } = limits;
  if (min !== undefined && parsed.value < min.value) {
    complain(findings, "CONFIG_BAD_VALUE", pointer, {
      detail: `${name} is ${writtenAs(findings.document, pointer)}, and must be at least ${min.shown}.`,
    });
  } else if (max !== undefined && parsed.value > max.value) {
    complain(findings, "CONFIG_BAD_VALUE", pointer, {
      detail: `${name} is ${writtenAs(findings.document, pointer)}, and must be at most ${max.shown}: ${max.why}`,
    });
  } else {
    return parsed.value;
  }
  return limits.default;
}
