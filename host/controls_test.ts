import assert from "node:assert/strict";
import { KeyParser } from "../viewer/keys.ts";
import {
  type ControlsEffect,
  type ControlsFacts,
  type ControlsState,
  FIRST_CONTROLS,
  MAX_LABEL,
  refresh,
  step,
} from "./controls.ts";

/** Controls that are typed at. */
class Desk {
  state: ControlsState = FIRST_CONTROLS;
  facts: ControlsFacts = { menuKey: "ctrl+\\", paused: false, watching: 2 };
  readonly effects: ControlsEffect[] = [];
  readonly #parser = new KeyParser();

  type(text: string): this {
    const events = this.#parser.feed(new TextEncoder().encode(text));
    for (const event of [...events, ...this.#parser.flush()]) {
      const { state, effects } = step(this.state, event, this.facts);
      this.state = state;
      this.effects.push(...effects);
    }
    return this;
  }

  /** What reached the program. */
  get typed(): string {
    const decoder = new TextDecoder();
    return this.effects.map((effect) => effect.kind === "type" ? decoder.decode(effect.bytes) : "")
      .join("");
  }

  get panel(): string {
    return this.state.panel.kind;
  }

  /** Effects other than typing. */
  get done(): ControlsEffect[] {
    return this.effects.filter(({ kind }) => kind !== "type");
  }
}

Deno.test("keys go to the program as they are, and the first takes the link away", () => {
  const desk = new Desk();
  assert.equal(desk.panel, "notice");
  desk.type("ls\r\x1b[A\x1bOP日\x03");
  assert.equal(desk.panel, "none");
  assert.equal(desk.typed, "ls\r\x1b[A\x1bOP日\x03");
});

Deno.test("moving the mouse or the focus leaves the link where it is", () => {
  const desk = new Desk().type("\x1b[<35;1;1M\x1b[I");
  assert.equal(desk.panel, "notice");
  assert.equal(desk.typed, "\x1b[<35;1;1M\x1b[I");
});

Deno.test("the menu key opens the menu, and typed twice it reaches the program", () => {
  const desk = new Desk().type("\x1c");
  assert.equal(desk.panel, "menu");
  assert.equal(desk.typed, "");
  desk.type("\x1c");
  assert.equal(desk.panel, "none");
  assert.equal(desk.typed, "\x1c");
});

Deno.test("another menu key can be chosen", () => {
  const desk = new Desk();
  desk.facts = { ...desk.facts, menuKey: "ctrl+x" };
  assert.equal(desk.type("\x1c").typed, "\x1c");
  assert.equal(desk.type("\x18").panel, "menu");
});

Deno.test("nothing typed while a panel is open reaches the program", () => {
  const desk = new Desk().type("\x1czzz\x1b[200~rm -rf\x1b[201~\x1b[<0;1;1M");
  assert.equal(desk.panel, "menu");
  desk.type("q");
  assert.deepEqual([desk.panel, desk.typed], ["none", ""]);
});

Deno.test("sharing is paused and goes on", () => {
  const desk = new Desk().type("\x1cp");
  assert.deepEqual(desk.done, [{ kind: "pause" }]);
  desk.facts = { ...desk.facts, paused: true };
  desk.type("\x1cp");
  assert.deepEqual(desk.done.at(-1), { kind: "resume" });
});

Deno.test("stopping asks first", () => {
  const desk = new Desk().type("\x1cs\x1b");
  assert.deepEqual([desk.panel, desk.done], ["none", []]);
  desk.type("\x1cs\r");
  assert.deepEqual(desk.done, [{ kind: "stop" }]);
});

Deno.test("a marker has the label that was typed, without what cannot be shown", () => {
  const desk = new Desk().type("\x1cmhéx\x7f llo\x1b[200~ wo\x1b]0;evil\x07rld\x1b[201~ \r");
  assert.deepEqual(desk.done, [{ kind: "mark", label: "hé llo wo]0;evilrld" }]);
  assert.equal(desk.typed, "");
});

Deno.test("a marker's label is bounded, and can be given up", () => {
  const desk = new Desk().type("\x1cm" + "x".repeat(500));
  assert.ok(desk.state.panel.kind === "marker" && desk.state.panel.label.length === MAX_LABEL);
  desk.type("\x1b");
  assert.deepEqual([desk.panel, desk.done], ["none", []]);
});

Deno.test("backspace takes a whole character from a label", () => {
  const desk = new Desk().type("\x1cma👩\u200d👧\x7f\x7f\x7fok\r");
  assert.deepEqual(desk.done, [{ kind: "mark", label: "ok" }]);
});

Deno.test("a terminal's answers never reach the program", () => {
  const desk = new Desk().type("\x1b]11;rgb:0000/0000/0000\x1b\\\x1b[?62;22c");
  assert.deepEqual([desk.panel, desk.typed], ["notice", ""]);
});

Deno.test("an open menu shows how many watch now", () => {
  const desk = new Desk().type("\x1c");
  const { panel } = refresh(desk.state, { ...desk.facts, watching: 7 });
  assert.ok(panel.kind === "menu" && panel.menu.items.some(({ note }) => note === "7"));
});
