/**
 * Signals by name and by number.
 *
 * @module
 */

/** The signals by number, from 1; a hole is a number without a name on that system. */
const LINUX =
  ("HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP " +
    "TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS").split(" ");
const DARWIN =
  ("HUP INT QUIT ILL TRAP ABRT EMT FPE KILL BUS SEGV SYS PIPE ALRM TERM URG STOP TSTP CONT " +
    "CHLD TTIN TTOU IO XCPU XFSZ VTALRM PROF WINCH INFO USR1 USR2").split(" ");

type System = "linux" | "darwin";

/** The name of a signal, as `SIGTERM`; a real-time signal is `SIG34`. */
export function signalName(number: number, system: System): string {
  return `SIG${(system === "linux" ? LINUX : DARWIN)[number - 1] ?? number}`;
}

/**
 * The number of a signal's name.
 *
 * @throws {TypeError} when the system has no such signal.
 */
export function signalNumber(name: string, system: System): number {
  const at = (system === "linux" ? LINUX : DARWIN).indexOf(name.replace(/^SIG/, ""));
  if (at < 0) throw new TypeError(`Cannot send signal "${name}": there is no such signal`);
  return at + 1;
}
