import assert from "node:assert/strict";
import { Screen } from "../format/screen.ts";
import { Answers, type Colors, DEFAULT_COLORS } from "./queries.ts";

const LIGHT: Colors = {
  foreground: [1, 2, 3],
  background: [255, 254, 253],
  cursor: [9, 9, 9],
  palette: new Map([[1, [16, 32, 48]]]),
};

/** A screen whose program is answered, and what it was answered. */
function setUp(colors?: Colors): { screen: Screen; answers: Answers; sent: string[] } {
  const sent: string[] = [];
  const answers = new Answers((data) => sent.push(data));
  const screen = new Screen({ cols: 80, rows: 24, onReply: answers.reply });
  answers.attach(screen);
  if (colors) answers.settle(colors);
  return { screen, answers, sent };
}

Deno.test("device and status questions are answered as xterm does", () => {
  const { screen, sent } = setUp(DEFAULT_COLORS);
  using _ = screen;
  screen.write("\x1b[3;5H\x1b[6n\x1b[5n\x1b[c\x1b[?2004$p");
  assert.deepEqual(sent, ["\x1b[3;5R", "\x1b[0n", "\x1b[?1;2c", "\x1b[?2004;2$y"]);
});

Deno.test("colours are answered with those of the presenter's terminal", () => {
  const { screen, sent } = setUp(LIGHT);
  using _ = screen;
  screen.write("\x1b]10;?\x07\x1b]11;?\x1b\\\x1b]4;1;?;200;?\x07");
  assert.deepEqual(sent, [
    "\x1b]10;rgb:0101/0202/0303\x1b\\",
    "\x1b]11;rgb:ffff/fefe/fdfd\x1b\\",
    "\x1b]4;1;rgb:1010/2020/3030\x1b\\",
    "\x1b]4;200;rgb:ffff/0000/d7d7\x1b\\",
  ]);
});

Deno.test("one question for several colours gets an answer for each", () => {
  const { screen, sent } = setUp(LIGHT);
  using _ = screen;
  screen.write("\x1b]10;?;?;?\x07");
  assert.equal(sent.length, 3);
  assert.equal(sent[2], "\x1b]12;rgb:0909/0909/0909\x1b\\");
});

Deno.test("answers wait for the colours, and keep the order of the questions", () => {
  const { screen, answers, sent } = setUp();
  using _ = screen;
  screen.write("\x1b[5n\x1b]11;?\x1b\\\x1b[c");
  assert.deepEqual(sent, ["\x1b[0n"]);
  answers.settle(LIGHT);
  assert.deepEqual(sent.slice(1), ["\x1b]11;rgb:ffff/fefe/fdfd\x1b\\\x1b[?1;2c"]);
});

Deno.test("setting a colour is no question", () => {
  const { screen, sent } = setUp(LIGHT);
  using _ = screen;
  screen.write("\x1b]11;#ffffff\x07\x1b]4;1;#000000\x07\x1b]4;999;?\x07\x1b]4\x07");
  assert.deepEqual(sent, []);
});
