import { expect, test } from "vitest";
import type { CliAnswer } from "../../engine/salesforce/connection.ts";
import { createRedactor } from "../../engine/salesforce/redact.ts";
import { cliLogin, runSfCli } from "../../engine/salesforce/sf-cli.ts";

const REDACTED = "[REDACTED] Use 'sf org auth show-access-token' to view";
const TOKEN = "00D8d00000ABCDe!AQ.token.of.the.cli";
const DISPLAY = {
  id: "00D8d00000ABCDeEAP",
  apiVersion: "61.0",
  accessToken: REDACTED,
  instanceUrl: "https://acme.my.salesforce.com",
  username: "ada@acme.example",
  connectedStatus: "Connected",
};

const ok = (result: unknown): CliAnswer => ({
  exitCode: 0,
  stdout: JSON.stringify({ status: 0, result, warnings: [] }),
  stderr: "",
});
const failed = (message: string): CliAnswer => ({
  exitCode: 1,
  stdout: JSON.stringify({ name: "Error", message, exitCode: 1, status: 1 }),
  stderr: "",
});

function login(answers: { show: CliAnswer; display: CliAnswer }, target = "prod") {
  const asked: string[] = [];
  const runCli = async (args: readonly string[]) => {
    asked.push(args.join(" "));
    return args.includes("show-access-token") ? answers.show : answers.display;
  };
  return { asked, result: cliLogin(target, { runCli, redactor: createRedactor() }) };
}

test("a current CLI shows the token on request", async () => {
  const { asked, result } = login({ show: ok({ accessToken: TOKEN }), display: ok(DISPLAY) });
  expect(await result).toEqual({
    accessToken: TOKEN,
    instanceUrl: "https://acme.my.salesforce.com",
    username: "ada@acme.example",
  });
  expect(asked).toEqual([
    "org auth show-access-token --target-org prod --json",
    "org display --target-org prod --json",
  ]);
});

test("an old CLI has the token in org display", async () => {
  const { result } = login({
    show: {
      exitCode: 2,
      stdout: "",
      stderr: "Error: Command org:auth:show-access-token not found.",
    },
    display: ok({ ...DISPLAY, accessToken: TOKEN }),
  });
  expect((await result).accessToken).toBe(TOKEN);
});

test("warnings before the JSON are passed over", async () => {
  const show = ok({ accessToken: TOKEN });
  const stdout = `Warning: @salesforce/cli update available\n${show.stdout}`;
  const { result } = login({ show: { ...show, stdout }, display: ok(DISPLAY) });
  expect((await result).accessToken).toBe(TOKEN);
});

test.each([
  [
    "the CLI is missing",
    { show: { exitCode: null, stdout: "", stderr: "" }, display: ok(DISPLAY) },
    "can't be started",
    "npm install --global @salesforce/cli",
  ],
  [
    "no such login",
    {
      show: failed("No authorization information found for prod."),
      display: failed("No authorization information found for prod."),
    },
    '"sf org display" said: No authorization information found for prod.',
    "sf org login web --alias prod",
  ],
  [
    "the token stays hidden",
    { show: failed("The command was blocked by policy."), display: ok(DISPLAY) },
    "blocked by policy",
    "sf org login web",
  ],
  [
    "no JSON at all",
    {
      show: { exitCode: 0, stdout: "hello", stderr: "" },
      display: { exitCode: 0, stdout: "hello", stderr: "" },
    },
    "it failed without a message",
    "sf org login web",
  ],
])("%s", async (_, answers, message, hint) => {
  await expect(login(answers).result).rejects.toMatchObject({
    code: "AUTH_CLI",
    message: expect.stringContaining(message),
    hint: expect.stringContaining(hint),
  });
});

test("a name that looks like a flag is refused before the CLI runs", async () => {
  const { asked, result } = login({ show: ok({}), display: ok(DISPLAY) }, "--help");
  await expect(result).rejects.toMatchObject({ code: "AUTH_CLI" });
  expect(asked).toEqual([]);
});

test("a program that is not there is told apart from one that fails", async () => {
  const path = process.env.PATH;
  process.env.PATH = "/nowhere";
  try {
    expect((await runSfCli(["org", "display"])).exitCode).toBeNull();
  } finally {
    process.env.PATH = path;
  }
});
