/**
 * Ways in for who has no good link: tried over real sockets at a real host, each from an address of its own.
 */
import assert from "node:assert/strict";
import { createHmac, createPublicKey } from "node:crypto";
import { toBase64Url, utf8 } from "../wire/bytes.ts";
import { ClientHandshake } from "../wire/client_handshake.ts";
import { parseLink } from "../wire/link.ts";
import { encodeViewerMessage } from "../wire/messages.ts";
import { Sealer } from "../wire/seal.ts";
import { createSessionKeys, identityOf, mintToken } from "../wire/token.ts";
import { type Guest, Session, until } from "./people.ts";
import { RawSocket } from "./raw_socket.ts";
import { type GreetOptions, Rogue } from "./rogue.ts";

let addresses = 0;

/** An address that nothing came from yet: who tries often from one has to wait. */
function fresh(): string {
  const n = addresses++;
  return `127.1.${n >> 7}.${1 + (n & 127)}`;
}

/** A session that is watched, and that nothing of this may disturb. */
class Target implements AsyncDisposable {
  readonly session = new Session({ command: ["cat"] });
  bob!: Guest;

  static async open(): Promise<Target> {
    const target = new Target();
    target.bob = await target.session.join("bob");
    return target;
  }

  async link(): Promise<string> {
    return (await this.session.link("view")).url;
  }

