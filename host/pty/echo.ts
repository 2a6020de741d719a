/**
 * What a terminal's line discipline does with what is typed.
 *
 * @module
 */
import { cString, type Libc, memory } from "./libc.ts";

/**
 * What the line discipline does with what is typed: `echo` shows it; `password` hides a line (`read -s`, sudo);
 * `editor` leaves it to the program, as shells' line editors and full-screen programs do.
 */
export type EchoState = "echo" | "password" | "editor";

/** What an open terminal does; `undefined` when it does not say. */
export function echoOf(libc: Libc, fd: number): EchoState | undefined {
  const { call, platform } = libc;
  const termios = memory(platform.termios.bytes);
  if (call.tcgetattr(fd, termios) < 0) return undefined;
  const flags = new Uint32Array(termios.buffer)[platform.termios.localFlags / 4]!;
  if ((flags & platform.echo) !== 0) return "echo";
  return (flags & platform.canonical) !== 0 ? "password" : "editor";
}

/** What another program's terminal does, by its path. It is not kept open: its own program's end would not be seen. */
export function echoAt(libc: Libc, path: string): EchoState | undefined {
  const fd = libc.call.open(cString(path), libc.platform.openSlaveFlags);
  if (fd < 0) return undefined;
  try {
    return echoOf(libc, fd);
  } finally {
    libc.call.close(fd);
  }
}
