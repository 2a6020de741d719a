/**
 * Opens transports through the system's `ssh` on Node, as `viewer/ssh.ts` does on Deno: over the standard streams of
 * `ssh -W`, which ends when they are closed.
 *
 * @module
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { Duplex } from "node:stream";
import { explainSsh, sshArgs, sshMissing } from "../viewer/ssh.ts";
import { formatSshTarget, type Link, socketUrl, type SshTarget } from "../wire/link.ts";
import type { Dial, WireSocket } from "../wire/socket.ts";
import { dialNodeWebSocket } from "./node_dial.ts";

/** Most of what `ssh` says that is kept, to say why it failed. */
const MAX_SAID = 4_096;
const PROGRAM = "ssh";

/**
 * Opens the first transport to the host of a link, and gives what opens all of them: that one first.
 *
 * @throws {CollabError} `ssh-missing`, `ssh-failed`, `unreachable`
 */
export async function dialerOverNodeSsh(
  link: Pick<Link, "origin" | "session">,
  target: SshTarget,
): Promise<Dial> {
  const never = new AbortController().signal;
  let first: WireSocket | undefined = await open(socketUrl(link), never, target, []);
  return async (url, signal) => {
    const opened = first;
    first = undefined;
    return opened ?? await open(url, signal, target, ["-o", "BatchMode=yes"]);
  };
}

async function open(
  url: string,
  signal: AbortSignal,
  target: SshTarget,
  more: readonly string[],
): Promise<WireSocket> {
  const remotePort = Number(new URL(url).port || 80);
  const child = spawn(PROGRAM, sshArgs(target, remotePort, more));
  const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    if (said.length < MAX_SAID) said += text;
  });
  try {
    await once(child, "spawn");
  } catch (cause) {
    throw sshMissing(PROGRAM, cause);
  }
  try {
    return await dialNodeWebSocket(url, signal, () => streamOf(child));
  } catch (error) {
    child.kill();
    const code = await closed;
    const lines = said.trim().split(/\r?\n/);
    throw code === null || code === 0
      ? error
      : explainSsh(lines, formatSshTarget(target), remotePort);
  }
}

/** What goes through a process, as one stream; the process ends with it. */
function streamOf(child: ChildProcessWithoutNullStreams): Duplex {
  const { stdin, stdout } = child;
  const stream = new Duplex({
    read: () => void stdout.resume(),
    write: (chunk, _, done) => void stdin.write(chunk, (error) => done(error)),
    final: (done) => void stdin.end(done),
    destroy: (error, done) => {
      child.kill();
      done(error);
    },
  });
  // What cannot be written any more is told by `write`.
  stdin.on("error", () => {});
  stdout.on("data", (chunk) => {
    if (!stream.push(chunk)) stdout.pause();
  });
  child.once("close", () => stream.push(null));
  return stream;
}
