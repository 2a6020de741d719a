import assert from "node:assert/strict";
import fc from "fast-check";
import { concat, fromBase64Url, toBase64Url } from "./bytes.ts";

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
