/**
 * The C library, through `Deno.dlopen`: the only place that calls it.
 *
 * @module
 */
import { CollabError } from "../../format/errors.ts";
import { type Platform, platform } from "./platform.ts";

const SPAWN_ACTION_BYTES = 512; // glibc: 80 (actions) and 336 (attributes); macOS: a pointer

const SYMBOLS = {
  posix_openpt: { parameters: ["i32"], result: "i32" },
  grantpt: { parameters: ["i32"], result: "i32" },
  unlockpt: { parameters: ["i32"], result: "i32" },
  ptsname: { parameters: ["i32"], result: "pointer" },
  ptsname_r: { parameters: ["i32", "buffer", "usize"], result: "i32", optional: true },
  open: { parameters: ["buffer", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  // Results are ssize_t; no call here moves 2 GiB, and the low half of -1 is -1.
  read: { parameters: ["i32", "buffer", "usize"], result: "i32" },
  write: { parameters: ["i32", "buffer", "usize"], result: "i32" },
  fdopen: { parameters: ["i32", "buffer"], result: "pointer", optional: true },
  setvbuf: { parameters: ["pointer", "pointer", "i32", "usize"], result: "i32", optional: true },
  fread: {
    parameters: ["buffer", "usize", "usize", "pointer"],
    result: "i32",
    nonblocking: true,
    optional: true,
  },
  clearerr: { parameters: ["pointer"], result: "void", optional: true },
  fclose: { parameters: ["pointer"], result: "i32", optional: true },
  pipe: { parameters: ["buffer"], result: "i32" },
  eventfd: { parameters: ["u32", "i32"], result: "i32", optional: true },
  poll: { parameters: ["buffer", "usize", "i32"], result: "i32", nonblocking: true },
  pollNow: { name: "poll", parameters: ["buffer", "usize", "i32"], result: "i32" },
  fcntl: { parameters: ["i32", "i32", "usize"], result: "i32" },
  ioctl: { parameters: ["i32", "usize", "buffer"], result: "i32" },
  // Apple's arm64 passes variadic arguments on the stack: six fillers use up the registers, so
  // that the ninth argument lands where the callee looks for its first variadic one.
  fcntlOnStack: {
    name: "fcntl",
    parameters: ["i32", "i32", "usize", "usize", "usize", "usize", "usize", "usize", "usize"],
    result: "i32",
  },
  ioctlOnStack: {
    name: "ioctl",
    parameters: ["i32", "usize", "usize", "usize", "usize", "usize", "usize", "usize", "buffer"],
    result: "i32",
  },
  syscall: { parameters: ["usize", "usize", "usize"], result: "i32", optional: true },
  tcgetattr: { parameters: ["i32", "buffer"], result: "i32" },
  tcsetattr: { parameters: ["i32", "i32", "buffer"], result: "i32" },
  getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  getpeername: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  getsockopt: { parameters: ["i32", "i32", "i32", "buffer", "buffer"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  shutdown: { parameters: ["i32", "i32"], result: "i32" },
  access: { parameters: ["buffer", "i32"], result: "i32" },
  kill: { parameters: ["i32", "i32"], result: "i32" },
  waitpid: { parameters: ["i32", "buffer", "i32"], result: "i32" },
  strerror: { parameters: ["i32"], result: "pointer" },
  errnoLinux: { name: "__errno_location", parameters: [], result: "pointer", optional: true },
  errnoDarwin: { name: "__error", parameters: [], result: "pointer", optional: true },
  sigfillset: { parameters: ["buffer"], result: "i32" },
  sigemptyset: { parameters: ["buffer"], result: "i32" },
  posix_spawn: {
    parameters: ["buffer", "buffer", "buffer", "buffer", "buffer", "buffer"],
    result: "i32",
  },
  posix_spawnattr_init: { parameters: ["buffer"], result: "i32" },
  posix_spawnattr_destroy: { parameters: ["buffer"], result: "i32" },
  posix_spawnattr_setflags: { parameters: ["buffer", "i16"], result: "i32" },
  posix_spawnattr_setsigdefault: { parameters: ["buffer", "buffer"], result: "i32" },
  posix_spawnattr_setsigmask: { parameters: ["buffer", "buffer"], result: "i32" },
  posix_spawn_file_actions_init: { parameters: ["buffer"], result: "i32" },
  posix_spawn_file_actions_destroy: { parameters: ["buffer"], result: "i32" },
  posix_spawn_file_actions_addopen: {
    parameters: ["buffer", "i32", "buffer", "i32", "u32"],
    result: "i32",
  },
  posix_spawn_file_actions_adddup2: { parameters: ["buffer", "i32", "i32"], result: "i32" },
  posix_spawn_file_actions_addchdir_np: {
    parameters: ["buffer", "buffer"],
    result: "i32",
    optional: true,
  },
  posix_spawn_file_actions_addclosefrom_np: {
    parameters: ["buffer", "i32"],
    result: "i32",
    optional: true,
  },
} as const satisfies Deno.ForeignLibraryInterface;

type Library = Deno.DynamicLibrary<typeof SYMBOLS>;

/** A block of memory that never moves, as C needs it (a small typed array may live on the JS heap). */
export function memory(bytes: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new ArrayBuffer(bytes));
}

/** A string as C reads it: UTF-8 with a zero byte at its end. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(text);
  const zeroEnded = memory(bytes.length + 1);
  zeroEnded.set(bytes);
  return zeroEnded;
}

/** A block large enough for any system's `posix_spawnattr_t` or `posix_spawn_file_actions_t`. */
export function spawnMemory(): Uint8Array<ArrayBuffer> {
  return memory(SPAWN_ACTION_BYTES);
}

let shared: { readonly libc: Libc; users: number } | undefined;

/**
 * The opened C library. It is counted: the last one to {@link release} it closes it, so that a process
 * (or a test) without sessions holds no resource.
 */
export class Libc {
  readonly call: Library["symbols"];
  readonly platform: Platform;
  readonly #library: Library;
  readonly #variadicOnStack: boolean;

  private constructor(system: Platform) {
    this.platform = system;
    this.#library = Deno.dlopen(system.library, SYMBOLS);
    this.call = this.#library.symbols;
    this.#variadicOnStack = system.os === "darwin" && Deno.build.arch === "aarch64";
  }

  /**
   * Opens the library, or counts one more user of it. Every call is paired with one of {@link release}.
   *
   * @throws {CollabError} `host-unsupported`, or `ffi-not-allowed` when the process may not call C.
   */
  static acquire(): Libc {
    if (shared === undefined) {
      const system = platform();
      try {
        shared = { libc: new Libc(system), users: 0 };
      } catch (error) {
        throw openError(error);
      }
    }
    shared.users++;
    return shared.libc;
  }

  release(): void {
    if (shared === undefined || --shared.users > 0) return;
    shared = undefined;
    this.#library.close();
  }

  /** Why the last call on this thread failed. Only meaningful straight after a synchronous call. */
  errno(): number {
    const at = this.call.errnoLinux?.() ?? this.call.errnoDarwin?.() ?? null;
    return at === null ? 0 : new Deno.UnsafePointerView(at).getInt32();
  }

  /** The system's words for an error number. */
  errorText(errno: number): string {
    const text = this.call.strerror(errno);
    return text === null ? `error ${errno}` : Deno.UnsafePointerView.getCString(text);
  }

  /** Throws an error that names the failed action. Call it straight after the call that failed. */
  fail(action: string, errno: number = this.errno()): never {
    throw new CollabError("pty-failed", `Cannot ${action}: ${this.errorText(errno)}`);
  }

  ioctl(fd: number, request: bigint, argument: Uint8Array<ArrayBuffer>): number {
    return this.#variadicOnStack
      ? this.call.ioctlOnStack(fd, request, 0n, 0n, 0n, 0n, 0n, 0n, argument)
      : this.call.ioctl(fd, request, argument);
  }

  fcntl(fd: number, command: number, argument: number): number {
    return this.#variadicOnStack
      ? this.call.fcntlOnStack(fd, command, 0n, 0n, 0n, 0n, 0n, 0n, BigInt(argument))
      : this.call.fcntl(fd, command, BigInt(argument));
  }
}

function openError(cause: unknown): CollabError {
  return cause instanceof Deno.errors.NotCapable
    ? new CollabError(
      "ffi-not-allowed",
      "Cannot open a terminal for the command: calling the C library is not allowed: pass --allow-ffi",
      { cause },
    )
    : new CollabError(
      "host-unsupported",
      `Cannot host a session on this system: its C library could not be opened: ${
        cause instanceof Error ? cause.message : cause
      }`,
      { cause },
    );
}
