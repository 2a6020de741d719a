import assert from "node:assert/strict";
import fc from "fast-check";
import { KeyParser } from "../viewer/keys.ts";
import type { HostAction } from "../wire/actions.ts";
import type { Role } from "../wire/role.ts";
import {
  type ControlsEffect,
  type ControlsFacts,
  type ControlsState,
  FIRST_CONTROLS,
  MAX_LABEL,
  refresh,
  showLink,
  showSaid,
  step,
} from "./controls.ts";
import type { IssuedLink } from "./links.ts";
import type { Participant } from "./participants.ts";
import type { Driver, Prompt } from "./presenter_facts.ts";

const F12 = "\x1b[24~", MENU = "\x1c", DOWN = "\x1b[B", ALT_Y = "\x1by", ALT_N = "\x1bn";

function person(id: string, name: string, role: Role = "control"): Participant {
  return { id, name, role, type: "person", color: 1, link: "a", sinceMs: 0, peer: undefined };
}

function link(id: string): IssuedLink {
  return { id, url: `http://x/s/${id}`, role: "control", expiresAtMs: 1_000, once: false };
}

const BO = person("p1", "Bo"), ZOE = person("p2", "Zoë", "view"), AL = person("p3", "Al");
const BO_DRIVES: Driver = { kind: "participant", person: BO, untilMs: 60_000 };
const BO_ASKS: Prompt = {
  kind: "request",
  person: BO,
  forMs: undefined,
  note: "fix the pod",
  longer: false,
};
const BO_PASTES: Prompt = { kind: "paste", person: BO, lines: 12, first: "ls" };

/** Controls that are typed at. */
class Desk {
  state: ControlsState = FIRST_CONTROLS;
  facts: ControlsFacts = {
    menuKey: "ctrl+\\",
    takeKey: "f12",
    agentClient: "json",
    paused: false,
    watching: 3,
    readOnly: false,
    driver: { kind: "presenter" },
    typing: "typed",
    agent: false,
    takenFrom: undefined,
    cameBack: false,
    prompt: undefined,
    armed: false,
    people: [BO, ZOE, AL],
    links: [link("a"), link("b")],
    ownLink: link("a"),
  };
  readonly effects: ControlsEffect[] = [];
  readonly #parser = new KeyParser();

  with(facts: Partial<ControlsFacts>): this {
    this.facts = { ...this.facts, ...facts };
    this.state = refresh(this.state, this.facts);
    return this;
  }

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

  get acted(): HostAction[] {
    return this.effects.flatMap((effect) => effect.kind === "act" ? [effect.action] : []);
  }

  /** What the menu that is open can do. */
  get items(): string[] {
    const { panel } = this.state;
    return panel.kind === "menu" ? panel.menu.items.map(({ key, label }) => `${key} ${label}`) : [];
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
  const desk = new Desk().type(MENU);
  assert.equal(desk.panel, "menu");
  assert.equal(desk.typed, "");
  desk.type(MENU);
  assert.equal(desk.panel, "none");
  assert.equal(desk.typed, MENU);
});

Deno.test("another menu key can be chosen", () => {
  const desk = new Desk().with({ menuKey: "ctrl+x" });
  assert.equal(desk.type(MENU).typed, MENU);
  assert.equal(desk.type("\x18").panel, "menu");
});

Deno.test("nothing typed while a panel is open reaches the program", () => {
  const desk = new Desk().type(`${MENU}zzz\x1b[200~rm -rf\x1b[201~\x1b[<0;1;1M`);
  assert.equal(desk.panel, "menu");
  desk.type("q");
  assert.deepEqual([desk.panel, desk.typed], ["none", ""]);
});

Deno.test("sharing is paused and goes on", () => {
  const desk = new Desk().type(`${MENU}p`);
  assert.deepEqual(desk.acted, [{ kind: "pause" }]);
  desk.with({ paused: true }).type(`${MENU}p`);
  assert.deepEqual(desk.acted.at(-1), { kind: "resume" });
});

