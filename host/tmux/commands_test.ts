import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeInput } from "../encode_input.ts";
import { PANE_MODES } from "../panes.ts";
import { CHUNK_BYTES, quote, typeCommands } from "./commands.ts";

const encoder = new TextEncoder();

function key(name: string): string[] {
  return typeCommands("%1", encodeInput({ kind: "key", key: name }, PANE_MODES)!).flat();
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

/** The bytes that a group of commands types, if they are commands that type text. */
function typedBy(group: readonly string[]): number[] {
  const last = group.at(-1)!;
  if (last.startsWith("send-keys")) {
    assert.match(last, /^send-keys -H -t %7(?: [0-9a-f]{1,2}){1,64}$/);
    return last.split(" ").slice(4).map((hex) => parseInt(hex, 16));
  }
  assert.equal(last, "paste-buffer -r -d -b collab7 -t %7");
  const [, quoted] = /^set-buffer -b collab7 -- "((?:[^"$\\]|\\[0-7]{3})*)"$/.exec(group.at(-2)!)!;
  const chars = quoted!.match(/\\\d{3}|./gs) ?? [];
  return chars.map((char) => char.length > 1 ? parseInt(char.slice(1), 8) : char.charCodeAt(0));
}

Deno.test("text is numbers or a quoted buffer in pieces, so that nothing of it is a command", () => {
  const any = fc.uint8Array({ minLength: 9, maxLength: 5_000 });
  fc.assert(fc.property(any, fc.boolean(), (random, zeros) => {
    const bytes = zeros ? random : random.map((byte) => byte || 1);
    fc.pre(bytes[0] !== 0x1b);
    const groups = typeCommands("%7", bytes);
    assert.equal(groups[0]![0], "copy-mode -q -t %7");
    const pieces = groups.map(typedBy);
    assert.deepEqual(pieces.flat(), [...bytes]);
    assert.ok(pieces.every(({ length }) => length <= CHUNK_BYTES));
  }));
});

Deno.test("a paste is a buffer that tmux brackets where the program asked for it", () => {
  const text = 'a\n"$HOME" \\ #{pid} ; é';
  const bytes = encodeInput({ kind: "paste", text }, PANE_MODES)!;
  assert.deepEqual(typeCommands("%1", bytes), [[
    "copy-mode -q -t %1",
    'set-buffer -b collab1 -- "a\\015\\042\\044HOME\\042 \\134 #{pid} ; \\303\\251"',
    "paste-buffer -p -r -d -b collab1 -t %1",
  ]]);
});

Deno.test("what only looks like a paste is typed as it is", () => {
  const [[, command]] = typeCommands("%1", encoder.encode("\x1b[200~a\x1b[201~b\x1b[201~")) as [
    string[],
  ];
  assert.match(command!, /^send-keys -H/);
});

Deno.test("no command has a second line, whatever is typed or however somebody is called", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const paste = encoder.encode(`\x1b[200~${text}\x1b[201~`);
    for (const line of [...typeCommands("%1", paste).flat(), quote(text)]) {
      assert.doesNotMatch(line, /\n/);
    }
  }));
});
