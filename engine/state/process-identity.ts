import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Who holds a lease: enough to say for certain that the owner is dead, on the same host. */
export interface ProcessIdentity {
  readonly host: string;
  /** The boot, which changes at every start of the machine, and the process namespace, in which a pid
   *  means something; empty where the system has none to tell. */
  readonly bootId: string;
  readonly pid: number;
  /** Start of the process in the system's own ticks: a reused pid has another. Empty if unknown. */
  readonly startedAt: string;
}

export function thisProcess(): ProcessIdentity {
  return {
    host: hostname(),
    bootId: bootId(),
    pid: process.pid,
    startedAt: processStart(process.pid) ?? "",
  };
}

/** "dead" and "alive" are certain; "unknown" means another host, or another container of this one:
 *  there a pid says nothing, and only a heartbeat can tell. */
export function judgeOwner(owner: ProcessIdentity): "dead" | "alive" | "unknown" {
  if (owner.host !== hostname()) return "unknown";
  const [boot, space] = owner.bootId.split(" ");
  const [ownBoot, ownSpace] = bootId().split(" ");
  if (boot !== ownBoot) return "dead";
  if (space !== ownSpace) return "unknown";
  const start = processStart(owner.pid);
  if (start !== null) return start === owner.startedAt ? "alive" : "dead";
  return signalReaches(owner.pid) ? "alive" : "dead";
}

function bootId(): string {
  const boot = readText("/proc/sys/kernel/random/boot_id")?.trim() ?? "";
  return `${boot} ${readLink("/proc/self/ns/pid") ?? ""}`;
}

/** Field 22 of /proc/PID/stat (proc(5)); the command name before it may hold spaces and brackets. */
function processStart(pid: number): string | null {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // A zombie holds its pid but will never act again.
  if (fields[0] === "Z") return "zombie";
  return fields[19] ?? null;
}

function signalReaches(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function readLink(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
