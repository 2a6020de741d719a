import assert from "node:assert/strict";
import fc from "fast-check";
import { DEFAULT_MODES, type Modes } from "../format/frame.ts";
import { testWith } from "../tests/needs.ts";
import { KeyParser } from "../viewer/keys.ts";
import { encodeInput, pasteLines } from "./encode_input.ts";

const NORMAL: Modes = DEFAULT_MODES;
const APPLICATION: Modes = { ...DEFAULT_MODES, applicationCursor: true, applicationKeypad: true };
const BRACKETED: Modes = { ...DEFAULT_MODES, bracketedPaste: true };
const encoder = new TextEncoder();

function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes && new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

function key(name: string, modes = NORMAL): string | undefined {
  return text(encodeInput({ kind: "key", key: name }, modes));
}

function paste(pasted: string, modes: Modes): string {
  return text(encodeInput({ kind: "paste", text: pasted }, modes))!;
}

/** The names of the keys in what a terminal sends. */
function names(bytes: Uint8Array): string[] {
  const parser = new KeyParser();
  return [...parser.feed(bytes), ...parser.flush()]
    .map((event) => event.kind === "key" ? event.name : `(${event.kind})`);
}

/** Every name that the key parser gives to what terminals send, one after the other. */
function everyName(): Set<string> {
  const inputs: string[] = [];
  const finals = Array.from({ length: 0x3f }, (_, i) => String.fromCharCode(0x40 + i));
  const modifiers = ["", ...Array.from({ length: 8 }, (_, i) => `;${i + 1}`)];
  for (const final of finals) {
    inputs.push(`\x1b[${final}`, `\x1bO${final}`, `\x1b\x1b[${final}`);
    for (const modifier of modifiers) inputs.push(`\x1b[1${modifier}${final}`);
  }
  for (let number = 0; number < 60; number++) {
    for (const modifier of modifiers) inputs.push(`\x1b[${number}${modifier}~`);
  }
  for (let code = 0; code < 0x180; code++) {
    const char = String.fromCharCode(code);
    inputs.push(char, `\x1b${char}`);
    for (const modifier of modifiers) inputs.push(`\x1b[${code}${modifier}u`);
  }
  inputs.push("日", "😀", "\x1b日", "\x1b😀", "\x1b[[A", "\x1b[57417u");
  const all = inputs.flatMap((input) => names(encoder.encode(input)));
  // A C1 control is read as a character, but no key types one, and no program is to get one.
  return new Set(all.filter((name) => !name.startsWith("(") && !/[\x80-\x9f]/.test(name)));
}

/** Keys whose every modifier xterm tells. */
const TELLS_ALL = /^(?:up|down|left|right|begin|home|end|insert|delete|page-(?:up|down)|f\d+)$/;

/**
 * A name without what xterm does not tell: shift and ctrl for keys that are a single byte, and the difference between
 * keys that have the same control character.
 */
function asXterm(name: string): string {
  const [, modifiers, key] = /^((?:(?:shift|alt|ctrl)\+)*)(.+)$/su.exec(name)!;
  if (TELLS_ALL.test(key!)) return name;
  const alt = modifiers!.includes("alt+") ? "alt+" : "";
  if (key === "tab" && modifiers!.includes("shift+")) return `${alt}shift+tab`;
  const ctrl = modifiers!.includes("ctrl+");
  if (key === "space") return ctrl ? `${alt}ctrl+space` : `${alt}space`;
  if (!ctrl || [...key!].length > 1) return alt + key;
  return alt + controlName(key!);
}

/** What ctrl and a character are for a terminal. */
function controlName(char: string): string {
  if (/^[a-z\\\]^_]$/.test(char)) {
    return { i: "tab", m: "enter", h: "backspace" }[char] ?? `ctrl+${char}`;
  }
  const same = {
    "@": "ctrl+space",
    "`": "ctrl+space",
    "2": "ctrl+space",
    "[": "escape",
    "{": "escape",
    "3": "escape",
    "|": "ctrl+\\",
    "4": "ctrl+\\",
    "}": "ctrl+]",
    "5": "ctrl+]",
    "~": "ctrl+^",
    "6": "ctrl+^",
    "7": "ctrl+_",
    "/": "ctrl+_",
    "8": "backspace",
    "?": "backspace",
  }[char];
  if (same !== undefined) return same;
  return /^[A-Z]$/.test(char) ? controlName(char.toLowerCase()) : char;
}

