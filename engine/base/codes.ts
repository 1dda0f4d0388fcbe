import { BASE_CODES } from "./codes/base-codes.ts";
import { CHECK_CODES } from "./codes/check-codes.ts";
import { CONFIG_CODES } from "./codes/config-codes.ts";
import { RUN_CODES } from "./codes/run-codes.ts";
import { SALESFORCE_CODES } from "./codes/salesforce-codes.ts";
import { SCHEDULE_CODES } from "./codes/schedule-codes.ts";
import { SOURCE_CODES } from "./codes/source-codes.ts";
import { STATE_CODES } from "./codes/state-codes.ts";

/** Every code the engine raises, one file an area. A code is never renamed or reused. */
export const CODES = {
  ...BASE_CODES,
  ...CONFIG_CODES,
  ...CHECK_CODES,
  ...SOURCE_CODES,
  ...RUN_CODES,
  ...SALESFORCE_CODES,
  ...STATE_CODES,
  ...SCHEDULE_CODES,
} as const;

export type Code = keyof typeof CODES;
