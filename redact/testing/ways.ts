/**
 * Ways in which a program may draw a text: each is a list of what it writes, one thing after the other.
 *
 * @module
 */

/** What happens next: output, or another size of the terminal. */
export type Step = string | { readonly cols: number; readonly rows: number };

/** A drawing. */
export interface Drawing {
  readonly cols: number;
  readonly rows: number;
  readonly steps: readonly Step[];
  /** The first step after which a secret can be recognised: what stands before it is drawn by then. */
  readonly from?: number;
}

/** A way to draw lines. */
export interface Way {
  readonly name: string;
  /** What it is for: only secrets that are recognised by themselves, or only those of which any part is. */
  readonly only?: "alone" | "parts";
  readonly draw: (lines: readonly string[]) => Drawing;
}

const SIZE = { cols: 60, rows: 12 };
const joined = (lines: readonly string[]): string => lines.join("\r\n");
const at = (y: number, x: number): string => `\x1b[${y + 1};${x + 1}H`;

/** Pieces of a text of so many characters. */
function pieces(text: string, length: number): string[] {
  const result: string[] = [];
  for (let i = 0; i < text.length; i += length) result.push(text.slice(i, i + length));
  return result;
}

/** Lines as a program wraps them itself into a width. */
function wrapped(lines: readonly string[], width: number): string[] {
  return lines.flatMap((line) => line === "" ? [""] : pieces(line, width));
}

/** Every place of lines on a screen wide enough, with its character. */
function places(lines: readonly string[]): { y: number; x: number; char: string }[] {
  return lines.flatMap((line, y) => [...line].map((char, x) => ({ y, x, char })));
}

/** Rows of a box that are drawn one by one, each at once. */
function boxed(lines: readonly string[], width: number, pad: string, left = ""): string[] {
  const inner = width + 2 * pad.length;
  return [
    `${left}┌${"─".repeat(inner)}┐`,
    ...lines.map((line) => `${left}│${pad}${line.padEnd(width)}${pad}│`),
    `${left}└${"─".repeat(inner)}┘`,
  ];
}

const tall = (rows: number): { readonly cols: number; readonly rows: number } => ({
  cols: 60,
  rows,
});

