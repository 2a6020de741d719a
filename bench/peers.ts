/**
 * What a user would pick instead, each set up on loopback with a key typed at one end and seen at the other.
 *
 * @module
 */
import type { Collab } from "../tests/harness.ts";
import { which } from "../tests/needs.ts";
import { Proxy } from "../tests/proxy.ts";
import type { RunOptions } from "./report.ts";
import { delay, Terminal } from "./terminal.ts";

/** A shared terminal: what is typed into `presenter` shows on `viewer`. */
export interface Shared extends AsyncDisposable {
  readonly presenter: Terminal;
  readonly viewer: Terminal;
  /** Counts what the viewer's socket got, where there is one. */
  readonly proxy?: Proxy;
}

/** A way to share a terminal. */
export interface Peer {
  readonly name: string;
  /** Programs it needs. */
  readonly tools: readonly string[];
  /**
   * Shares `command`; the terminal has 80 columns and 24 rows. With `counted` the viewer's socket, where there is
   * one, goes through a proxy: it costs time.
   */
  share(command: readonly string[], counted?: "counted"): Promise<Shared>;
}

/** A shell that reads no start-up files. */
export const SHELL: readonly string[] = ["bash", "--norc", "--noprofile"];

const PLAIN_PROMPT = {
  PS1: "$ ",
  HISTFILE: "/dev/null",
  PROMPT_COMMAND: undefined,
  TMUX: undefined,
};

/** Any output. */
const SOMETHING = /./;

/** No sharing at all: the terminal itself. */
export const barePty: Peer = {
  name: "bare PTY",
  tools: [],
  share: (command) => Promise.resolve(alone(new Terminal(command, { env: PLAIN_PROMPT }))),
};

const script: Peer = {
  name: "script",
  tools: ["script"],
  share: (command) => {
    const args = ["-q", "-f", "-c", command.join(" "), "/dev/null"];
    return Promise.resolve(alone(new Terminal(["script", ...args], { env: PLAIN_PROMPT })));
  },
};

const tmux: Peer = {
  name: "tmux, 2 clients",
  tools: ["tmux"],
  share: async (command) => {
    const socket = ["tmux", "-L", `collab-bench-${Deno.pid}`, "-f", "/dev/null"];
    const options = ["set", "-g", "status", "off", ";", "set", "-s", "escape-time", "0", ";"];
    const stack = new AsyncDisposableStack();
    const start = [...socket, ...options, "new-session", "-s", "bench", command.join(" ")];
    const presenter = stack.use(new Terminal(start, { env: PLAIN_PROMPT }));
    stack.defer(() => run([...socket, "kill-server"]));
    await presenter.waitFor(/\$ |\n/);
    const viewer = stack.use(
      new Terminal([...socket, "attach", "-t", "bench"], { env: PLAIN_PROMPT }),
    );
    await viewer.waitFor(SOMETHING);
    return shared(presenter, viewer, stack);
  },
};

const ttyShare: Peer = {
  name: "tty-share",
  tools: ["tty-share"],
  share: async (command, counted) => {
    const stack = new AsyncDisposableStack();
    const port = freePort();
    const listen = ["--listen", `127.0.0.1:${port}`];
    const start = [
      "tty-share",
      ...listen,
      "--command",
      command[0]!,
      "--args",
      command.slice(1).join(" "),
    ];
    const presenter = stack.use(new Terminal(start, { env: PLAIN_PROMPT }));
    await presenter.waitFor(/local session: /);
    await presenter.type("\r");
    await presenter.waitFor(/\$ /);
    const proxy = counted && stack.use(new Proxy(`127.0.0.1:${port}`));
    const address = proxy?.address ?? `127.0.0.1:${port}`;
    const viewer = stack.use(new Terminal(["tty-share", `http://${address}/s/local/`]));
    await viewer.waitFor(SOMETHING);
    return shared(presenter, viewer, stack, proxy);
  },
};

/** One user only, over UDP; without its guess at the echo, which is drawn before the server knows. */
const mosh: Peer = {
  name: "mosh",
  tools: ["mosh-server", "mosh-client"],
  share: async (command) => {
    const stack = new AsyncDisposableStack();
    const server = await new Deno.Command("mosh-server", {
      args: ["new", "-i", "127.0.0.1", "-p", "61000:61999", "--", ...command],
      env: { PS1: "$ ", LANG: "C.UTF-8", LC_ALL: "C.UTF-8", TERM: "xterm-256color" },
      stdin: "null",
    }).output();
    const said = new TextDecoder().decode(server.stdout) + new TextDecoder().decode(server.stderr);
    const [, port, key] = /MOSH CONNECT (\d+) (\S+)/.exec(said)!;
    const pid = Number(/pid = (\d+)/.exec(said)![1]);
    stack.defer(() => Deno.kill(pid, "SIGTERM"));
    const env = { MOSH_KEY: key, MOSH_PREDICTION_DISPLAY: "never", LC_ALL: "C.UTF-8" };
    const client = stack.use(new Terminal(["mosh-client", "127.0.0.1", port!], { env }));
    await client.waitFor(/\$/);
    return shared(client, client, stack);
  },
};

/** `collab host` with a presenter at its terminal, and `collab watch` in another. */
export function collabPeer(collab: Collab): Peer {
  return {
    name: "collab watch",
    tools: [],
    share: async (command, counted) => {
      const stack = new AsyncDisposableStack();
      const host = collab("host", "--", ...command);
      const presenter = stack.use(new Terminal(host, { env: PLAIN_PROMPT, rows: 25 }));
      const link = await linkOf(presenter);
      const proxy = counted && stack.use(new Proxy(new URL(link).host));
      const viewer = stack.use(
        new Terminal(collab("watch", proxy?.link(link) ?? link), { rows: 25 }),
      );
      await viewer.waitFor(/\$/);
      return shared(presenter, viewer, stack, proxy);
    },
  };
}

/** Runs `measure`; when that fails for a program that is not ours, says so and goes on without it. */
export async function unlessOther(
  peer: Peer,
  options: RunOptions,
  measure: () => Promise<void>,
): Promise<void> {
  try {
    await measure();
  } catch (error) {
    if (peer.tools.length === 0) throw error;
    options.log(`${peer.name} left out: ${error instanceof Error ? error.message : error}`);
  }
}

/** The others, as far as they are installed. */
export function installed(): Peer[] {
  return [script, tmux, ttyShare, mosh].filter(({ tools }) =>
    tools.every((tool) => which(tool) !== undefined)
  );
}

/** The link that a host printed. */
export async function linkOf(presenter: Terminal): Promise<string> {
  const [link] = await presenter.waitFor(
    /http:\/\/[0-9.:]+\/s\/[\w-]+#[\w-]+\.[\w-]+\.[\w-]+\.[\w-]+/,
  );
  return link;
}

function alone(terminal: Terminal): Shared {
  return {
    presenter: terminal,
    viewer: terminal,
    [Symbol.asyncDispose]: () => terminal[Symbol.asyncDispose](),
  };
}

async function shared(
  presenter: Terminal,
  viewer: Terminal,
  stack: AsyncDisposableStack,
  proxy?: Proxy,
): Promise<Shared> {
  await delay(300); // What a set-up still draws is not part of any measurement.
  return {
    presenter,
    viewer,
    ...(proxy && { proxy }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function run(command: readonly string[]): Promise<void> {
  await new Deno.Command(command[0]!, { args: command.slice(1), stdout: "null", stderr: "null" })
    .output();
}
