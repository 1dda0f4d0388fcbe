import type { Draft, Findings } from "./findings.ts";
import { parseRatio } from "./parse-ratio.ts";
import { readDuration, readRatio } from "./read-unit.ts";
import type { Guards } from "./sync-spec.ts";
import type { GuardsYaml } from "./sync-yaml.generated.ts";

/** The guards of a sync: those not named are off, but no row may fail. */
export function readGuards(findings: Findings, yaml: Draft<GuardsYaml>): Guards {
  const { maxAge } = yaml;
  return {
    maxFailed: readMaxFailed(findings, yaml.maxFailed),
    maxChangeRatio: readRatio(findings, "/guards/maxChangeRatio", yaml.maxChangeRatio),
    minSourceRows: yaml.minSourceRows ?? null,
    maxDeletes: yaml.maxDeletes ?? null,
    maxAgeMs:
      maxAge === undefined
        ? null
        : readDuration(findings, "/guards/maxAge", maxAge, { default: 0, min: ONE_SECOND }),
  };
}

const ONE_SECOND = { value: 1000, shown: "1s" };

function readMaxFailed(
  findings: Findings,
  written: string | number | undefined,
): Guards["maxFailed"] {
  if (typeof written === "number" || written === undefined) return { rows: written ?? 0 };
  // A quoted number of rows is sure to mean rows; anything else is a percentage or a mistake.
  if (/^\d+$/.test(written) && parseRatio(written).problem !== null)
    return { rows: Number(written) };
  return { ratio: readRatio(findings, "/guards/maxFailed", written) ?? 0 };
}
