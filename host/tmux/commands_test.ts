import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeInput } from "../encode_input.ts";
import { PANE_MODES } from "../panes.ts";
import { CHUNK_BYTES, quote, typeCommands } from "./commands.ts";

const encoder = new TextEncoder();

function key(name: string): string[] {
  return typeCommands("%1", encodeInput({ kind: "key", key: name }, PANE_MODES)!);
}

Deno.test("keys that programs want in their own way are named, all others are their bytes", () => {
  const last = (name: string): string => key(name).at(-1)!;
  assert.equal(last("up"), "send-keys -t %1 Up");
  assert.equal(last("shift+alt+f5"), "send-keys -t %1 M-S-F5");
  assert.equal(last("ctrl+left"), "send-keys -t %1 C-Left");
  assert.equal(last("page-down"), "send-keys -t %1 NPage");
  assert.equal(last("ctrl+c"), "send-keys -H -t %1 3");
  assert.equal(last("escape"), "send-keys -H -t %1 1b");
  assert.equal(last("alt+x"), "send-keys -H -t %1 1b 78");
});

Deno.test("text is hexadecimal in pieces, so that nothing of it is a command", () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 9, maxLength: 5_000 }), (bytes) => {
    fc.pre(bytes[0] !== 0x1b);
    const [first, ...commands] = typeCommands("%7", bytes);
    assert.equal(first, "copy-mode -q -t %7");
    const typed = commands.flatMap((command) => {
      assert.match(command, /^send-keys -H -t %7(?: [0-9a-f]{1,2})+$/);
      return command.split(" ").slice(4).map((hex) => parseInt(hex, 16));
    });
    assert.deepEqual(typed, [...bytes]);
    assert.equal(commands.length, Math.ceil(bytes.length / CHUNK_BYTES));
  }));
});

Deno.test("a paste is a buffer that tmux brackets where the program asked for it", () => {
  const text = 'a\n"$HOME" \\ #{pid} ; é';
  const bytes = encodeInput({ kind: "paste", text }, PANE_MODES)!;
  assert.deepEqual(typeCommands("%1", bytes), [
    "copy-mode -q -t %1",
    'set-buffer -b collab1 "a\\015\\"\\$HOME\\" \\\\ #{pid} ; é"',
    "paste-buffer -p -r -d -b collab1 -t %1",
  ]);
});

Deno.test("what only looks like a paste is typed as it is", () => {
  const [, command] = typeCommands("%1", encoder.encode("\x1b[200~a\x1b[201~b\x1b[201~"));
  assert.match(command!, /^send-keys -H/);
});

Deno.test("no command has a second line, whatever is typed or however somebody is called", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const paste = encoder.encode(`\x1b[200~${text}\x1b[201~`);
    for (const line of [...typeCommands("%1", paste), quote(text)]) assert.doesNotMatch(line, /\n/);
  }));
});
