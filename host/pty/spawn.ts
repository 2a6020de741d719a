/**
 * Opens a pseudo-terminal and starts a command in it.
 *
 * @module
 */
import { CollabError } from "../../format/errors.ts";
import { checkDirectory, findCommand } from "./command.ts";
import { cString, type Libc, memory, spawnMemory } from "./libc.ts";
import {
  CLOSE_ON_EXEC,
  Errno,
  GET_FD_FLAGS,
  SET_FD_FLAGS,
  SET_FILE_FLAGS,
  SET_NOW,
} from "./platform.ts";

/** What to run, and in what. */
export interface SpawnOptions {
  /** The command and its arguments; the command is looked up in the `PATH` of `env`. */
  readonly command: readonly string[];
  /** The working directory; the host's own when left out. */
  readonly cwd?: string | undefined;
  /** The whole environment: nothing is inherited. See {@link childEnvironment}. */
  readonly env: Readonly<Record<string, string>>;
  readonly cols: number;
  readonly rows: number;
}

/** Both ends of a terminal. The host keeps the slave open too, so that output ends when the command does. */
export interface TerminalPair {
  readonly master: number;
  readonly slave: number;
  readonly path: string;
}

/** Opens a terminal of a size: the master does not block, and no end is inherited. */
export function openTerminal(libc: Libc, cols: number, rows: number): TerminalPair {
  const { call, platform } = libc;
  const master = call.posix_openpt(platform.openMasterFlags);
  if (master < 0) libc.fail("open a terminal");
  let slave = -1;
  try {
    if (call.grantpt(master) < 0 || call.unlockpt(master) < 0) libc.fail("unlock the terminal");
    if (platform.os === "darwin") {
      libc.fcntl(master, SET_FD_FLAGS, CLOSE_ON_EXEC);
      libc.fcntl(master, SET_FILE_FLAGS, platform.nonBlock);
    }
    const path = slavePath(libc, master);
    slave = call.open(cString(path), platform.openSlaveFlags);
    if (slave < 0) libc.fail(`open "${path}"`);
    setWindowSize(libc, slave, cols, rows);
    const termios = memory(platform.termios.bytes);
    if (call.tcgetattr(slave, termios) === 0) {
      new Uint32Array(termios.buffer)[platform.termios.inputFlags / 4]! |= platform.inputUtf8;
      call.tcsetattr(slave, SET_NOW, termios);
    }
    return { master, slave, path };
  } catch (error) {
    if (slave >= 0) call.close(slave);
    call.close(master);
    throw error;
  }
}

/** `TIOCSWINSZ`: the foreground group gets SIGWINCH when the size is another one. @throws {CollabError} `pty-bad-size` */
export function setWindowSize(libc: Libc, fd: number, cols: number, rows: number): void {
  if (![cols, rows].every((n) => Number.isInteger(n) && n > 0 && n < 0x10000)) {
    throw new CollabError(
      "pty-bad-size",
      `Cannot give the terminal ${cols} columns and ${rows} rows: each must be 1 to 65535`,
    );
  }
  const size = new Uint16Array([rows, cols, 0, 0]);
  if (libc.ioctl(fd, libc.platform.setWindowSize, new Uint8Array(size.buffer)) < 0) {
    libc.fail("set the size of the terminal");
  }
}

/**
 * Starts a command as the leader of a session whose controlling terminal is `path`. It gets descriptors 0, 1
 * and 2 and no others, default signal handlers and an empty signal mask.
 *
 * @returns the process id
 * @throws {CollabError} `command-not-found`, `command-not-executable`, `directory-not-found`, `spawn-failed`
 */
export function startCommand(libc: Libc, path: string, options: SpawnOptions): number {
  const [name = "", ...args] = options.command;
  refuseZeroBytes(options);
  if (options.cwd !== undefined) checkDirectory(libc, options.cwd);
  const file = findCommand(libc, name, { path: options.env.PATH, cwd: options.cwd });
  const env = Object.entries(options.env).map(([key, value]) => `${key}=${value}`);
  using plan = new SpawnPlan(libc, path, options.cwd);
  const [pid, errno] = plan.spawn(file, [name, ...args], env);
  if (errno === 0) return pid;
  if (errno === Errno.noExec) { // a script without "#!", which shells and execvp give to sh
    const [shellPid, shellErrno] = plan.spawn("/bin/sh", ["sh", file, ...args], env);
    if (shellErrno === 0) return shellPid;
  }
  throw spawnError(libc, name, errno);
}

function spawnError(libc: Libc, name: string, errno: number): CollabError {
  const why = libc.errorText(errno).toLowerCase();
  switch (errno) {
    case Errno.noEntry: // the file was there a moment ago
      return new CollabError(
        "command-not-executable",
        `Cannot run "${name}": the interpreter it names does not exist`,
      );
    case Errno.access:
    case Errno.perm:
    case Errno.noExec:
      return new CollabError("command-not-executable", `Cannot run "${name}": ${why}`);
    case Errno.tooBig:
    default:
      return new CollabError("spawn-failed", `Cannot run "${name}": ${why}`);
  }
}

