/**
 * Publishes a host's port on another machine, through a reverse forward of the system's `ssh`, and sees to it that it stays
 * there.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";
import { formatSshTarget, type SshTarget } from "../wire/link.ts";
import type { Clock } from "./clock.ts";

/** How a relay is run. */
export interface SshRelayOptions {
  readonly target: SshTarget;
  /** The port of this machine's loopback that is published. */
  readonly localPort: number;
  readonly clock: Clock;
  /** What `ssh` has to say until it is there: of keys that it does not know, or a greeting. */
  tell(line: string): void;
  /** The way is open again, or is not any more. */
  changed(up: boolean, why?: string): void;
  /** The program; by default it is looked for as usual. */
  readonly program?: string;
}

/** How long until the first attempt to come back; then twice as long each time, up to {@link MAX_DELAY_MS}. */
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 30_000;

/**
 * Publishes the port, where `ssh` may ask for passwords on the terminal.
 *
 * @throws {CollabError} `ssh-missing`, `ssh-failed`
 */
export async function startSshRelay(options: SshRelayOptions): Promise<SshRelay> {
  const ssh = new Forward(options, 0);
  const port = await ssh.port;
  if (port === undefined) {
    const why = await ssh.ended;
    const target = formatSshTarget(options.target);
    throw new CollabError("ssh-failed", `Cannot publish the session on "${target}": ${why}`);
  }
  return new SshRelay(options, ssh, port);
}

/** A port that is published. */
export class SshRelay {
  /** The port of the other machine's loopback. It stays the same when the connection is made anew. */
  readonly port: number;
  readonly #options: SshRelayOptions;
  #ssh: Forward | undefined;
  #cancel: () => void = () => {};
  #over = false;

  /** Use {@link startSshRelay}. */
  constructor(options: SshRelayOptions, ssh: Forward, port: number) {
    this.#options = options;
    this.port = port;
    void this.#watch(ssh, true, FIRST_DELAY_MS);
  }

  /** Takes the port back. */
  async close(): Promise<void> {
    this.#over = true;
    this.#cancel();
    this.#ssh?.end();
    await this.#ssh?.ended;
  }

  /** Waits for the end of `ssh`, and tries again; `delayMs` is how long that waits if it is not open before. */
  async #watch(ssh: Forward, wasUp: boolean, delayMs: number): Promise<void> {
    this.#ssh = ssh;
    const isUp = (await ssh.port) !== undefined;
    if (isUp && !wasUp && !this.#over) this.#options.changed(true);
    const why = await ssh.ended;
    if (this.#over) return;
    if (isUp || wasUp) this.#options.changed(false, why);
    this.#retryAfter(isUp ? FIRST_DELAY_MS : delayMs);
  }

  #retryAfter(waitMs: number): void {
    this.#cancel = this.#options.clock.after(waitMs, () => {
      const nextMs = Math.min(MAX_DELAY_MS, 2 * waitMs);
      const ssh = this.#again();
      if (ssh === undefined) this.#retryAfter(nextMs);
      else void this.#watch(ssh, false, nextMs);
    });
  }

  /** Another `ssh`; none while the system has none, as in the middle of an update, or no process to spare. */
  #again(): Forward | undefined {
    try {
      return new Forward({ ...this.#options, tell: () => {} }, this.port);
    } catch {
      return undefined;
    }
  }
}

/**
 * Ends `ssh` when its standard input ends, so when this process does, however that comes: `ssh` itself does not read it.
 * It runs this, by the user's own shell, once it is connected, and waits until it has gone into the background. Nothing of
 * it is kept open there but that input.
 */
const END_WITH_US = "exec sh -c 'exec 3<&0; (cat <&3; kill $PPID) </dev/null >/dev/null 2>&1 &'";

