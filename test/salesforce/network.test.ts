import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { connectOrg } from "../../engine/salesforce/connect.ts";
import { handClock } from "./hand-clock.ts";
import { DATA, html503, json, reset, startRig } from "./scripted-org.ts";

const AUTH = { flow: "accessToken", accessToken: "T0-123456" } as const;
const servers: Server[] = [];

afterEach(() => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) server.close();
});

/** A proxy that opens no tunnel and notes who was asked for. */
async function closedProxy(): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer();
  server.on("connect", (request, socket) => {
    asked.push(request.url ?? "");
    socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  servers.push(server);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

function connect(instanceUrl: string) {
  const clock = handClock();
  const org = connectOrg(
    { name: "prod", instanceUrl, apiVersion: "61.0", auth: AUTH },
    { clock, random: () => 1 },
  );
  return { org, clock };
}

test("HTTPS_PROXY is asked for the org's host, and its refusal means that nothing was sent", async () => {
  const proxy = await closedProxy();
  vi.stubEnv("HTTPS_PROXY", proxy.url);
  vi.stubEnv("NO_PROXY", "");
  const { org } = connect("https://acme.my.salesforce.example");
  await expect(org.limits()).rejects.toMatchObject({
    code: "SF_UNREACHABLE",
    message: expect.stringContaining("acme.my.salesforce.example"),
  });
  expect(proxy.asked).toEqual(Array(3).fill("acme.my.salesforce.example:443"));
  await org.close();
});

test("the local org is reached without the proxy", async () => {
  const proxy = await closedProxy();
  vi.stubEnv("HTTPS_PROXY", proxy.url);
  vi.stubEnv("HTTP_PROXY", proxy.url);
  const { server, org } = await startRig();
  server.on(`GET ${DATA}/limits`, json(200, {}));
  expect(await org.limits()).toEqual({});
  expect(proxy.asked).toEqual([]);
});

test("on first contact a dead address is given up soon; later the client is patient", async () => {
  const { server, org, clock } = await startRig({ auth: AUTH });
  server.on(`GET ${DATA}/limits`, json(200, {}));
  const { org: stranger, clock: strangersClock } = connect("http://127.0.0.1:1");
  await expect(stranger.limits()).rejects.toMatchObject({ code: "SF_UNREACHABLE" });
  expect(strangersClock.sleeps).toEqual([500, 1000]);
  await org.limits();
  server.stop();
  await expect(org.limits()).rejects.toMatchObject({ code: "SF_UNREACHABLE" });
  expect(clock.sleeps).toHaveLength(7);
  await stranger.close();
});

test("after close nothing is tried again", async () => {
  const { org, clock } = await startRig({ auth: AUTH });
  await org.close();
  await expect(org.limits()).rejects.toThrow();
  expect(clock.sleeps).toEqual([]);
});

test("retries are told, without secrets", async () => {
  const { server, org, events } = await startRig({ auth: AUTH });
  server.on(`GET ${DATA}/limits`, html503, reset, json(200, {}));
  await org.limits();
  expect(events).toEqual([
    { kind: "login", flow: "accessToken", again: false },
    { kind: "retry", purpose: "read the org's limits", attempt: 1, waitMs: 500, reason: "503" },
    {
      kind: "retry",
      purpose: "read the org's limits",
      attempt: 2,
      waitMs: 1000,
      reason: expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/),
    },
  ]);
});
