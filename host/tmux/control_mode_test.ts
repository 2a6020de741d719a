import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type ControlEvent,
  ControlParser,
  LINE_MAX_BYTES,
  REPLY_MAX_BYTES,
} from "./control_mode.ts";

/** As tmux 3.3a prints it. */
const SAID = [
  "%begin 1795278402 264 0",
  "%end 1795278402 264 0",
  "%session-changed $0 work",
  "%begin 1795278403 270 1",
  "%1",
  "%end 1 2 3",
  "ä 界",
  "%end 1795278403 270 1",
  "%layout-change @0 c08a,100x30,0,0,0 c08a,100x30,0,0,0 *",
  "%begin 1795278403 272 1",
  "parse error: unknown command: bogus",
  "%error 1795278403 272 1",
  "no notification",
  "%exit",
].join("\n") + "\n";

const MEANT: readonly ControlEvent[] = [
  { kind: "reply", own: false, ok: true, lines: [] },
  { kind: "notification", name: "session-changed", text: "$0 work" },
  { kind: "reply", own: true, ok: true, lines: ["%1", "%end 1 2 3", "ä 界"] },
  {
    kind: "notification",
    name: "layout-change",
    text: "@0 c08a,100x30,0,0,0 c08a,100x30,0,0,0 *",
  },
  { kind: "reply", own: true, ok: false, lines: ["parse error: unknown command: bogus"] },
  { kind: "notification", name: "exit", text: "" },
];

Deno.test("replies and notifications are told apart, wherever what tmux prints is cut", () => {
  const bytes = new TextEncoder().encode(SAID);
  fc.assert(fc.property(fc.array(fc.nat(bytes.length), { maxLength: 20 }), (cuts) => {
    const parser = new ControlParser();
    const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
    const events = places.slice(1).flatMap((to, i) => {
      // The reader's buffer is overwritten by what it reads next.
      const piece = bytes.slice(places[i]!, to);
      const taken = parser.feed(piece);
      piece.fill(0x25);
      return taken;
    });
    assert.deepEqual(events, MEANT);
  }));
});

Deno.test("output that looks like an end of its block does not end it", () => {
  fc.assert(fc.property(fc.array(fc.stringMatching(/^%?(end|error)? ?[0-9 ]{0,12}$/)), (lines) => {
    const guard = "1795278403 270 1";
    const text = [`%begin ${guard}`, ...lines, `%end ${guard}`, ""].join("\n");
    const [reply] = new ControlParser().feed(new TextEncoder().encode(text));
    assert.deepEqual(reply, { kind: "reply", own: true, ok: true, lines });
  }));
});

Deno.test("a line and a reply without an end take no more memory than they may", () => {
  const parser = new ControlParser();
  const chunk = new Uint8Array(1 << 16).fill(0x61);
  parser.feed(new TextEncoder().encode("%begin 1 2 1\n"));
  for (let i = 0; i < 100; i++) parser.feed(chunk);
  for (let i = 0; i < 100; i++) parser.feed(new Uint8Array([...chunk, 0x0a]));
  const [reply] = parser.feed(new TextEncoder().encode("%end 1 2 1\n"));
  assert.ok(reply?.kind === "reply");
  const lengths = reply.lines.map((line) => line.length);
  assert.ok(Math.max(...lengths) <= LINE_MAX_BYTES);
  assert.ok(lengths.reduce((sum, length) => sum + length, 0) <= REPLY_MAX_BYTES);
  assert.ok(lengths.length > 10);
});

Deno.test("whatever is printed, no more events come out than lines went in", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
    const events = new ControlParser().feed(bytes);
    assert.ok(events.length <= bytes.filter((byte) => byte === 0x0a).length);
  }));
});

Deno.test("what a pane's program writes is told byte for byte, wherever it is cut", () => {
  const bytes = fc.uint8Array({ minLength: 0, maxLength: 200 });
  fc.assert(fc.property(bytes, fc.integer({ min: 1, max: 50 }), (wrote, piece) => {
    // As tmux writes it: control characters and backslashes in octal, all else as it is.
    const said = [...wrote].flatMap((byte) =>
      byte < 0x20 || byte === 0x5c
        ? [...new TextEncoder().encode(`\\${byte.toString(8).padStart(3, "0")}`)]
        : [byte]
    );
    const line = new Uint8Array([...new TextEncoder().encode("%output %12 "), ...said, 0x0a]);
    const parser = new ControlParser(), events: ControlEvent[] = [];
    for (let at = 0; at < line.length; at += piece) {
      events.push(...parser.feed(line.subarray(at, at + piece)));
    }
    assert.deepEqual(events, [{ kind: "output", pane: "%12", bytes: wrote }]);
  }));
});
