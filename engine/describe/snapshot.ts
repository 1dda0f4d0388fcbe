import { mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeDurably } from "../base/durable-file.ts";
import { EngineError } from "../base/engine-error.ts";
import { toObjectShape } from "./to-object-shape.ts";

/** Where committed describes live, beside sync.config.yaml: `describe/<org>/<Object>.json`. */
export function snapshotFile(folder: string, orgName: string, object: string): string {
  return join(snapshotFolder(folder, orgName), `${fileName(object)}.json`);
}

function snapshotFolder(folder: string, orgName: string): string {
  return join(folder, "describe", fileName(orgName));
}

/** The committed describe answer of an object; null where none is. Letter case does not count: a spec
 *  may write `contact`, and the file is named Contact.json.
 *  @throws EngineError DESCRIBE_ANSWER when the file is no JSON. */
export async function readSnapshot(
  folder: string,
  orgName: string,
  object: string,
): Promise<unknown | null> {
  const place = snapshotFolder(folder, orgName);
  const wanted = `${fileName(object)}.json`.toLowerCase();
  const names = await readdir(place).catch(missing(null));
  const name = names?.find((each) => each.toLowerCase() === wanted);
  return name === undefined ? null : readJsonFile(join(place, name));
}

/** Writes a describe answer for the team to commit: sorted and indented, so that a change of the org
 *  shows as a small diff, and without the object's web addresses, which say nothing about it. Gives
 *  the file's path.
 *  @throws EngineError DESCRIBE_ANSWER when it is none. */
export async function saveSnapshot(
  folder: string,
  orgName: string,
  answer: unknown,
): Promise<string> {
  const file = snapshotFile(folder, orgName, toObjectShape(answer).name);
  const { urls: _, ...lasting } = answer as Record<string, unknown>;
  await writeJsonFile(file, `${JSON.stringify(sortKeys(lasting), null, 2)}\n`);
  return file;
}

/** Null where the file is missing.
 *  @throws EngineError DESCRIBE_ANSWER when it is no JSON. */
export async function readJsonFile(file: string): Promise<unknown | null> {
  const text = await readFile(file, "utf8").catch(missing(null));
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EngineError("DESCRIBE_ANSWER", `${file} is no JSON.`, { cause });
  }
}

/** A reader sees the old text or the new one. */
export async function writeJsonFile(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  writeDurably(file, [Buffer.from(text)]);
}

/** API names and org names are letters, digits and _; anything else must not leave the folder. */
function fileName(name: string): string {
  return name.replace(/[^\w.-]/g, "_").replace(/^\.+/, "_");
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}

function missing<T>(instead: T): (thrown: unknown) => T {
  return (thrown) => {
    const code = (thrown as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return instead;
    throw thrown;
  };
}