function refuseZeroBytes({ command, cwd, env }: SpawnOptions): void {
  const texts = [...command, cwd ?? "", ...Object.entries(env).flat()];
  if (texts.some((text) => text.includes("\0"))) {
    throw new CollabError(
      "spawn-failed",
      `Cannot run "${
        command[0]?.replaceAll("\0", "?")
      }": its arguments, directory and environment must not have a zero byte`,
    );
  }
}

function slavePath(libc: Libc, master: number): string {
  const { call } = libc;
  if (call.ptsname_r !== null) {
    const buffer = memory(128);
    const errno = call.ptsname_r(master, buffer, BigInt(buffer.length));
    if (errno !== 0) libc.fail("name the terminal", errno);
    return new TextDecoder().decode(buffer.subarray(0, buffer.indexOf(0)));
  }
  const name = call.ptsname(master);
  if (name === null) libc.fail("name the terminal");
  return Deno.UnsafePointerView.getCString(name);
}

/** The attributes and file actions of one `posix_spawn`. */
class SpawnPlan {
  readonly #libc: Libc;
  readonly #attributes = spawnMemory();
  readonly #actions = spawnMemory();
  /** What the C structures point at: kept until they are gone. */
  readonly #kept: Uint8Array[] = [];
  readonly #shellChangesTo: string | undefined;

  constructor(libc: Libc, terminal: string, cwd: string | undefined) {
    this.#libc = libc;
    const { call, platform } = libc;
    const signals = memory(128);
    call.posix_spawnattr_init(this.#attributes);
    call.posix_spawnattr_setflags(this.#attributes, platform.spawnFlags);
    call.sigfillset(signals);
    if (platform.os === "linux") signals.fill(0xff, 0, 8); // sigfillset spares two of glibc's own, left ignored then
    call.posix_spawnattr_setsigdefault(this.#attributes, signals);
    call.sigemptyset(signals);
    call.posix_spawnattr_setsigmask(this.#attributes, signals);
    const actions = this.#actions;
    call.posix_spawn_file_actions_init(actions);
    // After setsid(), the first terminal that is opened becomes the controlling one.
    call.posix_spawn_file_actions_addopen(
      actions,
      0,
      this.#keep(cString(terminal)),
      platform.readWrite,
      0,
    );
    call.posix_spawn_file_actions_adddup2(actions, 0, 1);
    call.posix_spawn_file_actions_adddup2(actions, 0, 2);
    if (cwd !== undefined && call.posix_spawn_file_actions_addchdir_np !== null) {
      call.posix_spawn_file_actions_addchdir_np(actions, this.#keep(cString(cwd)));
    } else this.#shellChangesTo = cwd;
    if (call.posix_spawn_file_actions_addclosefrom_np !== null) {
      call.posix_spawn_file_actions_addclosefrom_np(actions, 3);
    } else if (platform.os === "linux") closeAllOnExec(libc);
  }

  /** Returns the process id and 0, or an error number. */
  spawn(
    file: string,
    argv: readonly string[],
    env: readonly string[],
  ): [pid: number, errno: number] {
    if (this.#shellChangesTo !== undefined) { // a C library without addchdir_np (glibc before 2.29)
      argv = [
        "sh",
        "-c",
        'cd -- "$1" && shift && exec "$@"',
        "sh",
        this.#shellChangesTo,
        file,
        ...argv.slice(1),
      ];
      file = "/bin/sh";
    }
    const pid = new Int32Array(new ArrayBuffer(4));
    const errno = this.#libc.call.posix_spawn(
      pid,
      cString(file),
      this.#actions,
      this.#attributes,
      this.#pointers(argv),
      this.#pointers(env),
    );
    return [pid[0]!, errno];
  }

  [Symbol.dispose](): void {
    this.#libc.call.posix_spawn_file_actions_destroy(this.#actions);
    this.#libc.call.posix_spawnattr_destroy(this.#attributes);
  }

  #keep<T extends Uint8Array>(bytes: T): T {
    this.#kept.push(bytes);
    return bytes;
  }

  /** A zero-ended array of C strings. */
  #pointers(texts: readonly string[]): BigUint64Array<ArrayBuffer> {
    const pointers = new BigUint64Array(new ArrayBuffer(8 * (texts.length + 1)));
    texts.forEach((text, i) => {
      pointers[i] = BigInt(
        Deno.UnsafePointer.value(Deno.UnsafePointer.of(this.#keep(cString(text)))),
      );
    });
    return pointers;
  }
}

/** Without `closefrom` (glibc before 2.34): marks what the host itself inherited. Its own are marked already. */
export function closeAllOnExec(libc: Libc): void {
  for (let fd = 3; fd < 256; fd++) {
    const flags = libc.fcntl(fd, GET_FD_FLAGS, 0);
    if (flags >= 0 && (flags & CLOSE_ON_EXEC) === 0) {
      libc.fcntl(fd, SET_FD_FLAGS, flags | CLOSE_ON_EXEC);
    }
  }
}
