import assert from "node:assert/strict";
import fc from "fast-check";
import type { Found } from "./matcher.ts";
import { Memory, MIN_PART } from "./memory.ts";
import { looksRandom } from "./values.ts";

const CHARS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
const secret = fc.string({ unit: fc.constantFrom(...CHARS), minLength: 16, maxLength: 40 })
  .filter(looksRandom);

function covered(found: readonly Found[], length: number): boolean[] {
  return Array.from({ length }, (_, i) => found.some(({ from, to }) => from <= i && i < to));
}

Deno.test("every part of a secret is found in a text, and nothing else is", () => {
  const secrets = fc.array(secret, { minLength: 1, maxLength: 40 });
  const piece = fc.tuple(fc.nat(), fc.nat(30), fc.nat(40));
  fc.assert(
    fc.property(secrets, fc.array(piece, { maxLength: 6 }), (secrets, pieces) => {
      const memory = new Memory();
      for (const secret of secrets) memory.learn("rule", secret);
      const text = pieces.map(([n, from, length]) =>
        secrets[n % secrets.length]!.slice(from, from + length)
      ).join(" ");
      const expected = covered([], text.length);
      for (let at = 0; at + MIN_PART <= text.length; at++) {
        const part = text.slice(at, at + MIN_PART);
        if (secrets.some((secret) => secret.includes(part))) expected.fill(true, at, at + MIN_PART);
      }
      const found: Found[] = [];
      memory.find(found, text);
      assert.deepEqual(covered(found, text.length), expected, text);
    }),
    { numRuns: 300 },
  );
});

Deno.test("thousands of secrets are remembered, and the oldest forgotten when they are too long", () => {
  const secretOf = (i: number, length: number): string => {
    let state = i + 1, text = "";
    while (text.length < length) {
      state = Math.imul(state ^ state >>> 15, 0x2c1b3c6d) + 0x9e3779b9 | 0;
      text += CHARS[(state >>> 8) % CHARS.length];
    }
    return text;
  };
  const has = (memory: Memory, secret: string): boolean => {
    const found: Found[] = [];
    memory.find(found, secret.slice(4, 14));
    return found.length > 0;
  };
  const memory = new Memory();
  for (let i = 0; i < 10_000; i++) memory.learn("rule", secretOf(i, 36));
  assert.ok([0, 1, 255, 256, 5_000, 9_999].every((i) => has(memory, secretOf(i, 36))));
  for (let i = 0; i < 400; i++) memory.learn("rule", secretOf(20_000 + i, 4_096));
  assert.ok(memory.size < 10_400);
  assert.ok(!has(memory, secretOf(0, 36)));
  assert.ok(has(memory, secretOf(20_399, 4_096)));
});
