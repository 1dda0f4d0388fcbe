import { checkZone } from "./check-zone.ts";
import { complain, type Draft, type Findings } from "./findings.ts";
import { writtenAs } from "./name-of.ts";
import { readDuration } from "./read-unit.ts";
import type { ScheduleSpec } from "./sync-spec.ts";
import type { ScheduleYaml } from "./sync-yaml.generated.ts";

/** The schedule of a sync. node-cron is loaded only for specs that have one. */
export async function readSchedule(
  findings: Findings,
  yaml: Draft<ScheduleYaml>,
): Promise<ScheduleSpec> {
  const cron = yaml.cron ?? "";
  if (yaml.cron !== undefined) {
    const { validate } = await import("node-cron");
    if (!validate(cron)) complainAboutCron(findings, cron);
  }
  if (yaml.timezone !== undefined) checkZone(findings, "/schedule/timezone", yaml.timezone);
  return {
    cron,
    timezone: yaml.timezone ?? "UTC",
    overlap: yaml.overlap ?? "skip",
    catchUp: yaml.catchUp ?? "latest",
    jitterMs: readDuration(findings, "/schedule/jitter", yaml.jitter, JITTER),
    pauseAfterFailures: yaml.pauseAfterFailures ?? null,
  };
}

const JITTER = {
  default: 0,
  max: { value: 86_400_000, shown: "1d", why: "a longer delay would run into the next day's." },
};

function complainAboutCron(findings: Findings, cron: string): void {
  const fields = cron.trim().split(/\s+/);
  const wrongCount = fields.length !== 5 && fields.length !== 6;
  const detail = wrongCount
    ? `schedule.cron has ${fields.length} field${fields.length === 1 ? "" : "s"}, and needs five: minute, hour, day of month, month, day of week.`
    : `schedule.cron is ${writtenAs(findings.document, "/schedule/cron")}, which is no cron pattern: a field is out of its range or misspelt.`;
  complain(findings, "CONFIG_BAD_SCHEDULE", "/schedule/cron", {
    detail,
    hint: wrongCount
      ? 'For example "*/15 * * * *" for every quarter of an hour, "0 6 * * 1-5" for six o\'clock on weekdays.'
      : `Minute 0-59, hour 0-23, day of month 1-31, month 1-12, day of week 0-7 (0 and 7 are Sunday).`,
  });
}
