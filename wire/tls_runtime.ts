/**
 * Whether this runtime's TLS can be relied on.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";

/**
 * The first version of Deno whose `node:tls` shows the other side's certificate, and whose `node:https` refuses a client
 * without one. Before it the former shows nothing, and the latter lets everybody in without a word.
 */
const FIRST_GOOD = "2.8";

/** Whether a version of Deno has a `node:tls` that checks what it is asked to. */
export function hasWholeTls(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [wantedMajor, wantedMinor] = FIRST_GOOD.split(".").map(Number) as [number, number];
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/**
 * Refuses what this runtime would only pretend to do.
 *
 * @param what as in "Cannot check the certificate"
 * @throws {CollabError} with `code`
 */
export function needWholeTls(code: string, what: string, version: string): void {
  if (hasWholeTls(version)) return;
  throw new CollabError(
    code,
    `Cannot ${what}: this program was built with Deno ${version}, and that needs Deno ${FIRST_GOOD} or newer`,
  );
}