/** What `ssh` is called with. Whatever the target holds, it stands where no option can be. */
function forwardArgs(
  { user, host, port }: SshTarget,
  ports: { readonly remote: number; readonly local: number },
): string[] {
  const settings = [
    // A connection that is shared with others would keep the port when this one ends.
    "ControlMaster=no",
    "ControlPath=none",
    "ExitOnForwardFailure=yes",
    "ServerAliveInterval=15",
    "ServerAliveCountMax=3",
    "PermitLocalCommand=yes",
    `LocalCommand=${END_WITH_US}`,
    // Says when the port is open.
    "LogLevel=DEBUG1",
    // Only the first time is somebody there who could answer.
    ...(ports.remote === 0 ? [] : ["BatchMode=yes"]),
  ];
  return [
    "-N",
    "-T",
    ...settings.flatMap((setting) => ["-o", setting]),
    ...(user === undefined ? [] : ["-l", user]),
    ...(port === undefined ? [] : ["-p", String(port)]),
    "-R",
    `${ports.remote}:127.0.0.1:${ports.local}`,
    "--",
    host,
  ];
}

/** A running `ssh`. */
class Forward {
  /** The other machine's port, once it is open; `undefined` when it ended before. */
  readonly port: Promise<number | undefined>;
  /** Why it ended. */
  readonly ended: Promise<string>;
  readonly #options: SshRelayOptions;
  readonly #child: Deno.ChildProcess;
  readonly #opened = Promise.withResolvers<number | undefined>();
  #remotePort: number;
  #why = "";
  #isOpen = false;

  /** @param remotePort 0 takes any that is free */
  constructor(options: SshRelayOptions, remotePort: number) {
    const { target, localPort, program = "ssh" } = options;
    this.#options = options;
    this.#remotePort = remotePort;
    this.#child = spawn(program, forwardArgs(target, { remote: remotePort, local: localPort }));
    this.port = this.#opened.promise;
    this.ended = this.#run();
  }

  end(): void {
    try {
      this.#child.kill("SIGTERM");
    } catch {
      // It has ended.
    }
  }

  async #run(): Promise<string> {
    let rest = "";
    for await (const text of this.#child.stderr.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop()!;
      for (const line of lines) this.#line(line);
    }
    await this.#child.status;
    // What waits for the end of its input goes with it, before another process could have its number.
    await this.#child.stdin.close().catch(() => {});
    this.#opened.resolve(undefined);
    return this.#why || "ssh ended without a word";
  }

  #line(line: string): void {
    const allocated = /^Allocated port (\d+) for remote forward to 127\.0\.0\.1:(\d+)/.exec(line);
    if (allocated !== null && Number(allocated[2]) === this.#options.localPort) {
      this.#remotePort = Number(allocated[1]);
    }
    if (/^debug1: forwarding_success: all expected/.test(line)) {
      this.#isOpen = true;
      this.#opened.resolve(this.#remotePort);
    }
    if (isTechnical(line)) return;
    if (!this.#isOpen) this.#options.tell(line);
    this.#why = reasonOf(line) ?? this.#why;
  }
}

/** Whether a line is there because we asked for more than people want to read. */
function isTechnical(line: string): boolean {
  return line === "" ||
    /^(?:debug1: |OpenSSH_|Allocated port |Authenticated to |Transferred: |Bytes per )/.test(line);
}

/** Why `ssh` ends, if the line says that. */
function reasonOf(line: string): string | undefined {
  if (/remote port forwarding failed/.test(line)) return "it does not open a port for us";
  if (
    !/denied|failed|resolve|refused|timed out|unreachable|closed|disconnect|not responding/i.test(
      line,
    )
  ) {
    return undefined;
  }
  return line.replace(/^ssh: /, "").replace(/\.?\s*$/, "");
}

function spawn(program: string, args: readonly string[]): Deno.ChildProcess {
  try {
    return new Deno.Command(program, {
      args: [...args],
      stdin: "piped",
      stdout: "null",
      stderr: "piped",
    }).spawn();
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotCapable) {
      throw new CollabError(
        "ssh-missing",
        `Cannot run "${program}": install OpenSSH's client, or find another way to share`,
        { cause },
      );
    }
    throw cause;
  }
}
