/**
 * Bugs of our own that nothing caught, in a process that has no terminal to give back.
 *
 * @module
 */
import { BUG_EXIT_CODE, bugReport } from "../format/errors.ts";

/** From here on such a bug ends the process with a report on standard error that can be passed on. */
export function exitOnBugs(): void {
  const crash = (event: Event, error: unknown): void => {
    event.preventDefault();
    Deno.stderr.writeSync(new TextEncoder().encode(`${bugReport(error)}\n`));
    Deno.exit(BUG_EXIT_CODE);
  };
  globalThis.addEventListener("error", (event) => crash(event, event.error));
  globalThis.addEventListener("unhandledrejection", (event) => crash(event, event.reason));
}