/** All ways. */
export const WAYS: readonly Way[] = [
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
  {
    name: "partly scrolled off, a row at a time",
    draw: (lines) => ({
      cols: 17,
      rows: 4,
      steps: [...pieces(joined(lines), 5), ...Array.from({ length: 12 }, () => "\r\n$ ")],
    }),
  },
  {
    name: "in the midst of a flood",
    draw: (lines) => ({
      cols: 40,
      rows: 5,
      steps: [
        joined([
          ...Array.from({ length: 40 }, (_, i) => `line ${i}`),
          ...lines,
          ...Array.from({ length: 40 }, (_, i) => `line ${i + 40}`),
        ]),
        "\r\n$ ",
      ],
    }),
  },
  {
    name: "at the edge of a flood, half of it on the screen",
    draw: (lines) => ({
      cols: 13,
      rows: 3,
      steps: [joined([...Array.from({ length: 30 }, (_, i) => `line ${i}`), ...lines]), "\r\n$ "],
    }),
  },
  {
    name: "on the alternate screen",
    draw: (lines) => ({
      ...SIZE,
      steps: ["$ edit\r\n\x1b[?1049h\x1b[H", joined(lines), "\x1b[?1049l", "$ "],
    }),
  },
  {
    name: "beneath the alternate screen",
    draw: (lines) => ({
      ...SIZE,
      steps: [joined(lines), "\x1b[?1049h", "\x1b[2J\x1b[Hother", "\x1b[?1049l", "\r\n$ "],
    }),
  },
  {
    name: "between wide characters",
    draw: (lines) => ({
      cols: 27,
      rows: 30,
      steps: lines.map((line, i) =>
        lines.length > 1 ? (i > 0 ? "\r\n" : "") + line : `日本語 ${line} 漢字 日本語`
      ),
    }),
  },
  {
    name: "with combining characters",
    draw: (lines) => ({
      ...SIZE,
      steps: lines.map((line, i) =>
        (i > 0 ? "\r\n" : "") +
        [...line].map((char, x) => /[A-Za-z]/.test(char) && x % 5 === 4 ? `${char}\u0301` : char)
          .join("")
      ),
    }),
  },
  {
    name: "rewrapped by resizes",
    draw: (lines) => ({
      ...SIZE,
      steps: [
        joined(lines),
        { cols: 30, rows: 12 },
        { cols: 19, rows: 8 },
        { cols: 90, rows: 20 },
        { cols: 41, rows: 6 },
        { cols: 60, rows: 12 },
      ],
    }),
  },
  {
    name: "rewrapped while it is drawn",
    draw: (lines) => ({
      ...SIZE,
      steps: pieces(joined(lines), 9).flatMap((piece, i) => [
        piece,
        { cols: 60 + i * 3, rows: 4 + (i * 5) % 9 },
      ]),
    }),
  },
  {
    name: "cleared and drawn again elsewhere",
    draw: (lines) => ({
      ...SIZE,
      steps: [
        joined(lines),
        "\x1b[2J\x1b[H",
        `\r\n\r\n  ${joined(lines)}`,
        "\x1b[3J\x1b[2J\x1b[H$ ",
      ],
    }),
  },
  {
    name: "moved about by lines",
    draw: (lines) => ({
      ...tall(24),
      steps: [
        joined(lines) + "\x1b[H",
        "\x1b[2L",
        "\x1b[1M",
        "\x1b[2T",
        "\x1b[3S",
        "\x1b[2;20r\x1b[20;1H\n\n\x1b[r",
        "\x1b[H\x1bM\x1bM",
      ],
    }),
  },
  {
    name: "moved about by characters",
    draw: (lines) => ({
      cols: 140,
      rows: 12,
      steps: [joined(lines), "\r\x1b[3@", "\x1b[2P", "\x1b[4h   \x1b[4l", "\r\x1b[1P"],
    }),
  },
  {
    name: "in the title",
    draw: (lines) => ({
      ...SIZE,
      steps: lines.length > 1 ? [joined(lines)] : [`\x1b]2;${lines[0]}\x07`, "\x1b]0;bash\x07"],
    }),
  },
  {
    name: "in the target of a hyperlink",
    draw: (lines) => ({
      ...SIZE,
      steps: lines.length > 1
        ? [joined(lines)]
        : [`\x1b]8;;https://e.com/#${lines[0]}\x07here\x1b]8;;\x07 and there`, "\r\n$ "],
    }),
  },
  {
    name: "as the text of a hyperlink to itself",
    draw: (lines) => ({
      cols: 140,
      rows: 12,
      steps: lines.map((line, i) =>
        `${i > 0 ? "\r\n" : ""}\x1b]8;;x:${line}\x07${line}\x1b]8;;\x07`
      ),
    }),
  },
  {
    name: "with a part selected",
    draw: (lines) => ({
      cols: 140,
      rows: 12,
      steps: [
        joined(lines),
        ...lines.map((line, y) =>
          `${at(y, 8)}\x1b[7m${[...line].slice(8, 20).join("")}\x1b[m\x1b[12;1H`
        ),
      ],
    }),
  },
  {
    name: "behind tabs and a progress line",
    draw: (lines) => ({
      cols: 140,
      rows: 12,
      steps: ["10 %\r", "20 %\r", `\t${joined(lines)}`, "\r\n\x1b[A\r\x1b[K"],
    }),
  },
  {
    name: "cut off by the program, and scrolled sideways",
    only: "parts",
    draw: (lines) => ({
      cols: 160,
      rows: 12,
      steps: [
        joined(lines),
        "\x1b[2J\x1b[H" + joined(lines.map((line) => line.slice(0, 30))),
        "\x1b[2J\x1b[H" + joined(lines),
        ...[20, 26, 31].map((from) =>
          "\x1b[2J\x1b[H" + joined(lines.map((line) => line.slice(from)))
        ),
      ],
    }),
  },
  {
    name: "scrolled by an editor that wraps by itself",
    only: "parts",
    draw: (lines) => {
      const rows = wrapped(lines, 20);
      return {
        cols: 20,
        rows: Math.max(rows.length, 2),
        steps: [
          "\x1b[?1049h",
          ...rows.map((row, y) => at(y, 0) + row),
          ...rows.map((_, top) =>
            "\x1b[2J" + rows.slice(top).map((row, y) => at(y, 0) + row).join("")
          ),
        ],
      };
    },
  },
];
