/**
 * Measures what the project promises, beside what a user would pick instead, in one run.
 *
 * ```sh
 * deno task bench [--only NAME]… [--json FILE] [--quick] [--compiled]
 * ```
 *
 * It measures what `deno task host` and `deno task watch` run; `--compiled` measures the compiled program instead, which
 * may have another version of Deno inside. It is built first in any case: its start is always measured.
 *
 * @module
 */
import { join as joinPath, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Collab, fromSource } from "../tests/harness.ts";
import { compile } from "../scripts/compile.ts";
import { agent } from "./agent.ts";
import { browser } from "./browser.ts";
import { crowd, stopped } from "./crowd.ts";
import { echo } from "./echo.ts";
import { flood } from "./flood.ts";
import { idle } from "./idle.ts";
import { type Measurement, type Outcome, passes, type RunOptions, table } from "./report.ts";
import { mcp } from "./mcp.ts";
import { control, pointers } from "./people.ts";
import { recording } from "./recording.ts";
import { redact } from "./redact.ts";
import { scrub } from "./scrub.ts";
import { seek } from "./seek.ts";
import { join, start } from "./start.ts";
import { traffic } from "./traffic.ts";

const ROOT = resolve(import.meta.dirname!, "..");
const MEASUREMENTS: readonly Measurement[] = [
  start,
  join,
  echo,
  flood,
  traffic,
  redact,
  recording,
  scrub,
  seek,
  idle,
  crowd,
  stopped,
  pointers,
  control,
  agent,
  mcp,
  browser,
];

function log(text: string): void {
  // deno-lint-ignore no-console
  console.error(text);
}

function print(text: string): void {
  // deno-lint-ignore no-console
  console.log(text);
}

async function measure(measurement: Measurement, options: RunOptions): Promise<Outcome> {
  const { name, title } = measurement;
  try {
    return { name, title, rows: await measurement.run(options) };
  } catch (error) {
    return {
      name,
      title,
      rows: [],
      failure: error instanceof Error ? error.message : String(error),
    };
  }
}

/** What the numbers were measured on. */
function machine(): Record<string, string | number> {
  const model = /^model name\s*:\s*(.*)$/m.exec(Deno.readTextFileSync("/proc/cpuinfo"))?.[1];
  return {
    cpu: model ?? Deno.build.arch,
    cores: navigator.hardwareConcurrency,
    kernel: Deno.osRelease(),
    deno: Deno.version.deno,
  };
}

/** What can be asked for. */
interface Flags {
  readonly only: readonly string[];
  readonly json?: string | undefined;
  readonly quick: boolean;
  readonly compiled: boolean;
}

/** What was asked for; `undefined` when it cannot be told. */
function readFlags(): Flags | undefined {
  try {
    const { values } = parseArgs({
      args: Deno.args,
      options: {
        only: { type: "string", multiple: true, default: [] },
        json: { type: "string" },
        quick: { type: "boolean", default: false },
        compiled: { type: "boolean", default: false },
      },
    });
    return values;
  } catch {
    return undefined;
  }
}

/** Runs the measurements asked for; gives the exit code: 1 when one could not be made. A missed bar is not a failure. */
async function main(): Promise<number> {
  const names = MEASUREMENTS.map(({ name }) => name);
  const flags = readFlags();
  if (flags === undefined) {
    log(`Usage: deno task bench [--only NAME]… [--json FILE] [--quick] [--compiled]`);
    log(`NAME is one of ${names.join(", ")}`);
    return 2;
  }
  const { only, quick } = flags;
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    log(`No measurement is called "${unknown}"; there are: ${names.join(", ")}`);
    return 2;
  }
  const built = await compile(joinPath(ROOT, "tmp", "bench", "collab"));
  const compiled: Collab = (verb, ...args) => [built.path, verb, ...args];
  const options = {
    quick,
    compiled,
    fromSource,
    collab: flags.compiled ? compiled : fromSource,
    log,
  };
  const facts = {
    ...machine(),
    compiledWithDeno: built.deno,
    measured: flags.compiled ? "compiled" : "deno run",
  };
  print(Object.entries(facts).map(([key, value]) => `${key}: ${value}`).join(", "));
  const outcomes: Outcome[] = [];
  for (
    const measurement of MEASUREMENTS.filter(({ name }) => only.length === 0 || only.includes(name))
  ) {
    const outcome = await measure(measurement, options);
    outcomes.push(outcome);
    print(table(outcome));
  }
  const bars = outcomes.flatMap(({ rows }) => rows.map(passes)).filter((passed) =>
    passed !== undefined
  );
  print(`\n${bars.filter(Boolean).length} of ${bars.length} bars kept`);
  if (flags.json !== undefined) {
    await Deno.writeTextFile(
      flags.json,
      JSON.stringify({ ...facts, quick, outcomes }, undefined, 2) + "\n",
    );
  }
  return outcomes.some(({ failure }) => failure !== undefined) ? 1 : 0;
}

if (import.meta.main) Deno.exit(await main());
