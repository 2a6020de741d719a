/**
 * What the tests of this folder share.
 *
 * @module
 */
import { childEnvironment, type Pty, spawnPty } from "./mod.ts";

const DEADLINE_MS = 10_000;

/** An environment without anything that makes a shell behave differently on another machine. */
export function testEnvironment(): Record<string, string> {
  const { PATH = "/usr/local/bin:/usr/bin:/bin", HOME = "/" } = Deno.env.toObject();
  return childEnvironment({ PATH, HOME, PS1: "$ ", LC_ALL: "C.UTF-8", HISTFILE: "" }, {
    session: "test",
  });
}

/** Starts a command in an 80×24 terminal. */
export function start(...command: string[]): Pty {
  return spawnPty({ command, env: testEnvironment(), cols: 80, rows: 24 });
}

/** Starts an interactive bash that reads no files. */
export function startBash(): Pty {
  return start("bash", "--norc", "--noprofile", "-i");
}

/** Everything until the end. */
export function readAll(pty: Pty): Promise<string> {
  return read(pty, () => false, "the end");
}

/** What came behind the text that was waited for. */
const unread = new WeakMap<Pty, string>();

/** Everything up to and with `text`; throws at the end or the deadline. What comes behind is kept for the next. */
export async function readUntil(pty: Pty, text: string): Promise<string> {
  const seen = await read(pty, (all) => all.includes(text), text);
  const end = seen.indexOf(text) + text.length;
  if (end < text.length) {
    throw new Error(`The output ended without ${JSON.stringify(text)}: ${JSON.stringify(seen)}`);
  }
  unread.set(pty, seen.slice(end));
  return seen.slice(0, end);
}

async function read(pty: Pty, done: (all: string) => boolean, waitedFor: string): Promise<string> {
  const decoder = new TextDecoder();
  let all = unread.get(pty) ?? "";
  unread.delete(pty);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    pty[Symbol.dispose]();
  }, DEADLINE_MS);
  try {
    while (!done(all)) {
      const chunk = await pty.read();
      if (chunk === null) break;
      all += decoder.decode(chunk, { stream: true });
    }
  } finally {
    clearTimeout(timer);
  }
  if (late) {
    throw new Error(
      `No ${JSON.stringify(waitedFor)} came in time: ${JSON.stringify(all.slice(-500))}`,
    );
  }
  return all;
}

/** Types text. */
export function type(pty: Pty, text: string): Promise<void> {
  return pty.write(new TextEncoder().encode(text));
}

/** Waits until something is so. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Not so in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
