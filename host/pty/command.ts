/**
 * Finds a command the way a shell would, and says what is wrong with it before anything is spawned: the
 * kernel answers "no such file" for a missing command and for a bad directory alike.
 *
 * @module
 */
import { CollabError } from "../../format/errors.ts";
import { cString, type Libc } from "./libc.ts";
import { Errno, EXISTS, MAY_EXECUTE } from "./platform.ts";

/** Where `execvp` looks when there is no `PATH`. */
const DEFAULT_PATH = "/bin:/usr/bin";

/** What `access` says of a path: 0, or why not. */
function access(libc: Libc, path: string, mode: number): number {
  return libc.call.access(cString(path), mode) === 0 ? 0 : libc.errno();
}

function isDirectory(libc: Libc, path: string): boolean {
  const errno = access(libc, `${path}/.`, EXISTS);
  return errno === 0 || errno === Errno.access; // one that may not be entered is one still
}

/**
 * Checks a working directory.
 *
 * @throws {CollabError} `directory-not-found`
 */
export function checkDirectory(libc: Libc, path: string): void {
  const errno = access(libc, `${path}/.`, MAY_EXECUTE);
  if (errno === 0) return;
  const why = errno === Errno.notDirectory
    ? "it is not a directory"
    : libc.errorText(errno).toLowerCase();
  throw new CollabError("directory-not-found", `Cannot start in directory "${path}": ${why}`);
}

/**
 * The path of a command: itself when it has a slash, else the first executable file of that name in `PATH`.
 * Relative paths are relative to `cwd`.
 *
 * @throws {CollabError} `command-not-found` or `command-not-executable`
 */
export function findCommand(
  libc: Libc,
  name: string,
  options: { path?: string | undefined; cwd?: string | undefined },
): string {
  const absolute = (path: string): string =>
    path.startsWith("/") || options.cwd === undefined ? path : `${options.cwd}/${path}`;
  const candidates = name.includes("/")
    ? [absolute(name)]
    : (options.path ?? DEFAULT_PATH).split(":").map((directory) =>
      absolute(`${directory || "."}/${name}`)
    );
  let refused: string | undefined;
  for (const path of name === "" ? [] : candidates) {
    const exists = access(libc, path, EXISTS);
    if (exists === Errno.access) refused ??= `"${path}" may not be reached`;
    if (exists !== 0) continue;
    if (isDirectory(libc, path)) refused ??= `"${path}" is a directory`;
    else if (access(libc, path, MAY_EXECUTE) !== 0) refused ??= `"${path}" is not executable`;
    else return path;
  }
  if (refused !== undefined) {
    throw new CollabError("command-not-executable", `Cannot run "${name}": ${refused}`);
  }
  const where = name.includes("/") ? "there is no such file" : "there is no such command in PATH";
  throw new CollabError("command-not-found", `Cannot run "${name}": ${where}`);
}
