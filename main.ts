/**
 * `collab`: the composition root. It finds out which command is meant, loads it and no other, and turns what comes of it
 * into an exit code.
 *
 * @module
 */
import { bash, fish, zsh } from "@optique/core/completion";
import { or } from "@optique/core/constructs";
import { runParser } from "@optique/core/facade";
import { formatMessage, message } from "@optique/core/message";
import type { Parser } from "@optique/core/parser";
import deno from "./deno.json" with { type: "json" };
import { BUG_EXIT_CODE, bugReport, CollabError, UsageError } from "./format/errors.ts";
import { examples, usage } from "./viewer/command_parts.ts";

/** Runs a command that was called; resolves to the exit code. */
type Run = () => Promise<number>;
/** A command's flags and arguments; its value runs it. */
export type Command = Parser<"sync", Run, unknown>;

/** What loads each command's parser, by its name. Its own code is loaded when it is run. */
export const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  host: async () => (await import("./host/host_command.ts")).hostCommand,
  watch: async () => (await import("./viewer/watch_command.ts")).watchCommand,
  replay: async () => (await import("./viewer/replay_command.ts")).replayCommand,
  ctl: async () => (await import("./host/ctl_command.ts")).ctlCommand,
  mcp: async () => (await import("./agent/mcp_command.ts")).mcpCommand,
  redact: async () => (await import("./host/redact_command.ts")).redactCommand,
  audit: async () => (await import("./host/audit_command.ts")).auditCommand,
};

/** Help is as wide as the terminal, as long as that can be read. */
const MIN_HELP_COLS = 60, MAX_HELP_COLS = 100;
/** What a user's mistake and a failure exit with. */
const MISUSE = 2, FAILURE = 1;

/** Where a command line's answer goes, a text without its last newline at a time. */
export interface Output {
  out(text: string): void;
  err(text: string): void;
  /** How many columns there are, where somebody reads it. Default: 80. */
  readonly cols?: number | undefined;
}

/**
 * Runs a command line.
 *
 * @returns the exit code
 */
export async function main(
  args: readonly string[],
  output: Output,
  commands: typeof COMMANDS = COMMANDS,
): Promise<number> {
  try {
    if (args.length === 0) {
      // Called without anything, by mistake or out of curiosity: the help is the answer to both.
      parse(await parserFor([], commands), ["--help"], { ...output, out: output.err });
      return MISUSE;
    }
    const called = parse(await parserFor(args, commands), args, output);
    return typeof called === "number" ? called : await called();
  } catch (error) {
    return explain(error, output);
  }
}

/** The parser of the command that is meant, or of all of them. */
async function parserFor(args: readonly string[], commands: typeof COMMANDS): Promise<Command> {
  const name = args[0] ?? "";
  if (Object.hasOwn(commands, name)) return await commands[name]!();
  const all = await Promise.all(Object.values(commands).map((load) => load()));
  return or(...all as [Command, Command]) as Command;
}

/** What is to be run; or an exit code, when the answer was given. Throws a {@link UsageError}. */
function parse(parser: Command, args: readonly string[], output: Output): Run | number {
  return runParser<Command, number, never>(parser, "collab", args, {
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
    usageLine: usage("COMMAND"),
    footer: examples([
      ["collab host --record incident.cast", "share your shell, and record it"],
      ["collab watch LINK", "follow it from a terminal"],
      ["collab replay incident.cast", "see it again"],
      ["collab help host", "all about one command"],
    ]),
    aboveError: "none",
    maxWidth: Math.min(MAX_HELP_COLS, Math.max(MIN_HELP_COLS, output.cols ?? 80)),
    stdout: (text) => output.out(text.replaceAll(/ +$/gm, "").replace(/\n$/, "")),
    stderr: () => {},
    onError: (_, error): never => {
      const text = formatMessage(error, { quotes: true }).replaceAll(/\s+/g, " ").trim();
      throw new UsageError("bad-arguments", text.replace(/\.$/, ""));
    },
  });
}

/** Says what went wrong: in one line, with its stable code, where it is not our own fault. */
function explain(error: unknown, output: Output): number {
  if (error instanceof CollabError) {
    output.err(`collab: ${error.message} [${error.code}]`);
    return error instanceof UsageError ? MISUSE : FAILURE;
  }
  output.err(bugReport(error));
  return BUG_EXIT_CODE;
}

if (import.meta.main) {
  const encoder = new TextEncoder();
  const write = (stream: { writeSync(data: Uint8Array): number }, text: string): void => {
    try {
      const data = encoder.encode(`${text}\n`);
      for (let at = 0; at < data.length;) at += stream.writeSync(data.subarray(at));
    } catch { /* nobody reads it */ }
  };
  const code = await main(Deno.args, {
    out: (text) => write(Deno.stdout, text),
    err: (text) => write(Deno.stderr, text),
    cols: Deno.stdout.isTerminal() ? Deno.consoleSize().columns : undefined,
  });
  Deno.exit(code);
}
