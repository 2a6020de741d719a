import assert from "node:assert/strict";
import { DEFAULT_MODES, type MouseEncoding, type MouseTracking } from "../format/frame.ts";
import { KeyParser } from "../viewer/keys.ts";
import { encodeInput } from "./encode_input.ts";
import type { MousePart } from "./encode_mouse.ts";

/** A report, the classic bytes as numbers. */
function report(
  part: Omit<MousePart, "kind" | "x" | "y"> & { readonly x?: number; readonly y?: number },
  mouse: MouseTracking,
  mouseEncoding: MouseEncoding = "sgr",
): string | undefined {
  const bytes = encodeInput(
    { kind: "mouse", x: 9, y: 4, ...part },
    { ...DEFAULT_MODES, mouse, mouseEncoding },
  );
  if (bytes === undefined) return undefined;
  return mouseEncoding === "bytes"
    ? [...bytes.subarray(3)].join(" ")
    : new TextDecoder().decode(bytes.subarray(2));
}

const DOWN = { action: "down", button: 0 } as const;
const RIGHT_UP = { action: "up", button: 2 } as const;
const DRAG = { action: "move", button: 1 } as const;
const MOVE = { action: "move" } as const;
const WHEEL_UP = { action: "wheel-up" } as const;
const WHEEL_DOWN = { action: "wheel-down" } as const;

Deno.test("each tracking mode reports what xterm reports in it", () => {
  const table: Record<MouseTracking, (string | undefined)[]> = {
    none: [undefined, undefined, undefined, undefined, undefined, undefined],
    press: ["<0;10;5M", undefined, undefined, undefined, undefined, undefined],
    click: ["<0;10;5M", "<2;10;5m", undefined, undefined, "<64;10;5M", "<65;10;5M"],
    drag: ["<0;10;5M", "<2;10;5m", "<33;10;5M", undefined, "<64;10;5M", "<65;10;5M"],
    move: ["<0;10;5M", "<2;10;5m", "<33;10;5M", "<35;10;5M", "<64;10;5M", "<65;10;5M"],
  };
  for (const [mouse, expected] of Object.entries(table) as [MouseTracking, string[]][]) {
    const parts = [DOWN, RIGHT_UP, DRAG, MOVE, WHEEL_UP, WHEEL_DOWN];
    assert.deepEqual(parts.map((part) => report(part, mouse)), expected, mouse);
  }
});

Deno.test("the classic bytes do not say which button went up", () => {
  const parts = [DOWN, RIGHT_UP, DRAG, MOVE, WHEEL_UP, WHEEL_DOWN];
  assert.deepEqual(parts.map((part) => report(part, "move", "bytes")), [
    "32 42 37",
    "35 42 37",
    "65 42 37",
    "67 42 37",
    "96 42 37",
    "97 42 37",
  ]);
});

Deno.test("modifiers are part of the report, except in the oldest mode", () => {
  const all = { ...DOWN, shift: true, alt: true, ctrl: true } as const;
  assert.equal(report(all, "click"), "<28;10;5M");
  assert.equal(report({ ...WHEEL_DOWN, ctrl: true }, "click"), "<81;10;5M");
  assert.equal(report({ ...RIGHT_UP, shift: true }, "click", "bytes"), "39 42 37");
  assert.equal(report(all, "press"), "<0;10;5M");
});

Deno.test("a classic byte says no place beyond 223; numbers say any", () => {
  assert.equal(report({ ...DOWN, x: 222, y: 222 }, "click", "bytes"), "32 255 255");
  assert.equal(report({ ...DOWN, x: 223 }, "click", "bytes"), undefined);
  assert.equal(report({ ...DOWN, y: 223 }, "click", "bytes"), undefined);
  assert.equal(report({ ...DOWN, x: 999, y: 0 }, "click"), "<0;1000;1M");
});

Deno.test("places in pixels are not known", () => {
  assert.equal(report(DOWN, "click", "sgr-pixels"), undefined);
});

Deno.test("a button that goes down or up has to be said", () => {
  assert.equal(report({ action: "down" }, "move"), undefined);
  assert.equal(report({ action: "up" }, "move"), undefined);
});

Deno.test("every report is read as a mouse again", () => {
  for (const mouseEncoding of ["sgr", "bytes"] as const) {
    for (const part of [DOWN, RIGHT_UP, DRAG, MOVE, WHEEL_UP]) {
      const modes = { ...DEFAULT_MODES, mouse: "move", mouseEncoding } as const;
      const bytes = encodeInput({ kind: "mouse", x: 200, y: 0, ...part }, modes)!;
      const events = new KeyParser().feed(bytes);
      assert.deepEqual(events.map(({ kind, raw }) => [kind, raw.length]), [[
        "mouse",
        bytes.length,
      ]]);
    }
  }
});
