import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { Work } from "../chaos/works.ts";
import { asIs, inProcess, openPlace, prepared, runsOf } from "./flow-process.ts";
import { killAt } from "./kill-at.ts";

const SPEC = `sync: contacts
source: { files: rows.csv }
target: { object: Contact, operation: upsert, externalId: ERP_Id__c }
mapping: { ERP_Id__c: key, LastName: name }
`;

/** Three records, and then what a plan is refused for. */
function workOf(spec: string, rows: string): Work {
  return {
    async prepare(folder, _org, sluice) {
      writeFileSync(path.join(folder, "contacts.sync.yaml"), SPEC);
      writeFileSync(path.join(folder, "rows.csv"), "key,name\na,Ann\nb,Bob\nc,Cy\n");
      await sluice("run");
      writeFileSync(path.join(folder, "contacts.sync.yaml"), SPEC + spec);
      writeFileSync(path.join(folder, "rows.csv"), `key,name\n${rows}`);
    },
    faults: [],
    begin: () => ["run"],
    inTwoRuns: false,
    applied: [],
    left: ["a", "b", "c"],
  };
}

const REFUSED = [
  ["by onInvalid: stop", "onInvalid: stop\n", "a,Anne\nb,Rob\n,Dora\n", "RUN_INVALID_STOP"],
  ["by a guard", "guards: { maxChangeRatio: 10% }\n", "a,Anne\nb,Rob\nc,Cy\n", "RUN_GUARD"],
  ["by the guard of mirror", "mirror: true\n", "a,Anne\n", "RUN_GUARD"],
] as const;

test.each(REFUSED)(
  "a plan refused %s is never carried out, wherever its process is killed",
  async (_name, spec, rows, code) => {
    const { folder } = await prepared(workOf(spec, rows));
    const place = await openPlace(folder);
    try {
      const applied = (await place.org.ledger()).length;
      const calm = killAt(Number.POSITIVE_INFINITY, "before");
      const [refused] = await inProcess(place, calm.effect, ["run"]);
      expect(refused).toMatchObject({ ended: true, error: { code } });
      for (let at = 1; at <= calm.count(); at++) {
        for (const when of ["before", "after"] as const) {
          const kill = killAt(at, when);
          await Promise.race([inProcess(place, kill.effect, ["run"]), kill.death]);
          expect(await inProcess(place, asIs, ["resume"]), `${when} effect ${at}`).toEqual([]);
        }
      }
      expect((await place.org.ledger()).length).toBe(applied);
      const runs = await runsOf(place);
      expect(runs.filter(({ error }) => error?.code === code).length).toBeGreaterThan(2);
      expect(runs.every(({ ended }) => ended)).toBe(true);
    } finally {
      await place.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
