/**
 * What differs between the systems a session can be hosted on: constants copied from their C headers.
 *
 * Linux values are those of `asm-generic`, which x86_64 and aarch64 share, and were checked with a C
 * program on x86_64 (glibc 2.36). macOS values are copied from the SDK's headers and **have not been run**.
 *
 * @module
 */
import { CollabError } from "../../format/errors.ts";

/** The constants of one system. Names are those of the C headers, in camel case. */
export interface Platform {
  readonly os: "linux" | "darwin";
  /** What `dlopen` is asked for. */
  readonly library: string;
  /** Flags that `posix_openpt` takes; the ones it does not take are set by `fcntl` afterwards. */
  readonly openMasterFlags: number;
  /** `O_RDWR | O_NOCTTY | O_CLOEXEC`, for the slave end that the host keeps. */
  readonly openSlaveFlags: number;
  /** `O_RDWR`: the child's open, which makes the slave its controlling terminal. */
  readonly readWrite: number;
  readonly nonBlock: number;
  /** `POSIX_SPAWN_SETSID | SETSIGDEF | SETSIGMASK` (and `CLOEXEC_DEFAULT` where it exists). */
  readonly spawnFlags: number;
  /** `TIOCSWINSZ`: set the window size. */
  readonly setWindowSize: bigint;
  /** `TIOCGPGRP`: the foreground process group. */
  readonly getForegroundGroup: bigint;
  /** Where the flags lie in `struct termios`, and how large the struct is. */
  readonly termios: {
    readonly bytes: number;
    readonly inputFlags: number;
    readonly localFlags: number;
  };
  readonly echo: number;
  readonly canonical: number;
  /** `IUTF8`: the line discipline erases a whole character, not a byte. */
  readonly inputUtf8: number;
  readonly again: number;
}

// The same on both systems.
/** `F_SETFD`. */
export const SET_FD_FLAGS = 2;
/** `F_GETFD`. */
export const GET_FD_FLAGS = 1;
/** `F_SETFL`. */
export const SET_FILE_FLAGS = 4;
/** `FD_CLOEXEC`. */
export const CLOSE_ON_EXEC = 1;
/** `F_DUPFD_CLOEXEC` (Linux's number). */
export const DUPLICATE_CLOSE_ON_EXEC = 1030;
/** `_IONBF` of `setvbuf`. */
export const NO_BUFFER = 2;
/** `POLLIN`. */
export const POLL_IN = 1;
/** `POLLOUT`. */
export const POLL_OUT = 4;
/** `WNOHANG`. */
export const NO_HANG = 1;
/** `X_OK` of `access`. */
export const MAY_EXECUTE = 1;
/** `F_OK` of `access`. */
export const EXISTS = 0;
/** `TCSANOW`. */
export const SET_NOW = 0;
/** `EFD_CLOEXEC | EFD_NONBLOCK` (Linux alone has `eventfd`). */
export const EVENT_FD_FLAGS = 0x80800;
/** `__NR_pidfd_open`, the same number on every Linux architecture. */
export const PIDFD_OPEN = 434n;
/** Errors with one number on both systems. */
export const Errno = {
  perm: 1,
  noEntry: 2,
  interrupted: 4,
  io: 5,
  tooBig: 7,
  noExec: 8,
  access: 13,
  notDirectory: 20,
} as const;

const LINUX: Platform = {
  os: "linux",
  library: "libc.so.6",
  openMasterFlags: 0x2 | 0x100 | 0x800 | 0x80000, // O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC
  openSlaveFlags: 0x2 | 0x100 | 0x80000,
  readWrite: 0x2,
  nonBlock: 0x800,
  spawnFlags: 0x80 | 0x04 | 0x08,
  setWindowSize: 0x5414n,
  getForegroundGroup: 0x540fn,
  termios: { bytes: 60, inputFlags: 0, localFlags: 12 },
  echo: 0x8,
  canonical: 0x2,
  inputUtf8: 0x4000,
  again: 11,
};

// Unverified: <fcntl.h>, <spawn.h>, <sys/ttycom.h>, <sys/termios.h>, <sys/errno.h> of the macOS SDK.
const DARWIN: Platform = {
  os: "darwin",
  library: "/usr/lib/libSystem.B.dylib",
  openMasterFlags: 0x2 | 0x20000, // O_RDWR | O_NOCTTY
  openSlaveFlags: 0x2 | 0x20000 | 0x1000000,
  readWrite: 0x2,
  nonBlock: 0x4,
  spawnFlags: 0x400 | 0x04 | 0x08 | 0x4000,
  setWindowSize: 0x80087467n,
  getForegroundGroup: 0x40047477n,
  termios: { bytes: 72, inputFlags: 0, localFlags: 24 }, // tcflag_t is an unsigned long there
  echo: 0x8,
  canonical: 0x100,
  inputUtf8: 0x4000,
  again: 35,
};

/**
 * The constants of the system this runs on.
 *
 * @throws {CollabError} `host-unsupported` on a system without a PTY that this module knows.
 */
export function platform(os: typeof Deno.build.os = Deno.build.os): Platform {
  switch (os) {
    case "linux":
      return LINUX;
    case "darwin":
      return DARWIN;
    default:
      throw new CollabError(
        "host-unsupported",
        `Cannot host a session on ${
          os === "windows" ? "Windows" : os
        }: hosting needs Linux or macOS. Watching and replaying work here`,
      );
  }
}
