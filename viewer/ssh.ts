/**
 * Opens transports through the system's `ssh`, to a host that only its own machine can reach. `ssh` opens a stream to the
 * host's port and speaks over its standard streams (`-W`): it ends when they are closed, so when this process ends, however
 * that comes.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";
import { formatSshTarget, type Link, socketUrl, type SshTarget } from "../wire/link.ts";
import type { Dial, WireSocket } from "../wire/socket.ts";
import { dialTcp } from "../wire/tcp_dial.ts";

/** How `ssh` is run. */
export interface SshOptions {
  /** The program; by default it is looked for as usual. */
  readonly program?: string;
  /** What it has to say until the connection is open: of keys that it does not know, or a greeting. */
  tell(line: string): void;
}

/** Most lines of `ssh` that are kept, to say why it failed. */
const MAX_LINES = 20;

/**
 * Opens the first transport to the host of a link, where `ssh` may ask for passwords on the terminal, and gives what opens
 * all of them: that one first, later ones without asking anybody.
 *
 * @throws {CollabError} `ssh-missing`, `ssh-failed`, `unreachable`
 */
export async function dialerOverSsh(
  link: Pick<Link, "origin" | "session">,
  target: SshTarget,
  options: SshOptions,
): Promise<Dial> {
  const never = new AbortController().signal;
  let first: WireSocket | undefined = await open(socketUrl(link), never, target, options, []);
  return async (url, signal) => {
    const opened = first;
    first = undefined;
    const quiet = { ...options, tell: () => {} };
    return opened ?? await open(url, signal, target, quiet, ["-o", "BatchMode=yes"]);
  };
}

/** What `ssh` is called with. Whatever the target holds, it stands where no option can be. */
export function sshArgs(
  { user, host, port }: SshTarget,
  remotePort: number,
  more: readonly string[],
): string[] {
  return [
    ...more,
    // A connection of the user's that is open anyway may be used, but none is left open for others.
    "-o",
    "ControlMaster=no",
    ...(user === undefined ? [] : ["-l", user]),
    ...(port === undefined ? [] : ["-p", String(port)]),
    "-W",
    `127.0.0.1:${remotePort}`,
    "--",
    host,
  ];
}

async function open(
  url: string,
  signal: AbortSignal,
  target: SshTarget,
  options: SshOptions,
  more: readonly string[],
): Promise<WireSocket> {
  const remotePort = Number(new URL(url).port || 80);
  const ssh = new SshProcess(options, sshArgs(target, remotePort, more));
  try {
    // A WebSocket opens a connection of its own: this one it opens to us.
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    listener.accept().then((connection) => ssh.serve(connection), () => {});
    const local = new URL(url);
    local.port = String(listener.addr.port);
    const socket = await dialTcp(local.href, signal);
    ssh.opened();
    return socket;
  } catch (error) {
    throw await ssh.failure(target, remotePort) ?? error;
  }
}

/** A running `ssh`. */
class SshProcess {
  readonly #child: Deno.ChildProcess;
  readonly #lines: string[] = [];
  readonly #read: Promise<void>;
  #tell: (line: string) => void;
  #code: number | undefined;

  constructor({ program = "ssh", tell }: SshOptions, args: readonly string[]) {
    this.#tell = tell;
    this.#child = spawn(program, args);
    this.#child.status.then(({ code }) => this.#code = code);
    this.#read = this.#readErrors();
  }

  /** Nothing more is told. */
  opened(): void {
    this.#tell = () => {};
  }

  /** Passes on what goes both ways, until either end is closed. */
  async serve(connection: Deno.TcpConn): Promise<void> {
    const { stdin, stdout } = this.#child;
    const up = connection.readable.pipeTo(stdin).catch(() => {}).then(() => this.#end());
    const down = stdout.pipeTo(connection.writable, { preventClose: true }).catch(() => {});
    await down;
    // First it is known how it ended, then the viewer learns that it has.
    await this.#child.status;
    close(connection);
    await up;
  }

  /** Ends it; why it had failed before, if it had. */
  async failure(target: SshTarget, remotePort: number): Promise<CollabError | undefined> {
    const code = this.#code;
    this.#end();
    await this.#child.status;
    await this.#read;
    return code === undefined || code === 0
      ? undefined
      : explainSsh(this.#lines, formatSshTarget(target), remotePort);
  }

  #end(): void {
    try {
      if (this.#code === undefined) this.#child.kill("SIGTERM");
    } catch {
      // It has just ended.
    }
  }

  async #readErrors(): Promise<void> {
    let rest = "";
    for await (const text of this.#child.stderr.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop()!;
      for (const line of lines) this.#line(line);
    }
    if (rest !== "") this.#line(rest);
  }

  #line(line: string): void {
    this.#tell(line);
    this.#lines.push(line);
    if (this.#lines.length > MAX_LINES) this.#lines.shift();
  }
}

function spawn(program: string, args: readonly string[]): Deno.ChildProcess {
  try {
    return new Deno.Command(program, {
      args: [...args],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotCapable) {
      throw sshMissing(program, cause);
    }
    throw cause;
  }
}

/** There is no `ssh`. */
export function sshMissing(program: string, cause: unknown): CollabError {
  return new CollabError(
    "ssh-missing",
    `Cannot run "${program}": install OpenSSH's client, or find another way to the host`,
    { cause },
  );
}

/** What `ssh` said when it gave up, in a line for people. */
export function explainSsh(
  lines: readonly string[],
  target: string,
  remotePort: number,
): CollabError {
  const said = (pattern: RegExp): string | undefined =>
    lines.findLast((line) => pattern.test(line));
  if (said(/open failed: connect failed/) !== undefined) {
    return new CollabError(
      "unreachable",
      `Cannot reach the host: nothing listens at port ${remotePort} of "${target}" any more`,
    );
  }
  if (said(/open failed: administratively prohibited/) !== undefined) {
    return new CollabError(
      "ssh-failed",
      `Cannot reach the host: "${target}" does not let its users connect to its own ports`,
    );
  }
  const why = said(/denied|failed|resolve|refused|timed out|unreachable|closed/i) ?? lines.at(-1);
  return new CollabError(
    "ssh-failed",
    `Cannot reach the host over SSH to "${target}": ${
      why?.replace(/^ssh: /, "").replace(/\.?\s*$/, "") ?? "ssh ended without a word"
    }`,
  );
}

function close(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // Its readable end was closed, and it with that.
  }
}
