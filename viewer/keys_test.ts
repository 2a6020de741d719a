import assert from "node:assert/strict";
import fc from "fast-check";
import { ESCAPE_HOLD_MS, type InputEvent, KeyParser, REPLY_HOLD_MS } from "./keys.ts";

const encoder = new TextEncoder();

function parse(input: string): InputEvent[] {
  const parser = new KeyParser();
  return [...parser.feed(encoder.encode(input)), ...parser.flush()];
}

function names(input: string): string[] {
  return parse(input).map((event) => event.kind === "key" ? event.name : event.kind);
}

/** Neighbouring parts of one paste put together, so that how it was split does not show. */
function summary(events: readonly InputEvent[]): string[] {
  const out: string[] = [];
  for (const event of events) {
    const { raw, ...rest } = event;
    const bytes = [...raw].join(",");
    const line = JSON.stringify(rest);
    const last = out.at(-1);
    if (event.kind === "paste" && event.part === "text" && last?.startsWith(line)) {
      out[out.length - 1] = `${last},${bytes}`;
    } else out.push(`${line} ${bytes}`);
  }
  return out;
}

Deno.test("keys have the same names whichever terminal sends them", () => {
  const cases: [string, string[]][] = [
    ["aB é日😀 ", ["a", "B", "space", "é", "日", "😀", "space"]],
    ["\r\t\x7f\x08\x00", ["enter", "tab", "backspace", "backspace", "ctrl+space"]],
    ["\x01\x1d\x1c", ["ctrl+a", "ctrl+]", "ctrl+\\"]],
    ["\x1b[A\x1bOA\x1b[1;1A", ["up", "up", "up"]],
    ["\x1b[1;2D\x1b[1;5C\x1b[1;3B", ["shift+left", "ctrl+right", "alt+down"]],
    ["\x1b[d\x1bOc\x1b\x1b[A", ["shift+left", "ctrl+right", "alt+up"]], // rxvt
    ["\x1b[H\x1b[1~\x1b[7~\x1bOH", ["home", "home", "home", "home"]],
    ["\x1b[F\x1b[4~\x1b[8~\x1bOF", ["end", "end", "end", "end"]],
    ["\x1b[5~\x1b[6;5~\x1b[3~\x1b[2~", ["page-up", "ctrl+page-down", "delete", "insert"]],
    ["\x1bOP\x1b[11~\x1b[[A\x1b[15~\x1b[1;2R", ["f1", "f1", "f1", "f5", "shift+f3"]],
    ["\x1b[Z\x1b[1;5H", ["shift+tab", "ctrl+home"]],
    ["\x1bx\x1b\r\x1bé", ["alt+x", "alt+enter", "alt+é"]],
    ["\x1b[93;5u\x1b[27;5;93~\x1b[97;2u", ["ctrl+]", "ctrl+]", "A"]], // kitty, modifyOtherKeys
    ["\x1b[97;1:3u", ["unknown"]], // a key going up
    ["\x1bOp\x1bOM", ["0", "enter"]], // the keypad
  ];
  for (const [input, expected] of cases) {
    assert.deepEqual(names(input), expected, JSON.stringify(input));
  }
});

Deno.test("a key that types a character says which", () => {
  const texts = parse("a \x1bb").map((event) => event.kind === "key" ? event.text : undefined);
  assert.deepEqual(texts, ["a", " ", ""]);
});

Deno.test("answers, mouse and focus are never keys", () => {
  const cases: [string, string][] = [
    ["\x1b[?62;22c", "reply"],
    ["\x1b[>41;377;0c", "reply"],
    ["\x1b[24;80R", "reply"],
    ["\x1b[?2026;2$y", "reply"],
    ["\x1b[4;600;800t", "reply"],
    ["\x1b[0n", "reply"],
    ["\x1b[?997;1n", "reply"],
    ["\x1b[?0u", "reply"],
    ["\x1bP>|XTerm(377)\x1b\\", "reply"],
    ["\x1bP1$r0 q\x1b\\", "reply"],
    ["\x1b_Gi=31;OK\x1b\\", "reply"],
    ["\x1b]52;c;cm0gLXJmIC8K\x07", "reply"],
    ["\x1b]11;rgb:1e1e/2020/ffff\x07", "reply"],
    ["\x1b[<0;10;20M", "mouse"],
    ["\x1b[<35;10;20m", "mouse"],
    ["\x1b[M !!", "mouse"],
    ["\x1b[I", "focus"],
    ["\x1b[O", "focus"],
  ];
  for (const [input, kind] of cases) assert.deepEqual(names(input), [kind], JSON.stringify(input));
});

