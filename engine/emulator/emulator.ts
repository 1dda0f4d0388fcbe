import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { randomText } from "./clock.ts";
import { makeJobFaults } from "./faults/job-faults.ts";
import { openRules, RuleError } from "./faults/load-rules.ts";
import { makeServer } from "./http/server.ts";
import type { ServerParts } from "./http/server-parts.ts";
import { openCredentials, openUsage } from "./http/sessions.ts";
import { removeStaleUploads } from "./http/upload.ts";
import { startWorker } from "./ingest/worker.ts";
import type { Org } from "./org.ts";
import { loadOrgShape } from "./shape/org-shape.ts";
import { OrgShapeError } from "./shape/org-yaml.ts";
import { createOrg } from "./store/create-org.ts";
import { openDatabase } from "./store/database.ts";

export interface EmulatorOptions {
  /** Holds records, jobs and uploads, over restarts. null: a temporary folder, removed on close. */
  readonly dir: string | null;
  /** Default 127.0.0.1: nobody else reaches it unless told otherwise. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** `emulator/*.yaml`: the users' own fields and objects. Their format: `shape/org-yaml.ts`. */
  readonly orgShapeFiles?: readonly string[];
  /** `<Object>.csv` files, loaded once, when the org is created. */
  readonly seedDir?: string | null;
  /**
   * Saved describe answers, `<Object>.json`: these objects are served instead of the built-in ones.
   */
  readonly fromDescribeDir?: string | null;
  /** Count uploads and throw them away. */
  readonly sink?: boolean;
  /** A faults file. Its format: `faults/rules.ts`. */
  readonly faults?: string | null;
  /** Serve `/__control/*`: `http/control.ts`. Default false. */
  readonly control?: boolean;
  /** Pause after each 200-row group of a job, so that it can be watched. Default 1 ms. */
  readonly batchDelayMs?: number;
}

export interface Emulator {
  readonly url: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly orgId: string;
  /** Stops serving and working. Unfinished jobs go on at the next start. */
  close(): Promise<void>;
}

/** What the user gave the org is not as it should be: its shape, its seed, its faults or its port. */
export class EmulatorStartError extends Error {}

/**
 * Starts a local Salesforce org: OAuth, describe, SOQL, REST records, Bulk API 2.0. Two processes
 * may have the same state folder open, one after the other or at once. Throws EmulatorStartError.
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  try {
    return await start(options);
  } catch (error) {
    throw isUsersMistake(error) ? new EmulatorStartError(error.message, { cause: error }) : error;
  }
}

function isUsersMistake(error: unknown): error is Error {
  if (error instanceof OrgShapeError || error instanceof RuleError) return true;
  const code = (error as { code?: unknown }).code;
  return ["EADDRINUSE", "EACCES", "ERR_SOCKET_BAD_PORT"].includes(String(code));
}

async function start(options: EmulatorOptions): Promise<Emulator> {
  const dir = options.dir ?? mkdtempSync(path.join(tmpdir(), "sluice-org-"));
  const filesDir = path.join(dir, "files");
  mkdirSync(filesDir, { recursive: true });
  removeStaleUploads(filesDir);
  const shape = loadOrgShape({
    orgShapeFiles: options.orgShapeFiles ?? [],
    fromDescribeDir: options.fromDescribeDir ?? null,
  });
  const db = openDatabase(dir);
  try {
    const created = createOrg(db, shape, options.seedDir ?? null);
    const rules = openRules(db, options.faults ?? null);
    const credentials = openCredentials(db, created.orgId);
    const usage = openUsage(db);
    const org: Org = {
      db,
      shape,
      filesDir,
      ...created,
      jobFaults: makeJobFaults(db, rules.list),
      processName: `${process.pid}:${randomText(6)}`,
      batchDelayMs: options.batchDelayMs ?? 1,
    };
    const worker = startWorker(org);
    const parts: ServerParts = {
      org,
      credentials,
      usage,
      rules,
      wakeWorker: worker.wake,
      sink: options.sink ?? false,
      control: options.control ?? false,
    };
    const server = makeServer(parts);
    const url = await listen(server, options.host ?? "127.0.0.1", options.port ?? 0);
    const close = async (): Promise<void> => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await worker.stop();
      usage.save();
      db.close();
      if (options.dir === null) rmSync(dir, { recursive: true, force: true });
    };
    return { url, orgId: created.orgId, ...credentials, close: once(close) };
  } catch (error) {
    db.close();
    if (options.dir === null) rmSync(dir, { recursive: true, force: true });
    throw error;
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => {
    done ??= work();
    return done;
  };
}

async function listen(
  server: ReturnType<typeof makeServer>,
  host: string,
  port: number,
): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `http://${name}:${address.port}`;
}
