import assert from "node:assert/strict";
import fc from "fast-check";
import { bytes } from "./testing/logs.ts";
import {
  PASTE_KEPT_BYTES,
  READ_BURST_BYTES,
  READ_BYTES_PER_SECOND,
  Typist,
  type Unit,
} from "./typist.ts";

/** What a new typist makes of a text that comes all at once. */
function read(text: string, mouse = true): readonly Unit[] {
  const typist = new Typist();
  return [...typist.read(bytes(text), 0, mouse), ...typist.flush()];
}

/** Units in a line: keys in brackets, pastes in quotation marks. */
function shown(units: readonly Unit[]): string {
  return units.map((unit) => {
    switch (unit.kind) {
      case "text":
        return unit.text;
      case "key":
        return `<${unit.name}>`;
      case "paste":
        return `"${unit.text}"${unit.length}`;
      case "flood":
        return `[${unit.bytes}]`;
    }
  }).join("");
}

Deno.test("text is text, and keys have names", () => {
  const cases: Readonly<Record<string, string>> = {
    "ls -la\r": "ls -la<enter>",
    "a\tb\x7f\x03": "a<tab>b<backspace><ctrl+c>",
    "\x1b[A\x1bOB\x1b[1;5C\x1b[3~\x1bOP": "<up><down><ctrl+right><delete><f1>",
    "\x1bx": "<alt+x>",
    "\x1b": "<escape>",
    "grüße 日本 👩🏽‍🚀": "grüße 日本 👩🏽‍🚀",
    "\x1b[<0;3;4M\x1b[<0;3;4m": "<mouse><mouse>",
    "\x1b[I\x1b[O": "<focus><blur>",
  };
  for (const [text, expected] of Object.entries(cases)) assert.equal(shown(read(text)), expected);
});

Deno.test("what looks like a terminal's answer is told in full: a shell reads it as text", () => {
  assert.equal(shown(read("\x1b]0;rm -rf ~\x07")), "<escape>]0;rm -rf ~<ctrl+g>");
  assert.equal(shown(read("\x1b]0;rm -rf ~\r")), "<escape>]0;rm -rf ~<enter>");
  assert.equal(shown(read("\x1b[?62;1c")), "<escape>[?62;1c");
  assert.equal(shown(read("\x1b[5;5;5y!")), "<escape>[5;5;5y!");
  assert.equal(shown(read("\xff")), "ÿ");
  const typist = new Typist();
  assert.equal(shown(typist.read(new Uint8Array([0xff, 0x61, 0xc3]), 0)), "\ufffda");
  assert.equal(shown(typist.flush()), "\ufffd");
});

Deno.test("law: every printable character that was typed is told, wherever the bytes are cut", () => {
  const anyPart = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 6 }),
    fc.constantFrom(
      "\x1b",
      "\x1b[",
      "\x1b]",
      "\x1bP",
      "\r",
      "\x07",
      "\x1b\\",
      "\x1b[A",
      "\x1b[<1;2M",
    ),
  );
  fc.assert(
    fc.property(fc.array(anyPart), fc.array(fc.nat(7)), (parts, cuts) => {
      const all = bytes(parts.join(""));
      const whole = shown(read(parts.join("")));
      const typist = new Typist();
      const units: Unit[] = [];
      let at = 0;
      for (const cut of [...cuts, all.length]) {
        units.push(...typist.read(all.subarray(at, at + cut), 0, true));
        at += cut;
      }
      units.push(...typist.read(all.subarray(at), 0, true), ...typist.flush());
      assert.equal(shown(units), whole);
      // Sequences of keys and of the mouse are all that is told by a name alone.
      // deno-lint-ignore no-control-regex
      const rest = parts.join("").replaceAll(/\x1b\[[<0-9;]*[a-zA-Z]|\x1bO[a-zA-Z]/g, "");
      for (const letter of rest.match(/[a-zA-Z]/g) ?? []) {
        assert.ok(whole.includes(letter), `${JSON.stringify(letter)} in ${whole}`);
      }
    }),
  );
});

Deno.test("what looks like the mouse is told in full to a program that has not asked for it", () => {
  const text = "\x1b[Mrm \x1b[M-rf\x1b[<0;3;4M\r";
  assert.equal(shown(read(text)), "<mouse><mouse><mouse><enter>");
  assert.equal(shown(read(text, false)), "<escape>[Mrm <escape>[M-rf<escape>[<0;3;4M<enter>");
});

Deno.test("an escape that nothing follows in time is a key of its own", () => {
  const typist = new Typist();
  assert.equal(shown(typist.read(bytes("\x1b"), 0)), "");
  assert.equal(shown(typist.read(bytes("x"), 500)), "<escape>x");
});

Deno.test("a paste is one, in whatever pieces it comes, with its beginning and its length", () => {
  assert.equal(shown(read("a\x1b[200~two\r\nlines\rmore\x1b[201~b")), 'a"two\nlines\nmore"15b');
  const typist = new Typist();
  const pieces = ["\x1b[200~日", "本\x1b[20", "1~", "x"];
  assert.equal(shown(pieces.flatMap((piece) => typist.read(bytes(piece), 0))), '"日本"2x');
  const [long] = read(`\x1b[200~${"é".repeat(50_000)}\x1b[201~`);
  assert.ok(long?.kind === "paste");
  assert.equal(long.length, 50_000);
  assert.equal(long.text.length, PASTE_KEPT_BYTES / 2);
});

Deno.test("a paste that is left open is told when it is asked for, and goes on as another", () => {
  const typist = new Typist();
  assert.equal(shown(typist.read(bytes("\x1b[200~abc"), 0)), "");
  assert.equal(shown(typist.flush()), '"abc"3');
  assert.equal(shown(typist.flush()), "");
  assert.equal(shown(typist.read(bytes("de\x1b[201~f"), 9_000)), '"de"2f');
});

Deno.test("what comes faster than a participant may type is counted, and no more", () => {
  const typist = new Typist();
  const most = "x".repeat(READ_BURST_BYTES);
  assert.equal(shown(typist.read(bytes(most), 0)), most);
  assert.equal(shown(typist.read(bytes("\x1b[200~abc"), 0)), "[9]");
  // What was missed may have ended the paste: it is not waited for.
  const second = "y".repeat(READ_BYTES_PER_SECOND);
  assert.equal(shown(typist.read(bytes(`${second}zz`), 1_000)), `${second}[2]`);
});
