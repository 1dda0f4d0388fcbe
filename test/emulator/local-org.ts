import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach } from "vitest";
import {
  type Emulator,
  type EmulatorOptions,
  startEmulator,
} from "../../engine/emulator/emulator.ts";

const closers: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A local org for one test, stopped when the test ends. */
export async function localOrg(options: Partial<EmulatorOptions> = {}): Promise<Client> {
  const emulator = await startEmulator({ dir: null, control: true, ...options });
  closers.push(() => emulator.close());
  return client(emulator);
}

/** An empty folder, removed when the test ends. */
export function temporaryDir(): string {
  const dir = mkdtempSync(path.join(tmpdir(), "sluice-test-"));
  closers.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Answers have many shapes, and a test that looks into one says by that which it expects. */
export type Json = ReturnType<typeof JSON.parse>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Json;
}

export interface Client {
  readonly emulator: Emulator;
  call(
    method: string,
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  /** Creates, uploads and closes an ingest job; gives its Id. */
  load(job: Record<string, unknown>, csv: string): Promise<string>;
  /** Polls until the job has ended; gives its full answer. */
  finish(jobId: string): Promise<Answer>;
  result(jobId: string, kind: string): Promise<string>;
  query(soql: string): Promise<Json[]>;
  ledger(jobId?: string): Promise<{ jobId: string; row: number; key: string; action: string }[]>;
  faults(rules: unknown[]): Promise<void>;
}

export const API = "/services/data/v61.0";

export function client(emulator: Emulator): Client {
  const call: Client["call"] = async (method, url, body, headers = {}) => {
    const isText = typeof body === "string" || body instanceof Uint8Array;
    const response = await fetch(url.startsWith("http") ? url : emulator.url + url, {
      method,
      headers: {
        Authorization: `Bearer ${emulator.accessToken}`,
        ...(body === undefined ? {} : { "Content-Type": isText ? "text/csv" : "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
    } as RequestInit);
    const text = await response.text();
    const isJson = (response.headers.get("content-type") ?? "").includes("json");
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson && text !== "" ? JSON.parse(text) : null,
    };
  };
  const expectStatus = (answer: Answer, status: number): Answer => {
    if (answer.status !== status) throw new Error(`${answer.status}: ${answer.text}`);
    return answer;
  };
  const finish: Client["finish"] = async (jobId) => {
    for (;;) {
      const answer = expectStatus(await call("GET", `${API}/jobs/ingest/${jobId}`), 200);
      if (["JobComplete", "Failed", "Aborted"].includes(answer.json.state)) return answer;
      await wait(2);
    }
  };
  return {
    emulator,
    call,
    finish,
    load: async (job, csv) => {
      const created = expectStatus(await call("POST", `${API}/jobs/ingest`, job), 200);
      const { id, contentUrl } = created.json;
      expectStatus(await call("PUT", `/${contentUrl}`, csv), 201);
      expectStatus(
        await call("PATCH", `${API}/jobs/ingest/${id}`, { state: "UploadComplete" }),
        200,
      );
      return id;
    },
    result: async (jobId, kind) =>
      expectStatus(await call("GET", `${API}/jobs/ingest/${jobId}/${kind}`), 200).text,
    query: async (soql) => {
      const url = `${API}/query?q=${encodeURIComponent(soql)}`;
      return expectStatus(await call("GET", url), 200).json.records;
    },
    ledger: async (jobId) => {
      const url = jobId ? `/__control/ledger?job=${jobId}` : "/__control/ledger";
      return expectStatus(await call("GET", url), 200).json;
    },
    faults: async (rules) => {
      expectStatus(await call("PUT", "/__control/faults", { faults: rules }), 200);
    },
  };
}