Deno.test("stopping asks first", () => {
  const desk = new Desk().type(`${MENU}s\x1b`);
  assert.deepEqual([desk.panel, desk.done], ["none", []]);
  desk.type(`${MENU}s\r`);
  assert.deepEqual(desk.acted, [{ kind: "stop" }]);
});

Deno.test("a marker has the label that was typed, without what cannot be shown", () => {
  const desk = new Desk().type(`${MENU}mhéx\x7f llo\x1b[200~ wo\x1b]0;evil\x07rld\x1b[201~ \r`);
  assert.deepEqual(desk.acted, [{ kind: "mark", label: "hé llo wo]0;evilrld" }]);
  assert.equal(desk.typed, "");
});

Deno.test("a marker's label is bounded, and can be given up", () => {
  const desk = new Desk().type(`${MENU}m${"x".repeat(500)}`);
  assert.ok(desk.state.panel.kind === "marker" && desk.state.panel.label.length === MAX_LABEL);
  desk.type("\x1b");
  assert.deepEqual([desk.panel, desk.done], ["none", []]);
});

Deno.test("backspace takes a whole character from a label", () => {
  const desk = new Desk().type(`${MENU}ma👩\u200d👧\x7f\x7f\x7fok\r`);
  assert.deepEqual(desk.acted, [{ kind: "mark", label: "ok" }]);
});

Deno.test("a terminal's answers never reach the program", () => {
  const desk = new Desk().type("\x1b]11;rgb:0000/0000/0000\x1b\\\x1b[?62;22c");
  assert.deepEqual([desk.panel, desk.typed], ["notice", ""]);
});

Deno.test("an open menu shows how many watch now", () => {
  const { panel } = new Desk().type(MENU).with({ watching: 7 }).state;
  assert.ok(panel.kind === "menu" && panel.menu.items.some(({ note }) => note === "7 watching"));
});

Deno.test("the take key takes control back, whatever is open", () => {
  const panels = ["", MENU, `${MENU}w`, `${MENU}wk`, `${MENU}l`, `${MENU}lq`, `${MENU}mab`];
  for (const keys of [...panels, `${MENU}s`, `${MENU}h`, `${MENU}h\r`, `${MENU}o`, `${MENU}li`]) {
    const desk = new Desk().with({ driver: BO_DRIVES, typing: "blocked" }).type(keys).type(F12);
    assert.deepEqual(desk.acted, [{ kind: "take" }], keys);
    assert.ok(["none", "notice"].includes(desk.panel), keys);
    assert.equal(desk.typed, "");
  }
});

Deno.test("the take key takes control back also when an escape comes with it", () => {
  const desk = new Desk().with({ driver: BO_DRIVES, typing: "blocked" }).type(`${MENU}w`);
  assert.deepEqual(desk.type(`\x1b${F12}`).acted, [{ kind: "take" }]);
});

Deno.test("the take key is the program's while there is nothing to take, but for a moment after", () => {
  const desk = new Desk().with({ cameBack: true }).type(F12);
  assert.deepEqual(desk.effects, []);
  desk.with({ cameBack: false }).type(F12);
  assert.deepEqual([desk.typed, desk.done], [F12, []]);
});

Deno.test("another take key can be chosen, and is one in every mode but the presenter's", () => {
  for (const kind of ["everyone", "nobody"] as const) {
    const desk = new Desk().with({ takeKey: "ctrl+t", driver: { kind } }).type("\x14");
    assert.deepEqual(desk.acted, [{ kind: "take" }]);
  }
});

Deno.test("while somebody else drives the presenter's keys and pastes are not typed, and are told so", () => {
  const desk = new Desk().with({ driver: BO_DRIVES, typing: "blocked" });
  desk.type("l\x1b[<35;1;1M\x1b[I\x1b[200~rm\rrm\x1b[201~");
  assert.equal(desk.typed, "");
  assert.deepEqual(desk.done, [{ kind: "blocked" }, { kind: "blocked" }]);
});

