import assert from "node:assert/strict";
import fc from "fast-check";
import * as v from "valibot";
import { InputPart } from "../wire/input.ts";
import { INPUT_MAX_PARTS, PASTE_MAX_LENGTH, TEXT_MAX_LENGTH } from "../wire/limits.ts";
import { inMessages, keyPart, type OpenPaste, type PasteStep, stepPaste } from "./input_parts.ts";
import { type InputEvent, KeyParser } from "./keys.ts";

const encoder = new TextEncoder();

function events(text: string): InputEvent[] {
  const parser = new KeyParser();
  return [...parser.feed(encoder.encode(text)), ...parser.flush()];
}

/** What typing a text says. */
function parts(text: string): InputPart[] {
  return events(text).flatMap((event) => event.kind === "key" ? [keyPart(event)] : []);
}

Deno.test("characters are text, keys have their names", () => {
  const cases: [string, InputPart][] = [
    ["a", { kind: "text", text: "a" }],
    [" ", { kind: "text", text: " " }],
    ["日", { kind: "text", text: "日" }],
    ["\x1bOk", { kind: "text", text: "+" }],
    ["\x1b[32u", { kind: "text", text: " " }],
    ["\x1b[A", { kind: "key", key: "up" }],
    ["\x1bOA", { kind: "key", key: "up" }],
    ["\x1b[1;5C", { kind: "key", key: "ctrl+right" }],
    ["\r", { kind: "key", key: "enter" }],
    ["\x03", { kind: "key", key: "ctrl+c" }],
    ["\x1bx", { kind: "key", key: "alt+x" }],
    ["\x1b", { kind: "key", key: "escape" }],
    ["\x00", { kind: "key", key: "ctrl+space" }],
    ["\x7f", { kind: "key", key: "backspace" }],
  ];
  for (const [text, part] of cases) assert.deepEqual(parts(text), [part], JSON.stringify(text));
});

Deno.test("what was typed at once is one message, characters together", () => {
  assert.deepEqual(inMessages(parts("ls -l\r\x1b[Aab")), [[
    { kind: "text", text: "ls -l" },
    { kind: "key", key: "enter" },
    { kind: "key", key: "up" },
    { kind: "text", text: "ab" },
  ]]);
  assert.deepEqual(inMessages([]), []);
});

Deno.test("of a mouse that moves only the last place is told, of buttons everything", () => {
  const mouse = (action: "move" | "down", x: number, button?: 0): InputPart => ({
    kind: "mouse",
    action,
    x,
    y: 0,
    ...(button !== undefined && { button }),
  });
  const typed = [
    mouse("move", 1),
    mouse("move", 2),
    mouse("down", 3, 0),
    mouse("down", 3, 0),
    mouse("move", 4, 0),
    mouse("move", 5, 0),
    mouse("move", 6),
  ];
  assert.deepEqual(inMessages(typed), [[typed[1], typed[2], typed[3], typed[5], typed[6]]]);
});

Deno.test("whatever is typed, messages are within their limits and nothing is lost", () => {
  const key = fc.constantFrom("a", "日", "\r", "\x1b[B", "b".repeat(5_000), "\x1bOP", "\x01");
  fc.assert(
    fc.property(fc.array(key, { maxLength: 700 }), (keys) => {
      const typed = parts(keys.join(""));
      const messages = inMessages(typed);
      const plain = (parts: readonly InputPart[]): string =>
        parts.map((part) => part.kind === "text" ? part.text : JSON.stringify(part)).join("");
      assert.equal(plain(messages.flat()), plain(typed));
      for (const message of messages) {
        assert.ok(message.length > 0 && message.length <= INPUT_MAX_PARTS);
        for (const part of message) {
          assert.ok(v.is(InputPart, part));
          assert.ok(part.kind !== "text" || part.text.length <= TEXT_MAX_LENGTH);
        }
      }
    }),
    { numRuns: 30 },
  );
});

/** Pastes a text in reads of a size. */
function paste(text: string, size = Infinity): PasteStep | undefined {
  const parser = new KeyParser();
  const bytes = encoder.encode(`\x1b[200~${text}\x1b[201~`);
  let open: OpenPaste | undefined;
  let last: PasteStep | undefined;
  for (let at = 0; at < bytes.length; at += size) {
    for (const event of parser.feed(bytes.subarray(at, at + size))) {
      assert.ok(event.kind === "paste");
      last = stepPaste(open, event);
      open = last.kind === "open" ? last.paste : undefined;
    }
  }
  return last;
}

Deno.test("a paste is one text, however it arrives", () => {
  for (const size of [1, 2, 7, 1_000]) {
    const whole = paste("echo é\r日本\r\n\x1b[A\nend", size);
    assert.deepEqual(whole, { kind: "whole", text: "echo é\n日本\n\x1b[A\nend" });
  }
  assert.deepEqual(paste(""), { kind: "whole", text: "" });
});

Deno.test("a paste that is too long is no paste, and is not kept", () => {
  assert.equal(paste("x".repeat(PASTE_MAX_LENGTH))?.kind, "whole");
  assert.equal(paste("日".repeat(PASTE_MAX_LENGTH))?.kind, "whole");
  assert.deepEqual(paste("x".repeat(PASTE_MAX_LENGTH + 1)), { kind: "too-long" });
  assert.deepEqual(paste("日".repeat(PASTE_MAX_LENGTH * 4), 60_000), { kind: "too-long" });
});
