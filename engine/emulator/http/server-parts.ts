import type { Rules } from "../faults/load-rules.ts";
import type { Org } from "../org.ts";
import type { Credentials, openUsage } from "./sessions.ts";

/** What the HTTP side of the emulator works with. */
export interface ServerParts {
  readonly org: Org;
  readonly credentials: Credentials;
  readonly usage: ReturnType<typeof openUsage>;
  readonly rules: Rules;
  readonly wakeWorker: () => void;
  readonly sink: boolean;
  /** Is the control endpoint served? */
  readonly control: boolean;
}
