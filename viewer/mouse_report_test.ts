import assert from "node:assert/strict";
import { type MousePart, parseMouse, placeMouse } from "./mouse_report.ts";
import type { Viewport } from "./viewport.ts";

function parse(text: string): MousePart | undefined {
  return parseMouse(new TextEncoder().encode(text));
}

Deno.test("buttons, wheels, moves and modifiers are told apart", () => {
  const at = { kind: "mouse", x: 9, y: 4 } as const;
  const cases: [string, MousePart | undefined][] = [
    ["\x1b[<0;10;5M", { ...at, action: "down", button: 0 }],
    ["\x1b[<2;10;5m", { ...at, action: "up", button: 2 }],
    ["\x1b[<33;10;5M", { ...at, action: "move", button: 1 }],
    ["\x1b[<35;10;5M", { ...at, action: "move" }],
    ["\x1b[<64;10;5M", { ...at, action: "wheel-up" }],
    ["\x1b[<81;10;5M", { ...at, action: "wheel-down", ctrl: true }],
    ["\x1b[<12;10;5M", { ...at, action: "down", button: 0, shift: true, alt: true }],
    ["\x1b[<66;10;5M", undefined],
    ["\x1b[<128;10;5M", undefined],
    ["\x1b[<0;0;5M", undefined],
    ["\x1b[<0;10M", undefined],
    ["\x1b[A", undefined],
  ];
  for (const [text, part] of cases) assert.deepEqual(parse(text), part, JSON.stringify(text));
});

Deno.test("a terminal that knows only the classic report is understood", () => {
  assert.deepEqual(parse("\x1b[M *%"), { kind: "mouse", action: "down", button: 0, x: 9, y: 4 });
  assert.deepEqual(parse("\x1b[M#*%"), { kind: "mouse", action: "up", button: 0, x: 9, y: 4 });
  assert.deepEqual(parse("\x1b[MC*%"), { kind: "mouse", action: "move", x: 9, y: 4 });
  assert.equal(parse("\x1b[M *"), undefined);
});

Deno.test("a place is a cell of the session, wherever on the terminal that is shown", () => {
  const viewport: Viewport = {
    x: { from: 0, at: 10, length: 20 },
    y: { from: 30, at: 0, length: 5 },
  };
  const place = (text: string): [number, number] | undefined => {
    const placed = placeMouse(parse(text)!, viewport);
    return placed && [placed.x, placed.y];
  };
  assert.deepEqual(place("\x1b[<0;11;1M"), [0, 30]);
  assert.deepEqual(place("\x1b[<0;30;5M"), [19, 34]);
  assert.equal(place("\x1b[<0;10;1M"), undefined);
  assert.equal(place("\x1b[<0;31;1M"), undefined);
  assert.equal(place("\x1b[<35;11;6M"), undefined);
  // A button that is let go or dragged outside is still the session's.
  assert.deepEqual(place("\x1b[<0;80;6m"), [19, 34]);
  assert.deepEqual(place("\x1b[<32;1;1M"), [0, 30]);
});
