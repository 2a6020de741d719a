import assert from "node:assert/strict";
import { createSecret, parseLink } from "../wire/link.ts";
import { ROLES } from "../wire/role.ts";
import { type Claims, createSessionKeys, verifyToken } from "../wire/token.ts";
import { type InviteOptions, type IssuedLink, Links } from "./links.ts";

const HOUR_MS = 3_600_000;

class Fixture {
  nowMs = 1_700_000_000_000;
  readonly origin = "http://127.0.0.1:8080";
  readonly secret: Uint8Array = createSecret();
  readonly #keys;
  readonly links: Links;

  private constructor(keys: Awaited<ReturnType<typeof createSessionKeys>>) {
    this.#keys = keys;
    this.links = new Links({
      keys,
      secret: this.secret,
      origin: this.origin,
      expiresAtMs: this.nowMs + 8 * HOUR_MS,
      now: () => this.nowMs,
    });
  }

  static async create(): Promise<Fixture> {
    return new Fixture(await createSessionKeys());
  }

  async invite(options: InviteOptions): Promise<IssuedLink> {
    const link = await this.links.invite(options);
    assert.ok(link !== undefined);
    return link;
  }

  /** What a host would make of the link. */
  async claims({ url }: IssuedLink): Promise<Claims> {
    const { origin, secret, session, token } = parseLink(url);
    assert.deepEqual([origin, secret, session], [this.origin, this.secret, this.#keys.session]);
    return await verifyToken(this.#keys, token, this.nowMs);
  }
}

Deno.test("an issued link says of itself what its token says", async () => {
  const fixture = await Fixture.create();
  const { links } = fixture;
  const issued = [await links.first("control")];
  for (const role of ROLES) issued.push(await fixture.invite({ role }));
  issued.push(await fixture.invite({ role: "view", expiresMs: 90_500, once: true }));
  for (const link of issued) {
    const { id, role, expiresAtMs, single } = await fixture.claims(link);
    assert.deepEqual(
      { id: link.id, role: link.role, expiresAtMs: link.expiresAtMs, single: link.once },
      { id, role, expiresAtMs, single },
    );
  }
  assert.equal(new Set(issued.map(({ id }) => id)).size, issued.length);
  assert.deepEqual(links.list, issued);
});

Deno.test("the first link is made once", async () => {
  const { links } = await Fixture.create();
  const [a, b] = await Promise.all([links.first("view"), links.first("view")]);
  assert.equal(a, b);
  assert.deepEqual(links.list, [a]);
});

Deno.test("the first link comes first, whenever it was made", async () => {
  const fixture = await Fixture.create();
  const { links } = fixture;
  const invite = await fixture.invite({ role: "view" });
  const first = await links.first("control");
  assert.deepEqual(links.list, [first, invite]);
});

Deno.test("an invite without an expiry ends with the first link, whenever it is made", async () => {
  const fixture = await Fixture.create();
  const first = await fixture.links.first("control");
  fixture.nowMs += HOUR_MS;
  const invite = await fixture.invite({ role: "admin" });
  assert.equal(invite.expiresAtMs, first.expiresAtMs);
});

Deno.test("an expired link is no longer listed", async () => {
  const fixture = await Fixture.create();
  const first = await fixture.links.first("control");
  const short = await fixture.invite({ role: "view", expiresMs: 60_000 });
  fixture.nowMs = short.expiresAtMs - 1;
  assert.deepEqual(fixture.links.list, [first, short]);
  fixture.nowMs = short.expiresAtMs;
  assert.deepEqual(fixture.links.list, [first]);
  fixture.nowMs = first.expiresAtMs;
  assert.deepEqual(fixture.links.list, []);
  assert.equal(fixture.links.primary, first);
});

Deno.test("there are only as many links as are listed: each can be withdrawn", async () => {
  const fixture = await Fixture.create();
  const { links } = fixture;
  const first = await links.first("control");
  const short = await fixture.invite({ role: "view", expiresMs: 60_000 });
  await Promise.all(Array.from({ length: 999 }, () => links.invite({ role: "view" })));
  assert.equal(links.list.length, 1_001);
  assert.equal(await links.invite({ role: "view" }), undefined);
  fixture.nowMs = short.expiresAtMs;
  const next = await fixture.invite({ role: "view" });
  assert.deepEqual([links.list[0], links.list.at(-1)], [first, next]);
  assert.equal(await links.invite({ role: "view" }), undefined);
  links.remove(next);
  assert.ok(await links.invite({ role: "view" }));
});

Deno.test("a link is found by its id or the beginning of it", async () => {
  const fixture = await Fixture.create();
  const { links } = fixture;
  const first = await links.first("control");
  for (let i = 0; i < 200; i++) await fixture.invite({ role: "view" });
  for (const link of [first, ...links.list.slice(-3)]) {
    assert.deepEqual(links.find(link.id), [link]);
    assert.deepEqual(links.find(link.id.slice(0, 8)), [link]);
  }
  const some = (): readonly IssuedLink[] => links.find(first.id.slice(0, 1));
  while (some().length === 1) await fixture.invite({ role: "view" });
  assert.ok(some().includes(first) && some().length < links.list.length);
  assert.deepEqual(links.find(`${first.id}x`), []);
});

Deno.test("no id looks like an option, or like all of them", async () => {
  const fixture = await Fixture.create();
  const random = crypto.getRandomValues.bind(crypto);
  const given = [
    Uint8Array.fromBase64("-AAAAAAAAAAA", { alphabet: "base64url" }),
    Uint8Array.fromBase64("AllAAAAAAAAA", { alphabet: "base64url" }),
  ];
  crypto.getRandomValues = <T extends ArrayBufferView | null>(array: T): T => {
    const bytes = given.shift();
    if (bytes === undefined || !(array instanceof Uint8Array)) return random(array as never) as T;
    array.set(bytes);
    return array;
  };
  try {
    const { id } = await fixture.invite({ role: "view" });
    assert.deepEqual(given, []);
    assert.doesNotMatch(id, /^(?:-|all)/i);
  } finally {
    crypto.getRandomValues = random;
  }
});

Deno.test("a withdrawn link is no longer listed, nor is it the session's own", async () => {
  const fixture = await Fixture.create();
  const { links } = fixture;
  const first = await links.first("control");
  const invite = await fixture.invite({ role: "view" });
  links.remove(invite);
  assert.deepEqual([links.list, links.primary], [[first], first]);
  links.remove(first);
  assert.deepEqual([links.list, links.primary], [[], undefined]);
});

Deno.test("another first link is like the first, good for as long, from when it was made", async () => {
  const fixture = await Fixture.create();
  const { links } = fixture;
  const first = await links.first("view", { once: true });
  fixture.nowMs += 3 * HOUR_MS;
  links.remove(first);
  const next = await links.renew();
  assert.notEqual(next.id, first.id);
  assert.deepEqual([next.role, next.once], ["view", true]);
  assert.equal(next.expiresAtMs, first.expiresAtMs + 3 * HOUR_MS);
  assert.deepEqual([links.list, links.primary], [[next], next]);
  assert.equal((await fixture.invite({ role: "view" })).expiresAtMs, next.expiresAtMs);
});

Deno.test("two who want another first link get the same", async () => {
  const { links } = await Fixture.create();
  links.remove(await links.first("control"));
  const [one, two] = await Promise.all([links.renew(), links.renew()]);
  assert.equal(one, two);
  assert.deepEqual(links.list, [one]);
});

Deno.test("an invite that is made after the first link has expired is good for as long as that was", async () => {
  const fixture = await Fixture.create();
  const first = await fixture.links.first("control");
  fixture.nowMs = first.expiresAtMs + HOUR_MS;
  const invite = await fixture.invite({ role: "view" });
  assert.equal(invite.expiresAtMs, fixture.nowMs + 8 * HOUR_MS);
});
