import { randomBytes, randomUUID } from "node:crypto";
import type { Clock } from "./clock.ts";

/** A run's name: sorts by time, is short enough to type, e.g. `20261124-101502-k3f9`. */
export function newRunId(clock: Clock): string {
  const stamp = new Date(clock.now())
    .toISOString()
    .replace(/[-:]/g, "")
    .slice(0, 15)
    .replace("T", "-");
  return `${stamp}-${randomText(4)}`;
}

export function newUuid(): string {
  return randomUUID();
}

/** A number in [0, 1) for jitter; nothing that must be secret. */
export function randomFraction(): number {
  return randomBytes(4).readUInt32LE() / 2 ** 32;
}

function randomText(length: number): string {
  const letters = "abcdefghjkmnpqrstuvwxyz23456789";
  return Array.from(randomBytes(length), (byte) => letters[byte % letters.length]).join("");
}
