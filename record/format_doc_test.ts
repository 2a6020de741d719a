import assert from "node:assert/strict";
import { EventDecoder, EventEncoder } from "../format/events.ts";
import { encodeHeader } from "../format/header.ts";
import * as limits from "../format/limits.ts";
import { EVENT_BYTES } from "./event_log.ts";
import { openRecording } from "./reader.ts";

const FORMAT = await Deno.readTextFile(new URL("../docs/FORMAT.md", import.meta.url));

/** The code blocks in a language. */
function blocks(language: string): string[] {
  const pattern = new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\``, "gm");
  return [...FORMAT.matchAll(pattern)].map(([, block = ""]) => block);
}

Deno.test("the example in the format's description is what we write, to the byte", async () => {
  const [example = "", ...others] = blocks("cast");
  assert.ok(example !== "" && others.length === 0);
  const log = await openRecording({ kind: "bytes", stream: new Blob([example]).stream() });
  assert.deepEqual(log.warnings, []);
  const encoder = new EventEncoder();
  let written = encodeHeader(log.header);
  for (let i = 0; i < log.length; i++) written += encoder.encode(log.eventAt(i), log.timeAt(i));
  assert.equal(written, example);
  const kinds = new Set(Array.from({ length: log.length }, (_, i) => log.eventAt(i).kind));
  assert.ok(!kinds.has("other"), "the example has codes that we do not know");
});

Deno.test("the events in the format's description are events", () => {
  for (const block of blocks("cast-events")) {
    for (const { event } of new EventDecoder().decodeAll(block)) {
      assert.notEqual(event.kind, "other");
    }
  }
});

Deno.test("the limits in the format's description are those of the code", () => {
  const numbers: (number | string)[] = [
    limits.MAX_SIDE,
    limits.MAX_CELLS,
    limits.MAX_INTERVAL_MS / 1000,
    limits.MAX_LINE_BYTES,
    limits.MAX_HEADER_BYTES,
    limits.MAX_ODD_LINE_BYTES,
    limits.MAX_OBJECT_CHARS,
    limits.MAX_V1_BYTES,
    `takes its data and ${EVENT_BYTES} bytes`,
  ];
  const section = FORMAT.slice(FORMAT.indexOf("## Limits"));
  for (const number of numbers) assert.ok(section.includes(String(number)), String(number));
});

Deno.test("every code of an error in a recording is in the format's description", async () => {
  const described = new Set(
    FORMAT.match(/`recording-[a-z0-9-]+`/g)?.map((code) => code.slice(1, -1)),
  );
  const thrown = new Set<string>();
  for (const dir of ["../format/", "./"]) {
    const url = new URL(dir, import.meta.url);
    for await (const { name } of Deno.readDir(url)) {
      if (!name.endsWith(".ts") || name.endsWith("_test.ts")) continue;
      const source = await Deno.readTextFile(new URL(name, url));
      for (const [, code = ""] of source.matchAll(/"(recording-[a-z0-9-]+)"/g)) thrown.add(code);
    }
  }
  assert.deepEqual([...described].sort(), [...thrown].sort());
});
