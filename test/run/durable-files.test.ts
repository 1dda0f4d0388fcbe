import fs from "node:fs";
import { open } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import path from "node:path";
import { Readable } from "node:stream";
import { afterEach, expect, test } from "vitest";
import { makeFolder, writeDurably } from "../../engine/base/durable-file.ts";
import { emptyFingerprints } from "../../engine/delta/fingerprints.ts";
import { writeSegment } from "../../engine/delta/segment-writer.ts";
import { newChunkWriter } from "../../engine/run/chunk-writer.ts";
import { runFolder } from "../../engine/run/run-folder.ts";
import { ResultFile } from "../../engine/salesforce/result-file.ts";
import { stateFolder } from "./hand-run.ts";

/** A power cut keeps what was fsynced, and no name of it that its folder was not fsynced after: so each
 *  file is watched from its first byte to its name. */
const handle = await open(import.meta.filename);
const prototype = Object.getPrototypeOf(handle);
await handle.close();
const real = { ...fs, sync: prototype.sync };
let steps: string[] = [];

const nameOf = (fd: number) => path.basename(fs.readlinkSync(`/proc/self/fd/${fd}`));

function watch(): void {
  steps = [];
  fs.fsyncSync = (fd) => {
    steps.push(`fsync ${nameOf(fd)}`);
    real.fsyncSync(fd);
  };
  fs.fsync = ((fd: number, done: fs.NoParamCallback) => {
    steps.push(`fsync ${nameOf(fd)}`);
    real.fsync(fd, done);
  }) as typeof fs.fsync;
  fs.renameSync = (from, to) => {
    steps.push(`rename ${path.basename(String(to))}`);
    real.renameSync(from, to);
  };
  prototype.sync = function sync(this: fs.promises.FileHandle) {
    steps.push(`fsync ${nameOf(this.fd)}`);
    return real.sync.call(this);
  };
  syncBuiltinESMExports();
}

afterEach(() => {
  Object.assign(fs, { fsync: real.fsync, fsyncSync: real.fsyncSync, renameSync: real.renameSync });
  prototype.sync = real.sync;
  syncBuiltinESMExports();
});

test("a chunk: its files are fsynced, get their names after their folder knows the sidecars', the CSV last", async () => {
  const folder = stateFolder();
  const place = path.basename(folder);
  const header = Buffer.from("Key__c\n");
  const writer = newChunkWriter({ folder: runFolder(folder, 3), index: 0, header, columns: ["A"] });
  watch();
  await writer.finish();
  expect(steps.slice(0, 3).sort()).toEqual([
    "fsync chunk-0000.csv.e3",
    "fsync chunk-0000.prints.e3",
    "fsync chunk-0000.rows.e3",
  ]);
  expect(steps.slice(3)).toEqual([
    "rename chunk-0000.rows",
    "rename chunk-0000.prints",
    `fsync ${place}`,
    "rename chunk-0000.csv",
    `fsync ${place}`,
  ]);
});

test("what is written whole, a list of misses or decisions: fsync, name, folder", () => {
  const folder = stateFolder();
  watch();
  writeDurably(path.join(folder, "x.misses"), [Buffer.from("x")]);
  const place = path.basename(folder);
  expect(steps).toEqual(["fsync x.misses.tmp", "rename x.misses", `fsync ${place}`]);
});

test("a folder, and each that it stands in: the folder above knows it", () => {
  const folder = stateFolder();
  watch();
  makeFolder(path.join(folder, "runs", "one"));
  expect(steps).toEqual([`fsync ${path.basename(folder)}`, "fsync runs"]);
});

test("a segment: fsync, name, folder", () => {
  const folder = stateFolder();
  watch();
  writeSegment(path.join(folder, "x.seg"), emptyFingerprints(1, ["A"]));
  const place = path.basename(folder);
  expect(steps).toEqual(["fsync x.seg.tmp", "rename x.seg", `fsync ${place}`]);
});

test("a result set: fsync before its name, the folder after", async () => {
  const folder = stateFolder();
  const file = path.join(folder, "failed.csv");
  watch();
  const result = await ResultFile.create(file);
  await result.append(Readable.from([Buffer.from("x\n")]));
  expect(steps).toEqual([]);
  await result.finish();
  expect(steps).toEqual(["fsync failed.csv.part", `fsync ${path.basename(folder)}`]);
});