Deno.test("the menu opens while somebody else drives, and its key typed twice is not typed", () => {
  const desk = new Desk().with({ driver: BO_DRIVES, typing: "blocked" }).type(MENU);
  assert.equal(desk.panel, "menu");
  assert.deepEqual(desk.type(MENU).done, [{ kind: "blocked" }]);
});

Deno.test("the end of a paste goes where its beginning went, whatever has changed", () => {
  const dropped = new Desk().with({ driver: BO_DRIVES, typing: "blocked" }).type("\x1b[200~rm -rf");
  dropped.with({ driver: { kind: "presenter" }, typing: "typed" }).type(" /\r\x1b[201~ls");
  assert.equal(dropped.typed, "ls");
  const typed = new Desk().type("\x1b[200~one");
  typed.state = { ...typed.state, panel: { kind: "stop" } };
  assert.equal(typed.type(" two\x1b[201~x").typed, "\x1b[200~one two\x1b[201~");
});

Deno.test("where any key takes control back, a key and a paste are typed, a mouse move is not", () => {
  const desk = new Desk().with({ driver: BO_DRIVES, typing: "takes" });
  desk.type("\x1b[<35;1;1M\x1b[Ix\x1b[200~y\x1b[201~");
  assert.equal(desk.typed, "x\x1b[200~y\x1b[201~");
});

Deno.test("a request is answered by Alt-Y and Alt-N, also while a panel is open", () => {
  for (const keys of ["", MENU, `${MENU}w`, `${MENU}mab`]) {
    const desk = new Desk().with({ prompt: BO_ASKS, armed: true }).type(keys);
    const before = desk.panel;
    desk.type(ALT_Y).type(ALT_N);
    assert.deepEqual(desk.acted, [
      { kind: "grant", id: "p1", forMs: 300_000 },
      { kind: "deny", id: "p1" },
    ]);
    assert.equal(desk.panel, before);
    assert.equal(desk.typed, "");
  }
});

Deno.test("a request is granted for what was asked, with shift held as well", () => {
  const desk = new Desk().with({ prompt: { ...BO_ASKS, forMs: 60_000 }, armed: true });
  assert.deepEqual(desk.type("\x1bY").acted, [{ kind: "grant", id: "p1", forMs: 60_000 }]);
});

Deno.test("a held paste is answered by the same keys", () => {
  const desk = new Desk().with({ prompt: BO_PASTES, armed: true }).type(ALT_N).type(ALT_Y);
  assert.deepEqual(desk.acted, [{ kind: "paste", allow: false }, { kind: "paste", allow: true }]);
});

Deno.test("answering keys are the program's when nothing is asked, and just when it is", () => {
  const desk = new Desk().type(ALT_Y).with({ prompt: BO_ASKS, armed: false }).type(ALT_N);
  assert.deepEqual([desk.typed, desk.done], [ALT_Y + ALT_N, []]);
});

Deno.test("the menu answers a request first, once it could be read", () => {
  const desk = new Desk().type(MENU).with({ prompt: BO_ASKS, armed: false });
  assert.deepEqual(desk.items.slice(0, 2), ["y Hand over to Bo", "n Tell Bo no"]);
  assert.deepEqual(desk.type("y").done, []);
  desk.with({ armed: true }).type("y");
  assert.deepEqual(desk.acted, [{ kind: "grant", id: "p1", forMs: 300_000 }]);
});

Deno.test("a request that comes while the menu is open leaves the selection where it is", () => {
  const desk = new Desk().type(`${MENU}${DOWN}${DOWN}`);
  desk.with({ prompt: BO_ASKS, armed: true }).type("\r");
  assert.equal(desk.panel, "people");
});

Deno.test("control is handed over to who is chosen, for as long as is chosen", () => {
  const choices: readonly [string, number | null][] = [
    ["\r", 300_000],
    ["1", 60_000],
    ["5", 300_000],
    ["f", 900_000],
    ["u", null],
  ];
  for (const [key, forMs] of choices) {
    // Zoë only watches: she is not among those to choose from.
    const desk = new Desk().type(`${MENU}h${DOWN}\r${key}`);
    assert.deepEqual(desk.acted, [{ kind: "grant", id: "p3", forMs }]);
    assert.equal(desk.panel, "none");
  }
});

