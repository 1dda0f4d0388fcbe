import { expect, test } from "vitest";
import { selectSyncs } from "../../engine/config/select-syncs.ts";
import { goodConfig, goodSpec } from "./cases/bad-case.ts";
import { load } from "./project-folder.ts";

const files = {
  "sync.config.yaml": goodConfig,
  "specs/accounts.sync.yaml": goodSpec.replace("contacts\n", "accounts\n"),
  "specs/contacts.sync.yaml": `${goodSpec}dependsOn: [accounts]\n`,
  "specs/leads.sync.yaml": `${goodSpec.replace("contacts\n", "leads\n")}nulls: clean\n`,
};

async function select(...names: string[]) {
  const { syncs, diagnostics } = selectSyncs(await load(files), names);
  return { syncs: syncs.map(({ name }) => name), codes: diagnostics.map(({ code }) => code) };
}

test("without names all are selected, in dependency order, with all that is wrong", async () => {
  expect(await select()).toEqual({ syncs: ["accounts", "contacts"], codes: ["CONFIG_BAD_VALUE"] });
});

test("names keep the dependency order", async () => {
  expect((await select("contacts", "accounts")).syncs).toEqual(["accounts", "contacts"]);
});

test("a mistake in a spec that is not selected is not told", async () => {
  expect(await select("contacts")).toEqual({ syncs: ["contacts"], codes: [] });
});

test("a selected spec with a mistake is told", async () => {
  expect(await select("leads")).toEqual({ syncs: [], codes: ["CONFIG_BAD_VALUE"] });
});

test("an unknown name is told, with the near one", async () => {
  const { diagnostics } = selectSyncs(await load(files), ["contcts", "zebra"]);
  expect(diagnostics.map(({ code, hint }) => [code, hint])).toEqual([
    ["CONFIG_SYNC_UNKNOWN", 'Did you mean "contacts"?'],
    ["CONFIG_SYNC_UNKNOWN", "Its syncs are: accounts, contacts, leads."],
  ]);
});

test("mistakes of the config file concern every selection", async () => {
  const config = goodConfig.replace("defaultOrg: demo", "defaultOrg: dmo");
  const { diagnostics } = selectSyncs(await load({ ...files, "sync.config.yaml": config }), [
    "contacts",
  ]);
  expect(diagnostics.map(({ code }) => code)).toEqual(["CONFIG_ORG_UNKNOWN"]);
});
