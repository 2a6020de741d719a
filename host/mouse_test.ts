import assert from "node:assert/strict";
import type { Viewport } from "../viewer/viewport.ts";
import { placeMouse } from "./mouse.ts";

const WHOLE: Viewport = { x: { from: 0, at: 0, length: 80 }, y: { from: 0, at: 0, length: 23 } };
const MIDDLE: Viewport = { x: { from: 0, at: 10, length: 60 }, y: { from: 5, at: 0, length: 23 } };

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

Deno.test("a mouse on the session's screen is reported as it is", () => {
  for (const raw of ["\x1b[<0;80;23M", "\x1b[<35;1;1m"]) {
    assert.deepEqual(placeMouse(bytes(raw), "sgr", WHOLE), bytes(raw));
  }
  assert.deepEqual(placeMouse(bytes("\x1b[M !!"), "bytes", WHOLE), bytes("\x1b[M !!"));
});

Deno.test("a mouse on the status line is nobody's business", () => {
  assert.equal(placeMouse(bytes("\x1b[<0;1;24M"), "sgr", WHOLE), undefined);
  assert.equal(
    placeMouse(bytes(`\x1b[M !${String.fromCharCode(32 + 24)}`), "bytes", WHOLE),
    undefined,
  );
});

Deno.test("a mouse on a session of another size is placed on it", () => {
  assert.deepEqual(placeMouse(bytes("\x1b[<0;11;1M"), "sgr", MIDDLE), bytes("\x1b[<0;1;6M"));
  assert.deepEqual(placeMouse(bytes("\x1b[M +!"), "bytes", MIDDLE), bytes("\x1b[M !&"));
  assert.equal(placeMouse(bytes("\x1b[<0;10;1M"), "sgr", MIDDLE), undefined);
  assert.equal(placeMouse(bytes("\x1b[<0;71;1M"), "sgr", MIDDLE), undefined);
});

Deno.test("what is no report is dropped", () => {
  for (const raw of ["\x1b[<0;1M", "\x1b[M!", "x"]) {
    assert.equal(placeMouse(bytes(raw), "sgr", WHOLE), undefined, JSON.stringify(raw));
  }
});
