import assert from "node:assert/strict";
import fc from "fast-check";
import { concat, fromBase64Url, sameBytes, toBase64Url } from "./bytes.ts";

Deno.test("base64url comes back as the same bytes", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
    const text = toBase64Url(bytes);
    assert.match(text, /^[\w-]*$/);
    assert.deepEqual(fromBase64Url(text), bytes);
  }));
});

Deno.test("bytes can be written in one way only", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme-ascii", maxLength: 8 }), (text) => {
    const bytes = fromBase64Url(text);
    if (bytes !== undefined) assert.equal(toBase64Url(bytes), text);
  }));
  for (const text of ["A", "AB", "AA==", "A A", "+/", "é"]) {
    assert.equal(fromBase64Url(text), undefined, text);
  }
});

Deno.test("parts are joined in order", () => {
  assert.deepEqual(
    concat(new Uint8Array([1]), new Uint8Array(), new Uint8Array([2, 3])),
    new Uint8Array([1, 2, 3]),
  );
});

/** Bytes that note which of them are looked at. */
function watched(
  bytes: Uint8Array,
): { readonly bytes: ArrayLike<number>; readonly seen: string[] } {
  const seen: string[] = [];
  const get = (target: Uint8Array, name: string | symbol): unknown => {
    if (typeof name === "string" && name !== "length") seen.push(name);
    return Reflect.get(target, name, target);
  };
  return { bytes: new Proxy(bytes, { get }), seen };
}

Deno.test("two are the same bytes or not", () => {
  fc.assert(fc.property(fc.uint8Array(), fc.uint8Array(), (one, other) => {
    assert.ok(sameBytes(one, Uint8Array.from(one)));
    assert.equal(sameBytes(one, other), one.join() === other.join());
  }));
});

Deno.test("every byte is compared once, in the same order, wherever the first that differs is", () => {
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const all = Array.from(secret, (_, i) => String(i));
  for (const wrong of [undefined, ...secret.keys()]) {
    const guess = Uint8Array.from(secret, (byte, i) => i === wrong ? byte ^ 0xff : byte);
    const given = watched(guess), own = watched(secret);
    assert.equal(sameBytes(given.bytes, own.bytes), wrong === undefined);
    assert.deepEqual([given.seen, own.seen], [all, all]);
  }
});
