import assert from "node:assert/strict";
import { EventDecoder } from "../../format/events.ts";
import type { Frame } from "../../format/frame.ts";
import { diff } from "../../format/delta.ts";
import { parseHeader } from "../../format/header.ts";
import { Screen } from "../../format/screen.ts";
import { Recording } from "./recording.ts";

const HEADER = parseHeader('{"version":3,"term":{"cols":20,"rows":3},"title":"T"}');

/** What a recording shows in the end. */
function played(text: string): Frame {
  const lines = text.slice(text.indexOf("\n") + 1);
  using screen = new Screen({ cols: 20, rows: 3 });
  for (const { event } of new EventDecoder().decodeAll(lines)) {
    if (event.kind === "output") screen.write(event.data);
    else if (event.kind === "resize") screen.resize(event.cols, event.rows);
  }
  return screen.frame();
}

/** Writes to a screen, and has it recorded. */
function record(recording: Recording, screen: Screen, data: string, atMs: number): void {
  screen.write(data);
  recording.drawn([{ atMs, event: { kind: "output", data } }], screen.frame());
}

Deno.test("a recording begins with what was there, and plays to what is there", () => {
  using screen = new Screen({ cols: 20, rows: 3 });
  const recording = new Recording();
  assert.equal(recording.text(), "");
  recording.joined(HEADER);
  screen.write("before\r\n");
  record(recording, screen, "\x1b[31mred\x1b[m", 60_000);
  record(recording, screen, "\r\nafter", 61_500);
  const text = recording.text();
  assert.equal(parseHeader(text.slice(0, text.indexOf("\n"))).title, "T");
  assert.equal(diff(played(text), screen.frame()).ansi, "");
  assert.match(text, /\n\[1\.5,"o",/);
});

Deno.test("a long recording keeps its end, in bounds, and still plays", () => {
  using screen = new Screen({ cols: 20, rows: 3 });
  const recording = new Recording(4_000);
  recording.joined(HEADER);
  for (let i = 0; i < 500; i++) record(recording, screen, `line ${i}\r\n`, i * 10);
  const text = recording.text();
  assert.ok(text.length < 5_000, `${text.length}`);
  assert.ok(text.length > 1_000);
  assert.equal(diff(played(text), screen.frame()).ansi, "");
});
