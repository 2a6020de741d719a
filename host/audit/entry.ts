/**
 * What an audit log tells of.
 *
 * @module
 */
import type { ControlMode, PersonType, RevokeReason } from "../../format/session_data.ts";
import type { Role } from "../../wire/role.ts";

/** The version of the format: a log of another one is not judged. */
export const AUDIT_VERSION = 1;

/**
 * Something to be written. People are named by their ids (`host` is the presenter): the log knows what they are called.
 * `by` is who did it; `ctl` is somebody at the session's control socket, `api:ID` who has the link of that id.
 */
export type AuditEvent =
  | {
    readonly event: "join";
    readonly id: string;
    readonly name: string;
    readonly role: string;
    readonly type: PersonType;
  }
  /** `why` is the code of what they had to leave for. */
  | { readonly event: "leave"; readonly id: string; readonly why?: string }
  /** Somebody was not let in, and why; `address` is where they came from, `count` how often that was. */
  | {
    readonly event: "refused";
    readonly code: string;
    readonly address?: string;
    readonly count?: number;
  }
  /** A link was made; `link` is its token's id, never the link itself. */
  | {
    readonly event: "invite";
    readonly role: Role;
    /** ISO 8601. */
    readonly expires: string;
    readonly once: boolean;
    readonly link?: string;
    readonly by?: string;
  }
  /** A link lets nobody in any more; without `link`, none does. `left` had come in with it, and have to leave. */
  | {
    readonly event: "revoke-link";
    readonly link?: string;
    readonly role?: Role;
    readonly left?: number;
    readonly by?: string;
  }
  /** There is another first link. */
  | {
    readonly event: "new-link";
    readonly link: string;
    readonly role: Role;
    readonly expires: string;
    readonly once: boolean;
    readonly by?: string;
  }
  | {
    readonly event: "request";
    readonly id: string;
    readonly forMs?: number;
    readonly note?: string;
  }
  | {
    readonly event: "request-ended";
    readonly id: string;
    readonly how: "withdraw" | "lapse" | "deny";
    readonly by?: string;
  }
  /** Control was given, for so long; `null` is until it is taken back. */
  | {
    readonly event: "grant";
    readonly id: string;
    readonly by: string;
    readonly forMs: number | null;
    readonly note?: string;
    /** In mode agent, where control is given to an agent who is there or comes. */
    readonly agent?: true;
  }
  /** Control left its holder; `mode` is who may type from then on. */
  | {
    readonly event: "revoke";
    readonly id?: string;
    readonly by: string;
    readonly why: RevokeReason;
    readonly mode: ControlMode;
    readonly note?: string;
    readonly agent?: true;
  }
  | {
    readonly event: "mode";
    readonly by: string;
    readonly mode: ControlMode;
    readonly agent?: true;
  }
  /** Somebody has a pane of their own to type into, or no longer; `pane` is its name. */
  | {
    readonly event: "pane";
    readonly id: string;
    readonly open: boolean;
    readonly by: string;
    readonly pane?: string;
  }
  /** A paste of several lines waits for an answer. */
  | { readonly event: "paste-held"; readonly id: string; readonly lines: number }
  | { readonly event: "kick"; readonly id: string; readonly by?: string }
  | { readonly event: "marker"; readonly label: string; readonly by?: string }
  /** Viewers see nothing of the screen; and see it again. */
  | { readonly event: "pause" | "resume"; readonly by?: string }
  /** Somebody ends the session. */
  | { readonly event: "stop"; readonly by: string }
  /** The presenter's terminal is gone, and what became of the session. */
  | { readonly event: "presenter-gone"; readonly then: "pause" | "continue" | "stop" }
  /** How much was masked since the session began, by the names of the rules. */
  | {
    readonly event: "redactions";
    readonly count: number;
    readonly rules: Readonly<Record<string, number>>;
  }
  | { readonly event: "recording"; readonly path: string }
  | { readonly event: "recording-error"; readonly code: string; readonly message: string };

/** What was typed, as it is written: see `typing.ts`. */
export type TypedEntry =
  /** Text, with keys as `<up>`. `tookMs` is from the first key until it is written. */
  | {
    readonly kind: "text";
    readonly id: string;
    readonly text: string;
    readonly tookMs: number;
  }
  /** A bracketed paste: the beginning of its text, and how many characters it has. */
  | {
    readonly kind: "paste";
    readonly id: string;
    readonly text: string;
    readonly length: number;
    readonly tookMs: number;
  }
  /**
   * What is not told: `hidden`, where the terminal did not show it (characters and keys), and `flood`, what came faster
   * than anybody types (bytes).
   */
  | {
    readonly kind: "length";
    readonly id: string;
    readonly length: number;
    readonly why: "hidden" | "flood";
    readonly tookMs: number;
  };

/** Members that hold what people or programs wrote: they are masked and bounded. The others are of our making. */
export const FREE_TEXTS: ReadonlySet<string> = new Set([
  "address",
  "command",
  "label",
  "message",
  "name",
  "note",
  "path",
  "title",
]);
/** Longest of them, in UTF-16 units. */
export const FREE_TEXT_MAX_LENGTH = 1_024;

/** Events after which other people may type, or nobody: what was typed before is written before. */
export const ENDS_TYPING: ReadonlySet<string> = new Set([
  "grant",
  "kick",
  "leave",
  "mode",
  "pause",
  "presenter-gone",
  "resume",
  "revoke",
]);
