/**
 * Starts a shell so that it marks its prompts and commands, without a change to the user's files.
 *
 * @module
 */
import { basename, join } from "node:path";
import { bashScript, FISH_SCRIPT, ZSH_DIR, ZSH_SCRIPT } from "./shell_scripts.ts";

/** A shell, ready to be started. */
export interface MarkedShell extends AsyncDisposable {
  readonly command: readonly string[];
  /** What its environment has beside what it would have. */
  readonly env: Readonly<Record<string, string>>;
}

const LOGIN = new Set(["-l", "--login", "-il", "-li"]);
/** What a shell may be told without being anything but a shell that somebody types into. */
const KNOWN = new Set([...LOGIN, "-i", "--interactive"]);

/**
 * How to start a shell so that it marks (OSC 133), if the command is a bash, zsh or fish that somebody types into;
 * otherwise `undefined`. Files that it needs are in a directory of its own, which goes away when this is disposed of:
 * after the shell has ended, not before.
 *
 * @param env the environment that the shell is going to have
 */
export async function markedShell(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<MarkedShell | undefined> {
  const [program = "", ...args] = command;
  if (!args.every((arg) => KNOWN.has(arg))) return undefined;
  switch (basename(program)) {
    case "bash": {
      const login = args.some((arg) => LOGIN.has(arg));
      const { dir, remove } = await fileOf("bashrc", bashScript(login));
      const started = [program, "--rcfile", join(dir, "bashrc")];
      return { command: started, env: {}, [Symbol.asyncDispose]: remove };
    }
    case "zsh": {
      const { dir, remove } = await fileOf(".zshenv", ZSH_SCRIPT);
      const own = env.ZDOTDIR === undefined ? {} : { [ZSH_DIR]: env.ZDOTDIR };
      return { command, env: { ...own, ZDOTDIR: dir }, [Symbol.asyncDispose]: remove };
    }
    case "fish": {
      const started = [program, ...args, "--init-command", FISH_SCRIPT];
      return { command: started, env: {}, [Symbol.asyncDispose]: () => Promise.resolve() };
    }
    default:
      return undefined;
  }
}

/** A file in a directory that nobody else can look into. */
async function fileOf(
  name: string,
  text: string,
): Promise<{ readonly dir: string; remove(): Promise<void> }> {
  const dir = await Deno.makeTempDir({ prefix: "collab-shell-" });
  const remove = async (): Promise<void> => {
    // Whoever cleaned up first is welcome to it.
    await Deno.remove(dir, { recursive: true }).catch(() => {});
  };
  try {
    await Deno.writeTextFile(join(dir, name), text, { mode: 0o600 });
  } catch (error) {
    await remove();
    throw error;
  }
  return { dir, remove };
}
