import assert from "node:assert/strict";
import { toBase64Url } from "../wire/bytes.ts";
import { parseLink } from "../wire/link.ts";
import { eventually, startWatch } from "./harness.ts";
import { Room, Viewer } from "./meddled_room.ts";
import { closeFrame, type Meddle, Meddler, type Passing, type Side } from "./meddler.ts";
import { Proxy } from "./proxy.ts";

const CHANNEL = 3, STREAM = 4;
const kindOf = ({ message }: Passing): number => message[0]! & 0x0f;

/** Meddles with the first message that is `wanted` from now on, and with no other. */
function once(wanted: (passing: Passing) => boolean, meddle: Meddle): Meddle {
  let done = false;
  return (passing) => {
    if (done || !wanted(passing)) return [passing.message];
    done = true;
    return meddle(passing);
  };
}

/** Does so with the first two. */
function twice(
  wanted: (passing: Passing) => boolean,
  meddle: (a: Uint8Array, b: Uint8Array) => Uint8Array[],
): Meddle {
  let held: Uint8Array | undefined;
  let done = false;
  return (passing) => {
    if (done || !wanted(passing)) return [passing.message];
    if (held === undefined) {
      held = passing.message;
      return [];
    }
    done = true;
    return meddle(held, passing.message);
  };
}

function flipped(message: Uint8Array, at: number): Uint8Array {
  const other = message.slice();
  const i = at < 0 ? message.length + at : at;
  other[i] = other[i]! ^ 1;
  return other;
}

/** One's envelope, another's content. */
function grafted(envelope: Uint8Array, content: Uint8Array): Uint8Array {
  const message = content.slice();
  message.set(envelope.subarray(0, 5));
  return message;
}

/** What somebody in between does to the messages of a side, and by what name the other side gives up on it. */
function tampering(
  foreign: readonly Passing[],
): Readonly<
  Record<string, readonly [meddle: (of: (passing: Passing) => boolean) => Meddle, code: string]>
> {
  const other = (passing: Passing): Uint8Array =>
    foreign.find((one) => one.from === passing.from && kindOf(one) === kindOf(passing))!.message;
  return {
    "a bit of the tag": [(of) => once(of, ({ message }) => [flipped(message, -1)]), "seal-broken"],
    "a bit of the content": [
      (of) => once(of, ({ message }) => [flipped(message, 5)]),
      "seal-broken",
    ],
    "a bit of the number": [
      (of) => once(of, ({ message }) => [flipped(message, 4)]),
      "sequence-broken",
    ],
    "an unknown kind": [
      (of) => once(of, ({ message }) => [flipped(message, 0).fill(0x0f, 0, 1)]),
      "message-malformed",
    ],
    "a repetition": [(of) => once(of, ({ message }) => [message, message]), "sequence-broken"],
    "the other order": [(of) => twice(of, (a, b) => [b, a]), "sequence-broken"],
    "a gap": [(of) => twice(of, (_, b) => [b]), "sequence-broken"],
    "a shorter message": [
      (of) => once(of, ({ message }) => [message.slice(0, -1)]),
      "seal-broken",
    ],
    "another session's message": [
      (of) => once(of, (passing) => [grafted(passing.message, other(passing))]),
      "seal-broken",
    ],
  };
}

/** A viewer that is in, and its losses until something was typed through. */
async function watchUnder(
  room: Room,
  meddle: Meddle,
  provoke: (viewer: Viewer) => Promise<void>,
): Promise<
  { readonly losses: string[]; readonly closed: Meddler["closed"]; readonly shown: string }
> {
  await using viewer = new Viewer(room.link);
  await viewer.until(() => viewer.isIn, "first screen");
  viewer.meddler.meddle = meddle;
  await provoke(viewer);
  await viewer.until(() => viewer.welcomes === 2, "second welcome");
  const word = crypto.randomUUID().slice(0, 8);
  await room.type(word);
  await viewer.until(() => viewer.shown.includes(`<${word.toUpperCase()}>`), "what came after");
  return { losses: viewer.losses, closed: viewer.meddler.closed, shown: viewer.shown };
}

