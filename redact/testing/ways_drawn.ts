/**
 * Ways in which a program may bring a text onto the screen.
 *
 * @module
 */
import { at, boxed, joined, pieces, places, SIZE, tall, type Way, wrapped } from "./drawing.ts";

/** In the order in which they were thought of. */
export const DRAWN_WAYS: readonly Way[] = [
  { name: "at once", draw: (lines) => ({ ...SIZE, steps: [joined(lines)] }) },
  { name: "one character at a time", draw: (lines) => ({ ...SIZE, steps: [...joined(lines)] }) },
  {
    name: "one character at a time, with a cursor that is elsewhere",
    only: "alone",
    draw: (lines) => ({
      ...tall(20),
      steps: places(wrapped(lines, 60)).map(({ y, x, char }) => `${at(y, x)}${char}\x1b[20;1H`),
    }),
  },
  {
    name: "wrapped by the terminal",
    draw: (lines) => ({ cols: 17, rows: 30, steps: pieces(joined(lines), 7) }),
  },
  {
    name: "wrapped by the terminal inside of what it begins with",
    draw: (lines) => ({
      cols: 24,
      rows: 30,
      steps: lines.flatMap((line, i) => [i > 0 ? "\r\n" : "", ".".repeat(17), ...line]),
    }),
  },
  {
    name: "wrapped by the program at the right edge",
    draw: (lines) => ({
      cols: 23,
      rows: 30,
      steps: wrapped(lines, 23).map((row, y) => at(y, 0) + row),
    }),
  },
  {
    name: "wrapped by the program at the right edge, one character at a time",
    draw: (lines) => ({
      cols: 23,
      rows: 30,
      steps: places(wrapped(lines, 23)).map(({ y, x, char }) => at(y, x) + char),
    }),
  },
  {
    name: "in a box",
    draw: (lines) => ({
      ...tall(40),
      steps: boxed(wrapped(lines, 19), 19, "").map((row, y) => at(y, 3) + row),
    }),
  },
  {
    name: "in a box with padding",
    draw: (lines) => ({
      ...tall(40),
      steps: boxed(wrapped(lines, 21), 21, " ").map((row, y) => at(y, 0) + row),
    }),
  },
  {
    name: "in the left of two panes",
    draw: (lines) => ({
      ...tall(30),
      steps: wrapped(lines, 29).map((row, y) =>
        `${at(y, 0)}${row.padEnd(29)}│ top - 12:0${y % 10}:11 up 3 days`
      ),
    }),
  },
  {
    name: "in the right of two panes",
    draw: (lines) => ({
      ...tall(30),
      steps: wrapped(lines, 30).map((row, y) => `${at(y, 0)}${"$ make all".padEnd(29)}│${row}`),
    }),
  },
  {
    name: "in an editor with line numbers that wraps by itself",
    draw: (lines) => ({
      cols: 34,
      rows: 30,
      steps: [
        "\x1b[?1049h",
        ...lines.reduce<string[]>((rows, line, i) => {
          wrapped([line], 30).forEach((row, part) =>
            rows.push(
              `${at(rows.length, 0)}\x1b[33m${
                part === 0 ? String(i + 1).padStart(3) : "   "
              } \x1b[m${row}`,
            )
          );
          return rows;
        }, []),
      ],
    }),
  },
  {
    name: "in a colour for each character",
    draw: (lines) => ({
      ...SIZE,
      steps: lines.map((line, i) =>
        (i > 0 ? "\r\n" : "") +
        [...line].map((char, x) => `\x1b[3${x % 7};4${(x * 3) % 7}m${char}`).join("") + "\x1b[m"
      ),
    }),
  },
  {
    name: "the second half before the first",
    draw: (lines) => {
      const rows = wrapped(lines, 60).flatMap((line) => wrapped([line], 60));
      const half = rows.map((row) => Math.ceil(row.length / 2));
      return {
        ...tall(30),
        from: rows.length * 2 - 1,
        steps: [
          ...rows.map((row, y) => at(y, half[y]!) + row.slice(half[y])),
          ...rows.map((row, y) => at(y, 0) + row.slice(0, half[y])),
        ],
      };
    },
  },
  {
    name: "backwards",
    draw: (lines) => {
      const steps = places(wrapped(lines, 60)).map(({ y, x, char }) => at(y, x) + char).reverse();
      return { ...tall(30), steps, from: steps.length - 1 };
    },
  },
  {
    name: "every other character, then the rest",
    draw: (lines) => {
      const all = places(wrapped(lines, 60));
      const steps = [0, 1].flatMap((odd) =>
        all.filter(({ x }) => x % 2 === odd).map(({ y, x, char }) => at(y, x) + char)
      );
      return { ...tall(30), steps, from: steps.length - 1 };
    },
  },
  {
    name: "typed over something else",
    draw: (lines) => ({
      ...tall(30),
      steps: lines.flatMap((line) => [
        `${".".repeat(Math.min(50, line.length))}\r`,
        ...line,
        "\r\n",
      ]),
    }),
  },
  {
    name: "typed over a full row",
    draw: (lines) => ({
      cols: Math.max(...lines.map((line) => line.length)) + 3,
      rows: 30,
      steps: lines.flatMap((line) => [
        "#".repeat(Math.max(...lines.map((line) => line.length)) + 3) + "\r",
        ...line,
        "\x1b[K\r\n",
      ]),
    }),
  },
  {
    name: "typed over a full row that ends with it",
    draw: (lines) => ({
      cols: Math.max(...lines.map((line) => line.length)),
      rows: 30,
      steps: lines.flatMap((line) => [`${"#".repeat(line.length)}\r`, ...line, "\r\n"]),
    }),
  },
  {
    name: "with a wrong character before each one",
    draw: (lines) => ({
      ...tall(30),
      steps: lines.flatMap((line) => [...[...line].flatMap((char) => ["#\b", char]), "\r\n"]),
    }),
  },
  {
    name: "inserted before what follows",
    draw: (lines) => ({
      cols: 140,
      rows: 12,
      steps: lines.flatMap((
        line,
      ) => [" ; done\r", ...[...line].map((char) => `\x1b[@${char}`), "\r\n"]),
    }),
  },
];
