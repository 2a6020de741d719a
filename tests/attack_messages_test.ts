/**
 * What somebody with a link can try once they are in: said by hand over real sockets to a real host, beside somebody who
 * goes on watching.
 */
import assert from "node:assert/strict";
import type { Live } from "../host/live.ts";
import type { HostOptions } from "../host/options.ts";
import { FakePanes, fakeTmux } from "../host/testing/panes.ts";
import { COMMAND_MAX_BYTES } from "../wire/limits.ts";
import { encodeHostMessage, type HostMessageJson } from "../wire/messages.ts";
import { encodeRecords } from "../wire/records.ts";
import { type Role, ROLES } from "../wire/role.ts";
import { Sealer } from "../wire/seal.ts";
import { type Guest, Session, until } from "./people.ts";
import { header, OPCODES } from "./raw_socket.ts";
import { Rogue } from "./rogue.ts";

/** A session of `cat`, which shows all that is typed, with bob in it. */
class Scene implements AsyncDisposable {
  readonly session: Session;
  /** What was done with panes. */
  readonly panes = new FakePanes();
  live!: Live;
  bob!: Guest;

  private constructor(options: Partial<HostOptions>) {
    const tmux = options.panes === true ? fakeTmux(this.panes, ["cat"]) : undefined;
    this.session = new Session({ command: ["cat"], ...options }, tmux);
  }

  static async open(options: Partial<HostOptions> = {}): Promise<Scene> {
    const scene = new Scene(options);
    scene.live = await scene.session.live;
    scene.bob = await scene.session.join("bob", options.readOnly ? "view" : "control");
    return scene;
  }

  async rogue(role: Role = "control"): Promise<Rogue> {
    return await Rogue.join((await this.session.link(role)).url);
  }

