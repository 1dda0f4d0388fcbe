import type { Clock } from "../base/clock.ts";

/** An org to connect to, with every secret resolved. Never printed, never stored. */
export interface Connection {
  /** The name in sync.config.yaml. */
  readonly name: string;
  /** Where to log in; null only for sfCli, which brings its own. */
  readonly instanceUrl: string | null;
  /** Such as "61.0". */
  readonly apiVersion: string;
  readonly auth: ResolvedAuth;
}

/** The five ways to log in. The mirror of config's AuthSpec, with real values in place of references. */
export type ResolvedAuth =
  | { readonly flow: "clientCredentials"; readonly clientId: string; readonly clientSecret: string }
  | {
      readonly flow: "jwtBearer";
      readonly clientId: string;
      readonly username: string;
      /** PEM text. */
      readonly privateKey: string;
      /** Null: https://test.salesforce.com for a sandbox URL, else https://login.salesforce.com. */
      readonly audience: string | null;
    }
  | {
      readonly flow: "refreshToken";
      readonly clientId: string;
      readonly clientSecret: string | null;
      readonly refreshToken: string;
    }
  | { readonly flow: "accessToken"; readonly accessToken: string }
  | { readonly flow: "sfCli"; readonly username: string };

/** What happens on the wire that a log may want to tell. Holds no secret and no row. */
export type OrgEvent =
  | {
      readonly kind: "retry" | "throttled";
      /** What was being done, such as "describe Contact". */
      readonly purpose: string;
      /** Counts from 1: the attempt that failed. */
      readonly attempt: number;
      readonly waitMs: number;
      readonly reason: string;
    }
  | { readonly kind: "login"; readonly flow: ResolvedAuth["flow"]; readonly again: boolean }
  /** The org handed out a new refresh token and may have revoked the configured one. */
  | { readonly kind: "refreshTokenRotated" };

export interface ConnectDeps {
  readonly clock: Clock;
  /** Ends every request of the connection. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: OrgEvent) => void) | undefined;
  /** Sluice's own version, for the User-Agent and Sforce-Call-Options headers. */
  readonly version?: string | undefined;
  /** In [0, 1); the jitter of waits. Default: random. */
  readonly random?: (() => number) | undefined;
  readonly timeouts?: Partial<Timeouts> | undefined;
  /** Runs the Salesforce CLI; replaced in tests. */
  readonly runCli?: RunCli | undefined;
}

/** How long the wire may be silent, in milliseconds. None limits how long a transfer takes. */
export interface Timeouts {
  readonly connectMs: number;
  /** From the last byte sent to the answer's head. */
  readonly headersMs: number;
  /** As headersMs, for an upload, which Salesforce answers only when all of it is stored. */
  readonly uploadHeadersMs: number;
  /** Between two pieces of an answer's body. */
  readonly bodyMs: number;
}

/** Our judgement: Salesforce documents none of these. Its own requests end after 600 s at most. */
export const DEFAULT_TIMEOUTS: Timeouts = {
  connectMs: 15_000,
  headersMs: 120_000,
  uploadHeadersMs: 600_000,
  bodyMs: 120_000,
};

export interface CliAnswer {
  /** Null when the program could not be started at all. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `sf` with arguments, without a shell. Never rejects. */
export type RunCli = (args: readonly string[], signal?: AbortSignal) => Promise<CliAnswer>;
