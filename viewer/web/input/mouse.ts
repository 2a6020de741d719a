/**
 * The mouse over the session's screen: what of it the session's program is told.
 *
 * @module
 */
import type { Modes } from "../../../format/frame.ts";
import type { InputPart } from "../../../wire/input.ts";

/** A cell of the session's screen, from 0. */
export interface Cell {
  readonly x: number;
  readonly y: number;
}

/** What the mouse does. */
export type MouseInput =
  & {
    readonly cell: Cell;
    readonly shift: boolean;
    readonly alt: boolean;
    readonly ctrl: boolean;
  }
  & (
    /** 0 left, 1 middle, 2 right; others are the browser's. */
    | { readonly kind: "down" | "up"; readonly button: number }
    | { readonly kind: "move" }
    /** Notches of the wheel, down is positive; fractions add up. */
    | { readonly kind: "wheel"; readonly turns: number }
  );

/** What is known of the mouse. */
export interface MouseState {
  /** Buttons that went down for the program and are still down, the last one last. */
  readonly held: readonly (0 | 1 | 2)[];
  /** The cell that the program was told last. */
  readonly last: Cell | undefined;
  /** What the wheel has turned and nobody was told of. */
  readonly rest: number;
}

/** A state, what is typed, and whether the browser is to do nothing with it. */
export interface MouseStep {
  readonly state: MouseState;
  readonly parts: readonly InputPart[];
  readonly taken: boolean;
}

/** Before anything happened. */
export const NO_MOUSE: MouseState = { held: [], last: undefined, rest: 0 };

/** Most that is told of one turn of the wheel, however far. */
const MAX_TURNS = 16;
/** Rows that a notch of the wheel moves a program by that does not want the mouse. */
const ROWS_A_NOTCH = 3;

type MousePart = Extract<InputPart, { kind: "mouse" }>;

/**
 * One step. Only what the program asked for is told, and nothing of what goes with Shift, which selects text. On the
 * alternate screen of a program that does not want the mouse, the wheel is the arrow keys, as in terminals.
 */
export function stepMouse(
  state: MouseState,
  input: MouseInput,
  screen: { readonly mouse: Modes["mouse"]; readonly alternate: boolean },
): MouseStep {
  switch (input.kind) {
    case "down":
      return press(state, input, screen.mouse);
    case "up":
      return release(state, input, screen.mouse);
    case "move":
      return move(state, input, screen.mouse);
    case "wheel":
      return wheel(state, input, screen);
    default:
      return input satisfies never;
  }
}

function leave(state: MouseState): MouseStep {
  return { state, parts: [], taken: false };
}

function buttonOf(button: number): 0 | 1 | 2 | undefined {
  return button === 0 || button === 1 || button === 2 ? button : undefined;
}

function part(input: MouseInput, action: MousePart["action"], button?: 0 | 1 | 2): MousePart {
  const { cell, shift, alt, ctrl } = input;
  return {
    kind: "mouse",
    action,
    ...(button !== undefined && { button }),
    x: cell.x,
    y: cell.y,
    ...(shift && { shift }),
    ...(alt && { alt }),
    ...(ctrl && { ctrl }),
  };
}

function press(
  state: MouseState,
  input: MouseInput & { readonly button: number },
  mouse: Modes["mouse"],
): MouseStep {
  const button = buttonOf(input.button);
  if (mouse === "none" || input.shift || button === undefined) return leave(state);
  const held = [...state.held.filter((other) => other !== button), button];
  const next = { ...state, held, last: input.cell };
  return { state: next, parts: [part(input, "down", button)], taken: true };
}

function release(
  state: MouseState,
  input: MouseInput & { readonly button: number },
  mouse: Modes["mouse"],
): MouseStep {
  const button = buttonOf(input.button);
  if (button === undefined || !state.held.includes(button)) return leave(state);
  const held = state.held.filter((other) => other !== button);
  const told = mouse !== "none" && mouse !== "press";
  const parts = told ? [part(input, "up", button)] : [];
  return { state: { ...state, held, last: input.cell }, parts, taken: true };
}

function move(state: MouseState, input: MouseInput, mouse: Modes["mouse"]): MouseStep {
  const button = state.held.at(-1);
  const told = mouse === "move"
    ? button !== undefined || !input.shift
    : mouse === "drag" && button !== undefined;
  if (!told) return { state, parts: [], taken: button !== undefined };
  const { last } = state;
  if (last?.x === input.cell.x && last.y === input.cell.y) {
    return { state, parts: [], taken: button !== undefined };
  }
  const parts = [part(input, "move", button)];
  return { state: { ...state, last: input.cell }, parts, taken: button !== undefined };
}

function wheel(
  state: MouseState,
  input: MouseInput & { readonly turns: number },
  { mouse, alternate }: { readonly mouse: Modes["mouse"]; readonly alternate: boolean },
): MouseStep {
  const program = mouse !== "none" && mouse !== "press";
  // Ctrl with the wheel zooms, in every browser.
  if (input.shift || input.ctrl || !(program || alternate)) return leave({ ...state, rest: 0 });
  const turned = program ? input.turns : input.turns * ROWS_A_NOTCH;
  const back = Math.sign(turned) === -Math.sign(state.rest);
  const total = back ? turned : state.rest + turned;
  const count = Math.min(MAX_TURNS, Math.floor(Math.abs(total)));
  const up = total < 0;
  const one: InputPart = program
    ? part(input, up ? "wheel-up" : "wheel-down")
    : { kind: "key", key: up ? "up" : "down" };
  const rest = Math.abs(total) > MAX_TURNS ? 0 : total - Math.sign(total) * count;
  return { state: { ...state, rest }, parts: new Array<InputPart>(count).fill(one), taken: true };
}
