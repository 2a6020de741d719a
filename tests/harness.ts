/**
 * Real `collab` processes, driven as their users do.
 *
 * @module
 */
import { join, resolve } from "node:path";
import deno from "../deno.json" with { type: "json" };
import { DEADLINE_MS, environment, Terminal, type TerminalOptions, within } from "./terminal.ts";

export { DEADLINE_MS, Terminal } from "./terminal.ts";

/** The project's folder. */
export const ROOT: string = resolve(import.meta.dirname!, "..");

/** The command line that runs a verb. */
export type Collab = (verb: string, ...args: string[]) => string[];

/** `collab` as `deno task` runs it: with that task's permissions, and no others. */
export const fromSource: Collab = (verb, ...args) => {
  const tasks: Readonly<Record<string, string | { readonly command: string }>> = deno.tasks;
  const task = tasks[verb] ?? deno.tasks.replay.command.replace(/ replay$/, ` ${verb}`);
  const command = typeof task === "string" ? task : task.command;
  const words = command.split(" ").map((word) => word === "main.ts" ? join(ROOT, word) : word);
  return [Deno.execPath(), ...words.slice(1), ...args];
};

/** How a host is started. */
export interface HostOptions extends TerminalOptions {
  /** Flags. */
  readonly args?: readonly string[];
  /** What is shared; a plain bash by default. */
  readonly command?: readonly string[];
  readonly collab?: Collab;
}

/** A shell that reads no start-up files and has the prompt `$ `. */
export const SHELL: readonly string[] = ["bash", "--norc", "--noprofile"];

const PLAIN = { PS1: "$ ", HISTFILE: "" };

/** A link in what a host printed. */
const LINK = /(?:https?|ssh):\/\/[\w.:@[\]/-]+\/s\/[\w-]+#[\w-]+\.[\w.-]+/;

/** A host with its presenter's terminal. */
export class Host extends Terminal {
  /** The link for viewers. */
  async link(): Promise<string> {
    const printed = (): string | undefined =>
      LINK.exec(this.raw.replace(/\r?\n(?=[\w.-]+$)/gm, ""))?.[0];
    await this.waitFor(() => printed() !== undefined, "the link");
    return printed()!;
  }
}

/** Starts a host in a terminal of its own. */
export function startHost(options: HostOptions = {}): Host {
  const { args = [], command = SHELL, collab = fromSource, ...terminal } = options;
  const env = { ...PLAIN, ...terminal.env };
  return new Host(collab("host", ...args, "--", ...command), { ...terminal, env });
}

/** Starts a viewer in a terminal of its own. */
export function startWatch(
  link: string,
  options: Omit<HostOptions, "command"> = {},
): Terminal {
  const { args = [], collab = fromSource, ...terminal } = options;
  return new Terminal(collab("watch", ...args, link), terminal);
}

