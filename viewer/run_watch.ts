/**
 * Runs `collab watch` on the real terminal and network.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";
import { connect, type Connection } from "../wire/connection.ts";
import { systemClock as connectionClock } from "../wire/clock.ts";
import type { Link } from "../wire/link.ts";
import { type End, endText } from "../wire/reconnect.ts";
import type { Dial } from "../wire/socket.ts";
import { dialTcp } from "../wire/tcp_dial.ts";
import { castStream } from "./cast_stream.ts";
import { certificateOf } from "./command_parts.ts";
import { systemClock } from "./clock.ts";
import { hasTerminal } from "./device.ts";
import { exitOnBugs } from "./crash.ts";
import { dialerFor } from "./dial.ts";
import { type LinkArgument, readLink } from "./link_input.ts";
import { standardOutput } from "./output.ts";
import { openTerminal } from "./terminal.ts";
import { warmUpViewer } from "./warm_up.ts";
import { Watcher } from "./watch.ts";

/** The first screen is there by then. */
const WARM_UP_AFTER_MS = 300;

/** What `collab watch` was called with. */
export interface WatchOptions {
  readonly link: LinkArgument;
  readonly name?: string;
  /** Whether this is a program that acts by itself. */
  readonly agent: boolean;
  /** The key that opens the menu, as `ctrl+x`. */
  readonly menuKey?: string;
  /** Print the stream instead of showing it. */
  readonly cast: boolean;
  /** Files with the certificate that is shown to a host that asks for one, and with its key. */
  readonly clientCert?: string;
  readonly clientKey?: string;
}

/** Watches a session to its end, or until the user leaves. Resolves to the exit code. */
export async function runWatch(watch: WatchOptions): Promise<number> {
  const { name, agent, menuKey, cast } = watch;
  if (!cast && !hasTerminal()) {
    throw new CollabError(
      "no-terminal",
      "Cannot show the session: standard output is not a terminal; add --cast to print it as event lines",
    );
  }
  const link = watch.link === "-" ? await readLink() : watch.link;
  const dial = await dialer(link, watch);
  const options = {
    name: name ?? userName(),
    agent,
    clock: connectionClock,
    dial,
  };
  if (cast) {
    exitOnBugs();
    const ended = await castStream({
      out: standardOutput(),
      connect: ({ onEvent }) => connect(link, { ...options, onEvent }),
    });
    if (ended.kind === "failed") throw ended.error;
    return ended.kind === "unread" ? 0 : conclude(ended.end, () => {});
  }
  await using terminal = openTerminal();
  let connection: Connection | undefined;
  using watcher = new Watcher({
    terminal,
    clock: systemClock,
    connect: ({ onEvent }) => connection = connect(link, { ...options, onEvent }),
    connectionNow: () => connectionClock.now(),
    ...(menuKey !== undefined && { menuKey }),
  });
  let stopWarmUp = systemClock.after(
    WARM_UP_AFTER_MS,
    () => stopWarmUp = warmUpViewer(systemClock),
  );
  const ended = await watcher.ended;
  stopWarmUp();
  // The host learns that somebody has left, not that they were cut off.
  await Promise.all([terminal.close(), connection?.leave()]);
  switch (ended.kind) {
    case "left":
    case "gone":
      return 0;
    case "signal":
      return ended.exitCode;
    case "failed":
      throw ended.error;
    case "session":
      return conclude(ended.end, say);
    default:
      return ended satisfies never;
  }
}

/** What opens the link's transports. */
async function dialer(link: Link, watch: WatchOptions): Promise<Dial> {
  return await dialerFor(link, {
    certificate: certificateOf(watch),
    tell: (line) => write(Deno.stderr, line),
    version: Deno.version.deno,
    plain: dialTcp,
  });
}

/** The exit code of a session's end; an end that is a failure is thrown. */
function conclude(end: End, tell: (text: string) => void): number {
  if (end.code === "left") return 0;
  if (end.code !== "ended") throw new CollabError(end.code, endText(end));
  tell(endText(end));
  return 0;
}

function say(text: string): void {
  write(Deno.stdout, text);
}

function write(stream: { writeSync(data: Uint8Array): number }, text: string): void {
  try {
    stream.writeSync(new TextEncoder().encode(`${text}\n`));
  } catch { /* the terminal is gone */ }
}

function userName(): string {
  return Deno.env.get("USER") || Deno.env.get("LOGNAME") || Deno.env.get("USERNAME") || "guest";
}
