import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { EngineError } from "../base/engine-error.ts";
import { version } from "../base/version.ts";
import { outliveReaders } from "./closed-pipes.ts";
import type { GlobalFlags } from "./context.ts";
import { HELP_LAYOUT, HELP_OUTPUT, helpProse } from "./help-layout.ts";
import { runAction } from "./run-action.ts";

/** Reads the command line, runs the command, gives the exit code. Each command's code is loaded only
 *  when it is asked for. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  outliveReaders();
  let exitCode = 0;
  const program = buildProgram((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version are no mistakes; everything else is, and is 3 as any bad configuration.
    if (error.exitCode === 0) return 0;
    return usageExit(argv, error);
  }
  return exitCode;
}

/** With --json even a mistyped flag answers with one document. */
async function usageExit(argv: readonly string[], error: CommanderError): Promise<number> {
  const json = argv.includes("--json");
  if (!json) return 3;
  const command = argv.slice(2).find((word) => !word.startsWith("-")) ?? "";
  const flags: GlobalFlags = { config: null, org: null, state: null, json };
  return runAction(command, flags, async () => {
    const said = error.message.replace(/^error: /, "").replace(/\.?$/, ".");
    throw new EngineError("USAGE", said.charAt(0).toUpperCase() + said.slice(1), {
      hint: "See\n    sluice --help",
    });
  });
}

