import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { connectOrg } from "../../engine/salesforce/connect.ts";
import { handClock } from "./hand-clock.ts";
import { ORG_ID } from "./scripted-org.ts";
import { tempFolder } from "./temp-folder.ts";

/** More than the system's own buffers of a connection hold. */
const BYTES = 24_000_001;

/** How fast the org reads: pieces are read, so the sender has to wait, or all is there at once. */
const readers = [
  { pace: "as fast as it comes", turns: 0 },
  { pace: "slower than it comes", turns: 20 },
] as const;

for (const { pace, turns } of readers) {
  test(`an org that reads ${pace} gets the file's bytes`, async () => {
    expect(await digestsOf(turns)).toEqual([digestOf(content()), digestOf(content())]);
  });
}

/** Two uploads side by side: what the org got of each. */
async function digestsOf(turns: number): Promise<string[]> {
  const got: string[] = [];
  const server = createServer((request, response) => {
    if (request.method !== "PUT") {
      response.end();
      return;
    }
    void readSlowly(request, turns).then((digest) => {
      got.push(digest);
      response.writeHead(201).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const auth = { flow: "accessToken", accessToken: `${ORG_ID}!token.aaaaaaaaaaaaaaaa` } as const;
  const instanceUrl = `http://127.0.0.1:${port}`;
  const org = connectOrg(
    { name: "prod", instanceUrl, apiVersion: "61.0", auth },
    { clock: handClock(), random: () => 1, version: "0.1.0" },
  );
  onTestFinished(() => org.close());
  const file = path.join(await tempFolder(), "rows.csv");
  writeFileSync(file, content());
  await Promise.all(["1", "2"].map((id) => org.ingest.uploadRows(`750${id}`, file)));
  return got;
}

async function readSlowly(request: IncomingMessage, turns: number): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of request as AsyncIterable<Buffer>) {
    hash.update(piece);
    for (let i = 0; i < turns; i++) await new Promise(setImmediate);
  }
  return hash.digest("hex");
}

/** No piece of it is like another. */
function content(): Uint8Array {
  const words = new Uint32Array(Math.ceil(BYTES / 4));
  for (let i = 0; i < words.length; i++) words[i] = Math.imul(i, 0x9e3779b1);
  return new Uint8Array(words.buffer, 0, BYTES);
}

function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