Deno.test("whoever changes, repeats, reorders, drops or forges a message ends the connection by name, and no more", async (t) => {
  await using room = await Room.open();
  await using elsewhere = await Room.open();
  await using there = new Viewer(elsewhere.link);
  await there.until(() => there.isIn, "first screen");
  await elsewhere.type("a line that is long enough");
  await there.until(() => there.shown.includes("LONG ENOUGH"), "line");
  there.connection.send({ kind: "request", note: "a note that is long enough" });
  await there.meddler.until(() =>
    there.meddler.seen.filter(({ from }) => from === "viewer").length > 4
  );
  const foreign = there.meddler.seen.filter(({ message, index }) =>
    index > 2 && message.length > 30
  );

  for (const [what, [meddle, code]] of Object.entries(tampering(foreign))) {
    await t.step(`${what}, of the stream`, async () => {
      const of = (passing: Passing): boolean => kindOf(passing) === STREAM;
      const { losses, closed } = await watchUnder(room, meddle(of), async () => {
        await room.type("one");
        await room.type("two");
      });
      assert.deepEqual(losses, [code]);
      assert.deepEqual(closed.filter(({ by }) => by === "viewer").map(({ reason }) => reason), [
        code,
      ]);
    });
    await t.step(`${what}, of the viewer`, async () => {
      const of = ({ from, index }: Passing): boolean => from === "viewer" && index > 1;
      const before = await room.departures(code);
      const { losses } = await watchUnder(room, meddle(of), async (viewer) => {
        for (const note of ["first note", "second"]) {
          viewer.connection.send({ kind: "request", note });
        }
        await eventually(
          async () => await room.departures(code) > before || undefined,
          `the host to say ${code}`,
        );
        await viewer.until(() => viewer.losses.length > 0, "loss");
      });
      // What else was on its way to a host that has closed can overtake its last word.
      assert.ok(losses.length === 1 && [code, "cut"].includes(losses[0]!), losses.join());
    });
  }
});

Deno.test("a message of another connection, or of the other direction, is of no use in this one", async (t) => {
  await using room = await Room.open();
  await using other = new Viewer(room.link);
  await other.until(() => other.isIn, "first screen");
  const from = (side: Side): Uint8Array =>
    other.meddler.seen.find((one) => one.from === side && kindOf(one) === CHANNEL)!.message;
  const isPong = (passing: Passing): boolean =>
    passing.from === "host" && kindOf(passing) === CHANNEL && passing.index > 2;
  for (
    const [what, content] of [
      ["the host's to another viewer", from("host")],
      ["another viewer's to the host", from("viewer")],
    ] as const
  ) {
    await t.step(what, async () => {
      const meddle = once(isPong, ({ message }) => [grafted(message, content)]);
      const { losses } = await watchUnder(room, meddle, async (viewer) => {
        viewer.connection.send({ kind: "request", note: "to be answered" });
        await room.type("one");
        await viewer.until(() => viewer.losses.length > 0, "loss");
      });
      assert.deepEqual(losses, ["seal-broken"]);
    });
  }
});

Deno.test("a handshake that somebody changed comes to nothing", async (t) => {
  await using room = await Room.open();
  const hello = 5 + 1 + 16;
  const cases: Readonly<Record<string, readonly [Side, at: number, ends: readonly string[]]>> = {
    "the version": ["viewer", 5, ["version-unsupported"]],
    "the session": ["viewer", 6, ["session-unknown"]],
    "the viewer's X25519 key": ["viewer", hello, ["host-unproven"]],
    "the viewer's ML-KEM key": ["viewer", hello + 32 + 700, ["host-unproven", "hello-malformed"]],
    // What is changed may be no character of a token any more.
    "the token": ["viewer", -1, ["token-invalid", "hello-malformed"]],
    "the host's X25519 key": ["host", 5, ["host-unproven"]],
    "the host's ciphertext": ["host", 5 + 32 + 500, ["host-unproven"]],
    "the host's public key": ["host", 5 + 32 + 1088, ["host-unproven"]],
    "the signature": ["host", -1, ["host-unproven"]],
  };
  for (const [what, [side, at, ends]] of Object.entries(cases)) {
    await t.step(what, async () => {
      const meddle: Meddle = ({ from, index, message }) => [
        from === side && index === 0 ? flipped(message, at) : message,
      ];
      await using viewer = new Viewer(room.link, meddle);
      await viewer.until(() => viewer.end !== undefined, "end");
      assert.ok(ends.includes(viewer.end ?? ""), `it ended with ${viewer.end}`);
      assert.equal(viewer.shown, "");
    });
  }
});

Deno.test("whoever sits in between can cut, but not end the session, nor say in the host's name why", async () => {
  await using room = await Room.open();
  for (
    const [code, reason] of [[4000, "ended"], [4001, "kicked"], [4015, "token-expired"]] as const
  ) {
    const meddle = once(
      (passing) => kindOf(passing) === STREAM,
      ({ message }) => [message, closeFrame(code, reason)],
    );
    const { losses } = await watchUnder(room, meddle, () => room.type("one"));
    assert.deepEqual(losses, ["cut"]);
  }
});