/** What a program left: its exit code, and all it printed. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a `collab` verb to its end, without a terminal. */
export async function run(
  verb: string,
  args: readonly string[] = [],
  options: {
    readonly stdin?: string | Uint8Array;
    readonly collab?: Collab;
    readonly cwd?: string;
    readonly env?: TerminalOptions["env"];
  } = {},
): Promise<Ran> {
  const [program, ...rest] = (options.collab ?? fromSource)(verb, ...args);
  const child = new Deno.Command(program!, {
    args: rest,
    clearEnv: true,
    env: environment(options.env),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const timer = setTimeout(() => child.kill("SIGKILL"), DEADLINE_MS);
  const input = typeof options.stdin === "string"
    ? new TextEncoder().encode(options.stdin)
    : options.stdin;
  const [{ code, stdout, stderr }] = await Promise.all([child.output(), feed(child.stdin, input)]);
  clearTimeout(timer);
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

async function feed(
  stdin: WritableStream<Uint8Array>,
  data: Uint8Array | undefined,
): Promise<void> {
  const writer = stdin.getWriter();
  try {
    if (data !== undefined) await writer.write(data);
    await writer.close();
  } catch {
    // The program did not want it all.
  }
}

/** One JSON object a line, from a process that goes on. */
export class Lines<T> implements AsyncDisposable {
  readonly all: T[] = [];
  /** What it printed on stderr. */
  stderr = "";
  readonly #child: Deno.ChildProcess;
  readonly #running: Promise<unknown>;
  readonly #arrived = new Set<() => void>();

  constructor(command: readonly string[], options: TerminalOptions = {}) {
    this.#child = new Deno.Command(command[0]!, {
      args: command.slice(1),
      clearEnv: true,
      env: environment(options.env),
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#running = Promise.all([this.#readLines(), this.#readErrors()]);
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** The exit code, once all was read; rejects at the deadline. */
  get exited(): Promise<number> {
    return this.#exit();
  }

  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Waits for the first line, from `from` on, that `matches`. */
  async waitFor(matches: (line: T) => boolean, what: string, from = 0): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const look = (): void => {
      const found = this.all.find((line, i) => i >= from && matches(line));
      if (found !== undefined) resolve(found);
    };
    const fail = (why: string): void =>
      reject(
        new Error(
          `${why} while waiting for ${what}; the last lines: ${
            JSON.stringify(this.all.slice(-5))
          }\n${this.stderr}`,
        ),
      );
    look();
    this.#arrived.add(look);
    const timer = setTimeout(() => fail(`${DEADLINE_MS} ms went by`), DEADLINE_MS);
    this.#running.then(() => fail("The program ended"));
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#arrived.delete(look);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGTERM");
    } catch {
      // It ended already.
    }
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 5000);
    await this.#running;
    await this.#child.status;
    clearTimeout(timer);
  }

  async #exit(): Promise<number> {
    if (await within(this.#running, DEADLINE_MS)) return (await this.#child.status).code;
    throw new Error(`The program has not ended within ${DEADLINE_MS} ms`);
  }

  async #readLines(): Promise<void> {
    let rest = "";
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) if (line !== "") this.all.push(JSON.parse(line));
      for (const look of [...this.#arrived]) look();
    }
  }

  async #readErrors(): Promise<void> {
    for await (const text of this.#child.stderr.pipeThrough(new TextDecoderStream())) {
      this.stderr += text;
    }
  }
}

/** What a host says with `--json`. */
export interface HostEvent {
  readonly event: string;
  readonly url?: string;
  readonly session?: string;
  readonly pid?: number;
  readonly code?: number;
  /** With `leave`: why somebody had to. */
  readonly why?: string;
}

/** A host without a terminal. */
export class HeadlessHost extends Lines<HostEvent> {
  /** The link for viewers. */
  async link(): Promise<string> {
    const { url } = await this.waitFor((line) => line.event === "ready", "the host to be ready");
    return url!;
  }
}

/** Starts a host without a terminal. */
export function startHeadless(options: HostOptions = {}): HeadlessHost {
  const { args = [], command = SHELL, collab = fromSource, ...rest } = options;
  const env = { ...PLAIN, ...rest.env };
  return new HeadlessHost(collab("host", "--headless", "--json", ...args, "--", ...command), {
    ...rest,
    env,
  });
}

/** Bash that waits until a file is there: how a test tells a program to go on. */
export function untilFile(path: string): string {
  return `exec 3<> <(:); until [[ -e ${path} ]]; do read -rt 0.02 -u 3 || :; done`;
}

/** A folder for one test. */
export class TestDir implements AsyncDisposable {
  readonly path: string = Deno.makeTempDirSync({ prefix: "collab-test-" });

  file(name: string): string {
    return join(this.path, name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

/** The environment of a user whose home directory is `path`; Deno goes on using the packages that it has. */
export function ownHome(path: string): Record<string, string> {
  const { HOME = "/", DENO_DIR = join(HOME, ".cache", "deno") } = Deno.env.toObject();
  return { HOME: path, DENO_DIR };
}

/** Waits until `look` gives something; for what tells nobody when it happens (files, processes). */
export async function eventually<T>(
  look: () => T | undefined | Promise<T | undefined>,
  what: string,
): Promise<T> {
  for (const end = Date.now() + DEADLINE_MS; Date.now() < end;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${DEADLINE_MS} ms went by while waiting for ${what}`);
}
