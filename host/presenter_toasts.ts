/**
 * What has just happened, in the presenter's words: lines that go by in the status line.
 *
 * @module
 */
import { PRESENTER_ID } from "../format/session_data.ts";
import { keyLabel } from "../viewer/chrome.ts";
import { formatSpan } from "../viewer/duration.ts";
import type { Clock } from "./clock.ts";
import {
  inviteText,
  leaveText,
  paneText,
  refusedText,
  relayText,
  revokeText,
  wayText,
} from "./event_texts.ts";
import type { HostEvent } from "./events.ts";
import type { Driver } from "./presenter_facts.ts";

/** Something that has just happened, told for a while. */
export interface Toast {
  readonly text: string;
  /** What can wait while something is asked; what cannot; what did not work. */
  readonly tone: "quiet" | "news" | "bad";
}

type Control = Extract<HostEvent, { event: "control" }>;

/** What is told of an event; `undefined` where it is seen otherwise, or of no interest. */
export function toastOf(event: HostEvent): Toast | undefined {
  switch (event.event) {
    case "ready":
    case "exit":
    case "resize":
    case "slow":
    case "presenter-gone":
    // That they are gone says it.
    case "kick":
    // The links are shown, or were asked for elsewhere.
    case "new-link":
    case "agent":
    // It ends before it could be read.
    case "stop":
    case "tmux":
    // They are asked in the status line.
    case "request":
    case "paste-held":
      return undefined;
    case "recording-error":
    case "ctl-unavailable":
    case "audit-error":
      return { text: event.message, tone: "bad" };
    case "relay":
      return { text: relayText(event), tone: event.up ? "news" : "bad" };
    case "join": {
      const { name, type, watching } = event;
      return quiet(`${type === "agent" ? "agent " : ""}${name} joined (${watching} watching)`);
    }
    case "leave":
      return quiet(leaveText(event));
    case "refused":
      return quiet(refusedText(event));
    case "request-ended":
      return quiet(`${event.name} ${REQUEST_ENDS[event.how]}`);
    case "control":
      return news(controlText(event));
    case "pane":
      return news(paneText(event));
    case "warn":
      return news(`${event.name} has ${span(event.leftMs)} left`);
    case "invite":
      return quiet(inviteText(event, PRESENTER_ID));
    case "revoke-link":
      return news(revokeText(event));
    case "pause":
      return news("Viewers see a notice, and nothing of the screen");
    case "resume":
      return news("Sharing goes on");
    case "marker":
      return quiet(event.label === "" ? "Marker set" : `Marker set: ${event.label}`);
    default:
      return event satisfies never;
  }
}

function news(text: string): Toast {
  return { text, tone: "news" };
}

function quiet(text: string): Toast {
  return { text, tone: "quiet" };
}

/** A time that was a round one a moment ago is one. */
function span(ms: number): string {
  return formatSpan(Math.round(ms / 1_000) * 1_000);
}

const REQUEST_ENDS = {
  withdraw: "no longer asks for control",
  lapse: "was not answered, and no longer asks",
  deny: "was told no",
} as const;

function controlText(event: Control): string {
  const { mode, name = "Somebody", leftMs, note, from = "Somebody" } = event;
  const words = note === undefined || note === "" ? "" : `: ${note}`;
  switch (event.why) {
    case "yielded":
      return `${from} gave control back${words}`;
    case "expired":
      return `The time of ${from} is over: you drive`;
    case "left":
      return `${from} is gone: you drive${event.agent ? " until an agent comes" : ""}`;
    case "taken":
      return event.by === PRESENTER_ID && event.via === undefined
        ? "You drive"
        : `Control was taken from ${from}${wayText(event.via)}: you drive`;
    default:
  }
  switch (mode) {
    case "presenter":
      return event.agent ? "You drive until an agent comes" : "You drive";
    case "participant":
      return `${name} drives${
        leftMs === undefined ? " until you take control back" : ` for ${span(leftMs)}`
      }${words}`;
    case "collaborative":
      return "Everyone whose link allows it may type";
    case "paused":
      return "Nobody types now";
    default:
      return mode satisfies never;
  }
}

/** Why the presenter's keys were not typed, and what to do about it. */
export function blockedText(driver: Driver, takeKey: string): string {
  const takes = `${keyLabel(takeKey)} takes control back`;
  return driver.kind === "participant"
    ? `${driver.person.name} drives: ${takes}`
    : `Nobody types now: ${takes}`;
}

/** How long something that happened stands in the status line. */
const TOAST_MS = 4_000;

/** What is told now. */
export class ToastLine {
  readonly #clock: Clock;
  readonly #onChange: () => void;
  #told: Toast | undefined;
  #cancel: () => void = () => {};

  constructor(clock: Clock, onChange: () => void) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  /** Something that has just happened. */
  get told(): Toast | undefined {
    return this.#told;
  }

  /** Tells it for a while, in place of what was told. */
  say(toast: Toast): void {
    this.#told = toast;
    this.#cancel();
    this.#cancel = this.#clock.after(TOAST_MS, () => {
      this.#told = undefined;
      this.#onChange();
    });
    this.#onChange();
  }

  /** Nothing changes any more. */
  end(): void {
    this.#cancel();
  }
}
