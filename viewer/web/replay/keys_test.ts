import assert from "node:assert/strict";
import type { KeyboardEventLike } from "../input/key_of.ts";
import { PLAYBACK_HELP } from "../../playback_keys.ts";
import { REPLAY_KEYS, replayKey, sliderKey } from "./keys.ts";

function press(key: string, more: Partial<KeyboardEventLike> = {}): KeyboardEventLike {
  const none = { ctrlKey: false, altKey: false, metaKey: false, shiftKey: false };
  return { key, code: "", isComposing: false, ...none, ...more };
}

Deno.test("keys play as in the terminal", () => {
  const view = (key: string, more?: Partial<KeyboardEventLike>): unknown => {
    const found = replayKey(press(key, more));
    return found?.kind === "view" ? found.input : found;
  };
  assert.deepEqual(view(" "), { kind: "player", input: { kind: "toggle" } });
  assert.deepEqual(view("ArrowLeft", { shiftKey: true }), {
    kind: "player",
    input: { kind: "seek-by", ms: -60_000 },
  });
  assert.deepEqual(view("7"), { kind: "tenth", tenth: 7 });
  assert.deepEqual(view("M", { shiftKey: true }), {
    kind: "player",
    input: { kind: "marker", by: -1 },
  });
  assert.deepEqual(view("f"), { kind: "follow-cursor" });
});

Deno.test("what only a page has is there too, and the browser keeps its own keys", () => {
  const action = (key: string, more?: Partial<KeyboardEventLike>): string | undefined => {
    const found = replayKey(press(key, more));
    return found?.kind === "page" ? found.action : found?.kind;
  };
  assert.equal(action("f", { ctrlKey: true }), "find");
  assert.equal(action("f", { metaKey: true }), "find");
  assert.equal(action("/"), "find");
  assert.equal(action("?", { shiftKey: true }), "help");
  assert.equal(action("w"), "people");
  for (const key of ["c", "t", "w", "ArrowLeft", "0", "+"]) {
    assert.equal(action(key, { ctrlKey: true }), undefined, key);
    assert.equal(action(key, { metaKey: true }), undefined, key);
  }
  assert.equal(action("Tab"), undefined);
  assert.equal(action("F5"), undefined);
  assert.equal(action("constructor"), undefined);
});

Deno.test("the timeline has the keys that sliders have", () => {
  const found = sliderKey(press("PageUp"));
  assert.deepEqual(found, replayKey(press("ArrowRight", { shiftKey: true })));
  assert.equal(sliderKey(press("ArrowLeft")), undefined);
});

Deno.test("the help has all of it", () => {
  assert.ok(REPLAY_KEYS.length > PLAYBACK_HELP.length);
});
