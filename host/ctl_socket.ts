/**
 * The control socket of a running session: a Unix socket that its owner alone can reach.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";
import { type Clock, systemClock } from "./clock.ts";
import { answerer, type CtlAbout, type CtlTarget } from "./ctl_answers.ts";
import { readLines, TOO_LONG, writeAll } from "./ctl_lines.ts";
import {
  type CtlPlace,
  currentPlace,
  makeSocketDir,
  reason,
  socketDir,
  socketPath,
} from "./ctl_paths.ts";
import {
  type CtlAnswer,
  type CtlRequest,
  encodeLine,
  readRequest,
  REQUEST_MAX_BYTES,
} from "./ctl_protocol.ts";
import { removeSocket, runningSessions } from "./ctl_sessions.ts";

/** What a control socket is made of. */
export interface CtlOptions {
  readonly target: CtlTarget;
  readonly about: CtlAbout;
  /** Where sockets are; by default as this process's environment and user say. */
  readonly place?: CtlPlace;
  readonly clock?: Clock;
}

/** A control socket that is open. */
export interface Ctl {
  readonly path: string;
  /** Removes the socket, and lets go those who are connected once they have their answers. */
  close(): Promise<void>;
}

/** Most connections at a time. One more is told so, and closed. */
const MAX_CONNECTIONS = 64;
/** How long the last answers may take to be read. */
const CLOSE_MS = 500;
/** How long no connection is taken after that was impossible: there are too many open files. */
const RETRY_MS = 200;

/**
 * Opens a session's control socket. It answers when this has returned.
 *
 * @throws {CollabError} `ctl-unavailable`: the session goes on without it.
 */
export function startCtl(options: CtlOptions): Ctl {
  const { target, about, place = currentPlace(), clock = systemClock } = options;
  const dir = socketDir(place);
  makeSocketDir(dir, place);
  const path = socketPath(dir, about.session);
  const answer = answerer(target, about);
  return new CtlServer(listen(path), {
    path,
    dir,
    clock,
    answer: (request) => answer(request, "ctl"),
  });
}

/** Listens at a path that nothing but a socket that answers, and that its owner alone may use, is ever seen at. */
function listen(path: string): Deno.UnixListener {
  const unfinished = path.replace(/\.sock$/, ".new");
  let listener: Deno.UnixListener | undefined;
  try {
    listener = Deno.listen({ transport: "unix", path: unfinished });
    // Until here the folder alone keeps others out.
    Deno.chmodSync(unfinished, 0o600);
    Deno.renameSync(unfinished, path);
    return listener;
  } catch (error) {
    if (listener !== undefined) {
      listener.close();
      removeSocket(unfinished);
    }
    throw new CollabError(
      "ctl-unavailable",
      `Cannot make the control socket "${path}": ${reason(error)}`,
    );
  }
}

interface ServerOptions {
  readonly path: string;
  readonly dir: string;
  readonly clock: Clock;
  answer(request: CtlRequest): Promise<CtlAnswer>;
}

/** A connection, and whether it waits for an answer. */
interface Client {
  readonly connection: Deno.UnixConn;
  busy: boolean;
}

class CtlServer implements Ctl {
  readonly path: string;
  readonly #options: ServerOptions;
  readonly #listener: Deno.UnixListener;
  readonly #clients = new Map<Client, Promise<void>>();
  readonly #running: Promise<unknown>;
  #closing: Promise<void> | undefined;

  constructor(listener: Deno.UnixListener, options: ServerOptions) {
    this.path = options.path;
    this.#options = options;
    this.#listener = listener;
    // What a host that was killed left behind is found out about by the way.
    const swept = runningSessions(options.dir).catch(() => {});
    this.#running = Promise.all([this.#accept(), swept]);
  }

  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  async #close(): Promise<void> {
    removeSocket(this.path);
    this.#listener.close();
    for (const { connection, busy } of this.#clients.keys()) if (!busy) hangUp(connection);
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const cancel = this.#options.clock.after(CLOSE_MS, resolve);
    await Promise.race([Promise.all([this.#running, ...this.#clients.values()]), late]);
    cancel();
    for (const { connection } of this.#clients.keys()) hangUp(connection);
  }

  async #accept(): Promise<void> {
    while (this.#closing === undefined) {
      try {
        const connection = await this.#listener.accept();
        const client = { connection, busy: false };
        this.#clients.set(client, this.#serve(client));
      } catch {
        if (this.#closing === undefined) await this.#wait(RETRY_MS);
      }
    }
  }

  async #serve(client: Client): Promise<void> {
    const { connection } = client;
    try {
      if (this.#clients.size >= MAX_CONNECTIONS) await writeAll(connection, encodeLine(BUSY));
      else await this.#converse(client);
    } finally {
      this.#clients.delete(client);
      hangUp(connection);
    }
  }

  /** Answers one request after the other, until the other side is done or says something that is none. */
  async #converse(client: Client): Promise<void> {
    const { connection } = client;
    for await (const line of readLines(connection, REQUEST_MAX_BYTES)) {
      if (this.#closing !== undefined) return;
      const request = line === TOO_LONG ? undefined : readRequest(line);
      if (request === undefined) return void await writeAll(connection, encodeLine(NOT_A_REQUEST));
      client.busy = true;
      const answer = await this.#options.answer(request);
      if (!await writeAll(connection, encodeLine(answer))) return;
      client.busy = false;
      if (this.#closing !== undefined) return;
    }
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#options.clock.after(ms, resolve));
  }
}

const BUSY: CtlAnswer = {
  kind: "error",
  code: "ctl-busy",
  message: "Cannot answer: too many are connected to the control socket",
};
const NOT_A_REQUEST: CtlAnswer = {
  kind: "error",
  code: "ctl-request-invalid",
  message: "Cannot read the request: it may be of another version of collab",
};

function hangUp(connection: Deno.UnixConn): void {
  try {
    connection.close();
  } catch {
    // Closed already.
  }
}