Deno.test("whatever is done to the messages at random, a viewer is shown what the host has said and nothing else", async () => {
  await using room = await Room.open();
  await using honest = new Viewer(room.link);
  await honest.until(() => honest.isIn, "first screen");
  await using viewer = new Viewer(room.link);
  await viewer.until(() => viewer.isIn, "first screen");
  let meddled = 0;
  /** Whether a message was swallowed: nobody misses it before the next one comes. */
  let swallowed = false;
  const earlier: Uint8Array[] = [];
  viewer.meddler.meddle = ({ message, index }) => {
    earlier.push(message);
    if (index < 3 || Math.random() < 0.7) return [message];
    meddled++;
    const old = earlier[Math.floor(Math.random() * earlier.length)]!;
    const ways: readonly (() => Uint8Array[])[] = [
      () => {
        swallowed = true;
        queueMicrotask(() => viewer.lookAgain());
        return [];
      },
      () => [message, message],
      () => [old, message],
      () => [grafted(message, old)],
      () => [flipped(message, Math.floor(Math.random() * message.length))],
      () => [message.slice(0, Math.floor(Math.random() * message.length))],
      () => [crypto.getRandomValues(new Uint8Array(message.length))],
    ];
    return ways[Math.floor(Math.random() * ways.length)]!();
  };
  for (let i = 0; i < 60; i++) {
    swallowed = false;
    await room.type(`line ${i}`);
    const isLost = (): boolean => viewer.connection.status.kind !== "live";
    const isShown = (): boolean => viewer.shown.includes(`<LINE ${i}>`);
    await viewer.until(() => isLost() || swallowed || isShown(), "line");
    if (viewer.connection.status.kind === "waiting") viewer.connection.retry();
    await viewer.until(() => viewer.isIn || swallowed, "screen");
  }
  viewer.meddler.meddle = ({ message }) => [message];
  await room.type("the last");
  await viewer.until(() => viewer.shown.includes("<THE LAST>"), "last line");
  await honest.until(() => honest.shown.includes("<THE LAST>"), "last line");
  assert.ok(meddled > 10, `${meddled} messages were meddled with`);
  assert.ok(viewer.losses.length > 3, viewer.losses.join());
  const said = new Map(
    honest.events.flatMap((event) => event.kind === "lines" ? [[event.seq, event.lines]] : []),
  );
  for (const event of viewer.events) {
    if (event.kind === "lines") assert.equal(event.lines, said.get(event.seq));
  }
});

/** Things that are said in a session, and must not be seen from outside. */
const SECRETS = [
  "HUNTER2",
  "hunter2",
  "Quarterly incident",
  "Ada Lovelace",
  "stty -echo",
  "watching",
];

/** Has a conversation through somebody in between. */
async function converse(room: Room, link: string): Promise<void> {
  await using viewer = startWatch(link, { rows: 25, args: ["--name", "Ada Lovelace"] });
  await viewer.waitForText("ready");
  await room.type("hunter2");
  await viewer.waitForText("<HUNTER2>");
  await viewer.type("r");
  await room.host.waitForText(/Ada Lovelace (?:asks|wants)/);
}

async function textOf(pieces: readonly Uint8Array[]): Promise<string> {
  const bytes = await new Blob(pieces as Uint8Array<ArrayBuffer>[]).arrayBuffer();
  return new TextDecoder("latin1").decode(bytes);
}

Deno.test("whoever records a conversation sees nothing of what was said, but the token", async () => {
  await using room = await Room.open(["--title", "Quarterly incident"]);
  await using meddler = new Meddler(new URL(room.link).host);
  await converse(room, meddler.link(room.link));
  const recorded = await textOf(meddler.seen.map(({ message }) => message));
  assert.ok(recorded.length > 3_000);
  const { secret, token } = parseLink(room.link);
  for (const text of [...SECRETS, toBase64Url(secret), await textOf([secret])]) {
    assert.ok(!recorded.includes(text), `${text} is seen`);
  }
  assert.ok(recorded.includes(token), "messages are seen at all");
});

Deno.test("with TLS the token is not seen either, nor which session it is", async () => {
  await using room = await Room.open(["--title", "Quarterly incident", "--tls"]);
  await using proxy = new Proxy(new URL(room.link).host);
  const pieces: Uint8Array[] = [];
  proxy.onBytes = (bytes) => void pieces.push(bytes);
  await converse(room, proxy.link(room.link));
  const recorded = await textOf(pieces);
  assert.ok(recorded.length > 3_000);
  const { secret, session, token } = parseLink(room.link);
  for (const text of [...SECRETS, toBase64Url(secret), token, session, "GET /", "HTTP/1.1"]) {
    assert.ok(!recorded.includes(text), `${text} is seen`);
  }
});
