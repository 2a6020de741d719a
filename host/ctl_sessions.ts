/**
 * Which sessions of the user are running on this machine.
 *
 * @module
 */
import { CollabError, UsageError } from "../format/errors.ts";
import { sessionOf, socketPath } from "./ctl_paths.ts";

/** Most sessions that an error names. */
const NAMED = 5;

/**
 * The sessions whose control sockets in a folder answer, sorted. A socket that nobody listens at any more, because its
 * host was killed, is removed.
 */
export async function runningSessions(dir: string): Promise<string[]> {
  const sessions = socketsIn(dir);
  const running = await Promise.all(
    sessions.map((session) => isRunning(socketPath(dir, session))),
  );
  return sessions.filter((_, i) => running[i]).sort();
}

/** What says which session is meant. */
export interface Wanted {
  /** The beginning of its id. */
  readonly prefix?: string | undefined;
  /** The session whose shell this is. */
  readonly own?: string | undefined;
}

/**
 * The session that is meant, among those that are running in a folder.
 *
 * @throws {CollabError} `no-session`; {UsageError} `which-session`
 */
export function chooseSession(running: readonly string[], wanted: Wanted, dir: string): string {
  const { prefix, own } = wanted;
  if (prefix !== undefined) {
    return onlyOne(running.filter((session) => session.startsWith(prefix)), {
      none: `Cannot find a running session that begins with ${JSON.stringify(prefix.slice(0, 40))}`,
      many: `Cannot tell which session begins with ${JSON.stringify(prefix)}`,
    });
  }
  if (own !== undefined && own !== "") {
    if (running.includes(own)) return own;
    throw new CollabError(
      "no-session",
      `Cannot reach the session of this shell, "${own}": its host does not answer in "${dir}"`,
    );
  }
  return onlyOne(running, {
    none: `Cannot find a running session: none answers in "${dir}"`,
    many: "Cannot tell which session is meant",
  });
}

function onlyOne(
  sessions: readonly string[],
  errors: { readonly none: string; readonly many: string },
): string {
  const [first, second] = sessions;
  if (first === undefined) throw new CollabError("no-session", errors.none);
  if (second === undefined) return first;
  const named = sessions.slice(0, NAMED).join(", ");
  const more = sessions.length > NAMED ? ` and ${sessions.length - NAMED} more` : "";
  throw new UsageError(
    "which-session",
    `${errors.many}: add --session with one of ${named}${more}`,
  );
}

function socketsIn(dir: string): string[] {
  try {
    return [...Deno.readDirSync(dir)].flatMap(({ name }) => sessionOf(name) ?? []);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

async function isRunning(path: string): Promise<boolean> {
  try {
    const connection = await Deno.connect({ transport: "unix", path });
    connection.close();
    return true;
  } catch (error) {
    // A socket gets this name when its host listens already, so a refusal means that the host is gone.
    if (error instanceof Deno.errors.ConnectionRefused) removeSocket(path);
    return false;
  }
}

/** Removes a socket if it is still there. */
export function removeSocket(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // Somebody else was faster, or the folder is gone.
  }
}
