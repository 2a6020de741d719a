/**
 * What a host tells about itself: lines for people, JSON for programs, the presenter's status line.
 *
 * @module
 */

import type { ControlMode, PersonType, RevokeReason } from "../format/session_data.ts";
import type { ClosingCode } from "../wire/closing.ts";
import type { Role } from "../wire/role.ts";
import type { AgentConfig } from "./agent_config.ts";

/**
 * How somebody acts who counts as the presenter and is not at the presenter's terminal: over the session's control socket,
 * or over its admin API with the link of that id.
 */
export type Via = "ctl" | `api:${string}`;

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
    /** Where metrics are served, and the admin API. */
    readonly metricsUrl?: string;
    readonly apiUrl?: string;
  }
  | {
    readonly event: "join";
    readonly id: string;
    readonly name: string;
    readonly role: string;
    readonly type: PersonType;
    readonly color: number;
    readonly watching: number;
  }
  | {
    readonly event: "leave";
    readonly id: string;
    readonly name: string;
    readonly watching: number;
    /** Why they had to leave; absent when they left, or were cut off and did not come back. */
    readonly why?: ClosingCode;
  }
  /** Somebody's line is slow: they get nothing until they have caught up. Told at most once a minute of each. */
  | {
    readonly event: "slow";
    readonly id: string;
    readonly name: string;
    /** What was sent to them and is not painted yet. */
    readonly waitingBytes: number;
  }
  /** Somebody was not let in, and why. */
  | {
    readonly event: "refused";
    readonly code: ClosingCode;
    /** Where they came from, as far as it is known and one place. */
    readonly address?: string;
    /** How often that was since it was told last; absent when once. */
    readonly count?: number;
  }
  /** Somebody was removed; that they are gone is told as well. */
  | {
    readonly event: "kick";
    readonly id: string;
    readonly name: string;
    /** The id of who did it. */
    readonly by: string;
    readonly via?: Via;
  }
  /** Somebody asks for control. */
  | {
    readonly event: "request";
    readonly id: string;
    readonly name: string;
    /** Not for control: for a pane of their own. */
    readonly pane?: true;
    readonly forMs?: number;
    readonly note?: string;
  }
  /** A request ended without a grant. */
  | {
    readonly event: "request-ended";
    readonly id: string;
    readonly name: string;
    readonly how: "withdraw" | "lapse" | "deny";
    /** The id of who denied it. */
    readonly by?: string;
    readonly via?: Via;
  }
  /** Who may type has changed, or for how long. */
  | {
    readonly event: "control";
    readonly change: "grant" | "revoke" | "mode";
    readonly mode: ControlMode;
    /** The id of who did it. */
    readonly by: string;
    readonly via?: Via;
    /** The holder's id and name. */
    readonly holder?: string;
    readonly name?: string;
    /** Control is an agent's: the holder's, or the next one's that comes. */
    readonly agent?: true;
    readonly leftMs?: number;
    /** With `revoke`: the former holder's name, and why. */
    readonly from?: string;
    readonly why?: RevokeReason;
    readonly note?: string;
  }
  /** The holder's time is nearly over. */
  | {
    readonly event: "warn";
    readonly id: string;
    readonly name: string;
    readonly leftMs: number;
  }
  /** A paste of several lines waits for the presenter's answer. */
  | {
    readonly event: "paste-held";
    readonly id: string;
    readonly name: string;
    readonly lines: number;
  }
  /** Another link was made; `link` is its id. */
  | {
    readonly event: "invite";
    readonly link?: string;
    readonly role: Role;
    readonly expires: string;
    readonly once: boolean;
    /** The id and the name of who made it. */
    readonly by?: string;
    readonly byName?: string;
    readonly via?: Via;
  }
  /** A link was withdrawn; without `link` all of them. */
  | {
    readonly event: "revoke-link";
    readonly link?: string;
    readonly role?: Role;
    /** How many had come in with it, and have to leave. */
    readonly left: number;
    readonly by: string;
    readonly byName: string;
    readonly via?: Via;
  }
  /** There is another first link. */
  | {
    readonly event: "new-link";
    readonly link: string;
    readonly url: string;
    readonly role: Role;
    readonly expires: string;
    readonly once: boolean;
    readonly by: string;
    readonly via?: Via;
  }
  /** A link lets in one agent, and this is how its client's configuration says it. */
  | ({ readonly event: "agent"; readonly link: string; readonly url: string } & AgentConfig)
  /** The presenter's terminal is gone, and what became of the session. */
  | { readonly event: "presenter-gone"; readonly then: "pause" | "continue" | "stop" }
  /** The way through another machine is open again, or is not any more, and why. */
  | {
    readonly event: "relay";
    readonly up: boolean;
    /** The machine. */
    readonly over: string;
    readonly why?: string;
  }
  /** The audit log ended early; the session goes on. */
  | { readonly event: "audit-error"; readonly code: string; readonly message: string }
  /** The session cannot be reached with `collab ctl`. */
  | { readonly event: "ctl-unavailable"; readonly message: string }
  | { readonly event: "resize"; readonly cols: number; readonly rows: number }
  | { readonly event: "pause"; readonly by: string; readonly via?: Via }
  | { readonly event: "resume"; readonly by: string; readonly via?: Via }
  | { readonly event: "marker"; readonly label: string; readonly by: string; readonly via?: Via }
  /** Somebody ends the session. */
  | { readonly event: "stop"; readonly by: string; readonly via?: Via }
  /** The recording ended early; the session goes on. */
  | { readonly event: "recording-error"; readonly code: string; readonly message: string }
  /** The host is no longer in its tmux session: which goes on, has ended, or whose server is lost. */
  | {
    readonly event: "tmux";
    readonly name: string;
    readonly how: "detached" | "ended" | "lost";
    /** What one types to be in it again. */
    readonly attach: string;
    /** Panes of participants that stay in it. */
    readonly kept: readonly { readonly pane: string; readonly name: string }[];
  }
  /** Somebody has a pane of their own, or no longer. */
  | {
    readonly event: "pane";
    readonly id: string;
    readonly name: string;
    readonly open: boolean;
    /** Who did it: an id. */
    readonly by: string;
    readonly via?: Via;
    /** As tmux names it. */
    readonly pane?: string;
  }
  /** The last one. */
  | { readonly event: "exit"; readonly code: number; readonly signal?: string };

/** Told of everything that happens. */
export interface Reporter {
  report(event: HostEvent): void;
}
