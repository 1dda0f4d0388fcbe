import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { EngineError } from "../../engine/base/engine-error.ts";
import { type LoadShapesOptions, loadShapes } from "../../engine/describe/load-shapes.ts";
import { readSnapshot, saveSnapshot } from "../../engine/describe/snapshot.ts";
import { unknownObject } from "../../engine/describe/unknown-object.ts";
import { contactAnswer } from "./describe-answer.ts";

const ORG_ID = "00D8d00000ABCDeEAP";
let folder = "";
let now = Date.parse("2026-03-01T10:00:00Z");

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-describe-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** An org that notes what it was asked. */
function fakeOrg(orgId = ORG_ID) {
  const asked: string[] = [];
  return {
    asked,
    apiVersion: "61.0",
    identify: async () => ({ orgId }),
    async describe(object: string) {
      asked.push(object);
      if (object === "Nope") throw new EngineError("DESCRIBE_NOT_FOUND", "no Nope");
      return contactAnswer({ name: object, label: `label ${asked.length}` });
    },
  };
}

function load(org: ReturnType<typeof fakeOrg> | null, more: Partial<LoadShapesOptions> = {}) {
  return loadShapes({
    org,
    folder,
    orgName: "prod",
    stateFolder: join(folder, ".sluice"),
    objects: ["Contact"],
    refresh: false,
    offline: org === null,
    clock: { now: () => now, monotonic: () => now, sleep: async () => undefined },
    ...more,
  });
}

test("the org is asked once for each object, whatever its letter case", async () => {
  const org = fakeOrg();
  const shapes = await load(org, { objects: ["Contact", "contact", "Account"] });
  expect([...shapes.keys()]).toEqual(["contact", "account"]);
  expect(org.asked).toHaveLength(2);
});

test("the cache serves for five minutes, and a refresh passes it by", async () => {
  const org = fakeOrg();
  await load(org);
  now += 4 * 60_000;
  expect((await load(org)).get("contact")?.label).toBe("label 1");
  expect((await load(org, { refresh: true })).get("contact")?.label).toBe("label 2");
  now += 6 * 60_000;
  expect((await load(org)).get("contact")?.label).toBe("label 3");
  now -= 60 * 60_000;
  expect((await load(org)).get("contact")?.label).toBe("label 4");
});

test("another org under the same name has a cache of its own", async () => {
  await load(fakeOrg());
  const other = fakeOrg("00D8d00000OTHERXXX");
  await load(other);
  expect(other.asked).toEqual(["Contact"]);
});

test("a damaged cache and a state folder that can't be written are passed over", async () => {
  const org = fakeOrg();
  await load(org);
  const place = join(folder, ".sluice", "describe", ORG_ID, "v61.0");
  await writeFile(join(place, "contact.json"), "{ not json");
  expect((await load(org)).get("contact")?.label).toBe("label 2");
  await writeFile(join(folder, "file"), "");
  expect((await load(org, { stateFolder: join(folder, "file") })).size).toBe(1);
});

test("an unknown object is the org's error", async () => {
  await expect(load(fakeOrg(), { objects: ["Nope"] })).rejects.toMatchObject({
    code: "DESCRIBE_NOT_FOUND",
  });
});

test("offline there are snapshots, and nothing else", async () => {
  await load(fakeOrg());
  expect((await load(null)).size).toBe(0);
  const file = await saveSnapshot(folder, "prod", contactAnswer());
  expect(file).toBe(join(folder, "describe", "prod", "Contact.json"));
  const org = fakeOrg();
  const shapes = await load(org, { objects: ["contact", "Account"], offline: true });
  expect([...shapes.keys()]).toEqual(["contact"]);
  expect(org.asked).toEqual([]);
});

test("a snapshot is indented, has sorted keys, and replaces the old one", async () => {
  await saveSnapshot(folder, "prod", contactAnswer());
  const file = await saveSnapshot(folder, "prod", contactAnswer({ label: "Person" }));
  const text = await readFile(file, "utf8");
  expect(text).toMatch(
    /^{\n {2}"childRelationships": \[\],\n {2}"createable": true,\n {2}"deletable"/,
  );
  expect(JSON.parse(text)).toEqual(contactAnswer({ label: "Person" }));
  expect(await readdir(join(folder, "describe", "prod"))).toEqual(["Contact.json"]);
});

test("a name can't leave the folder", async () => {
  const file = await saveSnapshot(folder, "../../etc", contactAnswer({ name: "../passwd" }));
  expect(file.startsWith(join(folder, "describe"))).toBe(true);
});

test("what is no describe answer is not saved", async () => {
  await expect(saveSnapshot(folder, "prod", { name: "Contact" })).rejects.toMatchObject({
    code: "DESCRIBE_ANSWER",
  });
  expect(await readdir(folder)).toEqual([]);
});

test("a snapshot that is no describe answer names the object and what to do", async () => {
  const file = await saveSnapshot(folder, "prod", contactAnswer());
  await writeFile(file, '{ "name": "Contact" }');
  await expect(load(null)).rejects.toMatchObject({
    code: "DESCRIBE_ANSWER",
    message: expect.stringContaining("Contact:"),
    hint: expect.stringContaining("    sluice describe Contact --save"),
  });
  await writeFile(file, "{");
  await expect(readSnapshot(folder, "prod", "Contact")).rejects.toMatchObject({
    code: "DESCRIBE_ANSWER",
  });
});

test("an unknown object is told at its place in the spec; other failures are not", () => {
  const at = { file: "contacts.sync.yaml", line: 5, column: 3 };
  const spec = { positions: { "/target/object": at } };
  const unknown = new EngineError("DESCRIBE_NOT_FOUND", "The org has no Contakt.", { hint: "Hm?" });
  expect(unknownObject(unknown, spec, "/target/object")).toMatchObject({
    code: "DESCRIBE_NOT_FOUND",
    severity: "error",
    detail: "The org has no Contakt.",
    hint: "Hm?",
    line: 5,
    path: "/target/object",
  });
  expect(unknownObject(new EngineError("SF_FORBIDDEN", "x"), spec, "/target/object")).toBeNull();
  expect(unknownObject(new Error("x"), spec, "/target/object")).toBeNull();
});
