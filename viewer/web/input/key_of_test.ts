import assert from "node:assert/strict";
import fc from "fast-check";
import { isLeaveKey, type Keyboard, type KeyboardEventLike, keyOf } from "./key_of.ts";

/** A key with its modifiers, written as `ctrl+shift+KeyC`; AltGr as `altgr`. */
function event(
  chord: string,
  key: string,
  more: Partial<KeyboardEventLike> = {},
): KeyboardEventLike {
  const parts = chord.split("+"), code = parts.pop()!;
  return {
    key,
    code,
    ctrlKey: parts.includes("ctrl"),
    altKey: parts.includes("alt"),
    metaKey: parts.includes("meta"),
    shiftKey: parts.includes("shift"),
    isComposing: false,
    getModifierState: (name) => name === "AltGraph" && parts.includes("altgr"),
    ...more,
  };
}

/** What a key types: its name, or its text in quotes; `-` for nothing. */
function typed(chord: string, key: string, keyboard?: Keyboard): string {
  const part = keyOf(event(chord, key), keyboard);
  if (part === undefined) return "-";
  return part.kind === "text" ? `"${part.text}"` : part.kind === "key" ? part.key : part.kind;
}

const MAC = { mac: true };

function check(
  table: readonly (readonly [chord: string, key: string, expected: string])[],
  keyboard?: Keyboard,
): void {
  for (const [chord, key, expected] of table) {
    assert.equal(typed(chord, key, keyboard), expected, `${chord} ${key}`);
  }
}

Deno.test("characters are text, whatever the layout and shift made of them", () => {
  check([
    ["KeyA", "a", '"a"'],
    ["shift+KeyA", "A", '"A"'],
    ["Digit2", "é", '"é"'],
    ["shift+Digit1", "!", '"!"'],
    ["Space", " ", '" "'],
    ["shift+Space", " ", '" "'],
    ["KeyQ", "й", '"й"'],
    ["KeyH", "漢", '"漢"'],
    ["Numpad5", "5", '"5"'],
    ["NumpadDecimal", ",", '","'],
    ["BracketLeft", "^", '"^"'],
    ["KeyX", "´x", '"´x"'],
    ["", "😀", '"😀"'],
  ]);
});

Deno.test("keys without a character have names, with modifiers in one order", () => {
  check([
    ["Enter", "Enter", "enter"],
    ["NumpadEnter", "Enter", "enter"],
    ["shift+Tab", "Tab", "shift+tab"],
    ["Escape", "Escape", "escape"],
    ["Backspace", "Backspace", "backspace"],
    ["alt+Backspace", "Backspace", "alt+backspace"],
    ["shift+ArrowLeft", "ArrowLeft", "shift+left"],
    ["ctrl+alt+shift+ArrowUp", "ArrowUp", "ctrl+alt+shift+up"],
    ["PageDown", "PageDown", "page-down"],
    ["ctrl+Home", "Home", "ctrl+home"],
    ["Delete", "Delete", "delete"],
    ["Insert", "Insert", "insert"],
    ["Numpad5", "Clear", "begin"],
    ["F1", "F1", "f1"],
    ["F5", "F5", "f5"],
    ["ctrl+F12", "F12", "ctrl+f12"],
  ]);
});

Deno.test("Ctrl with a character is a key, by the layout's letter or the key's place", () => {
  check([
    ["ctrl+KeyC", "c", "ctrl+c"],
    ["ctrl+KeyC", "C", "ctrl+c"], // caps lock
    ["ctrl+shift+KeyA", "A", "ctrl+A"],
    ["ctrl+KeyQ", "a", "ctrl+a"], // AZERTY
    ["ctrl+KeyC", "с", "ctrl+c"], // Cyrillic
    ["ctrl+BracketRight", "ъ", "ctrl+]"],
    ["ctrl+Digit6", "§", "ctrl+6"],
    ["ctrl+Space", " ", "ctrl+space"],
    ["ctrl+shift+Space", " ", "ctrl+shift+space"],
    ["ctrl+Backslash", "\\", "ctrl+\\"],
    ["ctrl+shift+Minus", "_", "ctrl+_"],
    ["ctrl+shift+Digit6", "^", "ctrl+^"],
    ["ctrl+Slash", "/", "ctrl+/"],
    ["ctrl+alt+KeyD", "d", "ctrl+alt+d"],
  ]);
});

