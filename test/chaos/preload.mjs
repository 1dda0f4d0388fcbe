// Loaded into the command by `node --import`, in tests only: time runs faster, and the process dies at
// a write to the disk, as the environment says. The engine itself has no hook for this.
import fs from "node:fs";
import promises from "node:fs/promises";
import { createRequire, syncBuiltinESMExports } from "node:module";
import os from "node:os";
import { promisify } from "node:util";

const { CHAOS_SPEED, CHAOS_KILL, CHAOS_COUNT, CHAOS_HOST, CHAOS_ENGINE, CHAOS_FULL, CHAOS_FILES } =
  process.env;

/** The tick of undici's timers: its time-outs must hold on a busy machine, so they stay as they are. */
const UNDICI_TICK_MS = 499;

const speed = Number(CHAOS_SPEED ?? 1);
if (speed !== 1) {
  const { setTimeout: wait, performance } = globalThis;
  const now = performance.now.bind(performance);
  globalThis.setTimeout = (callback, ms = 0, ...args) =>
    wait(callback, ms === UNDICI_TICK_MS ? ms : ms / speed, ...args);
  performance.now = () => now() * speed;
}

// Another host in the eyes of the lease.
if (CHAOS_HOST) os.hostname = () => CHAOS_HOST;

/** `n:before` or `n:after`: the write at which the process dies. */
const [at, when] = (CHAOS_KILL ?? "").split(":");
let writes = 0;

function die() {
  process.kill(process.pid, "SIGKILL");
  // The signal may take a moment to arrive; nothing may happen until it does.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

function around(write) {
  return function killing(...args) {
    const n = ++writes;
    if (CHAOS_FULL && n >= Number(CHAOS_FULL)) {
      throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    }
    if (String(n) === at && when === "before") die();
    const result = write.apply(this, args);
    if (String(n) === at && when === "after") {
      if (typeof result?.then === "function") return result.then(die);
      die();
    }
    return result;
  };
}

/** As `around`, for a call that tells its end to its last argument. */
function aroundCallback(write) {
  const promised = around(promisify(write));
  return (...args) => {
    const tell = args.pop();
    // A disk that is full throws before there is a promise.
    new Promise((resolve) => resolve(promised(...args))).then(() => tell(null), tell);
  };
}

if (CHAOS_KILL || CHAOS_COUNT || CHAOS_FULL) {
  // Transactions are counted always, where they are made lasting; files that get their name if it is asked.
  if (CHAOS_FILES) {
    for (const name of ["renameSync", "linkSync"]) fs[name] = around(fs[name]);
    promises.rename = around(promises.rename);
  }
  // A process that dies loses nothing it wrote, synced or not: fsync matters to a full disk alone.
  if (CHAOS_FULL) {
    fs.fsyncSync = around(fs.fsyncSync);
    fs.fsync = aroundCallback(fs.fsync);
  }
  const Database = createRequire(CHAOS_ENGINE)("libsql");
  const { exec } = Database.prototype;
  const commit = around(exec);
  Database.prototype.exec = function counted(sql) {
    return sql === "COMMIT" ? commit.call(this, sql) : exec.call(this, sql);
  };
}
syncBuiltinESMExports();

if (CHAOS_COUNT) process.on("exit", () => fs.appendFileSync(CHAOS_COUNT, `${writes}\n`));