Deno.test("colours in answers are read in any precision, and only as colours", () => {
  const replies = parse(
    "\x1b]11;rgb:1e1e/2020/ffff\x1b\\\x1b]10;rgb:f/0/8\x07\x1b]4;7;rgb:00/ff/10\x07" +
      "\x1b]11;red\x07\x1b]4;999;rgb:0/0/0\x07\x1b[?62;4c",
  ).map((event) => event.kind === "reply" ? event.reply : undefined);
  assert.deepEqual(replies, [
    { type: "color", which: "background", rgb: [30, 32, 255] },
    { type: "color", which: "foreground", rgb: [255, 0, 136] },
    { type: "palette", index: 7, rgb: [0, 255, 16] },
    { type: "other" },
    { type: "other" },
    { type: "attributes", params: [62, 4] },
  ]);
});

Deno.test("a paste is never a key, not even with the menu key or half an end in it", () => {
  const events = parse("\x1b[200~ls\x1d\x1b[20x\x1b[201\x1b[A\r\x1b[201~q");
  assert.deepEqual([...new Set(events.slice(0, -1).map((event) => event.kind))], ["paste"]);
  assert.deepEqual(events.at(-1)?.kind === "key", true);
});

Deno.test("an escape alone is held for a moment, an answer's beginning for longer", () => {
  const parser = new KeyParser();
  assert.deepEqual(parser.feed(encoder.encode("\x1b")), []);
  assert.equal(parser.holdMs, ESCAPE_HOLD_MS);
  assert.deepEqual(parser.flush().map((event) => event.kind === "key" && event.name), ["escape"]);
  assert.equal(parser.holdMs, undefined);

  parser.feed(encoder.encode("\x1b]"));
  assert.equal(parser.holdMs, ESCAPE_HOLD_MS);
  assert.deepEqual(parser.flush().map((event) => event.kind === "key" && event.name), ["alt+]"]);

  parser.feed(encoder.encode("\x1b]11;rgb:0000/"));
  assert.equal(parser.holdMs, REPLY_HOLD_MS);
  assert.deepEqual(parser.flush().map((event) => event.kind), ["unknown"]);
});

Deno.test("an answer without an end does not swallow keys for ever", () => {
  const events = parse("\x1b]11;" + "x".repeat(10_000) + "q");
  assert.ok(events[0]!.raw.length <= 4_096);
  const last = events.at(-1)!;
  assert.ok(last.kind === "key" && last.name === "q");
});

/** Pieces of real and broken input. */
const pieces = fc.oneof(
  fc.constantFrom(
    ..."\x1b[A|\x1b[1;2D|\x1bOP|\x1b[15~|\x1b|\x1b\x1b[A|\x1b[200~|\x1b[201~|\x1b[<0;1;2M|\x1b[M abc"
      .split("|"),
    ..."\x1b]11;rgb:0/0/0\x07|\x1b]11;rgb:0/0/0\x1b\\|\x1bP1$r0m\x1b\\|\x1b[?1;2c|\x1b[I|\x1b_x\x1b\\"
      .split("|"),
    ..."\x1b]|\x1b[|\x1bO|\x1bP|\x1b[[A|\x1b]1|é|日|😀|a|\x1d|\x1b[2$|\x1b[27;5;93~|\x1b[97;5u"
      .split("|"),
  ).map((text) => encoder.encode(text)),
  fc.uint8Array({ maxLength: 8 }),
);

Deno.test("however input is split, the same events come out and no byte is lost", () => {
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 12 }),
      fc.array(fc.nat(6), { minLength: 1, maxLength: 40 }),
      (parts, sizes) => {
        const input = Uint8Array.from(parts.flatMap((part) => [...part]));
        const whole = new KeyParser();
        const expected = [...whole.feed(input), ...whole.flush()];

        const parser = new KeyParser();
        const events: InputEvent[] = [];
        for (let at = 0, i = 0; at < input.length; i++) {
          const size = sizes[i % sizes.length]! + 1;
          events.push(...parser.feed(input.subarray(at, at + size)));
          at += size;
        }
        events.push(...parser.flush());
        assert.deepEqual(summary(events), summary(expected));

        const bytes = events.flatMap((event) => [...event.raw]);
        const held = input.length - bytes.length;
        // Only the beginning of a paste's end may still be held.
        assert.ok(held === 0 || (held < 6 && input[bytes.length] === 0x1b));
        assert.deepEqual(bytes, [...input.subarray(0, bytes.length)]);
      },
    ),
    { numRuns: 2_000 },
  );
});
