/**
 * What a host tells about itself: lines for people, JSON for programs, the presenter's status line.
 *
 * @module
 */

/** Something that happened to a session. */
export type HostEvent =
  | {
    readonly event: "ready";
    readonly url: string;
    readonly session: string;
    /** The host's own process. */
    readonly pid: number;
    /** The shared command's process. */
    readonly childPid: number;
    readonly cols: number;
    readonly rows: number;
    /** Where it is recorded. */
    readonly record?: string;
    /** When the link stops to let anyone in, as ISO 8601. */
    readonly expires: string;
  }
  | {
    readonly event: "join";
    readonly id: string;
    readonly name: string;
    readonly role: string;
    readonly watching: number;
  }
  | {
    readonly event: "leave";
    readonly id: string;
    readonly name: string;
    readonly watching: number;
  }
  /** Somebody was not let in, and why. */
  | { readonly event: "refused"; readonly code: string }
  | { readonly event: "resize"; readonly cols: number; readonly rows: number }
  | { readonly event: "pause" }
  | { readonly event: "resume" }
  | { readonly event: "marker"; readonly label: string }
  /** The recording ended early; the session goes on. */
  | { readonly event: "recording-error"; readonly code: string; readonly message: string }
  /** The last one. */
  | { readonly event: "exit"; readonly code: number; readonly signal?: string };

/** Told of everything that happens. */
export interface Reporter {
  report(event: HostEvent): void;
}