/** Modifiers in one order: after an escape prefix the parser says alt first. */
function sorted(name: string): string {
  const [, modifiers, key] = /^((?:(?:shift|alt|ctrl)\+)*)(.+)$/su.exec(name)!;
  return [...modifiers!.split("+").slice(0, -1).sort(), key].join("+");
}

Deno.test("every key that a terminal can send is sent on so that it has the same name again", () => {
  const all = everyName();
  assert.ok(all.size > 1_000, `${all.size} names`);
  for (const wanted of ["up", "ctrl+alt+shift+f12", "alt+begin", "ctrl+]", "alt+é", "😀", "f1"]) {
    assert.ok(all.has(wanted), `${wanted} was not tried`);
  }
  for (const name of all) {
    for (const modes of [NORMAL, APPLICATION]) {
      const bytes = encodeInput({ kind: "key", key: name }, modes);
      assert.ok(bytes !== undefined, name);
      const same = sorted(asXterm(name));
      // Two escapes are read as what they also are: the key pressed twice.
      const expected = same === "alt+escape" ? ["escape", "escape"] : [same];
      assert.deepEqual(names(bytes).map(sorted), expected, name);
    }
  }
});

Deno.test("keys are as xterm sends them", () => {
  const cases: [name: string, normal: string, application?: string][] = [
    ["up", "\x1b[A", "\x1bOA"],
    ["home", "\x1b[H", "\x1bOH"],
    ["begin", "\x1b[E", "\x1bOE"],
    ["shift+left", "\x1b[1;2D"],
    ["ctrl+alt+shift+end", "\x1b[1;8F"],
    ["f1", "\x1bOP"],
    ["alt+f4", "\x1b[1;3S"],
    ["f5", "\x1b[15~"],
    ["ctrl+f12", "\x1b[24;5~"],
    ["ctrl+delete", "\x1b[3;5~"],
    ["enter", "\r"],
    ["alt+enter", "\x1b\r"],
    ["ctrl+enter", "\r"],
    ["tab", "\t"],
    ["shift+tab", "\x1b[Z"],
    ["backspace", "\x7f"],
    ["ctrl+backspace", "\b"],
    ["alt+backspace", "\x1b\x7f"],
    ["escape", "\x1b"],
    ["alt+escape", "\x1b\x1b"],
    ["space", " "],
    ["ctrl+space", "\0"],
    ["ctrl+ ", "\0"],
    ["a", "a"],
    ["shift+a", "A"],
    ["shift+ß", "ß"],
    ["alt+x", "\x1bx"],
    ["ctrl+c", "\x03"],
    ["ctrl+C", "\x03"],
    ["alt+ctrl+c", "\x1b\x03"],
    ["ctrl+alt+c", "\x1b\x03"],
    ["ctrl+\\", "\x1c"],
    ["ctrl+]", "\x1d"],
    ["ctrl+^", "\x1e"],
    ["ctrl+_", "\x1f"],
    ["ctrl+/", "\x1f"],
    ["ctrl+8", "\x7f"],
    ["ctrl+?", "\x7f"],
    ["ctrl+1", "1"],
    ["+", "+"],
    ["alt++", "\x1b+"],
    ["日", "日"],
    ["alt+😀", "\x1b😀"],
  ];
  for (const [name, normal, application = normal] of cases) {
    assert.equal(key(name), normal, name);
    assert.equal(key(name, APPLICATION), application, name);
  }
});

Deno.test("what is no key has no bytes", () => {
  const unknown = [
    "",
    "f13",
    "hyper+a",
    "ctrl+ctrl+a",
    "ab",
    "\x1b",
    "\n",
    "\x9b",
    "\ud800",
    "alt+",
  ];
  for (const name of [...unknown, "constructor", "ctrl+__proto__", "toString"]) {
    assert.equal(key(name), undefined, JSON.stringify(name));
  }
});

