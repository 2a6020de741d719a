import assert from "node:assert/strict";
import fc from "fast-check";
import { concat, utf8 } from "../wire/bytes.ts";
import { type ByteSource, readLines, TOO_LONG, writeAll } from "./ctl_lines.ts";

/** What gives these bytes in pieces of these sizes, over and over. */
function inPieces(bytes: Uint8Array, sizes: readonly number[]): ByteSource {
  let at = 0, turn = 0;
  return {
    read(buffer: Uint8Array): Promise<number | null> {
      if (at === bytes.length) return Promise.resolve(null);
      const piece = bytes.subarray(at, at + sizes[turn++ % sizes.length]!);
      buffer.set(piece);
      at += piece.length;
      return Promise.resolve(piece.length);
    },
  };
}

async function linesOf(source: ByteSource, maxBytes = 1_000): Promise<(string | symbol)[]> {
  const lines: (string | symbol)[] = [];
  for await (const line of readLines(source, maxBytes)) lines.push(line);
  return lines;
}

Deno.test("lines are the same however they arrive", async () => {
  const line = fc.string({ unit: "grapheme", maxLength: 20 }).map((text) =>
    text.replaceAll("\n", "")
  );
  const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 });
  await fc.assert(fc.asyncProperty(fc.array(line), sizes, async (lines, sizes) => {
    const bytes = utf8(lines.map((line) => `${line}\n`).join(""));
    assert.deepEqual(await linesOf(inPieces(bytes, sizes)), lines);
  }));
});

Deno.test("what follows the last newline is a line too", async () => {
  assert.deepEqual(await linesOf(inPieces(utf8("one\ntwo"), [5])), ["one", "two"]);
});

Deno.test("a line may be as long as the limit; what is longer ends them, newline or not", async () => {
  const longest = "x".repeat(1_000);
  for (const sizes of [[1_000], [7], [2_000]]) {
    const good = utf8(`${longest}\n${longest}`);
    assert.deepEqual(await linesOf(inPieces(good, sizes)), [longest, longest]);
    for (const bad of [`ok\n${longest}x\nnever`, `ok\n${longest}xyz`]) {
      assert.deepEqual(await linesOf(inPieces(utf8(bad), sizes)), ["ok", TOO_LONG]);
    }
  }
});

Deno.test("a line without an end does not take memory without one", async () => {
  let given = 0;
  const endless: ByteSource = {
    read(buffer: Uint8Array): Promise<number | null> {
      given += buffer.fill(120).length;
      return Promise.resolve(buffer.length);
    },
  };
  assert.deepEqual(await linesOf(endless, 100_000), [TOO_LONG]);
  assert.ok(given < 200_000);
});

Deno.test("a connection that breaks ends the lines", async () => {
  let first = true;
  const breaking: ByteSource = {
    read(buffer: Uint8Array): Promise<number | null> {
      if (!first) return Promise.reject(new Deno.errors.ConnectionReset());
      first = false;
      buffer.set(utf8("one\n"));
      return Promise.resolve(4);
    },
  };
  assert.deepEqual(await linesOf(breaking), ["one"]);
});

Deno.test("all is written, or it is told that it cannot be", async () => {
  const written: Uint8Array[] = [];
  const slow = (bytes: Uint8Array): Promise<number> => {
    written.push(bytes.slice(0, 3));
    return Promise.resolve(Math.min(3, bytes.length));
  };
  assert.equal(await writeAll({ write: slow }, utf8("seventeen")), true);
  assert.deepEqual(concat(...written), utf8("seventeen"));
  const broken = (): Promise<number> => Promise.reject(new Deno.errors.BrokenPipe());
  assert.equal(await writeAll({ write: broken }, utf8("x")), false);
});
