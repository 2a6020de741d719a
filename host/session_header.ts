/**
 * What a session's recording, and everyone who comes, is told of it first.
 *
 * @module
 */
import type { Header } from "../format/header.ts";
import type { Redactor } from "../redact/redactor.ts";
import type { HostProcess } from "./host.ts";
import type { HostOptions, Size } from "./options.ts";
import { quoteCommand } from "./shell_words.ts";

/** The header of a session that begins now; nothing secret is in it. */
export function sessionHeader(
  { command, title }: Pick<HostOptions, "command" | "title">,
  { env, now, tmux }: Pick<HostProcess, "env" | "now" | "tmux">,
  { size: { cols, rows }, redactor }: {
    readonly size: Size;
    readonly redactor: Pick<Redactor, "text">;
  },
): Header {
  const shared = tmux?.attachCommand ?? command;
  const safe = (text: string): string => redactor.text(text);
  const shell = env.SHELL;
  return {
    version: 3,
    cols,
    rows,
    timestampMs: now(),
    ...(title !== undefined && { title: safe(title) }),
    ...(shared.length > 0 && { command: safe(quoteCommand(shared)) }),
    ...(shell !== undefined && { env: { SHELL: safe(shell) } }),
    term: { type: "xterm-256color" },
    extra: {},
  };
}
