import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { parse } from "yaml";

const FOLDER = path.resolve(import.meta.dirname, "../../examples/github-action");
const folder = mkdtempSync(path.join(tmpdir(), "sluice-action-"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Comment {
  id: number;
  body: string;
  user: { type: string };
}

/** GitHub's comments of one pull request, as far as the action sees them. */
function pullRequest(comments: Comment[]) {
  const issues = {
    listComments: async ({ page }: { page: number }) => ({ data: page === 1 ? comments : [] }),
    createComment: async ({ body }: { body: string }) =>
      void comments.push({ id: comments.length + 1, body, user: { type: "Bot" } }),
    updateComment: async ({ comment_id: id, body }: { comment_id: number; body: string }) => {
      const comment = comments.find((each) => each.id === id);
      if (comment !== undefined) comment.body = body;
    },
  };
  const repo = { owner: "acme", repo: "data" };
  const context = { repo, payload: { pull_request: { number: 7 } } };
  return { github: { rest: { issues } }, context };
}

test("the plan is one comment, brought up to date, and nobody else's is touched", async () => {
  const comment = createRequire(import.meta.url)(path.join(FOLDER, "comment.cjs"));
  const quoted = { id: 1, body: "<!-- sluice plan: . -->\nmine", user: { type: "User" } };
  const comments: Comment[] = [quoted];
  const env = { SLUICE_OUT: folder, SLUICE_FOLDER: "." };
  for (const plan of ["first", "second", "x".repeat(90_000)]) {
    writeFileSync(path.join(folder, "comment.md"), plan);
    await comment({ ...pullRequest(comments), env });
    expect(comments).toHaveLength(2);
    expect(comments[1]?.body.startsWith(`<!-- sluice plan: . -->\n${plan.slice(0, 5)}`)).toBe(true);
    expect(comments[1]?.body.length).toBeLessThan(65_536);
  }
  expect(comments[0]?.body).toContain("mine");
});

/** The script with a stand-in for Sluice, which notes its words and ends as it is told. */
function runScript(env: Record<string, string>) {
  const bin = path.join(folder, "sluice");
  const script =
    'printf "%s\\n" "$@" "--" >> "$WORDS"\necho "a plan"\necho "a problem" >&2\nexit "$CODE"';
  writeFileSync(bin, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const words = path.join(folder, "words.txt");
  const output = path.join(folder, "output.txt");
  for (const file of [words, output]) rmSync(file, { force: true });
  const ended = spawnSync("bash", [path.join(FOLDER, "sluice.sh")], {
    env: {
      ...{ PATH: process.env.PATH ?? "", SLUICE_BIN: bin, SLUICE_OUT: folder, WORDS: words },
      ...{ GITHUB_OUTPUT: output, CODE: "0", ...env },
    },
  });
  const read = (file: string) => (existsSync(file) ? readFileSync(file, "utf8") : "");
  return {
    code: ended.status,
    words: read(words).split("\n"),
    output: read(output),
    comment: read(path.join(folder, "comment.md")),
  };
}

test("a plan with changes passes, says so, and leaves the comment", () => {
  const ended = runScript({
    ...{ SLUICE_COMMAND: "plan", SLUICE_SYNCS: "a b", SLUICE_ORG: "p; rm x", CODE: "2" },
  });
  expect([ended.code, ended.output, ended.comment]).toEqual([0, "changes=true\n", "a plan\n"]);
  expect(ended.words.slice(0, 5)).toEqual(["plan", "a", "b", "--org", "p; rm x"]);
});

test("without a plan the comment says why, and the job fails as Sluice did", () => {
  const ended = runScript({ SLUICE_COMMAND: "plan", CODE: "3" });
  expect([ended.code, ended.output]).toEqual([3, "changes=false\n"]);
  expect(ended.comment).toContain("exit code 3");
  expect(ended.comment).toContain("a problem");
});

test("apply applies the plan that it made, and fails as Sluice did", () => {
  const ended = runScript({ SLUICE_COMMAND: "apply" });
  expect(ended.code).toBe(0);
  expect(ended.words).toContain("apply");
  expect(runScript({ SLUICE_COMMAND: "apply", CODE: "6" }).code).toBe(6);
  expect(runScript({ SLUICE_COMMAND: "nonsense" }).code).toBe(3);
});

test("the action and its workflow are well-formed", () => {
  const action = parse(readFileSync(path.join(FOLDER, "action.yml"), "utf8"));
  const workflow = parse(readFileSync(path.join(FOLDER, "workflow.yml"), "utf8"));
  expect(action.runs.using).toBe("composite");
  const used = Object.values(workflow.jobs).flatMap((job) =>
    (job as { steps: { with?: Record<string, string>; uses?: string }[] }).steps
      .filter(({ uses }) => uses === "./.github/actions/sluice")
      .flatMap((step) => Object.keys(step.with ?? {})),
  );
  expect(used.length).toBeGreaterThan(0);
  expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(used));
});
