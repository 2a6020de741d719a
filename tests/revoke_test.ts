/**
 * Who is removed, whose link is withdrawn or expires: real sockets, and a viewer that keeps its socket, its keys, and an
 * ear on what others are sent.
 */
import assert from "node:assert/strict";
import { type Dial, dialWebSocket } from "../wire/socket.ts";
import { readEnvelope } from "../wire/envelope.ts";
import { Session, until } from "./people.ts";
import { Proxy } from "./proxy.ts";
import { Rogue } from "./rogue.ts";

/** Listens to what somebody is sent, as everybody on their network can. */
class Tap {
  /** Messages as they went over the wire, sealed. */
  readonly messages: Uint8Array[] = [];

  readonly dial: Dial = async (url, signal) => {
    const socket = await dialWebSocket(url, signal);
    const tapped = { ...socket };
    socket.onmessage = (message) => {
      if (typeof message !== "string") this.messages.push(message.slice());
      tapped.onmessage?.(message);
    };
    socket.onclose = (code, reason) => tapped.onclose?.(code, reason);
    return tapped;
  };

  /** Messages of the stream since a number of all. */
  stream(since: number): Uint8Array[] {
    return this.messages.slice(since).filter((message) => readEnvelope(message).type === "stream");
  }
}

/** Ways of losing one's place, and what is said of it. */
const ENDS: readonly {
  readonly how: string;
  readonly code: string;
  readonly expiresMs?: number;
  readonly end: (session: Session, linkId: string) => Promise<unknown>;
}[] = [
  {
    how: "removed",
    code: "kicked",
    end: (session) => session.act({ kind: "kick", id: "mallory" }),
  },
  {
    how: "whose link is withdrawn",
    code: "token-revoked",
    end: (session, id) => session.act({ kind: "revoke-link", id }),
  },
  {
    how: "whose link expires",
    code: "token-expired",
    expiresMs: 1_500,
    end: () => Promise.resolve(),
  },
];

for (const { how, code, expiresMs, end } of ENDS) {
  Deno.test(`who is ${how} reads nothing more, having kept socket and keys and tapped others`, async () => {
    await using session = new Session();
    const tap = new Tap();
    const bob = await session.join("bob", "control", { dial: tap.dial });
    const link = await session.link("view", { ...(expiresMs && { expiresMs }) });
    await using mallory = await Rogue.join(link.url, { obeysClose: false });
    await session.type("echo $((7*7))\r");
    await bob.sees(/^49$/m);
    await until(() => mallory.streamed > 0, "the stream");
    assert.ok(tap.stream(0).some((message) => mallory.opens(message)), "the tap is a good one");
    await end(session, link.id);
    assert.equal(await mallory.socket.told, code);
    assert.equal(mallory.codes.at(-1), code, "it is told under seal");
    const { received } = mallory.socket;
    const before = tap.messages.length;
    await session.type("echo $((6*7))\r");
    await bob.sees(/^42$/m);
    const later = tap.stream(before);
    assert.ok(later.length > 0);
    assert.deepEqual(later.filter((message) => mallory.opens(message)), []);
    assert.equal(mallory.socket.received, received, "nothing more was sent to it");
  });
}

Deno.test("a withdrawn link takes everybody with it who came in with it, and nobody else", async () => {
  await using session = new Session();
  const link = await session.link();
  const bob = await session.enter(link.url, "bob"), cat = await session.enter(link.url, "cat");
  const eve = await session.join("eve");
  await session.act({ kind: "grant", id: "bob", forMs: null });
  await eve.mode("participant");
  assert.equal(await session.act({ kind: "revoke-link", id: link.id.slice(0, 8) }), "done");
  await until(() => bob.ended !== undefined && cat.ended !== undefined, "both to be told");
  assert.deepEqual([bob.ended, cat.ended, eve.ended], [
    "token-revoked",
    "token-revoked",
    undefined,
  ]);
  await eve.mode("presenter");
  await until(() => eve.facts.people.size === 2, "only eve and the presenter");
  await session.type("echo $((6*7))\r");
  await eve.sees(/^42$/m);
  const live = await session.live;
  assert.ok(!live.links.list.some(({ id }) => id === link.id));
  assert.equal(await refused(link.url), "token-revoked");
  assert.equal(await session.act({ kind: "revoke-link", id: link.id }), "no-such-link");
  const told = session.reported.filter(({ event }) => /revoke-link|leave/.test(event));
  assert.deepEqual(
    told.map((event) => [event.event, "left" in event ? event.left : "why" in event && event.why]),
    [["revoke-link", 2], ["leave", "token-revoked"], ["leave", "token-revoked"]],
  );
});

