import assert from "node:assert/strict";
import { parseMenuKey, parseSize } from "./options.ts";

Deno.test("a size is columns and rows", () => {
  assert.deepEqual(parseSize("80x24"), { cols: 80, rows: 24 });
  assert.deepEqual(parseSize("200X60"), { cols: 200, rows: 60 });
  for (const text of ["", "80", "80x", "0x24", "1x24", "80x0", "80x-1", "5000x5000", "80x24x2"]) {
    assert.throws(() => parseSize(text), { code: "bad-size" }, text);
  }
});

Deno.test("a menu key is a control character that is no other key", () => {
  const forms = {
    "ctrl-\\": "ctrl+\\",
    "Ctrl+X": "ctrl+x",
    "^g": "ctrl+g",
    "C-]": "ctrl+]",
    "ctrl-@": "ctrl+space",
  };
  for (const [text, key] of Object.entries(forms)) assert.equal(parseMenuKey(text), key);
  for (const text of ["", "x", "ctrl-i", "ctrl-m", "ctrl-[", "alt-x", "ctrl-xx", "f1"]) {
    assert.throws(() => parseMenuKey(text), { code: "bad-menu-key" }, text);
  }
});