Deno.test("nobody is handed anything where nobody can type, or the session is read-only", () => {
  for (const facts of [{ people: [ZOE] }, { people: [] }, { readOnly: true }]) {
    const desk = new Desk().with(facts).type(`${MENU}h`);
    assert.deepEqual([desk.panel, desk.done], ["menu", []]);
  }
});

Deno.test("modes are chosen, everyone's not in a read-only session", () => {
  assert.deepEqual(new Desk().type(`${MENU}oe`).acted, [{ kind: "mode", mode: "collaborative" }]);
  assert.deepEqual(new Desk().type(`${MENU}on`).acted, [{ kind: "mode", mode: "paused" }]);
  assert.deepEqual(new Desk().type(`${MENU}op`).acted, [{ kind: "mode", mode: "presenter" }]);
  assert.deepEqual(new Desk().with({ readOnly: true }).type(`${MENU}oe`).acted, []);
});

Deno.test("somebody in the list is handed control or removed, which asks first", () => {
  const desk = new Desk().type(`${MENU}w${DOWN}h`);
  assert.deepEqual(desk.done, [{ kind: "cannot-type", name: "Zoë" }]);
  desk.type("k\x1b").type("ky");
  assert.deepEqual(desk.acted, [{ kind: "kick", id: "p2" }]);
  assert.equal(desk.panel, "people");
});

Deno.test("a list stays on who was selected while others come and go", () => {
  const desk = new Desk().type(`${MENU}w${DOWN}${DOWN}`).with({ people: [ZOE, AL, BO] });
  desk.type("ky");
  assert.deepEqual(desk.acted, [{ kind: "kick", id: "p3" }]);
});

Deno.test("who leaves while their removal is asked for is not asked about any more", () => {
  const desk = new Desk().type(`${MENU}wk`).with({ people: [ZOE, AL] });
  assert.equal(desk.panel, "people");
  assert.deepEqual(desk.type("y").acted, []);
});

Deno.test("the selected link is copied and shown as a code", () => {
  const desk = new Desk().type(`${MENU}l${DOWN}c`);
  assert.deepEqual(desk.done, [{ kind: "copy", url: "http://x/s/b" }]);
  desk.type("q");
  assert.ok(desk.state.panel.kind === "qr" && desk.state.panel.url === "http://x/s/b");
  assert.deepEqual(desk.type("x").type("c").done.at(-1), { kind: "copy", url: "http://x/s/b" });
  assert.deepEqual(new Desk().type(`${MENU}c`).done, [{ kind: "copy", url: "http://x/s/a" }]);
});

Deno.test("the selected link is withdrawn after a question, or all of them", () => {
  const desk = new Desk().type(`${MENU}l${DOWN}w`);
  assert.equal(desk.panel, "withdraw");
  assert.deepEqual(desk.type("\x1b").acted, []);
  assert.equal(desk.panel, "links");
  assert.deepEqual(desk.type("w\r").acted, [{ kind: "revoke-link", id: "b" }]);
  assert.equal(desk.panel, "links");
  assert.deepEqual(desk.type("wa").acted.at(-1), { kind: "revoke-all" });
});

Deno.test("a link that is gone while it is asked about is not asked about any more", () => {
  const desk = new Desk().type(`${MENU}l${DOWN}w`).with({ links: [link("a")] });
  assert.equal(desk.panel, "links");
  assert.deepEqual(desk.type("y").acted, []);
  assert.deepEqual(desk.with({ links: [] }).type("wcq").done, []);
});

Deno.test("who is removed comes back with their link, unless that is withdrawn with them", () => {
  const desk = new Desk().type(`${MENU}wkw`);
  assert.deepEqual(desk.acted, [{ kind: "revoke-link", id: "a" }]);
  assert.equal(desk.panel, "people");
  const once = { ...link("a"), once: true };
  for (const links of [[once], [link("b")], []]) {
    assert.deepEqual(new Desk().with({ links }).type(`${MENU}wkw`).acted, []);
  }
});

