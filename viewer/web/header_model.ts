/**
 * What the header says of a session: pure.
 *
 * @module
 */
import type { Person } from "../../format/session_data.ts";
import { endText, type ReconnectState } from "../../wire/reconnect.ts";
import { driveText, leftMs } from "../drive_text.ts";
import { lagMs } from "../pulse.ts";
import { driver, keysGo } from "../session_facts.ts";
import { legible } from "../legible.ts";
import type { SessionState } from "./session.ts";

/** Which colour a state has. */
export type Tone = "good" | "calm" | "busy" | "bad" | "plain";

/** What the header says. */
export interface HeaderModel {
  readonly title: string;
  /** Where the session is: `Live`, `Reconnecting`. */
  readonly state: { readonly text: string; readonly tone: Tone };
  /** More of it, where there is more to say: when the next attempt is. */
  readonly detail: string;
  /** Who drives, and for how long still; empty when that is not known. */
  readonly drive: string;
  /** Whose colour it is shown with. */
  readonly driver: Person | undefined;
  /** Whether the reader's own keys go to the session. */
  readonly yours: boolean;
  /** Whether the time is nearly over. */
  readonly urgent: boolean;
  readonly watching: number | undefined;
}

/** What else a {@link HeaderModel} depends on. */
export interface HeaderTimes {
  /** Session time; `undefined` before anything came. */
  readonly sessionMs: number | undefined;
  /** Of the clock that the connection's waits are told in. */
  readonly connectionMs: number;
  /** Of the clock of `SessionState.pulse`. */
  readonly nowMs: number;
  readonly mayType: boolean;
}

/** Less than this is left: the holder is warned at the same time. */
const URGENT_MS = 30_000;

/** What the header says now. */
export function headerModel(state: SessionState, times: HeaderTimes): HeaderModel {
  const { status, facts, you, header, windowTitle } = state;
  const live = status?.kind === "live";
  const left = leftMs(facts, times.sessionMs);
  const inPane = live && keysGo(facts, you) === "pane";
  const drive = inPane
    ? "you type in your pane"
    : live
    ? driveText(facts, { you: you?.id, nowMs: times.sessionMs })
    : "";
  return {
    title: titleOf(header?.title ?? "", windowTitle, header?.command ?? ""),
    state: stateOf(state),
    detail: detailOf(state, times),
    drive: drive.slice(0, 1).toUpperCase() + drive.slice(1),
    driver: inPane ? facts.people.get(you!.id) : live ? driver(facts) : undefined,
    yours: times.mayType,
    urgent: live && left !== undefined && left <= URGENT_MS,
    watching: live ? facts.watching : undefined,
  };
}

/** What a session is called: what its presenter said, else what its program says, else the command. */
function titleOf(title: string, windowTitle: string, command: string): string {
  return legible(title || windowTitle || command) || "Shared terminal";
}

function stateOf({ status, facts, fault }: SessionState): HeaderModel["state"] {
  if (fault !== undefined) return { text: "Stopped", tone: "bad" };
  switch (status?.kind) {
    case undefined:
      return { text: "Connecting", tone: "calm" };
    case "connecting":
    case "waiting":
      return status.welcomed
        ? { text: "Reconnecting", tone: "busy" }
        : { text: "Connecting", tone: "calm" };
    case "live":
      return facts.sharingPaused
        ? { text: "Paused", tone: "busy" }
        : { text: "Live", tone: "good" };
    case "ended":
      return { text: "Ended", tone: status.end.code === "ended" ? "plain" : "bad" };
    default:
      return status satisfies never;
  }
}

function detailOf(state: SessionState, { connectionMs, nowMs }: HeaderTimes): string {
  const { status, pulse } = state;
  switch (status?.kind) {
    case "waiting":
      return `next try in ${Math.max(1, Math.ceil((status.untilMs - connectionMs) / 1_000))} s`;
    case "connecting":
      return status.welcomed ? "trying now" : "";
    case "live": {
      const lag = lagMs(pulse, nowMs);
      return lag === undefined ? "" : `${(lag / 1_000).toFixed(1)} s behind`;
    }
    case undefined:
    case "ended":
      return "";
    default:
      return status satisfies never;
  }
}

/** Why there is nothing more to come, for who looks at the last screen or at none. */
export interface EndModel {
  readonly title: string;
  readonly text: string;
  /** Whether trying again may help. */
  readonly again: boolean;
}

/** What is said at the end; `undefined` before it. */
export function endModel({ status, fault }: SessionState): EndModel | undefined {
  if (fault !== undefined) return { title: "Stopped", text: `${fault}.`, again: true };
  if (status?.kind !== "ended") return undefined;
  const text = `${endText(status.end)}.`;
  switch (status.end.code) {
    case "ended": {
      const exit = status.end.status;
      const how = exit === undefined ? "" : `Its command ended with status ${exit}.`;
      return { title: "The session has ended", text: how, again: false };
    }
    case "left":
      return { title: "You have left", text: "The session goes on without you.", again: true };
    case "kicked":
      return { title: "You were removed", text, again: false };
    default:
      return { title: endTitle(status), text, again: isPassing(status) };
  }
}

/** Whether what ended it may be over after a while. */
function isPassing({ end }: Extract<ReconnectState, { kind: "ended" }>): boolean {
  const passing = ["unreachable", "session-full", "internal", "superseded", "unresponsive"];
  return passing.includes(end.code);
}

function endTitle({ end }: Extract<ReconnectState, { kind: "ended" }>): string {
  return /^(?:token|secret|session-unknown)/.test(end.code)
    ? "This link does not work"
    : "The connection is over";
}
