/**
 * Where a session's control socket is: in a folder that nobody but its owner can enter.
 *
 * @module
 */
import { join } from "node:path";
import { CollabError } from "../format/errors.ts";

/** What decides where control sockets are. */
export interface CtlPlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's number; `null` where there are none. */
  readonly uid: number | null;
}

const SOCKET = ".sock";
/** A session's id: 22 characters of base64url. */
const SESSION = /^[\w-]{22}$/;
/** Longest path of a socket, in bytes: 104 with a final NUL on macOS, 108 on Linux. */
const PATH_MAX_BYTES = 103;
/** Bytes of `/`, a session and `.sock`. */
const NAME_BYTES = 1 + 22 + SOCKET.length;
/** Bits of a mode for the group and everybody else; those that let them write. */
const OTHERS = 0o077, OTHERS_WRITE = 0o022;

/** Where this process looks for control sockets. */
export function currentPlace(env: CtlPlace["env"] = Deno.env.toObject()): CtlPlace {
  return { env, uid: Deno.uid() };
}

/** The folder of a user's control sockets: `$XDG_RUNTIME_DIR/collab` if that is the user's own, else one in `/tmp`. */
export function socketDir({ env, uid }: CtlPlace): string {
  const runtime = env.XDG_RUNTIME_DIR;
  if (runtime?.startsWith("/") && isOwn(runtime, uid)) {
    const dir = join(runtime, "collab");
    if (new TextEncoder().encode(dir).length + NAME_BYTES <= PATH_MAX_BYTES) return dir;
  }
  return `/tmp/collab-${uid}`;
}

/** The path of a session's control socket in a folder. */
export function socketPath(dir: string, session: string): string {
  return join(dir, session + SOCKET);
}

/** The session whose control socket has a name, or `undefined` when it is none. */
export function sessionOf(name: string): string | undefined {
  const session = name.endsWith(SOCKET) ? name.slice(0, -SOCKET.length) : "";
  return SESSION.test(session) ? session : undefined;
}

/**
 * Makes sure that there is a folder for control sockets, and that it is nobody else's.
 *
 * @throws {CollabError} `ctl-unavailable`
 */
export function makeSocketDir(dir: string, { uid }: CtlPlace): void {
  try {
    Deno.mkdirSync(dir, { mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw unavailable(dir, reason(error));
  }
  checkSocketDir(dir, { uid });
}

/**
 * Refuses a folder that others could look into, or put something into. Returns whether it is there at all.
 *
 * @throws {CollabError} `ctl-unavailable`
 */
export function checkSocketDir(dir: string, { uid }: Pick<CtlPlace, "uid">): boolean {
  let info: Deno.FileInfo;
  try {
    // Not what a symbolic link points to: who made the link can make it point elsewhere.
    info = Deno.lstatSync(dir);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw unavailable(dir, reason(error));
  }
  if (!info.isDirectory) throw unavailable(dir, "it is not a directory");
  if (uid === null || info.uid !== uid) throw unavailable(dir, "it belongs to somebody else");
  const mode = (info.mode ?? OTHERS) & 0o777;
  if ((mode & OTHERS) === 0) return true;
  throw unavailable(dir, `others can enter it: its mode is ${octal(mode)} and must be 0700`);
}

function isOwn(dir: string, uid: number | null): boolean {
  try {
    const info = Deno.statSync(dir);
    return info.isDirectory && uid !== null && info.uid === uid &&
      ((info.mode ?? OTHERS) & OTHERS_WRITE) === 0;
  } catch {
    return false;
  }
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}

function unavailable(dir: string, why: string): CollabError {
  return new CollabError("ctl-unavailable", `Cannot use "${dir}" for control sockets: ${why}`);
}

/** What the system says of an error, without what Deno adds. */
export function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/ \(os error \d+\)/, "").replace(
    /: (?:mkdir|open|lstat|stat|connect) .*$/,
    "",
  );
}
