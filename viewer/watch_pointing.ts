/**
 * Pointing in `watch`, with the arrows or the mouse.
 *
 * @module
 */
import type { InputEvent } from "./keys.ts";
import { parseMouse, placeMouse } from "./mouse_report.ts";
import type { Cell } from "./point_sender.ts";
import type { Viewport } from "./viewport.ts";
import {
  interrupted,
  say,
  stay,
  TO_LIVE,
  type WatchInput,
  type WatchInputFacts,
  type WatchInputStep,
} from "./watch_state.ts";

const STEP_COLS = 8, STEP_ROWS = 4;
/** Begins where the cursor is, or in the middle of what is seen. */
export function beginPointing(state: WatchInput, facts: WatchInputFacts): WatchInputStep {
  const { screen, viewport, player, ended } = facts;
  if (screen === undefined || viewport === undefined || ended) return stay(state);
  const middle = (span: Viewport["x"]): number => span.from + Math.floor(span.length / 2);
  const inside = (at: number, { from, length }: Viewport["x"]): boolean =>
    at >= from && at < from + length;
  const { cursor } = screen;
  const seen = inside(cursor.x, viewport.x) && inside(cursor.y, viewport.y);
  const at = seen ? { x: cursor.x, y: cursor.y } : { x: middle(viewport.x), y: middle(viewport.y) };
  const live = player?.mode === "following" ? [] : [TO_LIVE];
  return stay({ ...state, pointing: at }, ...live, { kind: "point", at });
}

/** Points at nothing any more. */
export function endPointing(state: WatchInput): WatchInputStep {
  return stay({ ...state, pointing: undefined }, { kind: "point", at: undefined });
}

const MOVES: Readonly<Record<string, readonly [cols: number, rows: number]>> = {
  "left": [-1, 0],
  "right": [1, 0],
  "up": [0, -1],
  "down": [0, 1],
  "shift+left": [-STEP_COLS, 0],
  "shift+right": [STEP_COLS, 0],
  "shift+up": [0, -STEP_ROWS],
  "shift+down": [0, STEP_ROWS],
};

/** What an event does while one points. */
export function inPointing(
  state: WatchInput,
  before: Cell,
  event: InputEvent,
  { viewport, screen, nowMs }: WatchInputFacts,
): WatchInputStep {
  const point = (at: Cell): WatchInputStep =>
    stay({ ...state, pointing: at }, { kind: "point", at });
  if (event.kind === "mouse") {
    const report = viewport && parseMouse(event.raw);
    const part = report && placeMouse({ ...report, action: "move" }, viewport);
    return part === undefined ? stay(state) : point({ x: part.x, y: part.y });
  }
  if (event.kind !== "key") return stay(state);
  const move = MOVES[event.name];
  if (move !== undefined && screen !== undefined) {
    const clamp = (at: number, size: number): number => Math.max(0, Math.min(at, size - 1));
    return point({
      x: clamp(before.x + move[0], screen.cols),
      y: clamp(before.y + move[1], screen.rows),
    });
  }
  if (/^(?:escape|p|q|enter)$/.test(event.name)) return endPointing(state);
  if (event.name === "ctrl+c") return interrupted(state, nowMs);
  return stay(state, say("Pointing: the arrows or the mouse move, Esc ends it"));
}