Deno.test("what is copied from the menu is the session's own link or nothing, never an invite", () => {
  const desk = new Desk().with({ links: [link("b")], ownLink: undefined }).type(`${MENU}c`);
  assert.deepEqual(desk.done, []);
});

Deno.test("an invite is asked for step by step, and shown when it is there", () => {
  const desk = new Desk().type(`${MENU}liv8o`);
  assert.deepEqual(desk.acted, [
    { kind: "invite", role: "view", expiresMs: 8 * 3_600_000, once: true },
  ]);
  desk.state = showLink(desk.state, link("c"));
  desk.with({ links: [link("a"), link("b"), link("c")] }).type("c");
  assert.deepEqual(desk.done.at(-1), { kind: "copy", url: "http://x/s/c" });
  assert.deepEqual(new Desk().type(`${MENU}li\r3m`).acted, [
    { kind: "invite", role: "control", expiresMs: 1_800_000 },
  ]);
});

Deno.test("a read-only session's invites are for watching", () => {
  const desk = new Desk().with({ readOnly: true }).type(`${MENU}li`);
  assert.deepEqual(desk.type("ca").acted, []);
  assert.deepEqual(desk.type("v2m").acted.length, 1);
});

Deno.test("the take key hands back what it took, but not just after, nor while something is typed or asked", () => {
  const desk = new Desk().with({ takenFrom: BO, cameBack: true }).type(F12);
  assert.deepEqual(desk.effects, []);
  desk.with({ cameBack: false }).type(F12);
  assert.deepEqual(desk.acted, [{ kind: "hand-back" }]);
  assert.equal(desk.type(`${MENU}${F12}`).acted.length, 2);
  for (const keys of [`${MENU}m`, `${MENU}s`, `${MENU}w`, `${MENU}b`]) {
    const busy = new Desk().with({ takenFrom: BO }).type(keys).type(F12);
    assert.deepEqual([busy.acted, busy.typed], [[], ""], keys);
  }
});

Deno.test("what was taken is handed back from the menu, with a note or without", () => {
  const desk = new Desk().with({ takenFrom: BO });
  assert.ok(desk.type(MENU).items.includes("b Hand back to Bo"));
  desk.type("b try it again\r");
  desk.type(`${MENU}b\r`).type(`${MENU}bno\x1b`);
  assert.deepEqual(desk.acted, [
    { kind: "hand-back", note: "try it again" },
    { kind: "hand-back" },
  ]);
  assert.equal(desk.panel, "none");
  desk.type(`${MENU}bso`).with({ takenFrom: undefined });
  assert.equal(desk.panel, "none");
});

Deno.test("control is handed over with a note, once it was said for how long", () => {
  const desk = new Desk().type(`${MENU}h\rnlook at\x7f\x7finto it\r`);
  assert.ok(desk.items.includes("n Another note"));
  desk.type("u");
  assert.deepEqual(desk.acted, [{ kind: "grant", id: "p1", forMs: null, note: "look into it" }]);
  // Giving up the note leaves none, and goes back to where it was asked for.
  desk.type(`${MENU}h\rnlook\x1b`).type("1");
  assert.deepEqual(desk.acted.at(-1), { kind: "grant", id: "p1", forMs: 60_000 });
  desk.type(`${MENU}h\rnlook`).with({ people: [AL] });
  assert.equal(desk.panel, "none");
});

Deno.test("mode agent is chosen from the menu, but not in a read-only session", () => {
  assert.deepEqual(new Desk().type(`${MENU}oa`).acted, [{ kind: "mode", mode: "agent" }]);
  assert.deepEqual(new Desk().with({ readOnly: true }).type(`${MENU}oa`).acted, []);
});

