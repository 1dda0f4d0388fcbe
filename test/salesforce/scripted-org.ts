import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";
import { type ConnectedOrg, type Connection, connectOrg } from "../../engine/salesforce/connect.ts";
import type { ConnectDeps, OrgEvent } from "../../engine/salesforce/connection.ts";
import { type HandClock, handClock } from "./hand-clock.ts";

/** A request as the server saw it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** How the server answers one request. */
export interface Reply {
  /** Answers as soon as the head is there, without reading the body. */
  readonly early?: boolean;
  send(response: ServerResponse, seen: Seen): void;
}

export const ORG_ID = "00D8d00000ABCDeEAP";
export const USER_ID = "0058d000006mtd1AAA";
export const DATA = "/services/data/v61.0";

export function text(status: number, body: string, headers: Record<string, string> = {}): Reply {
  return {
    send(response) {
      response.writeHead(status, { "content-length": Buffer.byteLength(body), ...headers });
      response.end(body);
    },
  };
}

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  return text(status, JSON.stringify(value), { "content-type": "application/json", ...headers });
}

/** REST's form of an error. */
export function refuse(status: number, errorCode: string, message: string): Reply {
  return json(status, [{ errorCode, message }]);
}

export const html503 = text(
  503,
  "<html><head><title>x</title></head><body>Down for maintenance</body>",
);

/** The connection dies, after the request was read or (early) before. */
export const reset: Reply = { send: (response) => void response.socket?.resetAndDestroy() };
export const resetEarly: Reply = { early: true, send: reset.send };

/** The head and a part of the body arrive, then the connection dies. */
export function cutOff(body: string, bytes: number, headers: Record<string, string> = {}): Reply {
  return {
    send(response) {
      const length = String(Buffer.byteLength(body));
      response.writeHead(200, { "content-length": length, ...headers });
      response.write(Buffer.from(body).subarray(0, bytes), () => response.socket?.destroy());
    },
  };
}

/** The same without a Content-Length: only the missing last chunk tells. */
export function cutOffChunked(body: string): Reply {
  return {
    send(response) {
      response.writeHead(200);
      response.write(body, () => response.socket?.destroy());
    },
  };
}

export const hang: Reply = { send: () => undefined };

/** The head comes, the body never does. */
export const hangInBody: Reply = {
  send(response) {
    response.writeHead(200, { "content-length": "100" });
    response.write("{");
  },
};

/** A token answer; each has its own access token, T1, T2, ... */
export function tokenAnswer(number: number, more: Record<string, unknown> = {}): Reply {
  return {
    send(response, seen) {
      json(200, {
        access_token: `${ORG_ID}!T${number}.aaaaaaaaaaaaaaaa`,
        scope: "api",
        instance_url: `http://${seen.headers.host}`,
        id: `https://login.salesforce.com/id/${ORG_ID}/${USER_ID}`,
        token_type: "Bearer",
        issued_at: "1700000000000",
        ...more,
      }).send(response, seen);
    },
  };
}

/** A server that answers what it was told to, in order; the last reply of a route repeats. A route is a
 *  method and the start of a path; the longest that fits is taken. */
export class ScriptedOrg {
  readonly seen: Seen[] = [];
  url = "";
  readonly #routes = new Map<string, Reply[]>();
  readonly #server = createServer((request, response) => this.#answer(request, response));

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    this.#server.on("clientError", () => undefined);
    return this;
  }

  on(route: string, ...replies: Reply[]): this {
    this.#routes.set(route, replies);
    return this;
  }

  requests(route: string): Seen[] {
    return this.seen.filter((seen) => `${seen.method} ${seen.path}`.startsWith(route));
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { method = "", url = "", headers } = request;
    const route = [...this.#routes.keys()]
      .filter((key) => `${method} ${url}`.startsWith(key))
      .sort((a, b) => b.length - a.length)[0];
    const replies = this.#routes.get(route ?? "") ?? [text(404, "<h1>not scripted</h1>")];
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    const send = (body: string) => {
      const seen = { method, path: url, headers, body };
      this.seen.push(seen);
      reply?.send(response, seen);
    };
    if (reply?.early) {
      send("");
      return;
    }
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => send(Buffer.concat(pieces).toString()));
    request.on("error", () => undefined);
  }
}

export interface Rig {
  readonly server: ScriptedOrg;
  readonly org: ConnectedOrg;
  readonly clock: HandClock;
  readonly events: OrgEvent[];
}

export const CREDENTIALS = {
  flow: "clientCredentials",
  clientId: "3MVG9.consumer.key",
  clientSecret: "9E1F4C5D7ABCDEF0",
} as const;

const cleanups: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** A server with a token endpoint and a client connected to it; both go when the test ends. */
export async function startRig(
  options: { auth?: Connection["auth"] } & Partial<ConnectDeps> = {},
): Promise<Rig> {
  const { auth = CREDENTIALS, ...deps } = options;
  const server = await new ScriptedOrg().start();
  server.on("POST /services/oauth2/token", ...[1, 2, 3].map((number) => tokenAnswer(number)));
  const clock = handClock();
  const events: OrgEvent[] = [];
  const org = connectOrg(
    { name: "prod", instanceUrl: server.url, apiVersion: "61.0", auth },
    { clock, onEvent: (event) => events.push(event), random: () => 1, version: "0.1.0", ...deps },
  );
  cleanups.push(
    () => org.close(),
    () => server.stop(),
  );
  return { server, org, clock, events };
}
