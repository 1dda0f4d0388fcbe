import { describe, expect, test } from "vitest";
import { goodConfig, goodSpec } from "./cases/bad-case.ts";
import { load } from "./project-folder.ts";

const files = { "sync.config.yaml": goodConfig, "specs/contacts.sync.yaml": goodSpec };

function withSpec(spec: string) {
  return { ...files, "specs/contacts.sync.yaml": spec };
}

async function specOf(spec: string, env: Record<string, string> = {}) {
  const { project, diagnostics } = await load(withSpec(spec), { env });
  expect(diagnostics).toEqual([]);
  const sync = project?.syncs[0];
  if (sync === undefined) throw new Error("The spec was not read.");
  return sync;
}

describe("references", () => {
  test("are resolved in texts, numbers and booleans", async () => {
    const sync = await specOf(
      `${goodSpec.replace("contacts.csv", "${env:DIR}/in-${env:DAY}.csv")}parallelJobs: \${env:JOBS}
mirror: \${env:MIRROR}
guards: { maxDeletes: "\${env:JOBS}" }
`,
      { DIR: "/data", DAY: "1", JOBS: "7", MIRROR: "true" },
    );
    expect(sync.source.files).toEqual(["/data/in-1.csv"]);
    expect(sync).toMatchObject({
      parallelJobs: 7,
      mirror: { action: "delete" },
      guards: { maxDeletes: 7 },
    });
  });

  test("stay texts where texts are wanted", async () => {
    const sync = await specOf(goodSpec.replace("from: last_name", 'value: "${env:X}"'), {
      X: "007 ${env:DIR}",
    });
    // What a variable holds is not looked into again.
    expect(sync.mapping[1]?.value).toBe("007 ${env:DIR}");
  });

  test("to files are relative to the file that names them, without the last line end", async () => {
    const { project } = await load({
      ...withSpec(goodSpec.replace("contacts.csv", "${file:where.txt}")),
      "specs/where.txt": "in.csv\n",
    });
    expect(project?.syncs[0]?.source.files).toEqual(["in.csv"]);
  });
});