function buildProgram(done: (exitCode: number) => void): Command {
  const program = new Command("sluice")
    .description(
      "Keeps Salesforce records in step with files: specs in git, a plan before every write.",
    )
    .version(version())
    .exitOverride()
    .showHelpAfterError("(see sluice --help)")
    .configureHelp(HELP_LAYOUT)
    .configureOutput(HELP_OUTPUT)
    .addHelpText("after", () => TOP_EXAMPLES + helpProse(EXIT_CODES));
  const json = process.argv.includes("--json");
  // With --json the document tells; commander's own words would be a second voice.
  if (json) program.configureOutput({ writeErr: () => {} });

  const add = (usage: string, description: string, examples: string): Command => {
    const command = program.command(usage).description(description);
    return command
      .addHelpText(
        "after",
        `\nExamples:\n${examples
          .split("\n")
          .map((line) => `  $ ${line}`)
          .join("\n")}`,
      )
      .option("--config <file>", "the sync.config.yaml to use (default: found upward from here)")
      .option("--org <name>", "another org of sync.config.yaml")
      .option("--state <folder>", "another folder for the state")
      .option("--json", "one JSON document on stdout");
  };
  const act = (
    command: string,
    options: Record<string, unknown>,
    action: Parameters<typeof runAction>[2],
  ) => runAction(command, globalFlags(options), action).then(done);

  add(
    "validate [sync...]",
    "check the specs, offline",
    "sluice validate\nsluice validate contacts",
  ).action((names: string[], options) =>
    act("validate", options, async (context) =>
      (await import("./validate-command.ts")).validateCommand(names, context),
    ),
  );

  add(
    "plan [sync...]",
    "show what a run would do; sends nothing",
    "sluice plan\nsluice plan contacts --format markdown\nsluice plan --detailed-exitcode",
  )
    .option("--full", "what `run --full` would do")
    .option("--refresh", "ask the org what its records hold now: exact counts, and drift")
    .option(
      "--samples <n>",
      "changed rows to show field by field; of new ones a third",
      wholeNumber,
      3,
    )
    .option("--show-values", "samples in the clear, not masked")
    .option("--diff-out <file>", "write every change of every changed row as CSV, in the clear")
    .option("--resend-unknown", "count rows of unknown fate as rows to send")
    .addOption(
      new Option("--format <format>", "how to show it")
        .choices(["text", "markdown", "json", "html"])
        .default("text"),
    )
    .option("--out <file>", "save the plan, for `sluice apply`")
    .option("--detailed-exitcode", "exit 2 when there is something to send")
    .action((names: string[], options) =>
      act("plan", options, async (context) => {
        const { planCommand } = await import("./plan-command.ts");
        return planCommand(
          names,
          {
            full: options.full === true,
            refresh: options.refresh === true,
            resendUnknown: options.resendUnknown === true,
            format: options.format,
            detailedExitcode: options.detailedExitcode === true,
            samples: options.samples,
            showValues: options.showValues === true,
            diffOut: options.diffOut ?? null,
            out: options.out ?? null,
          },
          context,
        );
      }),
    );

  add(
    "run [sync...]",
    "plan and apply, in dependency order",
    "sluice run\nsluice run contacts --full\nsluice run --org prod --approve",
  )
    .option("--full", "send every row again, changed or not; an insert's known keys never")
    .option("--refresh", "ask the org for its describe, not the cache")
    .option("--approve", "write to an org that is protected")
    .option("--override <guard>", "let this guard pass once; may be repeated", collect, [])
    .option("--resend-unknown", "send rows of unknown fate again")
    .action((names: string[], options) =>
      act("run", options, async (context) => {
        const { runCommand } = await import("./run-command.ts");
        return runCommand(
          names,
          {
            full: options.full === true,
            refresh: options.refresh === true,
            approve: options.approve === true,
            override: options.override,
            resendUnknown: options.resendUnknown === true,
          },
          context,
        );
      }),
    );

  add(
    "apply <plan>",
    "do what a saved plan says, exactly, or refuse",
    "sluice plan --out plan.json\nsluice apply plan.json",
  )
    .option("--override <guard>", "let this guard pass once; may be repeated", collect, [])
    .action((file: string, options) =>
      act("apply", options, async (context) =>
        (await import("./apply-command.ts")).applyCommand(
          file,
          { override: options.override },
          context,
        ),
      ),
    );

  add(
    "resume [run]",
    "finish what a dead or interrupted run left",
    "sluice resume\nsluice resume 20261124-101502-k3f9",
  )
    .option("--resend-unknown", "send inserts again whose job is gone and that can't be looked up")
    .action((run: string | undefined, options) =>
      act("resume", options, async (context) =>
        (await import("./resume-command.ts")).resumeCommand(
          run ?? null,
          { resendUnknown: options.resendUnknown === true },
          context,
        ),
      ),
    );

  add(
    "retry <run>",
    "send the failed rows of a run again, as they were sent",
    "sluice retry 20261124-101502-k3f9",
  )
    .option("--approve", "write to an org that is protected")
    .action((run: string, options) =>
      act("retry", options, async (context) =>
        (await import("./retry-command.ts")).retryCommand(
          run,
          { approve: options.approve === true },
          context,
        ),
      ),
    );

  add("why <sync> <key>", "what happened to one record", "sluice why contacts C-1042").action(
    (sync: string, key: string, options) =>
      act("why", options, async (context) =>
        (await import("./why-command.ts")).whyCommand(sync, key, context),
      ),
  );

  add(
    "doctor",
    "find what is wrong: config, login, state, clock, disk, leftovers",
    "sluice doctor\nsluice doctor --org prod --abort-leftovers",
  )
    .option("--abort-leftovers", "abort the empty jobs that crashes left in the org")
    .action((options) =>
      act("doctor", options, async (context) =>
        (await import("./doctor-command.ts")).doctorCommand(
          { abortLeftovers: options.abortLeftovers === true },
          context,
        ),
      ),
    );

  add(
    "init <csv>",
    "write a first spec from a CSV's header and an object's fields",
    "sluice init contacts.csv --object Contact\nsluice init people.csv --object Lead --operation insert",
  )
    .requiredOption("--object <name>", "the Salesforce object")
    .addOption(
      new Option("--operation <operation>", "what is done with the rows")
        .choices(["insert", "update", "upsert", "delete"])
        .default("upsert"),
    )
    .option("--external-id <field>", "the key field (default: the first that fits a column)")
    .option("--name <name>", "the sync's name (default: the file's)")
    .action((csv: string, options) =>
      act("init", options, async (context) => {
        const { initCommand } = await import("./init-command.ts");
        const { object, operation, externalId = null, name = null } = options;
        return initCommand(csv, { object, operation, externalId, name }, context);
      }),
    );

  add(
    "explain [code]",
    "what a code means and what to do about it",
    "sluice explain KEY_DUPLICATE\nsluice explain UNABLE_TO_LOCK_ROW",
  ).action((code: string | undefined, options) =>
    act("explain", options, async (context) =>
      (await import("./explain-command.ts")).explainCommand(code ?? null, context),
    ),
  );

  add(
    "state <what> [name]",
    "what is remembered: show, forget <sync>, export <folder>, import <folder>",
    "sluice state show\nsluice state forget contacts\nsluice state export ../moved-state",
  )
    .option("--org-id <id>", "forget: in this org only (default: in all)")
    .option("--allow-duplicates", "forget: even what an insert has sent")
    .action((what: string, name: string | undefined, options) =>
      act("state", options, async (context) => {
        const { stateCommand } = await import("./state-command.ts");
        const { orgId = null, allowDuplicates } = options;
        const flags = { orgId, duplicates: allowDuplicates === true };
        return stateCommand(what, name ?? null, flags, context);
      }),
    );

  add("status", "each sync now: last run, what is unfinished", "sluice status").action((options) =>
    act("status", options, async (context) =>
      (await import("./status-command.ts")).statusCommand(context),
    ),
  );

  add("runs", "history, newest first", "sluice runs\nsluice runs --sync contacts --limit 5")
    .option("--sync <name>", "of this sync only")
    .option("--limit <n>", "how many", wholeNumber, 20)
    .action((options) =>
      act("runs", options, async (context) =>
        (await import("./runs-command.ts")).runsCommand(
          { sync: options.sync ?? null, limit: options.limit },
          context,
        ),
      ),
    );

  add(
    "show <run>",
    "one run with its jobs and errors",
    "sluice show 20261124-101502-k3f9\nsluice show 20261124-101502-k3f9 --format html > run.html",
  )
    .addOption(
      new Option("--format <format>", "how to show it").choices(["text", "html"]).default("text"),
    )
    .action((run: string, options) =>
      act("show", options, async (context) =>
        (await import("./show-command.ts")).showCommand(run, { format: options.format }, context),
      ),
    );

  add(
    "describe <object>",
    "the fields of an object, as the org tells them",
    "sluice describe Contact\nsluice describe Contact --save",
  )
    .option("--save", "commit it as a snapshot for `validate`")
    .action((object: string, options) =>
      act("describe", options, async (context) =>
        (await import("./describe-command.ts")).describeCommand(
          object,
          { save: options.save === true },
          context,
        ),
      ),
    );

  add("limits", "what is left of the org's daily limits", "sluice limits --org prod").action(
    (options) =>
      act("limits", options, async (context) =>
        (await import("./limits-command.ts")).limitsCommand(context),
      ),
  );

  add("serve", "run the syncs that have a schedule", "sluice serve").action((options) =>
    act("serve", options, async (context) =>
      (await import("./serve-command.ts")).serveCommand(context),
    ),
  );

  add(
    "emulator",
    "serve the local org for other programs",
    "sluice emulator\nsluice emulator --port 0 --json",
  )
    .option("--port <n>", "0 takes any free port", wholeNumber, 0)
    .option("--sink", "count uploads and keep nothing")
    .option("--from-describe <dir>", "serve the objects of saved describe answers")
    .option("--faults <file>", "misbehave as the file says")
    .action((options) =>
      act("emulator", options, async (context) => {
        const { emulatorCommand } = await import("./emulator-command.ts");
        return emulatorCommand(
          {
            port: options.port,
            sink: options.sink === true,
            fromDescribe: options.fromDescribe ?? null,
            faults: options.faults ?? null,
          },
          context,
        );
      }),
    );
  return program;
}

function globalFlags(options: Record<string, unknown>): GlobalFlags {
  const text = (value: unknown) => (typeof value === "string" ? value : null);
  return {
    config: text(options.config),
    org: text(options.org),
    state: text(options.state),
    json: options.json === true,
  };
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}

const TOP_EXAMPLES = `
Examples:
  $ sluice validate          check every spec, offline
  $ sluice plan              see what would change
  $ sluice run               make it so
  $ sluice resume            finish what was interrupted

`;

const EXIT_CODES =
  "Exit codes: 0 ok, 1 unexpected, 2 plan has changes (--detailed-exitcode), " +
  "3 configuration or check, 4 rows failed, 5 login or permission, 6 guard, " +
  "7 in flight (resume), 8 locked, 130 and 143 signals.";
