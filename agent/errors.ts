/**
 * What a program's calls fail with.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";
import type { Holder } from "./types.ts";

/** Why a call failed. */
export type AgentErrorCode =
  /** Somebody else has control: `holder` says who, and for how long. */
  | "not-in-control"
  /** Control was taken while this was being typed: the rest was not. */
  | "control-lost"
  | "control-denied"
  | "control-lapsed"
  | "role-forbids"
  | "read-only"
  | "queue-full"
  | "input-paused"
  | "input-refused"
  | "paste-dropped"
  /** The session has no panes of one's own. */
  | "no-panes"
  /** There is no pane of this program's own, or it was closed. */
  | "no-pane"
  | "pane-failed"
  | "bad-key"
  | "bad-link"
  | "bad-options"
  | "timeout"
  /** The call was called off. */
  | "aborted"
  /** The connection is cut at the moment. */
  | "cut"
  /** The session is over, or this program has left it: `reason` says which. */
  | "ended"
  /** `reason` says why, as `token-expired`, `unreachable`. */
  | "join-failed";

/** A call that failed. The message says what to do about it. */
export class AgentError extends CollabError {
  override readonly name = "AgentError";
  declare readonly code: AgentErrorCode;
  /** Who has control instead. */
  readonly holder: Holder | undefined;
  /** Why a session ended or could not be joined, by its code. */
  readonly reason: string | undefined;

  constructor(
    code: AgentErrorCode,
    message: string,
    options: ErrorOptions & { readonly holder?: Holder; readonly reason?: string } = {},
  ) {
    super(code, message, options);
    this.holder = options.holder;
    this.reason = options.reason;
  }
}
