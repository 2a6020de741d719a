/**
 * Where a tmux session is: which server, which name.
 *
 * @module
 */
import { UsageError } from "../../format/errors.ts";

/** A tmux server: the one at a path, the one of a name, or the one that `tmux` finds by itself. */
export interface TmuxServer {
  /** As `tmux -S`. */
  readonly path?: string | undefined;
  /** As `tmux -L`. */
  readonly name?: string | undefined;
}

/** The session that is shared when nobody says which. */
export const DEFAULT_SESSION = "collab";

/**
 * Reads the name of a tmux session.
 *
 * @throws {UsageError} `bad-tmux-name`: tmux would take it for something else, or change it.
 *
 * @example
 * ```ts
 * import { parseTmuxName } from "./place.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(parseTmuxName("work"), "work");
 * assert.throws(() => parseTmuxName("a:b"), { code: "bad-tmux-name" });
 * ```
 */
export function parseTmuxName(text: string): string {
  if (/^[^\p{C}:.=$@%#'"{}!+~-][^\p{C}:.#'"]{0,99}$/u.test(text)) return text;
  throw new UsageError(
    "bad-tmux-name",
    `Cannot use ${
      JSON.stringify(text.slice(0, 40))
    } as the name of a tmux session: write letters and digits, as "work"`,
  );
}

/** The arguments of `tmux` that say which server is meant. Without them it is the one around this process, if there is one. */
export function serverArguments(
  { path, name }: TmuxServer,
  env: Readonly<Record<string, string>>,
): string[] {
  if (path !== undefined) return ["-S", path];
  if (name !== undefined) return ["-L", name];
  const around = tmuxAround(env);
  return around === undefined ? [] : ["-S", around.path];
}

/** The pane that this process is in, and its server. */
export interface TmuxAround {
  readonly path: string;
  /** The server's process. */
  readonly pid: string;
  readonly pane: string | undefined;
}

/** Where in tmux this process is; `undefined` when it is not in it. */
export function tmuxAround(env: Readonly<Record<string, string>>): TmuxAround | undefined {
  // The path may have commas in it, the rest may not.
  const match = /^(.+),(\d+),[^,]*$/.exec(env.TMUX ?? "");
  return match === null ? undefined : { path: match[1]!, pid: match[2]!, pane: env.TMUX_PANE };
}

/** The environment for tmux: it shall not find itself inside another, and what it starts may outlive this session. */
export function tmuxEnvironment(
  env: Readonly<Record<string, string>>,
): Record<string, string> {
  const { TMUX: _, TMUX_PANE: __, COLLAB_SESSION: ___, ...rest } = env;
  return rest;
}
