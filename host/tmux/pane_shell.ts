/**
 * What runs in an agent's pane: the shell that tmux would start there, so that it marks its commands.
 *
 * @module
 */
import { type MarkedShell, markedShell } from "../shell_integration.ts";
import type { Run } from "./look.ts";

/** A command without anything in it that a shell would have to read. */
const PLAIN = /^[\w./+=:@%-]+(?: +[\w./+=:@%-]+)*$/;

/** That shell for a pane beside another one; `undefined` where it is none that can mark. */
export async function paneShell(run: Run, at: string): Promise<MarkedShell | undefined> {
  const ask = async (option: string): Promise<string> =>
    (await run(`display-message -p -t ${at} '#{${option}}'`))[0] ?? "";
  const command = await ask("default-command");
  if (command !== "" && !PLAIN.test(command)) return undefined;
  // Without a command, tmux starts a login shell.
  const words = command === "" ? [await ask("default-shell"), "-l"] : command.split(/ +/);
  const dir = await run("show-environment -g ZDOTDIR").catch(() => []);
  const [, set] = /^ZDOTDIR=(.*)$/.exec(dir[0] ?? "") ?? [];
  return await markedShell(words, set === undefined ? {} : { ZDOTDIR: set });
}
