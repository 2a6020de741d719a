import assert from "node:assert/strict";
import type { Modes } from "../../../format/frame.ts";
import type { InputPart } from "../../../wire/input.ts";
import { type MouseInput, type MouseState, NO_MOUSE, stepMouse } from "./mouse.ts";

type Screen = { readonly mouse: Modes["mouse"]; readonly alternate: boolean };
type What = Partial<MouseInput> & Pick<MouseInput, "kind">;

const NOTHING = { cell: { x: 3, y: 4 }, shift: false, alt: false, ctrl: false };

/** A mouse over the screen of a program. */
class Mouse {
  screen: Screen;
  state: MouseState = NO_MOUSE;
  taken = false;

  constructor(mouse: Modes["mouse"], alternate = false) {
    this.screen = { mouse, alternate };
  }

  /** Does something, and gives what is typed by it: `down 0 3,4`, `shift+up`. */
  do(what: What): string[] {
    const input = { ...NOTHING, ...what } as MouseInput;
    const { state, parts, taken } = stepMouse(this.state, input, this.screen);
    this.state = state;
    this.taken = taken;
    return parts.map(show);
  }
}

function show(part: InputPart): string {
  if (part.kind === "key") return part.key;
  assert.ok(part.kind === "mouse");
  const { action, button, x, y, shift, alt, ctrl } = part;
  const modifiers = [ctrl && "ctrl", alt && "alt", shift && "shift"].filter(Boolean);
  return [action, button, `${x},${y}`, ...modifiers].filter((word) => word !== undefined).join(" ");
}

const down = (button = 0, more: Partial<MouseInput> = {}): What =>
  ({ kind: "down", button, ...more }) as What;
const up = (button = 0, more: Partial<MouseInput> = {}): What =>
  ({ kind: "up", button, ...more }) as What;
const move = (x: number, more: Partial<MouseInput> = {}): What => ({
  kind: "move",
  cell: { x, y: 4 },
  ...more,
});
const wheel = (turns: number, more: Partial<MouseInput> = {}): What =>
  ({ kind: "wheel", turns, ...more }) as What;

Deno.test("a program that does not want the mouse hears nothing of it, and the browser keeps it", () => {
  const mouse = new Mouse("none");
  for (const what of [down(), move(5), up(), wheel(3)]) {
    assert.deepEqual(mouse.do(what), []);
    assert.equal(mouse.taken, false);
  }
});

Deno.test("each way of wanting the mouse gets its own events and no others", () => {
  const expected: Record<string, string[]> = {
    press: ["down 0 3,4"],
    click: ["down 0 3,4", "up 0 3,4"],
    drag: ["down 0 3,4", "move 0 6,4", "up 0 3,4"],
    move: ["move 5,4", "down 0 3,4", "move 0 6,4", "up 0 3,4", "move 7,4"],
  };
  for (const [wanted, told] of Object.entries(expected)) {
    const mouse = new Mouse(wanted as Modes["mouse"]);
    const all = [move(5), down(), move(6), up(), move(7)].flatMap((what) => mouse.do(what));
    assert.deepEqual(all, told, wanted);
  }
});

Deno.test("Shift selects: nothing of it is told, unless the button went down without", () => {
  const mouse = new Mouse("move");
  for (const what of [down(0, { shift: true }), move(6, { shift: true }), up(0, { shift: true })]) {
    assert.deepEqual(mouse.do(what), []);
    assert.equal(mouse.taken, false);
  }
  assert.deepEqual(mouse.do(down()), ["down 0 3,4"]);
  assert.deepEqual(mouse.do(move(6, { shift: true })), ["move 0 6,4 shift"]);
  assert.deepEqual(mouse.do(up(0, { shift: true })), ["up 0 3,4 shift"]);
});

Deno.test("modifiers and buttons are told; buttons of the browser are its own", () => {
  const mouse = new Mouse("click");
  assert.deepEqual(mouse.do(down(2, { ctrl: true, alt: true })), ["down 2 3,4 ctrl alt"]);
  assert.equal(mouse.taken, true);
  assert.deepEqual(mouse.do(up(2)), ["up 2 3,4"]);
  assert.deepEqual(mouse.do(down(3)), []);
  assert.equal(mouse.taken, false);
});

Deno.test("a button that went down elsewhere does not go up here", () => {
  const mouse = new Mouse("drag");
  assert.deepEqual(mouse.do(up()), []);
  assert.deepEqual(mouse.do(move(5)), []);
  assert.deepEqual([...mouse.do(down(0)), ...mouse.do(down(2))], ["down 0 3,4", "down 2 3,4"]);
  assert.deepEqual([...mouse.do(up(2)), ...mouse.do(move(8))], ["up 2 3,4", "move 0 8,4"]);
});

Deno.test("a program that stops wanting the mouse in the middle of a press is left alone", () => {
  const mouse = new Mouse("drag");
  mouse.do(down());
  mouse.screen = { mouse: "none", alternate: false };
  assert.deepEqual([...mouse.do(move(9)), ...mouse.do(up())], []);
  assert.equal(mouse.taken, true); // the browser never saw it go down
  assert.deepEqual(mouse.state.held, []);
});

Deno.test("a move within one cell is told once", () => {
  const mouse = new Mouse("move");
  assert.deepEqual([...mouse.do(move(5)), ...mouse.do(move(5)), ...mouse.do(move(6))], [
    "move 5,4",
    "move 6,4",
  ]);
});

Deno.test("the wheel turns notch by notch, and what is less than a notch adds up", () => {
  const mouse = new Mouse("click");
  assert.deepEqual(mouse.do(wheel(0.4)), []);
  assert.deepEqual(mouse.do(wheel(0.4)), []);
  assert.deepEqual(mouse.do(wheel(0.4)), ["wheel-down 3,4"]);
  assert.deepEqual(mouse.do(wheel(-2)), ["wheel-up 3,4", "wheel-up 3,4"]);
  assert.equal(mouse.do(wheel(1e9)).length, 16);
  assert.deepEqual(mouse.do(wheel(0.5)), []);
});

Deno.test("on the alternate screen of a program without a mouse, the wheel is the arrow keys", () => {
  assert.deepEqual(new Mouse("none", true).do(wheel(1)), ["down", "down", "down"]);
  assert.deepEqual(new Mouse("none", true).do(wheel(-0.4)), ["up"]);
  assert.deepEqual(new Mouse("press", true).do(wheel(-0.4)), ["up"]);
  assert.deepEqual(new Mouse("none", false).do(wheel(-1)), []);
});

Deno.test("the wheel with Ctrl or Shift is the browser's", () => {
  const mouse = new Mouse("move", true);
  assert.deepEqual(
    [...mouse.do(wheel(3, { ctrl: true })), ...mouse.do(wheel(3, { shift: true }))],
    [],
  );
  assert.equal(mouse.taken, false);
});
