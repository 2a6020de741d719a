/**
 * `collab`: the composition root. It finds out which command is meant, loads it and no other, and turns what comes of it
 * into an exit code.
 *
 * @module
 */
import { or } from "@optique/core/constructs";
import { runParser } from "@optique/core/facade";
import { bash, fish, zsh } from "@optique/core/completion";
import { formatMessage, message } from "@optique/core/message";
import type { Parser } from "@optique/core/parser";
import deno from "./deno.json" with { type: "json" };
import { CollabError, UsageError } from "./format/errors.ts";

/** Runs a command that was called; resolves to the exit code. */
type Run = () => Promise<number>;
type Command = Parser<"sync", Run, unknown>;

/** What loads each command's parser. Its own code is loaded when it is run. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  host: async () => (await import("./host/host_command.ts")).hostCommand as Command,
};

/** What a user's mistake, a failure and a bug of ours exit with. */
const MISUSE = 2, FAILURE = 1, BUG = 70;

/** Where a command line's answer goes. */
export interface Output {
  out(text: string): void;
  err(text: string): void;
}

/**
 * Runs a command line.
 *
 * @returns the exit code
 */
export async function main(args: readonly string[], output: Output): Promise<number> {
  try {
    const called = parse(await parserFor(args), args, output);
    return typeof called === "number" ? called : await called();
  } catch (error) {
    return explain(error, output);
  }
}

/** The parser of the command that is meant, or of all of them. */
async function parserFor(args: readonly string[]): Promise<Command> {
  const only = COMMANDS[args[0] ?? ""];
  if (only !== undefined) return await only();
  const all = await Promise.all(Object.values(COMMANDS).map((load) => load()));
  return or(...all as [Command]) as Command;
}

function parse(parser: Command, args: readonly string[], output: Output): Run | number {
  return runParser(parser, "collab", args, {
    brief:
      message`Share a live terminal: others see what you see. What they watch is also the recording.`,
    help: { command: true, option: { names: ["--help", "-h"] }, onShow: () => 0 },
    version: { option: { names: ["--version", "-V"] }, value: deno.version, onShow: () => 0 },
    completion: {
      command: { names: ["completions"] },
      shells: { bash, zsh, fish },
      onShow: () => 0,
    },
    commandList: "top-level",
    aboveError: "none",
    maxWidth: 100,
    stdout: output.out,
    stderr: () => {},
    onError: (_, error): never => {
      const text = formatMessage(error, { quotes: true }).replaceAll(/\s+/g, " ").trim();
      throw new UsageError("bad-arguments", text.replace(/\.$/, ""));
    },
  }) as Run | number;
}

/** Says what went wrong, in one line where it is not our own fault. */
function explain(error: unknown, output: Output): number {
  if (error instanceof CollabError) {
    output.err(`collab: ${error.message}`);
    return error instanceof UsageError ? MISUSE : FAILURE;
  }
  output.err("collab: this is a bug of collab itself; please report it with what follows");
  output.err(error instanceof Error ? error.stack ?? error.message : String(error));
  return BUG;
}

if (import.meta.main) {
  const encoder = new TextEncoder();
  const code = await main(Deno.args, {
    out: (text) => void Deno.stdout.writeSync(encoder.encode(text + "\n")),
    err: (text) => void Deno.stderr.writeSync(encoder.encode(text + "\n")),
  });
  Deno.exit(code);
}
