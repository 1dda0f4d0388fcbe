import type { ChildProcess } from "node:child_process";
import http from "node:http";
import type { AddressInfo } from "node:net";

export interface KillPoint {
  readonly exchange: number;
  /** Before the request is passed on, or when the org's answer is there but not passed back. */
  readonly when: "before" | "after";
}

/** Stands between the command and the org, counts their exchanges, and does something to the process
 *  at one of them. */
export interface KillProxy {
  readonly url: string;
  /** Exchanges of the process being watched. */
  count(): number;
  /** From now on: exchanges are counted anew, and at `point` `act` is done to the child. */
  watch(child: ChildProcess | null, point: KillPoint | null, act?: Act): void;
  close(): Promise<void>;
}

/** `kill`: the process is gone, and so is its connection. `stop`: it stands still until woken. */
type Act = "kill" | "stop";

export async function startKillProxy(target: string): Promise<KillProxy> {
  const origin = new URL(target);
  let count = 0;
  let watched: { child: ChildProcess | null; point: KillPoint | null; act: Act } = {
    child: null,
    point: null,
    act: "kill",
  };
  const agent = new http.Agent({ keepAlive: true });
  const server = http.createServer((request, response) => {
    const n = ++count;
    const { point, act } = watched;
    const isHere = (when: KillPoint["when"]) => point?.exchange === n && point.when === when;
    const strike = (): boolean => {
      watched.child?.kill(act === "kill" ? "SIGKILL" : "SIGSTOP");
      if (act === "kill") response.destroy();
      return act === "kill";
    };
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("error", () => {});
    request.on("end", () => {
      if (isHere("before") && strike()) return;
      const body = Buffer.concat(chunks);
      const headers = { ...request.headers, "content-length": String(body.length) };
      const options = {
        host: origin.hostname,
        port: origin.port,
        method: request.method,
        path: request.url,
        headers,
        agent,
      };
      const onward = http.request(options, (answer) => {
        const parts: Buffer[] = [];
        answer.on("data", (part: Buffer) => parts.push(part));
        answer.on("error", () => response.destroy());
        answer.on("end", () => {
          if (isHere("after") && strike()) return;
          const { "transfer-encoding": _, ...rest } = answer.headers;
          const whole = Buffer.concat(parts);
          response.writeHead(answer.statusCode ?? 500, {
            ...rest,
            "content-length": String(whole.length),
          });
          response.end(whole);
        });
      });
      onward.on("error", () => response.destroy());
      onward.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    count: () => count,
    watch(child, point, act = "kill") {
      count = 0;
      watched = { child, point, act };
    },
    async close() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
