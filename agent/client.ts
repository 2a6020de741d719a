/**
 * The client for programs: joins a session, sees what every viewer sees, and types when it was given control.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";
import { type Clock, systemClock } from "../viewer/clock.ts";
import { connect, type ConnectionEvent, type ConnectOptions } from "../wire/connection.ts";
import { NAME_MAX_LENGTH } from "../wire/limits.ts";
import { type Link, parseLink } from "../wire/link.ts";
import { dialFor } from "./dialing.ts";
import { AgentError } from "./errors.ts";
import { SessionMember } from "./member.ts";
import { type MemberConnection, Membership } from "./membership.ts";
import type { AgentSession, JoinOptions } from "./types.ts";

/** How long joining may take. */
const JOIN_TIMEOUT_MS = 15_000;

/**
 * What a client needs of the world.
 *
 * @internal
 */
export interface ClientDeps {
  readonly clock: Clock;
  /** Opens the connection. */
  readonly connect: (
    options: Pick<ConnectOptions, "name" | "agent" | "onEvent">,
  ) => MemberConnection;
}

/**
 * Joins a session. What it returns leaves the session when it is disposed of.
 *
 * @param link as the presenter gave it
 * @throws {AgentError} `bad-link`, `bad-options`, `join-failed`, `timeout`, `aborted`
 *
 * @example
 * ```ts ignore
 * import { joinSession } from "./mod.ts";
 *
 * await using session = await joinSession(link, { name: "reviewer" });
 * await session.requestControl({ reason: "run the failing test", forMs: 60_000 });
 * const { output, status } = await session.run("deno test");
 * console.log(status, output);
 * await session.yieldControl({ note: "Two tests fail, both in parser_test.ts" });
 * ```
 */
export async function joinSession(link: string, options: JoinOptions): Promise<AgentSession> {
  checkOptions(options);
  const parsed = parse(link);
  const dial = await open(parsed, options);
  return await joinWith(options, {
    clock: systemClock,
    connect: (connection) =>
      connect(parsed, { ...connection, ...(dial !== undefined && { dial }) }),
  });
}

/**
 * Joins through a connection of the caller's.
 *
 * @internal
 */
export async function joinWith(options: JoinOptions, deps: ClientDeps): Promise<SessionMember> {
  const { name, type = "agent", timeoutMs = JOIN_TIMEOUT_MS, signal } = options;
  const early: ConnectionEvent[] = [];
  let take = (event: ConnectionEvent): void => void early.push(event);
  const connection = deps.connect({
    name,
    agent: type === "agent",
    onEvent: (event) => take(event),
  });
  const membership = new Membership(connection, deps.clock, options);
  take = (event) => membership.receive(event);
  for (const event of early) membership.receive(event);
  try {
    await membership.joined(timeoutMs, signal);
    return new SessionMember(membership);
  } catch (error) {
    await membership.leave();
    throw error;
  }
}

function checkOptions({ name, keepLines, timeoutMs }: JoinOptions): void {
  if (typeof name !== "string" || name.trim() === "" || name.length > NAME_MAX_LENGTH) {
    throw bad(`name is empty or longer than ${NAME_MAX_LENGTH}`);
  }
  if (keepLines !== undefined && !(Number.isSafeInteger(keepLines) && keepLines >= 0)) {
    throw bad("keepLines is no whole number of lines");
  }
  if (timeoutMs !== undefined && !(timeoutMs > 0)) throw bad("timeoutMs is no time");
}

function bad(why: string): AgentError {
  return new AgentError("bad-options", `Cannot join with these options: ${why}`);
}

function parse(link: string): Link {
  try {
    return parseLink(link);
  } catch (error) {
    if (!(error instanceof CollabError)) throw error;
    throw new AgentError("bad-link", error.message, { cause: error });
  }
}

async function open(link: Link, options: JoinOptions): Promise<ConnectOptions["dial"]> {
  try {
    return await dialFor(link, options);
  } catch (error) {
    if (error instanceof AgentError || !(error instanceof CollabError)) throw error;
    throw new AgentError("join-failed", error.message, { cause: error, reason: error.code });
  }
}
