/**
 * The tmux session that is shared: whether it can be, and what is run for it.
 *
 * @module
 */
import { CollabError, UsageError } from "../../format/errors.ts";
import { isValidSize } from "../../format/limits.ts";
import type { Size } from "../options.ts";
import { serverArguments, tmuxAround, type TmuxServer } from "./place.ts";
import type { TmuxRunner } from "./process.ts";

/** What is to be shared. */
export interface TmuxWish {
  readonly name: string;
  readonly server: TmuxServer;
  /** What a new session runs; empty for the user's shell. */
  readonly command: readonly string[];
  /** Whether nobody sits before the host's own client. */
  readonly headless: boolean;
}

/** A session that is there, or is about to be made. */
export interface TmuxTarget {
  readonly name: string;
  /** The arguments of `tmux` that say which server is meant. */
  readonly server: readonly string[];
  readonly exists: boolean;
  /** What commands call it: by its id, which it keeps under another name, or, while it is not there, by its name. */
  readonly session: string;
  /** The size of the terminal that it was last used on, when it is used on one. */
  readonly size: Size | undefined;
  /** What the host runs in its terminal. */
  readonly command: readonly string[];
}

/** The first version that has all that is used: `attach-session -f`, `split-window -e`, options of panes. */
const LEAST_VERSION = [3, 2] as const;
/** What the session's own terminal can do, beside what `xterm-256color` says. */
const FEATURES = "256,RGB,bpaste,cstyle,mouse,strikethrough,title,usstyle";

/**
 * Finds out about a session that is to be shared.
 *
 * @throws {CollabError} `tmux-missing`, `tmux-too-old`, `tmux-inside` (this process is in it), `tmux-session-exists` (and
 * a command was given), `tmux-failed`
 */
export async function findTarget(
  { name, server, command, headless }: TmuxWish,
  runner: TmuxRunner,
  env: Readonly<Record<string, string>>,
): Promise<TmuxTarget> {
  checkVersion((await runner.run(["-V"])).out);
  const where = serverArguments(server, env);
  const panes = await sessionPanes(name, where, runner);
  if (panes !== undefined) {
    refuseInside(name, panes, env);
    if (command.length > 0) {
      throw new UsageError(
        "tmux-session-exists",
        `Cannot start a command in the tmux session "${name}": it runs already; leave the command out, or name another session`,
      );
    }
  }
  const size = panes === undefined ? undefined : await usedSize(name, where, runner);
  const exists = panes !== undefined;
  const session = panes?.session ?? `=${name}`;
  return {
    name,
    server: where,
    exists,
    session,
    size,
    command: clientCommand(name, { where, exists, command, headless }),
  };
}

/** Whether a session is there. */
export async function isRunning(
  { session, server }: Pick<TmuxTarget, "session" | "server">,
  runner: TmuxRunner,
): Promise<boolean> {
  return (await runner.run([...server, "has-session", "-t", session])).ok;
}

/** What a client in control mode is told of: that something has happened, and what panes' programs write. */
export type ToldOf = "news" | "output";

/** The arguments of `tmux` for a client in control mode that changes nothing for the others. */
export function controlArguments(
  { session, server }: Pick<TmuxTarget, "session" | "server">,
  told: ToldOf,
): string[] {
  const flags = told === "output" ? "ignore-size" : "no-output,ignore-size";
  // The environment of the session is what its users bring (-E). Without -N it would start a server, which ends at once, and the host's own client with it.
  return [...server, "-N", "-u", "-C", "attach-session", "-E", "-t", session, "-f", flags];
}

function clientCommand(
  name: string,
  { where, exists, command, headless }: {
    readonly where: readonly string[];
    readonly exists: boolean;
    readonly command: readonly string[];
    readonly headless: boolean;
  },
): string[] {
  const tmux = ["tmux", ...where, "-u", "-T", FEATURES];
  // Who uses it on a terminal of their own does not have it shrink for a host without one.
  const flags = headless ? ["-f", "ignore-size"] : [];
  return exists
    ? [...tmux, "attach-session", "-t", `=${name}`, ...flags]
    : [...tmux, "new-session", "-A", "-s", name, ...flags, "--", ...command];
}

/** Reads `tmux -V`: `tmux 3.3a`, `tmux next-3.5`. A version without a number is of a tree that is newer than any. */
function checkVersion(text: string): void {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(text) ?? [];
  if (major === undefined || /openbsd/.test(text)) return;
  const [least, leastMinor] = LEAST_VERSION;
  if (Number(major) > least || Number(major) === least && Number(minor) >= leastMinor) return;
  throw new CollabError(
    "tmux-too-old",
    `Cannot share a session of ${text.trim()}: it takes ${LEAST_VERSION.join(".")} or newer`,
  );
}

interface SessionPanes {
  readonly serverPid: string;
  /** The session's id. */
  readonly session: string;
  readonly ids: readonly string[];
}

async function sessionPanes(
  name: string,
  where: readonly string[],
  runner: TmuxRunner,
): Promise<SessionPanes | undefined> {
  const format = "#{pid} #{session_id} #{pane_id}";
  const { ok, out, err } = await runner.run(
    [...where, "list-panes", "-s", "-t", `=${name}`, "-F", format],
  );
  if (ok) {
    const lines = out.trim().split("\n").map((line) => line.split(" "));
    const [serverPid = "", session = ""] = lines[0] ?? [];
    return { serverPid, session, ids: lines.map(([, , pane = ""]) => pane) };
  }
  const absent = /can't find|no server running|No such file|Connection refused/i.test(err);
  if (absent) return undefined;
  throw new CollabError(
    "tmux-failed",
    `Cannot share the tmux session "${name}": ${err || "tmux does not answer"}`,
  );
}

function refuseInside(
  name: string,
  { serverPid, ids }: SessionPanes,
  env: Readonly<Record<string, string>>,
): void {
  const around = tmuxAround(env);
  if (around === undefined || around.pid !== serverPid) return;
  if (around.pane !== undefined && !ids.includes(around.pane)) return;
  throw new UsageError(
    "tmux-inside",
    `Cannot share the tmux session "${name}" from inside it: run this in a terminal outside of it`,
  );
}

async function usedSize(
  name: string,
  where: readonly string[],
  runner: TmuxRunner,
): Promise<Size | undefined> {
  const format = "#{client_activity} #{client_width} #{client_height} #{client_control_mode}";
  const { ok, out } = await runner.run(
    [...where, "list-clients", "-t", `=${name}`, "-F", format],
  );
  if (!ok) return undefined;
  const clients = out.trim().split("\n")
    .map((line) => line.split(" ").map(Number))
    .filter(([, cols, rows, control]) => control === 0 && isValidSize(cols!, rows!));
  const [, cols, rows] = clients.toSorted((a, b) => b[0]! - a[0]!)[0] ?? [];
  return cols === undefined || rows === undefined ? undefined : { cols, rows };
}
