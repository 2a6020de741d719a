/**
 * Runs `tmux`.
 *
 * @module
 */
import { CollabError } from "../../format/errors.ts";
import type { ControlProcess } from "./control_client.ts";

/** What a command of `tmux` printed. */
export interface TmuxOutput {
  readonly ok: boolean;
  readonly out: string;
  readonly err: string;
}

/** How `tmux` is run. */
export interface TmuxRunner {
  /** Runs it to its end. @throws {CollabError} `tmux-missing` */
  run(args: readonly string[]): Promise<TmuxOutput>;
  /** Starts it with pipes. @throws {CollabError} `tmux-missing` */
  start(args: readonly string[]): ControlProcess;
}

/** Longest that a command of `tmux` may take: a server that is stopped never answers. */
const RUN_MS = 5_000;

/** Runs `tmux` in an environment. */
export function tmuxRunner(env: Readonly<Record<string, string>>): TmuxRunner {
  const command = (args: readonly string[], stdin: "null" | "piped"): Deno.Command =>
    new Deno.Command("tmux", {
      args: [...args],
      clearEnv: true,
      // tmux is told of all of it, piece by piece: the less, the sooner a client in control mode is ready.
      env: stdin === "piped" ? needed(env) : { ...env },
      stdin,
      stdout: "piped",
      stderr: stdin === "piped" ? "null" : "piped",
    });
  return {
    run: async (args) => {
      const child = found(() => command(args, "null").spawn());
      const timer = setTimeout(() => kill(child), RUN_MS);
      const { success, stdout, stderr } = await child.output();
      clearTimeout(timer);
      const decoder = new TextDecoder();
      return { ok: success, out: decoder.decode(stdout), err: decoder.decode(stderr).trim() };
    },
    start: (args) => {
      const child = found(() => command(args, "piped").spawn());
      return { stdin: child.stdin, stdout: child.stdout, kill: () => kill(child) };
    },
  };
}

/** What tmux itself goes by. */
const NEEDED = ["PATH", "HOME", "TERM", "TMUX_TMPDIR", "LANG", "LC_ALL", "LC_CTYPE"];

function needed(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => NEEDED.includes(name)));
}

function found<T>(start: () => T): T {
  try {
    return start();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new CollabError("tmux-missing", "Cannot find tmux: install it, version 3.2 or newer");
  }
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended.
  }
}
