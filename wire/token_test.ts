import assert from "node:assert/strict";
import { CompactSign, UnsecuredJWT } from "jose";
import { utf8 } from "./bytes.ts";
import { PeerError } from "./closing.ts";
import { ROLES } from "./role.ts";
import { createSessionKeys, identityOf, mintToken, verifyToken } from "./token.ts";

const keys = await createSessionKeys();
const other = await createSessionKeys();
const NOW = 1_700_000_000_000;

async function codeOf(token: string, nowMs = NOW): Promise<string> {
  try {
    await verifyToken(keys, token, nowMs);
    return "good";
  } catch (error) {
    assert.ok(error instanceof PeerError, String(error));
    return error.code;
  }
}

/** Signs any payload with the session's own key. */
async function sign(payload: unknown, header: Record<string, unknown> = {}): Promise<string> {
  return await new CompactSign(
    utf8(typeof payload === "string" ? payload : JSON.stringify(payload)),
  )
    .setProtectedHeader({ alg: "EdDSA", ...header })
    .sign(keys.signingKey);
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const PAYLOAD = { sid: keys.session, role: "view", exp: NOW / 1000 + 60, jti: "x" };

Deno.test("a token says what was put into it", async () => {
  for (const role of ROLES) {
    for (const single of [true, false]) {
      const token = await mintToken(keys, { role, expiresAtMs: NOW + 5000, single, id: "one" });
      assert.deepEqual(await verifyToken(keys, token, NOW), {
        session: keys.session,
        role,
        expiresAtMs: NOW + 5000,
        id: "one",
        single,
      });
      assert.ok(token.length < 350, `${token.length} characters`);
    }
  }
});

Deno.test("who knows only the public key can check a token", async () => {
  const identity = await identityOf(keys.publicKey);
  assert.equal(identity.session, keys.session);
  const token = await mintToken(keys, { role: "view", expiresAtMs: NOW + 5000 });
  assert.equal((await verifyToken(identity, token, NOW)).role, "view");
});

Deno.test("tokens have different names", async () => {
  const options = { role: "view", expiresAtMs: NOW + 5000 } as const;
  const [a, b] = await Promise.all([mintToken(keys, options), mintToken(keys, options)]);
  assert.notEqual(a, b);
});

Deno.test("a token is good until it expires", async () => {
  const token = await mintToken(keys, { role: "view", expiresAtMs: NOW });
  assert.equal(await codeOf(token, NOW - 1), "good");
  assert.equal(await codeOf(token, NOW), "token-expired");
});

Deno.test("another session's token is told apart from a bad one", async () => {
  const foreign = await mintToken(other, { role: "admin", expiresAtMs: NOW + 5000 });
  assert.equal(await codeOf(foreign), "token-foreign");
  const [header, payload, signature] =
    (await mintToken(keys, { role: "view", expiresAtMs: NOW + 5000 })).split(".");
  assert.equal(await codeOf(`${header}.${payload}.${foreign.split(".")[2]}`), "token-invalid");
  assert.equal(
    await codeOf(`${header}.${foreign.split(".")[1]}.${signature}`),
    "token-foreign",
    "whatever its signature",
  );
});

Deno.test("an expired token that was tampered with is invalid, not expired", async () => {
  const token = await mintToken(keys, { role: "view", expiresAtMs: NOW });
  assert.equal(await codeOf(token.slice(0, -8) + "AAAAAAAA", NOW + 1), "token-invalid");
});

Deno.test("no character of a token can be changed", async () => {
  const token = await mintToken(keys, { role: "view", expiresAtMs: NOW + 5000 });
  for (let at = 0; at < token.length; at++) {
    // The next letter: in the last place, it has the same bits that count.
    const letter = token[at] === "." ? "A" : ALPHABET[(ALPHABET.indexOf(token[at]!) + 1) % 64]!;
    const changed = token.slice(0, at) + letter + token.slice(at + 1);
    assert.match(await codeOf(changed), /^token-(invalid|foreign)$/, changed);
  }
});

Deno.test("a token needs the session's signature, whatever algorithm it names", async () => {
  const unsecured = new UnsecuredJWT(PAYLOAD).encode();
  const hmac = await new CompactSign(utf8(JSON.stringify(PAYLOAD)))
    .setProtectedHeader({ alg: "HS256" })
    .sign(keys.publicKey);
  assert.equal(await codeOf(await sign(PAYLOAD)), "good");
  for (const token of [unsecured, hmac, "", "..", "a.b.c", "a", `${unsecured}AAAA`]) {
    assert.equal(await codeOf(token), "token-invalid", token);
  }
});

Deno.test("a well-signed token with wrong claims is invalid", async () => {
  const bad: unknown[] = [
    { ...PAYLOAD, role: "root" },
    { ...PAYLOAD, exp: "soon" },
    { ...PAYLOAD, exp: -1 },
    { ...PAYLOAD, exp: 1e300 },
    { ...PAYLOAD, jti: "" },
    { ...PAYLOAD, jti: "x".repeat(65) },
    { ...PAYLOAD, once: false },
    { ...PAYLOAD, more: 1 },
    { ...PAYLOAD, sid: undefined },
    [],
    null,
    "not json",
    "[".repeat(500),
  ];
  for (const payload of bad) {
    assert.equal(await codeOf(await sign(payload)), "token-invalid", JSON.stringify(payload));
  }
  assert.equal(await codeOf(await sign(PAYLOAD, { crit: ["b64"], b64: true })), "good");
  assert.equal(await codeOf(await sign({ ...PAYLOAD, jti: "x".repeat(1200) })), "token-invalid");
});