/** What the terminal database calls the keys. */
const CAPABILITIES: Readonly<Record<string, string>> = {
  kcuu1: "up",
  kcud1: "down",
  kcuf1: "right",
  kcub1: "left",
  khome: "home",
  kend: "end",
  kich1: "insert",
  kdch1: "delete",
  kpp: "page-up",
  knp: "page-down",
  kbs: "backspace",
  kcbt: "shift+tab",
  kri: "shift+up",
  kind: "shift+down",
  kLFT: "shift+left",
  kRIT: "shift+right",
  kHOM: "shift+home",
  kEND: "shift+end",
  kIC: "shift+insert",
  kDC: "shift+delete",
  kPRV: "shift+page-up",
  kNXT: "shift+page-down",
};
const FUNCTION_MODIFIERS = ["", "shift+", "ctrl+", "ctrl+shift+", "alt+", "alt+shift+"];

testWith(["infocmp"], "keys are as the terminal database has them for xterm-256color", () => {
  const { stdout } = new Deno.Command("infocmp", { args: ["-1", "xterm-256color"] }).outputSync();
  let checked = 0;
  for (const line of new TextDecoder().decode(stdout).split("\n")) {
    const [, capability, value] = /^\t(k\w+)=(.*),$/.exec(line) ?? [];
    if (capability === undefined) continue;
    const number = Number(/^kf(\d+)$/.exec(capability)?.[1]);
    const name = Number.isNaN(number)
      ? CAPABILITIES[capability]
      : `${FUNCTION_MODIFIERS[Math.floor((number - 1) / 12)]}f${(number - 1) % 12 + 1}`;
    if (name === undefined) continue;
    const sequence = value!.replaceAll("\\E", "\x1b").replace("^?", "\x7f").replace("\\177", "\x7f")
      .replace("^H", "\x7f"); // Older databases have the other of the two.
    assert.equal(key(name, APPLICATION), sequence, `${capability}: ${name}`);
    checked++;
  }
  assert.ok(checked >= 80, `${checked} keys`);
});

Deno.test("text is typed as it is, with the enter key for a line's end", () => {
  const typed = (value: string): string | undefined =>
    text(encodeInput({ kind: "text", text: value }, BRACKETED));
  assert.equal(typed("ls\ncd\r\né😀\t\x1b[A"), "ls\rcd\ré😀\t\x1b[A");
  assert.equal(typed("\r"), "\r");
});

Deno.test("a paste has the line ends of the enter key, and brackets when they are asked for", () => {
  assert.equal(paste("a\nb\r\nc\rd\te", NORMAL), "a\rb\rc\rd\te");
  assert.equal(paste("a\nb", BRACKETED), "\x1b[200~a\rb\x1b[201~");
  assert.equal(
    paste("a\x1b[201~\x9b201~rm\x03\x04b", BRACKETED),
    "\x1b[200~a[201~201~rmb\x1b[201~",
  );
  assert.equal(paste("a\x1b[A\x03b", NORMAL), "a[Ab");
  assert.equal(paste("\x1b", BRACKETED), "");
});

Deno.test("law: whatever is pasted stays inside its brackets, and is all there but for controls", () => {
  const pieces = fc.constantFrom("\x1b", "[201~", "\x1b[201~", "\x9b", "201~", "\x03", "\r\n", "x");
  const pasted = fc.array(fc.oneof(pieces, fc.string({ unit: "binary" })), { minLength: 1 })
    .map((parts) => parts.join(""));
  fc.assert(fc.property(pasted, (all) => {
    for (const modes of [NORMAL, BRACKETED]) {
      const sent = paste(all, modes);
      const inside = modes.bracketedPaste && sent !== "" ? sent.slice(6, -6) : sent;
      // deno-lint-ignore no-control-regex -- it is about control characters
      assert.doesNotMatch(inside, /[\x00-\x08\x0a-\x0c\x0e-\x1f\x7f-\x9f]/);
      const visible = (value: string): string => value.replace(/\p{Cc}/gu, "").toWellFormed();
      assert.equal(visible(inside), visible(all));
      if (inside !== sent) assert.equal(sent, `\x1b[200~${inside}\x1b[201~`);
    }
    const events = new KeyParser().feed(encoder.encode(paste(all, BRACKETED) + "q"));
    const kinds = events.map((event) => event.kind);
    assert.ok(kinds.slice(0, -1).every((kind) => kind === "paste") && kinds.at(-1) === "key");
  }));
});

Deno.test("a line break makes another line, wherever it is", () => {
  const cases: [string, number][] = [["ls", 1], ["ls\n", 2], ["a\r\nb\rc\n", 4], ["", 1]];
  for (const [pasted, lines] of cases) assert.equal(pasteLines(pasted), lines);
});
