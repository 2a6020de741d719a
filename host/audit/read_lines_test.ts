import assert from "node:assert/strict";
import { LINE_MAX_BYTES } from "./line.ts";
import { type RawLine, readLines } from "./read_lines.ts";
import { bytes } from "./testing/logs.ts";

async function read(...chunks: Uint8Array[]): Promise<RawLine[]> {
  const lines: RawLine[] = [];
  for await (const line of readLines(ReadableStream.from(chunks))) lines.push(line);
  return lines;
}

Deno.test("lines come out as they are, wherever the bytes are cut", async () => {
  const lines = await read(bytes("o"), bytes("ne\n\ntw"), bytes("o"), bytes("\nrest"));
  assert.deepEqual(
    lines.map((line) => [new TextDecoder().decode(line.bytes), line.ended, line.tooLong]),
    [["one", true, false], ["", true, false], ["two", true, false], ["rest", false, false]],
  );
});

Deno.test("of a line without end only the beginning is kept", async () => {
  const chunk = new Uint8Array(1 << 20);
  const [long, next] = await read(chunk, chunk, chunk, bytes("\nx\n"));
  assert.deepEqual([long?.bytes.length, long?.tooLong], [LINE_MAX_BYTES, true]);
  assert.deepEqual([next?.bytes.length, next?.tooLong], [1, false]);
});
