/**
 * A real SSH server on loopback, and an `ssh` that knows it as `box`.
 *
 * @module
 */
import { TestDir } from "./harness.ts";
import { which } from "./needs.ts";

/** How the server is set up. */
export interface SshdOptions {
  /** Whether `ssh` has to ask if it may trust the server's key. Default: it takes any, once. */
  readonly asks?: boolean;
  /** Whether the server lets its users open ports and connect to its own. */
  readonly forwards?: boolean;
}

/** A running server. */
export class Sshd implements AsyncDisposable {
  readonly dir = new TestDir();
  readonly port: number;
  #child: Deno.ChildProcess | undefined;
  #read: Promise<void> | undefined;

  private constructor(port: number) {
    this.port = port;
  }

  static async start({ asks = false, forwards = true }: SshdOptions = {}): Promise<Sshd> {
    const sshd = new Sshd(freePort());
    const { dir, port } = sshd;
    for (const name of ["host_key", "user_key"]) {
      await succeed("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", dir.file(name)]);
    }
    await Deno.copyFile(dir.file("user_key.pub"), dir.file("authorized_keys"));
    await Deno.writeTextFile(
      dir.file("sshd_config"),
      [
        `Port ${port}`,
        "ListenAddress 127.0.0.1",
        `HostKey ${dir.file("host_key")}`,
        `AuthorizedKeysFile ${dir.file("authorized_keys")}`,
        "PidFile none",
        // The folder above is everybody's.
        "StrictModes no",
        "UsePAM no",
        "PasswordAuthentication no",
        "KbdInteractiveAuthentication no",
        `AllowTcpForwarding ${forwards ? "yes" : "no"}`,
        "",
      ].join("\n"),
    );
    await Deno.writeTextFile(
      dir.file("ssh_config"),
      [
        "Host box",
        "HostName 127.0.0.1",
        `Port ${port}`,
        `IdentityFile ${dir.file("user_key")}`,
        "IdentitiesOnly yes",
        `UserKnownHostsFile ${dir.file("known_hosts")}`,
        `StrictHostKeyChecking ${asks ? "ask" : "accept-new"}`,
        "",
      ].join("\n"),
    );
    // It reads the configuration of whom the system says we are, whatever $HOME is.
    await Deno.mkdir(dir.file("bin"));
    await Deno.writeTextFile(
      dir.file("bin/ssh"),
      `#!/bin/sh\nexec ${which("ssh")} -F ${dir.file("ssh_config")} "$@"\n`,
      { mode: 0o755 },
    );
    await sshd.run();
    return sshd;
  }

  /** The environment in which `ssh box` leads here. */
  get env(): Record<string, string> {
    return { PATH: `${this.dir.file("bin")}:${Deno.env.get("PATH")}` };
  }

  /** Starts the server; resolves once it listens. */
  async run(): Promise<void> {
    // Where it goes without privileges; the package's own service makes it.
    if (Deno.uid() === 0) await Deno.mkdir("/run/sshd", { recursive: true });
    const child = new Deno.Command(which("sshd")!, {
      args: ["-D", "-e", "-f", this.dir.file("sshd_config")],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    this.#child = child;
    const listening = Promise.withResolvers<void>();
    let said = "";
    const read = async (): Promise<void> => {
      for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
        said += text;
        if (said.includes("Server listening")) listening.resolve();
      }
      listening.reject(new Error(`sshd did not start:\n${said}`));
    };
    this.#read = read().catch(listening.reject);
    await listening.promise;
  }

  /** Ends the server and every connection. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    const sessions = await childrenOf(child.pid);
    child.kill("SIGTERM");
    for (const pid of sessions) kill(pid);
    await child.status;
    await this.#read;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.dir[Symbol.asyncDispose]();
  }
}

/** The processes that a process has started. */
export async function childrenOf(pid: number): Promise<number[]> {
  const text = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`);
  return text.split(" ").filter((word) => word !== "").map(Number);
}

/** Ends a process, if it is there. */
export function kill(pid: number): void {
  try {
    Deno.kill(pid, "SIGTERM");
  } catch {
    // It is not.
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function succeed(program: string, args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
