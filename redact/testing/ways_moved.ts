/**
 * What may happen to a text that is drawn, and where else it may stand.
 *
 * @module
 */
import { at, joined, pieces, SIZE, tall, type Way, wrapped } from "./drawing.ts";

/** In the order in which they were thought of. */
export const MOVED_WAYS: readonly Way[] = [
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
