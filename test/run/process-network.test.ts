import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { finishAll, whatIsWrong } from "../chaos/judge.ts";
import { newScenario, type Scenario } from "../chaos/scenario.ts";
import { calmCounts } from "../chaos/sweep.ts";
import { client } from "../emulator/local-org.ts";

const open: Scenario[] = [];

afterEach(async () => {
  for (const scenario of open.splice(0)) await scenario.close();
});

/** The command talks to the org itself, with a login that can be renewed. */
async function withLogin(): Promise<Scenario> {
  const scenario = await newScenario("upsert");
  open.push(scenario);
  const { url, clientId, clientSecret } = scenario.org.emulator;
  const auth = `{ flow: clientCredentials, clientId: "${clientId}", clientSecret: "\${env:SECRET}" }`;
  const config = path.join(scenario.folder, "sync.config.yaml");
  const orgs = `{ test: { instanceUrl: "${url}", auth: ${auth} } }`;
  writeFileSync(config, `version: 1\ndefaultOrg: test\norgs: ${orgs}\nsyncs: ["*.sync.yaml"]\n`);
  const start: Scenario["start"] = (words) => scenario.start(words, { SECRET: clientSecret });
  return { ...scenario, start };
}

async function logIn({ org }: Scenario): Promise<string> {
  const { url, clientId, clientSecret } = org.emulator;
  const form = {
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
  };
  const answer = await fetch(`${url}/services/oauth2/token`, {
    method: "POST",
    body: new URLSearchParams(form),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}

const CREATE = { method: "POST", path: "**/jobs/ingest" };
const PUT = { method: "PUT", path: "**/jobs/ingest/*/batches" };
const PATCH = { method: "PATCH", path: "**/jobs/ingest/*" };
const POLL = { method: "GET", path: "**/jobs/ingest/750*" };
const RESULTS = { method: "GET", path: "**/jobs/ingest/*/failedResults" };

/** Each befalls some job of one run, which has more jobs than troubles. */
const PASSING: readonly (readonly [string, object, object])[] = [
  ["a create answered after the connection was gone", { ...CREATE, nth: 2 }, { reset: "after" }],
  ["a create answered 503 with HTML", { ...CREATE, nth: 4 }, { html: 503 }],
  ["a PUT cut before it was read", { ...PUT, nth: 1 }, { reset: "before" }],
  ["a PUT cut halfway", { ...PUT, nth: 3 }, { reset: "halfway" }],
  ["a PUT cut after it was stored", { ...PUT, nth: 5 }, { reset: "after" }],
  ["a PUT answered 401", { ...PUT, nth: 7 }, { expireSession: true }],
  ["a PATCH that got lost", { ...PATCH, nth: 3 }, { reset: "before" }],
  ["a PATCH whose answer got lost", { ...PATCH, nth: 5 }, { reset: "after" }],
  ["a session that ends while a job is looked at", { ...POLL, nth: 4 }, { expireSession: true }],
  ["a look at a job answered 503 with HTML", { ...POLL, nth: 2 }, { html: 503 }],
  [
    "a look answered 429 with seconds",
    { ...POLL, nth: 5 },
    { retryAfter: { seconds: 2, status: 429 } },
  ],
  [
    "a look answered 429 with a date",
    { ...POLL, nth: 8 },
    { retryAfter: { seconds: 2, asDate: true, status: 429 } },
  ],
  ["results cut off halfway", { ...RESULTS, nth: 1 }, { truncate: true }],
  ["results in another order", { ...RESULTS, nth: 3 }, { shuffle: true }],
];

test("troubles of the network, all in one run: each row is applied once", async () => {
  const counts = await calmCounts("upsert");
  const scenario = await withLogin();
  const rules = PASSING.map(([id, on, act]) => ({ id, on, do: act }));
  await scenario.org.faults([...scenario.work.faults, ...rules]);
  await scenario.start(["run", "--json"]).ended;
  const report = (await scenario.org.call("GET", "/__control/faults")).json;
  expect(await finishAll(scenario)).toEqual(counts);
  // The sessions of this test ended with the others.
  const org = client({ ...scenario.org.emulator, accessToken: await logIn(scenario) });
  expect(await whatIsWrong({ ...scenario, org })).toEqual([]);
  const hits = new Map(report.map((rule: { id: string; hits: number }) => [rule.id, rule.hits]));
  for (const [id, on] of PASSING) {
    expect(hits.get(id), `${id} came to pass`).toBeGreaterThanOrEqual((on as { nth: number }).nth);
  }
});

test("the daily calls are spent in the middle of a run: exit 7, and resume finishes it", async () => {
  const counts = await calmCounts("upsert");
  const scenario = await withLogin();
  const spent = { on: { ...PATCH, nth: 2, times: 500 }, do: { apiLimit: true } };
  await scenario.org.faults([...scenario.work.faults, spent]);
  const end = await scenario.start(["run", "--json"]).ended;
  const document = JSON.parse(end.stdout);
  expect(document).toMatchObject({ exitCode: 7, error: { code: "SF_API_LIMIT" } });
  expect(document.data.runs[0]).toMatchObject({ state: "inFlight" });
  await scenario.org.faults([...scenario.work.faults]);
  expect(await finishAll(scenario)).toEqual(counts);
  expect(await whatIsWrong(scenario)).toEqual([]);
});