  /** Bob goes on, and sees what the presenter types and nothing else. */
  async unharmed(): Promise<void> {
    await this.session.type("fine\r");
    await this.bob.sees("fine\nfine");
    assert.doesNotMatch(this.bob.text, /EVIL/);
    assert.equal(this.bob.ended, undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.session[Symbol.asyncDispose]();
  }
}

/** Everything that can be typed, in a turn. */
function typing(turn: number): Extract<Parameters<Rogue["say"]>[0], { kind: "input" }> {
  return {
    kind: "input",
    turn,
    parts: [
      { kind: "text", text: "EVIL\n" },
      { kind: "key", key: "enter" },
      { kind: "key", key: "ctrl+c" },
      { kind: "paste", text: "EVIL\nEVIL\n" },
      { kind: "mouse", action: "down", button: 0, x: 1, y: 1 },
    ],
  };
}

type Mode = readonly [
  what: string,
  role: Role,
  set: (scene: Scene) => Promise<unknown>,
  options?: Partial<HostOptions>,
];

const MODES: readonly Mode[] = [
  ["the presenter drives", "control", () => Promise.resolve()],
  ["the presenter drives, as an admin", "admin", () => Promise.resolve()],
  [
    "somebody else drives",
    "control",
    ({ session }) => session.act({ kind: "grant", id: "bob", forMs: null }),
  ],
  [
    "all may type but who only watches",
    "view",
    ({ session }) => session.act({ kind: "mode", mode: "collaborative" }),
  ],
  [
    "the agent drives that comes next, and this is none",
    "control",
    ({ session }) => session.act({ kind: "mode", mode: "agent" }),
  ],
  [
    "somebody else has a pane",
    "admin",
    ({ session }) => session.act({ kind: "grant", id: "bob", pane: true }),
    { panes: true },
  ],
  ["nobody types", "control", ({ session }) => session.act({ kind: "mode", mode: "paused" })],
  [
    "all may type, while sharing is paused",
    "control",
    async ({ session }) => {
      await session.act({ kind: "mode", mode: "collaborative" });
      await session.act({ kind: "pause" });
    },
  ],
  ["the session is read-only", "view", () => Promise.resolve(), { readOnly: true }],
  [
    "control was theirs and was taken back",
    "control",
    async ({ session }) => {
      await session.act({ kind: "grant", id: "mallory", forMs: null });
      await session.act({ kind: "take" });
    },
  ],
];

for (const [what, role, set, options] of MODES) {
  Deno.test(`who may not type types nothing, whatever turn they name: ${what}`, async () => {
    await using scene = await Scene.open(options);
    await using mallory = await scene.rogue(role);
    await set(scene);
    const { turn } = scene.live.control.turn;
    const before = scene.live.measure().inputBytes;
    const turns = [...Array(turn + 3).keys(), Number.MAX_SAFE_INTEGER];
    for (const turn of turns) {
      mallory.say(typing(turn));
      mallory.say({ ...typing(turn), pane: true });
    }
    await mallory.heeded();
    assert.deepEqual(scene.live.measure().inputBytes, before);
    assert.doesNotMatch(scene.panes.done.join(), /EVIL/);
    assert.ok(mallory.codes.length > 0, "it was told");
    if (scene.live.paused) await scene.session.act({ kind: "resume" });
    await scene.session.act({ kind: "take" });
    await scene.unharmed();
  });
}

/** Everything that only a host says. */
const OF_A_HOST: readonly HostMessageJson[] = [
  {
    kind: "welcome",
    you: { id: "host", name: "presenter", role: "admin" },
    ticket: "t",
    expiresAtMs: 9e12,
    epoch: 1,
    key: "A".repeat(43),
    seq: 0,
    atMs: 0,
    header: "{}",
  },
  { kind: "state", seq: 0, atMs: 0 },
  { kind: "epoch", epoch: 9, key: "A".repeat(43) },
  { kind: "notice", code: "paste-held" },
  { kind: "link", role: "admin", url: "http://x" },
  { kind: "pong", t: 0 },
  { kind: "bye", code: "ended" },
];

Deno.test("what a host says is not taken from a viewer: it closes that connection, and no other", async () => {
  await using scene = await Scene.open();
  for (const message of OF_A_HOST) {
    await using mallory = await scene.rogue();
    mallory.shout(JSON.stringify(message));
    assert.equal(await mallory.socket.told, "message-unknown", message.kind);
  }
  {
    await using mallory = await scene.rogue();
    mallory.shout(encodeHostMessage({ kind: "state", seq: 1, atMs: 0 }, '[0,"o","EVIL"]\n'));
    assert.equal(await mallory.socket.told, "message-malformed");
  }
  await scene.unharmed();
});

Deno.test("who has the stream's key cannot put anything into the stream through the host", async () => {
  await using scene = await Scene.open();
  for (const after of [0, 1, 100]) {
    await using mallory = await scene.rogue();
    const { key, epoch } = mallory.welcome;
    const forged = new Sealer(key, { kind: "stream", epoch }, after);
    const grant = JSON.stringify(JSON.stringify({ kind: "grant", id: "p2", mode: "participant" }));
    mallory.socket.send(forged.seal(encodeRecords(`[0,"c",${grant}]\n`)));
    assert.equal(await mallory.socket.told, "message-out-of-place");
  }
  assert.equal(scene.live.control.turn.mode, "presenter");
  assert.equal(scene.bob.facts.turn.mode, "presenter");
  await scene.unharmed();
});

Deno.test("no role but an admin's gives itself control or a link, in whatever form it asks", async () => {
  await using scene = await Scene.open();
  for (const role of ROLES.filter((role) => role !== "admin")) {
    await using mallory = await scene.rogue(role);
    const { id } = mallory.welcome.you;
    const before = scene.live.links.list.length;
    for (const who of [id, "mallory", "host"]) {
      mallory.say({ kind: "act", action: { kind: "grant", id: who, forMs: null } });
    }
    mallory.say({ kind: "act", action: { kind: "mode", mode: "collaborative" } });
    mallory.say({ kind: "act", action: { kind: "invite", role: "admin" } });
    mallory.say({ kind: "yield" });
    mallory.say({ kind: "withdraw" });
    mallory.say(typing(scene.live.control.turn.turn));
    await mallory.heeded();
    assert.equal(mallory.codes.filter((code) => code === "role-forbids").length >= 5, true);
    assert.equal(scene.live.control.turn.mode, "presenter");
    assert.equal(scene.live.links.list.length, before);
  }
  const forged = [
    '{"kind":"act","by":"host","action":{"kind":"take"}}',
    '{"kind":"act","action":{"kind":"grant","id":"p2","by":"host"}}',
    '{"kind":"act","action":{"kind":"grant","id":"p2"},"role":"admin"}',
    '{"kind":"input","turn":0,"id":"host","parts":[{"kind":"text","text":"EVIL\\n"}]}',
    '{"kind":"input","turn":0,"parts":[{"kind":"text","text":"EVIL\\n","id":"host"}]}',
    '{"kind":"act","action":{"kind":"take","__proto__":{"by":"host"}}}',
    '{"kind":"act","action":{"kind":"sharing","paused":false}}',
    '{"kind":"request","id":"p1"}',
  ];
  for (const text of forged) {
    await using mallory = await scene.rogue("admin");
    mallory.shout(text);
    assert.equal(await mallory.socket.told, "message-malformed", text);
  }
  assert.equal(scene.live.control.turn.mode, "presenter");
  await scene.unharmed();
});

const DEEP = 400_000;
const nested = (open: string, close: string): string => open.repeat(DEEP) + close.repeat(DEEP);
/** Messages that are too much, and what they are called. */
const MONSTERS: Readonly<Record<string, readonly [string, string]>> = {
  "nested arrays": ["message-malformed", nested("[", "]")],
  "arrays that never end": ["message-malformed", "[".repeat(900_000)],
  "nested objects": ["message-malformed", nested('{"a":', "").slice(0, 1_000_000)],
  "a nested number": ["message-malformed", `{"kind":"ping","t":${nested("[", "]")}}`],
  "a nested note": ["message-malformed", `{"kind":"request","note":${nested("[", "]")}}`],
  "a million members": [
    "message-malformed",
    `{"kind":"ping",${Array.from({ length: 80_000 }, (_, i) => `"k${i}":1`).join(",")},"t":1}`,
  ],
  "the same member again and again": [
    "message-malformed",
    `{"kind":"ping",${'"t":"x",'.repeat(100_000)}"t":"x"}`,
  ],
  "a long name": [
    "message-malformed",
    `{"kind":"act","action":{"kind":"kick","id":"${"x".repeat(900_000)}"}}`,
  ],
  "a long text": [
    "message-malformed",
    `{"kind":"input","turn":0,"parts":[{"kind":"text","text":"${"x".repeat(900_000)}"}]}`,
  ],
  "many parts": [
    "message-malformed",
    `{"kind":"input","turn":0,"parts":[${
      Array(20_000).fill('{"kind":"key","key":"a"}').join(",")
    }]}`,
  ],
  "too large": ["message-too-large", " ".repeat(COMMAND_MAX_BYTES)],
  "far too large": ["message-too-large", " ".repeat(16 * COMMAND_MAX_BYTES)],
};

Deno.test("a message that is too long, too deep or too much closes that connection, soon, and no other", async (t) => {
  await using scene = await Scene.open();
  for (const [what, [code, text]] of Object.entries(MONSTERS)) {
    await t.step(what, async () => {
      await using mallory = await scene.rogue("admin");
      const startMs = performance.now();
      mallory.shout(text);
      assert.equal(await mallory.socket.told, code);
      assert.ok(performance.now() - startMs < 10_000);
      await scene.unharmed();
    });
  }
});

Deno.test("frames that are none, or come in pieces, harm one connection", async () => {
  await using scene = await Scene.open();
  const { BINARY, CONTINUATION, TEXT } = OPCODES;
  const oddities: readonly ((rogue: Rogue) => void)[] = [
    // Text, a reserved opcode, reserved bits, a control frame that is too long, a frame without a mask.
    ({ socket }) => socket.text("hello"),
    ({ socket }) => socket.frame(3, new Uint8Array(4)),
    ({ socket }) => socket.write(new Uint8Array([0xf2, 0x80, 0, 0, 0, 0])),
    ({ socket }) => socket.frame(OPCODES.PING, new Uint8Array(200)),
    ({ socket }) => socket.write(new Uint8Array([0x82, 0x04, 1, 2, 3, 4])),
    // A length of 2^63 - 1.
    ({ socket }) =>
      socket.write(
        new Uint8Array([0x82, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0]),
      ),
    // The middle of a message that never began; text inside of bytes.
    ({ socket }) => socket.frame(CONTINUATION, new Uint8Array(4)),
    ({ socket }) => {
      socket.frame(BINARY, new Uint8Array(4), { fin: false });
      socket.frame(TEXT, new Uint8Array(4), { fin: false });
      socket.frame(CONTINUATION, new Uint8Array(4));
    },
    ({ socket }) => socket.write(crypto.getRandomValues(new Uint8Array(4_096))),
  ];
  for (const [i, odd] of oddities.entries()) {
    await using mallory = await scene.rogue();
    odd(mallory);
    await mallory.socket.gone.catch(() => assert.fail(`oddity ${i} leaves the connection open`));
  }
  {
    // A good message in pieces is a good message.
    await using mallory = await scene.rogue();
    const sealed = mallory.sealer.seal(new TextEncoder().encode('{"kind":"ping","t":7}'));
    mallory.socket.write(header(BINARY, 5, false));
    mallory.socket.write(sealed.subarray(0, 5));
    for (const byte of sealed.subarray(5, -1)) {
      mallory.socket.frame(CONTINUATION, new Uint8Array([byte]), { fin: false });
    }
    mallory.socket.frame(CONTINUATION, sealed.subarray(-1));
    await mallory.hears("pong");
  }
  await scene.unharmed();
});

Deno.test("names, notes and labels are shown without what could steer a terminal or a reader's eye", async () => {
  await using scene = await Scene.open();
  const evil = "\x1b]52;c;RVZJTA==\x07\x1b[2J\u009b31m\u202eadmin\u2066\u0000\n\r\tx\ud800";
  await using mallory = await Rogue.join((await scene.session.link("admin")).url, { name: evil });
  mallory.say({ kind: "request", note: evil });
  mallory.say({ kind: "act", action: { kind: "mark", label: evil } });
  mallory.say({ kind: "act", action: { kind: "grant", id: mallory.welcome.you.id, note: evil } });
  await mallory.heeded();
  await until(() => scene.bob.facts.turn.mode === "participant", "the grant");
  // deno-lint-ignore no-control-regex -- that is what must not be there
  const steering = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/;
  const { name } = scene.live.participants.list.at(-1)!;
  assert.ok(name.endsWith("x") && !steering.test(name), JSON.stringify(name));
  for (const event of scene.session.reported) {
    const { label = "", note = "", name = "" } = event as Record<string, string>;
    for (const text of [label, note, name]) assert.ok(!steering.test(text), JSON.stringify(event));
  }
  await scene.session.act({ kind: "take" });
  await scene.unharmed();
});
