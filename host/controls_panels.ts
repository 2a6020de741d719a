/**
 * The presenter's panels in which something is written or chosen for an agent: a marker's label, a note, a client.
 *
 * @module
 */
import { editLine } from "../viewer/line_box.ts";
import type { InputEvent } from "../viewer/keys.ts";
import { AGENT_CLIENTS } from "./agent_config.ts";
import { lengthPanel, noteOf } from "./controls_menus.ts";
import {
  close,
  type ControlsState,
  type ControlsStep,
  isLeaving,
  move,
  open,
  type Panel,
  stay,
} from "./controls_state.ts";
import type { ControlsFacts } from "./presenter_facts.ts";

/** Which client an agent is brought in with, and whether that is copied. */
export function inAgent(
  state: ControlsState,
  panel: Extract<Panel, { kind: "agent" }>,
  event: InputEvent,
  facts: ControlsFacts,
): ControlsStep {
  if (event.kind !== "key") return stay(state);
  const { client, url } = panel;
  const to = move({ at: 0, id: client }, event.name, CLIENTS, "around");
  if (to !== undefined) return open(state, { ...panel, client: AGENT_CLIENTS[to.at]! });
  if (event.name === "enter" || isLeaving(event.name, facts)) return close(state);
  return event.name === "c" && url !== undefined
    ? open(state, panel, { kind: "copy-agent", client, url })
    : stay(state);
}

const CLIENTS = AGENT_CLIENTS.map((id) => ({ id }));

/** The label of a marker. */
export function inMarker(state: ControlsState, label: string, event: InputEvent): ControlsStep {
  const line = editLine(label, event);
  switch (line?.kind) {
    case undefined:
      return stay(state);
    case "edited":
      return open(state, { kind: "marker", label: line.text });
    case "entered":
      return close(state, { kind: "act", action: { kind: "mark", label: line.text } });
    case "given-up":
      return close(state);
    default:
      return line satisfies never;
  }
}

/** A word goes with control: it is typed before anything happens. */
export function inNote(
  state: ControlsState,
  panel: Extract<Panel, { kind: "note" }>,
  event: InputEvent,
  facts: ControlsFacts,
): ControlsStep {
  const line = editLine(panel.text, event);
  switch (line?.kind) {
    case undefined:
      return stay(state);
    case "edited":
      return open(state, { ...panel, text: line.text });
    case "entered":
      return panel.then === "hand-back"
        ? close(state, { kind: "act", action: { kind: "hand-back", ...noteOf(line.text) } })
        : open(state, lengthPanel(panel.person, facts, line.text));
    case "given-up":
      return panel.then === "hand-back"
        ? close(state)
        : open(state, lengthPanel(panel.person, facts));
    default:
      return line satisfies never;
  }
}