Deno.test("what brings an agent in waits for its link, and is copied for the client that is chosen", () => {
  const desk = new Desk().type(`${MENU}ac`);
  assert.deepEqual(desk.done, [
    { kind: "act", action: { kind: "invite", role: "agent", once: true } },
  ]);
  desk.state = showLink(desk.state, link("c"));
  desk.type("\t\tc");
  assert.deepEqual(desk.done.at(-1), {
    kind: "copy-agent",
    client: "cursor",
    url: "http://x/s/c",
  });
  desk.type("\x1b[A\x1b[A\x1b[Ac");
  assert.deepEqual(desk.done.at(-1), { kind: "copy-agent", client: "codex", url: "http://x/s/c" });
  assert.equal(desk.type("\x1b").panel, "none");
  const watching = new Desk().with({ readOnly: true }).type(`${MENU}a`);
  assert.deepEqual(watching.acted, [{ kind: "invite", role: "view", once: true }]);
});

Deno.test("what is said with control that comes back is read, and goes with the first key, which is typed", () => {
  const desk = new Desk();
  desk.state = showSaid(desk.state, { from: "Bo", text: "done" });
  assert.equal(desk.panel, "said");
  desk.type("l");
  assert.deepEqual([desk.panel, desk.typed], ["none", "l"]);
  desk.type(`${MENU}m`);
  desk.state = showSaid(desk.state, { from: "Bo", text: "done" });
  assert.equal(desk.panel, "marker");
});

Deno.test("whatever keys come, control is taken by one, and nothing is typed while others drive", () => {
  const key = fc.constantFrom(
    MENU,
    DOWN,
    "\r",
    "\x1b[A",
    ALT_Y,
    "\x1b[200~p\x1b[201~",
    ..."ynthowlcmpsikq1x3v",
  );
  const facts = fc.record({
    prompt: fc.constantFrom(undefined, BO_ASKS, BO_PASTES),
    armed: fc.boolean(),
    people: fc.constantFrom([], [BO], [BO, ZOE, AL]),
    links: fc.constantFrom([], [link("a")]),
    driver: fc.constantFrom<Driver>(BO_DRIVES, { kind: "nobody" }),
  });
  fc.assert(fc.property(fc.array(fc.tuple(facts, key), { maxLength: 30 }), (steps) => {
    const desk = new Desk().with({ driver: BO_DRIVES, typing: "blocked" });
    for (const [changed, text] of steps) desk.with(changed).type(text);
    assert.equal(desk.typed, "");
    desk.effects.length = 0;
    desk.type(F12);
    assert.deepEqual(desk.acted, [{ kind: "take" }]);
  }));
});

Deno.test("a pane that is asked for is opened with yes, and said to be one", () => {
  const desk = new Desk().with({
    panes: 0,
    prompt: { ...BO_ASKS, pane: true },
    armed: true,
  });
  desk.type(MENU);
  assert.deepEqual(desk.items.slice(0, 2), ["y Open a pane for Bo", "n Tell Bo no"]);
  desk.type(ALT_Y);
  assert.deepEqual(desk.acted, [{ kind: "grant", id: "p1", pane: true }]);
});

Deno.test("somebody is given a pane from the menu where there are any", () => {
  const desk = new Desk().with({ panes: 0 }).type(`${MENU}h\r`);
  assert.ok(desk.items.includes("p A pane of their own"));
  desk.type("p");
  assert.deepEqual(desk.acted, [{ kind: "grant", id: "p1", pane: true }]);
  assert.ok(!new Desk().type(`${MENU}h\r`).items.includes("p A pane of their own"));
});

Deno.test("the take key ends typing in panes too, also while the presenter drives", () => {
  const desk = new Desk().with({ panes: 1, takenFrom: BO }).type(F12);
  assert.deepEqual(desk.acted, [{ kind: "take" }]);
  desk.with({ cameBack: true }).type(F12);
  assert.deepEqual(desk.acted, [{ kind: "take" }]);
  desk.with({ cameBack: false }).type(`${MENU}t`);
  assert.deepEqual(desk.acted, [{ kind: "take" }, { kind: "take" }]);
  desk.with({ panes: 0 }).type(F12);
  assert.deepEqual(desk.acted.at(-1), { kind: "hand-back" });
});
