/** Random output of a program: text of every width and all that a terminal can be told, valid or not. */
import fc from "fast-check";

const number = fc.oneof(
  fc.integer({ min: 0, max: 12 }),
  fc.constantFrom(0, 1, 2, 5, 30, 999, 2147483647),
);
const numbers = fc.array(number, { maxLength: 3 }).map((list) => list.join(";"));

const text = fc.string({
  unit: fc.constantFrom(
    ..."abcxyz 0123456789   ─│█".split(""),
    "日",
    "本",
    "한",
    "é",
    "e\u0301",
    "😀",
    "👩\u200d👧",
    "❤\ufe0f",
    "\u0301",
    "\u200d",
    "\u202e",
    "\ud800",
    "　",
  ),
  maxLength: 24,
});

const color = fc.oneof(
  fc.integer({ min: 30, max: 49 }).map(String),
  fc.integer({ min: 90, max: 107 }).map(String),
  fc.integer({ min: 0, max: 255 }).map((n) => `38;5;${n}`),
  fc.integer({ min: 0, max: 255 }).map((n) => `48;5;${n}`),
  fc.integer({ min: 0, max: 255 }).map((n) => `38;2;${n};7;9`),
  fc.integer({ min: 0, max: 255 }).map((n) => `48;2;${n};7;9`),
  fc.integer({ min: 0, max: 255 }).map((n) => `58:5:${n}`),
  fc.integer({ min: 0, max: 255 }).map((n) => `58:2::${n}:7:9`),
  fc.constant("59"),
);
const style = fc.oneof(
  fc.constantFrom(
    "",
    "0",
    "1",
    "2",
    "3",
    "4",
    "5",
    "7",
    "8",
    "9",
    "21",
    "22",
    "23",
    "24",
    "27",
    "53",
  ),
  fc.integer({ min: 0, max: 6 }).map((n) => `4:${n}`),
  color,
);
const sgr = fc.array(style, { minLength: 1, maxLength: 4 }).map((list) =>
  `\x1b[${list.join(";")}m`
);

const control = fc.constantFrom(
  "\r",
  "\n",
  "\r\n",
  "\r\n",
  "\b",
  "\t",
  "\x07",
  "\x0b",
  "\x1bM",
  "\x1bD",
  "\x1bE",
);
const csi = fc.tuple(
  numbers,
  fc.constantFrom(..."@ABCDEFGHIJKLMPSTXZ`abdefhlmnprstu".split("")),
).map(([list, final]) => `\x1b[${list}${final}`);
const mode = fc.tuple(
  fc.constantFrom(
    1,
    5,
    6,
    7,
    9,
    12,
    25,
    45,
    47,
    1000,
    1002,
    1003,
    1004,
    1006,
    1016,
    1047,
    1049,
    2004,
    2026,
  ),
  fc.constantFrom("h", "l"),
).map(([n, final]) => `\x1b[?${n}${final}`);
const other = fc.oneof(
  fc.constantFrom(
    "\x1b7",
    "\x1b8",
    "\x1b=",
    "\x1b>",
    "\x1bc",
    "\x1b[!p",
    "\x1b#8",
    "\x1b(0",
    "\x1b(B",
    "\x1b[4h",
    "\x1b[4l",
  ),
  fc.integer({ min: 0, max: 6 }).map((n) => `\x1b[${n} q`),
  text.map((title) => `\x1b]2;${title}\x07`),
  fc.tuple(fc.constantFrom("", "id=1", "id=a:b"), fc.constantFrom("", "http://a/;b", "x:\u0085y"))
    .map(([id, uri]) => `\x1b]8;${id};${uri}\x1b\\`),
  fc.string({ maxLength: 6 }).map((junk) => `\x1b]52;c;${junk}\x07`),
  fc.string({ maxLength: 4 }).map((junk) => `\x1b${junk}`),
);

/** A string of random terminal output. */
export const ansi: fc.Arbitrary<string> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: text },
    { weight: 3, arbitrary: control },
    { weight: 3, arbitrary: sgr },
    { weight: 3, arbitrary: csi },
    { weight: 1, arbitrary: mode },
    { weight: 1, arbitrary: other },
  ),
  { maxLength: 40 },
).map((parts) => parts.join(""));
