import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** Starts the local org in a process of its own, in a mode in which it only counts what it is sent. */
export async function startSink(cli, cwd) {
  const child = spawn(process.execPath, [cli, "emulator", "--sink", "--port", "0", "--json"], {
    cwd,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = await new Promise((resolve, reject) => {
    lines.once("line", (text) => resolve([text]));
    child.once("exit", (code) => reject(new Error(`The sink ended with ${code}.`)));
  });
  const { url, accessToken } = JSON.parse(line);
  const stop = async () => {
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await gone;
  };
  return { url, accessToken, stop };
}
