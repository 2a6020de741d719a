/**
 * Who may type, as a program is told.
 *
 * @module
 */
import { PRESENTER_ID } from "../format/session_data.ts";
import { shownName } from "../viewer/drive_text.ts";
import { formatClock } from "../viewer/duration.ts";
import { driver, mayType, type SessionFacts } from "../viewer/session_facts.ts";
import { AgentError } from "./errors.ts";
import type { Holder, You } from "./types.ts";

/** Who has control. @param nowMs session time */
export function holderOf(facts: SessionFacts, you: You | undefined, nowMs: number): Holder {
  const { turn } = facts;
  const person = driver(facts);
  return {
    mode: turn.mode,
    ...(person !== undefined && { person }),
    ...(turn.untilMs !== undefined && { leftMs: Math.max(0, turn.untilMs - nowMs) }),
    you: mayType(facts, you),
  };
}

/** Why this program may not type now; `undefined` when it may. */
export function refusalOf(
  facts: SessionFacts,
  you: You | undefined,
  nowMs: number,
): AgentError | undefined {
  const holder = holderOf(facts, you, nowMs);
  if (you?.role === "view") {
    return new AgentError(
      "role-forbids",
      "Cannot type: the link only allows watching; ask the presenter for a link that allows control",
      { holder },
    );
  }
  if (facts.sharingPaused || facts.turn.mode === "paused") {
    const what = facts.sharingPaused ? "sharing" : "input";
    return new AgentError(
      "input-paused",
      `Cannot type: the presenter has paused ${what}; wait for it to resume`,
      { holder },
    );
  }
  return holder.you ? undefined : notInControl(holder);
}

/** Somebody else has control. */
export function notInControl(holder: Holder): AgentError {
  const message = `Cannot type: ${whoHas(holder)}; call requestControl() and wait for it`;
  return new AgentError("not-in-control", message, { holder });
}

/** Control went while a command ran. */
export function commandInterrupted(holder: Holder): AgentError {
  const lost = notInControl(holder);
  return new AgentError(
    "control-lost",
    lost.message.replace(/^Cannot type: /, "Stopped waiting for the command, which may go on: "),
    { holder },
  );
}

/** Control went while something was typed. */
export function controlLost(holder: Holder): AgentError {
  const message = holder.you
    ? "Stopped typing: control has changed hands meanwhile, and part of the text was dropped; look at the screen before going on"
    : `Stopped typing: ${
      whoHas(holder)
    }; part of the text may not have been typed; call requestControl() to go on`;
  return new AgentError("control-lost", message, { holder });
}

/** As in `control is held by Ada for 3:20 more`. */
export function whoHas({ mode, person, leftMs }: Holder): string {
  if (mode === "paused") return "input is paused";
  if (mode === "presenter") {
    const name = person === undefined ? "" : ` (${person.name})`;
    return `the presenter${name} has control`;
  }
  const who = person === undefined
    ? "another participant"
    : person.id === PRESENTER_ID
    ? `the presenter (${person.name})`
    : shownName(person);
  return `control is held by ${who}${forHowLong(leftMs)}`;
}

/** As in ` for 3:20 more`; empty while control does not end by itself. */
export function forHowLong(leftMs: number | undefined): string {
  return leftMs === undefined ? "" : ` for ${formatClock(Math.ceil(leftMs / 1_000) * 1_000)} more`;
}
