import { complain, type Draft, type Findings } from "./findings.ts";
import { writtenAs } from "./name-of.ts";
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
  if (/^\d+$/.test(written)) return { rows: Number(written) };
  if (!written.includes("%")) {
    complain(findings, "CONFIG_BAD_UNIT", "/guards/maxFailed", {
      detail: `guards.maxFailed is ${writtenAs(findings.document, "/guards/maxFailed")}, which is neither a number of rows nor a percentage.`,
      hint: "Write it such as 10 or 1%.",
    });
    return { rows: 0 };
  }
  return { ratio: readRatio(findings, "/guards/maxFailed", written) ?? 0 };
}