Deno.test("who is cut off while their link is withdrawn is gone, and does not come back", async () => {
  await using session = new Session();
  const link = await session.link();
  await using proxy = new Proxy(new URL(link.url).host);
  const bob = await session.enter(proxy.link(link.url), "bob"), live = await session.live;
  proxy.refuse();
  await until(() => live.participants.watching === 0, "the cut to be seen");
  assert.equal(live.participants.list.length, 1, "bob may come back");
  await session.act({ kind: "revoke-link", id: link.id });
  assert.equal(live.participants.list.length, 0);
  proxy.flow();
  await until(() => bob.ended !== undefined, "bob to be told");
  assert.equal(bob.ended, "token-revoked");
});

Deno.test("a ticket is of no use with another link once its own is withdrawn", async () => {
  await using session = new Session();
  const link = await session.link("admin"), other = await session.link("view");
  await using mallory = await Rogue.join(link.url);
  const { ticket, you } = mallory.welcome;
  await session.act({ kind: "revoke-link", id: link.id });
  await mallory.socket.gone;
  await assert.rejects(Rogue.join(link.url, { resume: { ticket, seq: 0 } }), {
    message: "token-revoked",
  });
  await using again = await Rogue.join(other.url, { resume: { ticket, seq: 0 } });
  assert.notEqual(again.welcome.you.id, you.id);
  assert.equal(again.welcome.you.role, "view");
});

Deno.test("with all links withdrawn everybody comes in anew, with a new first link", async () => {
  await using session = new Session();
  const live = await session.live;
  const first = live.links.primary!;
  const guests = [
    await session.enter(first.url, "bob"),
    await session.join("eve", "view"),
    await session.join("ada", "admin"),
  ];
  const links = live.links.list.map(({ url }) => url);
  const told = (): string[] => guests.map(({ ended }) => ended ?? "");
  guests[2]!.say({ kind: "act", action: { kind: "revoke-all" } });
  await until(() => told().every((code) => code !== ""), "everybody to be told");
  assert.deepEqual(told(), Array(3).fill("token-revoked"));
  await until(() => session.reported.some(({ event }) => event === "new-link"), "a new link");
  assert.equal(live.links.list.length, 1);
  const { primary } = live.links;
  assert.ok(primary !== undefined && primary.role === first.role && primary.id !== first.id);
  for (const url of links) assert.equal(await refused(url), "token-revoked");
  const bob = await session.enter(primary.url, "bob");
  await bob.sees("$");
});

Deno.test("an admin whose own link is withdrawn gets none out of it that was being made", async () => {
  await using session = new Session();
  const ada = await session.join("ada", "admin"), live = await session.live;
  const link = live.participants.get(ada.id)!.link;
  const before = live.links.list.length;
  const inviting = live.act(ada.id, { kind: "invite", role: "admin" });
  await session.act({ kind: "revoke-link", id: link });
  assert.deepEqual(await inviting, { kind: "refused", code: "role-forbids" });
  assert.equal(live.links.list.length, before - 1);
});

Deno.test("a link that may have been meant, or another, is not withdrawn", async () => {
  await using session = new Session();
  const live = await session.live;
  const common = (): string | undefined => {
    const seen = live.links.list.map(({ id }) => id.slice(0, 1));
    return seen.find((letter, i) => seen.indexOf(letter) < i);
  };
  while (common() === undefined) await session.link("view");
  const { length } = live.links.list;
  assert.equal(await session.act({ kind: "revoke-link", id: common()! }), "link-ambiguous");
  assert.equal(await session.act({ kind: "revoke-link", id: "?" }), "no-such-link");
  assert.equal(live.links.list.length, length);
});

/** Why a link lets nobody in. */
async function refused(url: string): Promise<string> {
  try {
    await using _in = await Rogue.join(url);
    return "let in";
  } catch (error) {
    return (error as Error).message;
  }
}
