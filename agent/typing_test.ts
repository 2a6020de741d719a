/** What typing is made of: keys, pieces, and how fast. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { offer, type RateLimit, RESTED as HOST_RESTED } from "../host/rate_limit.ts";
import { type Budget, RESTED, spend } from "./budget.ts";
import { AgentError } from "./errors.ts";
import { keyPart } from "./key_parts.ts";
import { piecesOf } from "./text_pieces.ts";

Deno.test("what is typed as fast as the client lets it, a host passes at once", () => {
  const run = (max: number): fc.Arbitrary<number[]> =>
    fc.array(fc.integer({ min: 1, max }), { minLength: 1_500, maxLength: 1_500 });
  fc.assert(
    fc.property(fc.oneof(run(10), run(2_000)), (sizes) => {
      let budget: Budget = RESTED, host: RateLimit = HOST_RESTED, nowMs = 0;
      for (const bytes of sizes) {
        for (;;) {
          const spent = spend(budget, { messages: 1, bytes }, nowMs);
          budget = spent.budget;
          if (spent.waitMs === 0) break;
          nowMs += spent.waitMs;
        }
        const offered = offer(host, new Uint8Array(bytes), nowMs);
        assert.equal(offered?.pass.length, 1, "it is neither refused nor slowed");
        host = offered!.limit;
      }
    }),
    { numRuns: 20 },
  );
});

Deno.test("what costs more than there may ever be is sent after a rest", () => {
  const { budget } = spend(RESTED, { messages: 1, bytes: 1_000_000 }, 0);
  assert.ok(spend(budget, { messages: 1, bytes: 1 }, 1_000).waitMs > 10_000);
  assert.equal(spend(budget, { messages: 1, bytes: 1 }, 100_000).waitMs, 0);
});

Deno.test("pieces are the text, none ends within a character", () => {
  fc.assert(fc.property(
    fc.string({ unit: "grapheme", maxLength: 60 }).map((text) => `${text}\r\n${text}`),
    fc.integer({ min: 2, max: 9 }),
    (text, length) => {
      const pieces = piecesOf(text, length);
      assert.equal(pieces.join(""), text);
      for (const piece of pieces) {
        assert.ok(piece.length >= 1 && piece.length <= length);
        assert.ok(piece.isWellFormed(), JSON.stringify(piece));
      }
      assert.ok(
        !pieces.some((piece, i) => piece.endsWith("\r") && pieces[i + 1]?.startsWith("\n")),
      );
    },
  ));
});

Deno.test("keys have the names that people use", () => {
  const keys: Readonly<Record<string, string>> = {
    "ctrl-c": "ctrl+c",
    "Ctrl+C": "ctrl+c",
    "C-c": "ctrl+c",
    "control-[": "ctrl+[",
    "ctrl--": "ctrl+-",
    "alt-x": "alt+x",
    "M-x": "alt+x",
    "Shift-Tab": "shift+tab",
    "ctrl-alt-delete": "ctrl+alt+delete",
    "shift+ctrl+left": "ctrl+shift+left",
    return: "enter",
    ESC: "escape",
    PgUp: "page-up",
    F12: "f12",
    "ctrl-space": "ctrl+space",
  };
  for (const [name, key] of Object.entries(keys)) {
    assert.deepEqual(keyPart(name), { kind: "key", key }, name);
  }
  for (const text of ["a", "A", "é", "-", "+", "日", "#"]) {
    assert.deepEqual(keyPart(text), { kind: "text", text });
  }
  assert.deepEqual(keyPart("space"), { kind: "text", text: " " });
  for (const name of ["", "hello", "ctrl-", "ctrl-ctrl-c", "hyper-x", "f13", "\n", "\u001b"]) {
    assert.throws(
      () => keyPart(name),
      (error) => error instanceof AgentError && error.code === "bad-key",
      name,
    );
  }
});