  /** Tries to get in; returns why not. */
  async try(url: string, options: GreetOptions = {}): Promise<string> {
    try {
      await using _in = await Rogue.join(url, { from: fresh(), ...options });
      return "let in";
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** Everything is as before, and only bob is there. */
  async unharmed(): Promise<void> {
    const live = await this.session.live;
    assert.deepEqual(live.participants.list.map(({ name }) => name), ["bob"]);
    assert.equal(live.joined, 1);
    assert.equal(this.session.reported.filter(({ event }) => event === "join").length, 1);
    await this.session.type("fine\r");
    await this.bob.sees("fine\nfine");
    assert.equal(this.bob.ended, undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.session[Symbol.asyncDispose]();
  }
}

type Parts = readonly [head: string, claims: string, signature: string];

function json(part: string): Record<string, unknown> {
  return JSON.parse(
    new TextDecoder().decode(Uint8Array.fromBase64(part, { alphabet: "base64url" })),
  );
}

function part(value: unknown): string {
  return toBase64Url(utf8(JSON.stringify(value)));
}

/** Signs as a JWT with a secret key that is none: what everybody knows. */
function hmac(head: string, claims: string, key: Uint8Array | string): string {
  return createHmac("sha256", key).update(`${head}.${claims}`).digest("base64url");
}

/** Tokens made of a good one by who cannot sign, by what they try. */
async function forgeries(good: string, publicKey: Uint8Array): Promise<Record<string, string>> {
  const [head, claims, signature] = good.split(".") as unknown as Parts;
  const admin = part({ ...json(claims), role: "admin" });
  const later = part({ ...json(claims), exp: 9_999_999_999 });
  const own = await createSessionKeys();
  const ownToken = await mintToken(own, { role: "admin", expiresAtMs: Date.now() + 60_000 });
  const [, ownClaims] = ownToken.split(".") as unknown as Parts;
  const asOurs = part({ ...json(ownClaims), sid: json(claims).sid });
  const selfSigned = async (header: unknown): Promise<string> => {
    const signed = `${part(header)}.${asOurs}`;
    const bytes = await crypto.subtle.sign("Ed25519", own.signingKey, utf8(signed));
    return `${signed}.${toBase64Url(new Uint8Array(bytes))}`;
  };
  const jwk = { kty: "OKP", crv: "Ed25519", x: toBase64Url(own.publicKey) };
  const pem = createPublicKey({
    key: { kty: "OKP", crv: "Ed25519", x: toBase64Url(publicKey) },
    format: "jwk",
  }).export({ type: "spki", format: "pem" }) as string;
  const none = part({ alg: "none" }), hs256 = part({ alg: "HS256" });
  return {
    "a role that was changed": `${head}.${admin}.${signature}`,
    "an expiry that was changed": `${head}.${later}.${signature}`,
    "no signature": `${head}.${admin}.`,
    "alg: none": `${none}.${admin}.`,
    "alg: none, with the signature": `${none}.${claims}.${signature}`,
    "alg: nOnE": `${part({ alg: "nOnE" })}.${admin}.AAAA`,
    "HMAC with the public key": `${hs256}.${admin}.${hmac(hs256, admin, publicKey)}`,
    "HMAC with the public key as PEM": `${hs256}.${admin}.${hmac(hs256, admin, pem)}`,
    "HMAC with nothing": `${hs256}.${admin}.${hmac(hs256, admin, "")}`,
    "a key of one's own": await selfSigned({ alg: "EdDSA" }),
    "a key of one's own that it brings along": await selfSigned({ alg: "EdDSA", jwk }),
    "a key id": await selfSigned({ alg: "EdDSA", kid: "../../dev/null" }),
    "a header that asks for what nobody knows": await selfSigned({
      alg: "EdDSA",
      crit: ["x"],
      x: 1,
    }),
    "a signature of zeros": `${head}.${admin}.${toBase64Url(new Uint8Array(64))}`,
    "the signature twice": `${head}.${claims}.${signature}${signature}`,
    "another encoding of the signature": `${head}.${claims}.${signature.slice(0, -1)}${
      otherEnding(signature)
    }`,
    "nonsense": "a.b.c",
    "four parts": `${good}.${signature}`,
  };
}

/** A last character whose unused bits are set: it stands for the same bytes. */
function otherEnding(signature: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return alphabet[alphabet.indexOf(signature.at(-1)!) ^ 1]!;
}

Deno.test("a token that the session did not make lets nobody in, however it is made", async (t) => {
  await using target = await Target.open();
  const url = await target.link();
  const { token } = parseLink(url);
  const forged = await forgeries(token, await publicKeyOf(url));
  for (const [what, token] of Object.entries(forged)) {
    await t.step(what, async () => {
      assert.equal(await target.try(url, { link: { token } }), "token-invalid");
    });
  }
  await target.unharmed();
});

/** The session's public key, as every host tells it in its hello. */
async function publicKeyOf(url: string): Promise<Uint8Array> {
  const handshake = new ClientHandshake(parseLink(url));
  await using socket = await RawSocket.open(url, { from: fresh() });
  const { promise, resolve } = Promise.withResolvers<Uint8Array>();
  socket.onmessage = (message) => resolve(message as Uint8Array);
  socket.send(handshake.hello);
  const key = (await promise).slice(-96, -64);
  assert.equal((await identityOf(key)).session, parseLink(url).session);
  return key;
}

Deno.test("a link that is another session's, old, used, withdrawn or not whole lets nobody in", async () => {
  await using target = await Target.open();
  await using other = new Session({ command: ["cat"] });
  const { session } = target;
  const url = await target.link(), theirs = parseLink((await other.link("admin")).url);
  const once = await session.link("view", { once: true });
  await (await Rogue.join(once.url, { from: fresh() }))[Symbol.asyncDispose]();
  const withdrawn = await session.link("view");
  await session.act({ kind: "revoke-link", id: withdrawn.id });
  const old = await session.link("view", { expiresMs: 1_000 });
  await until(() => Date.now() >= old.expiresAtMs, "the link to expire");
  const { token, secret } = theirs;
  const tries: readonly (readonly [string, string, GreetOptions])[] = [
    // As a good one does.
    ["let in", url, {}],
    ["token-foreign", url, { link: { token } }],
    ["token-foreign", url, { link: { token, secret } }],
    ["session-unknown", url, { link: { session: theirs.session } }],
    ["session-unknown", url, { link: theirs }],
    ["secret-wrong", url, { link: { secret } }],
    ["secret-wrong", url, { link: { secret: new Uint8Array(32) } }],
    ["token-spent", once.url, {}],
    ["token-revoked", withdrawn.url, {}],
    ["token-expired", old.url, {}],
    ["hello-malformed", url, { link: { token: "" } }],
    ["hello-malformed", url, { link: { token: "x".repeat(1_025) } }],
  ];
  const wanted = tries.map(([code]) => code);
  const got = await Promise.all(tries.map(([, url, options]) => target.try(url, options)));
  assert.deepEqual(got, wanted);
  const live = await session.live;
  await until(
    () => live.participants.list.length === 1,
    "those who were let in to be gone",
  );
  assert.equal(live.joined, 1);
});

Deno.test("who skips the handshake, or uses another's, is not let in", async () => {
  await using target = await Target.open();
  const url = await target.link();
  const join = encodeViewerMessage({ kind: "join", name: "eve" });
  const key = crypto.getRandomValues(new Uint8Array(32));
  {
    await using socket = await RawSocket.open(url, { from: fresh() });
    socket.send(new Sealer(key, { kind: "to-host" }).seal(join));
    assert.equal(await socket.told, "hello-malformed");
  }
  {
    await using eve = await Rogue.greet(url, { from: fresh() });
    eve.socket.send(new Sealer(key, { kind: "to-host" }).seal(join));
    assert.equal(await eve.socket.told, "secret-wrong");
  }
  {
    await using one = await Rogue.greet(url, { from: fresh() });
    await using two = await Rogue.greet(url, { from: fresh() });
    two.socket.send(one.sealer.seal(join));
    assert.equal(await two.socket.told, "secret-wrong");
  }
  {
    await using eve = await Rogue.greet(url, { from: fresh() });
    eve.socket.send(new ClientHandshake(parseLink(url)).hello);
    assert.match(await eve.socket.told, /^message-out-of-place|message-malformed$/);
  }
  await target.unharmed();
});

Deno.test("somebody else's ticket is of no use, nor is a guessed one", async () => {
  await using target = await Target.open();
  const [one, two] = [await target.link(), await target.link()];
  await using ada = await Rogue.join(one, { name: "ada", from: fresh() });
  const { ticket, you } = ada.welcome;
  await using eve = await Rogue.join(two, {
    name: "eve",
    from: fresh(),
    resume: { ticket, seq: 0 },
  });
  assert.notEqual(eve.welcome.you.id, you.id);
  await using guess = await Rogue.join(one, {
    from: fresh(),
    resume: { ticket: ticket.replace(/^./, (first) => first === "A" ? "B" : "A"), seq: 0 },
  });
  assert.notEqual(guess.welcome.you.id, you.id);
  await ada.heeded();
});

Deno.test("how long a refusal takes does not tell why, nor how early a token or a secret is wrong", async () => {
  await using target = await Target.open();
  const { session } = target;
  const url = await target.link();
  const once = await session.link("view", { once: true });
  await using _first = await Rogue.join(once.url, { from: fresh() });
  const withdrawn = await session.link("view");
  await session.act({ kind: "revoke-link", id: withdrawn.id });
  const old = await session.link("view", { expiresMs: 1_000 });
  await until(() => Date.now() >= old.expiresAtMs, "the link to expire");
  const { secret, token } = parseLink(url);
  const wrongAt = (at: number): GreetOptions => ({
    link: { secret: secret.with(at, secret.at(at)! ^ 1) },
  });
  const signatureAt = token.lastIndexOf(".") + 1;
  const misspelt = (at: number): GreetOptions => ({
    link: { token: `${token.slice(0, at)}${token[at] === "A" ? "B" : "A"}${token.slice(at + 1)}` },
  });
  const tries: readonly (readonly [code: string, url: string, GreetOptions, how?: string])[] = [
    ["token-invalid", url, misspelt(signatureAt), "wrong early"],
    ["token-invalid", url, misspelt(token.length - 2), "wrong late"],
    ["secret-wrong", url, wrongAt(0), "wrong early"],
    ["secret-wrong", url, wrongAt(-1), "wrong late"],
    ["token-spent", once.url, {}],
    ["token-revoked", withdrawn.url, {}],
    ["token-expired", old.url, {}],
  ];
  const nameOf = (code: string, how = ""): string => `${code} ${how}`;
  /** Milliseconds, by the reason: all reasons at the same time, one after another at another one's place. */
  const measure = async (rounds: number): Promise<Map<string, number[]>> => {
    const times = new Map<string, number[]>(
      tries.map(([code, , , how]) => [nameOf(code, how), []]),
    );
    for (let round = 0; round < rounds; round++) {
      const order = tries.map((_, i) => tries[(i + round) % tries.length]!);
      await Promise.all(order.map(async ([code, url, options, how]) => {
        const startMs = performance.now();
        assert.equal(await target.try(url, options), code);
        times.get(nameOf(code, how))!.push(performance.now() - startMs);
      }));
    }
    return times;
  };
  // A busy machine makes some take longer, now these and then those, but none less: with every round the shortest of each
  // reason come closer to what it takes by itself.
  const shortest = new Map<string, number>();
  const spread = (): number => Math.max(...shortest.values()) - Math.min(...shortest.values());
  for (let again = 0; again === 0 || again < 8 && spread() >= 8; again++) {
    for (const [name, all] of await measure(15)) {
      shortest.set(name, Math.min(...all, shortest.get(name) ?? Infinity));
    }
  }
  assert.equal(shortest.size, tries.length);
  assert.ok(Math.min(...shortest.values()) >= 199, `${[...shortest]}`);
  assert.ok(spread() < 8, `they are ${spread()} ms apart: ${[...shortest]}`);
});
