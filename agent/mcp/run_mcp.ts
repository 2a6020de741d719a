/**
 * Runs `collab mcp` on the real standard input, network and session.
 *
 * @module
 */
import process from "node:process";
import { CollabError, UsageError } from "../../format/errors.ts";
import type { Address } from "../../host/listen.ts";
import { certificateOf } from "../../viewer/command_parts.ts";
import { toBase64Url } from "../../wire/bytes.ts";
import { formatLink, parseLink } from "../../wire/link.ts";
import { joinSession } from "../client.ts";
import { checkAddress, MCP_PATH, startHttp } from "./http.ts";
import { Recording } from "./recording.ts";
import { Room } from "./room.ts";
import { StdioServerTransport } from "./sdk.ts";
import { serve, type ServerParts } from "./server.ts";

/** What `collab mcp` was called with. */
export interface McpOptions {
  /** The session's link. */
  readonly link?: string;
  /** A file that has it. */
  readonly linkFile?: string;
  readonly name: string;
  /** Listen here instead of on standard input. */
  readonly http?: Address;
  readonly insecure: boolean;
  readonly readOnly: boolean;
  readonly clientCert?: string;
  readonly clientKey?: string;
}

/** The variable that has the link, where it is not given otherwise. */
const LINK_VARIABLE = "COLLAB_LINK";
/** No link is longer. */
const LINK_MAX_LENGTH = 8_192;
/** Bytes of the token that clients over HTTP show. */
const TOKEN_BYTES = 32;
/** How long answers that are on their way may take at the end. */
const GRACE_MS = 500;

/** Serves until the client is gone, or the process is told to end. Resolves to the exit code. */
export async function runMcp(options: McpOptions): Promise<number> {
  // What is wrong with how it was called is told at once, and not with the first call.
  certificateOf(options);
  const link = await readLink(options);
  const recording = new Recording();
  await using room = new Room({
    join: () => joinSession(link, joinOptions(options, recording)),
    tell: say,
    now: () => performance.now(),
  });
  const parts = { room, recording, readOnly: options.readOnly };
  using interrupted = new Interrupted();
  if (options.http === undefined) await serveStdio(parts, interrupted.promise);
  else await serveHttp(parts, options.http, options, interrupted.promise);
  return 0;
}

async function serveStdio(parts: ServerParts, interrupted: Promise<void>): Promise<void> {
  const gone = Promise.withResolvers<void>();
  for (const event of ["end", "close", "error"]) process.stdin.on(event, gone.resolve);
  process.stdout.on("error", gone.resolve);
  const transport = new StdioServerTransport();
  // It joins with the first call: clients start servers only to see whether they work, and a link may let one in once.
  await serve(parts, transport);
  await Promise.race([gone.promise, interrupted]);
  await transport.close();
}

async function serveHttp(
  parts: ServerParts,
  address: Address,
  { insecure }: Pick<McpOptions, "insecure">,
  interrupted: Promise<void>,
): Promise<void> {
  checkAddress(address, { insecure });
  const token = toBase64Url(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)));
  const server = startHttp({
    address,
    token,
    serve: (transport) => serve(parts, transport),
    now: () => performance.now(),
  });
  print(`${server.origin}${MCP_PATH}`);
  print(`Authorization: Bearer ${token}`);
  joinNow(parts.room);
  await interrupted;
  await server.close(GRACE_MS);
}

/** Joins before anybody asks: who starts a server that listens sees whether it works. What goes wrong is told, and again by the first call. */
function joinNow(room: Room): void {
  room.session().catch((error) => {
    if (!(error instanceof CollabError)) throw error;
  });
}

function joinOptions(
  { name, clientCert, clientKey }: McpOptions,
  recording: Recording,
): Parameters<typeof joinSession>[1] {
  return {
    name,
    type: "agent",
    follow: recording,
    ...(clientCert !== undefined && { clientCert }),
    ...(clientKey !== undefined && { clientKey }),
  };
}

/** The link: what was given, else in the file, else in the environment. A process's arguments can be read by others. */
async function readLink({ link, linkFile }: McpOptions): Promise<string> {
  const variable = Deno.env.get(LINK_VARIABLE);
  // What this process starts, as ssh, need not have it.
  Deno.env.delete(LINK_VARIABLE);
  const text = link ?? (linkFile === undefined ? undefined : await readText(linkFile)) ??
    variable ?? "";
  if (text.trim() !== "") return formatLink(parseLink(text.slice(0, LINK_MAX_LENGTH)));
  throw new UsageError(
    "no-link",
    `Cannot tell which session is meant: give its link, --link-file FILE, or the variable ${LINK_VARIABLE}`,
  );
}

async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CollabError("link-unreadable", `Cannot read the link from "${path}": ${why}`, {
      cause,
    });
  }
}

/** Resolves when the process is told to end. */
class Interrupted implements Disposable {
  readonly promise: Promise<void>;
  readonly #resolve: () => void;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.promise = promise;
    this.#resolve = resolve;
    for (const signal of SIGNALS) Deno.addSignalListener(signal, resolve);
  }

  [Symbol.dispose](): void {
    for (const signal of SIGNALS) Deno.removeSignalListener(signal, this.#resolve);
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function say(line: string): void {
  write(Deno.stderr, `collab: ${line}`);
}

function print(line: string): void {
  write(Deno.stdout, line);
}

function write(to: { writeSync(data: Uint8Array): number }, line: string): void {
  const data = new TextEncoder().encode(`${line}\n`);
  try {
    for (let at = 0; at < data.length;) at += to.writeSync(data.subarray(at));
  } catch {
    // Nobody reads it.
  }
}