Deno.test("Alt with a character is a key, and on a Mac what Option types is text", () => {
  check([
    ["alt+KeyX", "x", "alt+x"],
    ["alt+shift+KeyX", "X", "alt+X"],
    ["alt+Period", ".", "alt+."],
    ["alt+Space", " ", "alt+space"],
    ["alt+KeyA", "ф", "alt+ф"],
    ["alt+ArrowLeft", "ArrowLeft", "alt+left"],
  ]);
  check([
    ["alt+KeyL", "@", '"@"'],
    ["alt+KeyC", "ç", '"ç"'],
    ["alt+shift+KeyO", "Ø", '"Ø"'],
    ["alt+ArrowLeft", "ArrowLeft", "alt+left"],
    ["ctrl+KeyC", "c", "ctrl+c"],
    ["ctrl+alt+KeyC", "ç", "ctrl+alt+c"],
  ], MAC);
});

Deno.test("AltGr types characters, also where it is told as Ctrl and Alt", () => {
  check([
    ["altgr+KeyQ", "@", '"@"'],
    ["altgr+KeyE", "€", '"€"'],
    ["ctrl+alt+altgr+KeyQ", "@", '"@"'],
    ["ctrl+altgr+Digit9", "]", "ctrl+]"],
    ["altgr+ArrowLeft", "ArrowLeft", "left"],
  ]);
});

Deno.test("what belongs to the browser stays its own", () => {
  check([
    ["meta+KeyC", "c", "-"],
    ["meta+KeyV", "v", "-"],
    ["meta+ArrowLeft", "ArrowLeft", "-"],
    ["ctrl+shift+KeyC", "C", "-"],
    ["ctrl+shift+KeyV", "V", "-"],
    ["ctrl+shift+KeyC", "С", "-"], // Cyrillic
    ["shift+Insert", "Insert", "-"],
    ["ctrl+Insert", "Insert", "-"],
  ]);
  // The letter counts, not the place: on Dvorak the key of a US C types J.
  check([["ctrl+shift+KeyC", "J", "ctrl+J"], ["ctrl+KeyV", "v", "ctrl+v"]]);
});

Deno.test("what types nothing by itself is nothing", () => {
  const names = ["Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock", "Dead", "Process"];
  const others = [
    "Unidentified",
    "ContextMenu",
    "PrintScreen",
    "F13",
    "AudioVolumeUp",
    "Compose",
    "",
  ];
  check([...names, ...others].map((name) => [name, name, "-"] as const));
});

Deno.test("what an input method puts together is not typed by its keys", () => {
  assert.equal(keyOf(event("KeyA", "a", { isComposing: true })), undefined);
  assert.equal(keyOf(event("KeyA", "a", { keyCode: 229 })), undefined);
  assert.equal(keyOf(event("Enter", "Enter", { isComposing: true })), undefined);
});

Deno.test("a browser that does not tell AltGr is no reason to fail", () => {
  const { getModifierState: _, ...old } = event("KeyA", "a");
  assert.deepEqual(keyOf(old), { kind: "text", text: "a" });
});

Deno.test("the key that leaves is Ctrl-], wherever the layout has it", () => {
  const leaves = (chord: string, key: string): boolean => isLeaveKey(event(chord, key));
  assert.ok(leaves("ctrl+BracketRight", "]"));
  assert.ok(leaves("ctrl+altgr+Digit9", "]"));
  assert.ok(leaves("ctrl+BracketRight", "+")); // German
  assert.ok(leaves("ctrl+BracketRight", "Dead")); // Swiss
  assert.ok(leaves("ctrl+BracketRight", "ъ"));
  assert.ok(!leaves("BracketRight", "]"));
  assert.ok(!leaves("ctrl+alt+BracketRight", "]"));
  assert.ok(!leaves("meta+BracketRight", "]"));
  assert.ok(!leaves("ctrl+BracketRight", "[")); // a layout whose [ is there
  assert.ok(!leaves("ctrl+BracketRight", "a"));
});

Deno.test("whatever is pressed, names have their modifiers once and text is what the key says", () => {
  const anyEvent = fc.record({
    key: fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 2 }),
      fc.constantFrom("Enter", "F7", "Tab"),
    ),
    code: fc.constantFrom("KeyA", "Digit3", "Slash", "Enter", ""),
    ctrlKey: fc.boolean(),
    altKey: fc.boolean(),
    metaKey: fc.boolean(),
    shiftKey: fc.boolean(),
    isComposing: fc.boolean(),
  });
  fc.assert(fc.property(anyEvent, fc.boolean(), (pressed, mac) => {
    const part = keyOf(pressed, { mac });
    if (part === undefined) return;
    assert.ok(!pressed.metaKey && !pressed.isComposing);
    if (part.kind === "text") return assert.equal(part.text, pressed.key);
    assert.ok(part.kind === "key");
    assert.match(
      part.key,
      /^(?:ctrl\+)?(?:alt\+)?(?:shift\+)?(?!(?:ctrl|alt|shift)\+.)[^]{1,16}$/u,
    );
    assert.equal(part.key.startsWith("ctrl+") && part.key.length > 5, pressed.ctrlKey);
  }));
});
