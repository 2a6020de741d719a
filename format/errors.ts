/**
 * Errors that a user or a peer can cause, as opposed to our own bugs.
 *
 * @module
 */

/**
 * Something a user, a file or a peer did that cannot be carried on with. It is shown as one line; `code` is
 * stable, kebab-case, and what tests and scripts look at.
 */
export class CollabError extends Error {
  override readonly name: string = "CollabError";
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A {@link CollabError} in how a command was called: exit code 2. */
export class UsageError extends CollabError {
  override readonly name: string = "UsageError";
}

/** What the process exits with on a bug of our own (`EX_SOFTWARE` of sysexits.h). */
export const BUG_EXIT_CODE = 70;

/**
 * What is said of a bug of our own, whatever was thrown: a line to the user, then what a developer needs. It is made to be
 * passed on: what lets anyone into a session is taken out of it.
 */
export function bugReport(thrown: unknown): string {
  const detail = thrown instanceof Error ? thrown.stack ?? thrown.message : String(thrown);
  return `collab: this is a bug of collab itself; please report it with what follows\n${
    withoutKeys(detail)
  }`;
}

/** A text without what stands after the `#` of a link, without tokens, and without secrets as they are written in links. */
function withoutKeys(text: string): string {
  return text
    .replace(/#[\w-]{20}[\w.-]*/g, "#…")
    .replace(/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, "…")
    .replace(/(?<![\w-])[\w-]{43}(?![\w-])/g, "…");
}
