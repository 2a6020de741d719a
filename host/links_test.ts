import assert from "node:assert/strict";
import { createSecret, parseLink } from "../wire/link.ts";
import { type Role, ROLES } from "../wire/role.ts";
import { type Claims, createSessionKeys, verifyToken } from "../wire/token.ts";
import { type IssuedLink, Links } from "./links.ts";

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
  const issued = [
    await links.first("control"),
    ...await Promise.all(ROLES.map((role: Role) => links.invite({ role }))),
    await links.invite({ role: "view", expiresMs: 90_500, once: true }),
  ];
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
  const { links } = await Fixture.create();
  const invite = await links.invite({ role: "view" });
  const first = await links.first("control");
  assert.deepEqual(links.list, [first, invite]);
});

Deno.test("an invite without an expiry ends with the first link, whenever it is made", async () => {
  const fixture = await Fixture.create();
  const first = await fixture.links.first("control");
  fixture.nowMs += HOUR_MS;
  const invite = await fixture.links.invite({ role: "admin" });
  assert.equal(invite.expiresAtMs, first.expiresAtMs);
});

Deno.test("an expired link is no longer listed", async () => {
  const fixture = await Fixture.create();
  const first = await fixture.links.first("control");
  const short = await fixture.links.invite({ role: "view", expiresMs: 60_000 });
  fixture.nowMs = short.expiresAtMs - 1;
  assert.deepEqual(fixture.links.list, [first, short]);
  fixture.nowMs = short.expiresAtMs;
  assert.deepEqual(fixture.links.list, [first]);
  fixture.nowMs = first.expiresAtMs;
  assert.deepEqual(fixture.links.list, []);
  assert.equal(fixture.links.primary, first);
});

Deno.test("the first link stays listed however many invites there are", async () => {
  const { links } = await Fixture.create();
  const first = await links.first("control");
  const second = await links.invite({ role: "view" });
  await Promise.all(Array.from({ length: 1_000 }, () => links.invite({ role: "view" })));
  assert.equal(links.list.length, 1_001);
  assert.equal(links.list[0], first);
  assert.ok(!links.list.includes(second));
});
