/**
 * Drawings that nobody thought of: a text in some layout, in pieces of some size, with some disguise, and what happens
 * to it afterwards.
 *
 * @module
 */
import fc from "fast-check";
import type { Drawing, Step, Way } from "./ways.ts";

/** Where a program puts the lines of a text. */
type Layout =
  /** One after the other; the terminal wraps them. */
  | { readonly kind: "stream"; readonly cols: number; readonly rows: number }
  /** In columns of its own, where the program wraps them. */
  | {
    readonly kind: "region";
    readonly left: number;
    readonly width: number;
    readonly pad: number;
    readonly sides: boolean;
    /** Columns on the right of the region that something else stands in. */
    readonly beside: number;
  };

/** In which order, and how much at once, the characters are written. */
type Pieces = "at once" | "rows" | "characters" | "some" | "shuffled";

/** What is done to each character. */
type Disguise = "none" | "colours" | "wrong first" | "combining" | "parked cursor";

/** What happens to a text that was drawn. */
type Later = "nothing" | "scroll" | "resize" | "move lines" | "alternate" | "clear" | "retype";

/** A drawing as it is made up. */
export interface RandomDrawing {
  readonly layout: Layout;
  readonly pieces: Pieces;
  readonly disguise: Disguise;
  readonly later: readonly Later[];
  readonly alternate: boolean;
  /** What stands before the first line, and behind the last. */
  readonly filler: string;
  readonly behind: string;
  /** Where randomness within the drawing comes from. */
  readonly numbers: readonly number[];
}

const FILLERS = ["", "", "$ ", "日本語 ", ".".repeat(17) + " ", "12:03 INFO ", "# "];
const BEHIND = ["", "", " 漢字", " | less", " # done"];

const layouts: fc.Arbitrary<Layout> = fc.oneof(
  fc.record({
    kind: fc.constant("stream" as const),
    cols: fc.integer({ min: 11, max: 130 }),
    rows: fc.integer({ min: 3, max: 24 }),
  }),
  fc.record({
    kind: fc.constant("region" as const),
    left: fc.constantFrom(0, 0, 1, 7, 30),
    width: fc.integer({ min: 16, max: 60 }),
    pad: fc.constantFrom(0, 1),
    sides: fc.boolean(),
    beside: fc.constantFrom(0, 0, 20),
  }),
);

/** Drawings at random. */
export const randomDrawings: fc.Arbitrary<RandomDrawing> = fc.record({
  layout: layouts,
  pieces: fc.constantFrom<Pieces>(
    "at once",
    "rows",
    "characters",
    "characters",
    "some",
    "shuffled",
  ),
  disguise: fc.constantFrom<Disguise>(
    ...["none", "none", "colours", "wrong first", "combining", "parked cursor"] as const,
  ),
  later: fc.array(
    fc.constantFrom<Later>(
      ...["nothing", "scroll", "resize", "move lines", "alternate", "clear", "retype"] as const,
    ),
    { maxLength: 3 },
  ),
  alternate: fc.boolean(),
  filler: fc.constantFrom(...FILLERS),
  behind: fc.constantFrom(...BEHIND),
  numbers: fc.array(fc.nat(1_000), { minLength: 12, maxLength: 12 }),
});

/** A character and where it is drawn. */
interface Place {
  readonly y: number;
  readonly x: number;
  readonly char: string;
}

/** The way to draw that a made-up drawing is. */
export function randomWay(random: RandomDrawing): Way {
  const parked = random.disguise === "parked cursor";
  const made = parked ? { ...random, later: random.later.filter((later) => !cuts(later)) } : random;
  const way = { name: JSON.stringify(made), draw: (lines: readonly string[]) => draw(made, lines) };
  // A cursor that is elsewhere says nothing of what grows; of what is cut apart, only parts are there.
  if (parked) return { ...way, only: "alone" };
  return made.layout.kind === "stream" && made.later.some(cuts) ? { ...way, only: "parts" } : way;
}

/** Whether something may take a text apart, so that its rows are not one line any more. */
function cuts(later: Later): boolean {
  return later === "move lines" || later === "resize";
}

/** Fewest rows of an alternate screen, where what scrolls off is gone. */
const MIN_ROWS = 6;

function draw(made: RandomDrawing, lines: readonly string[]): Drawing {
  const whole = lines.length > 1 ? lines : lines.map((line) => made.filler + line + made.behind);
  const { layout, alternate, pieces } = made;
  if (layout.kind === "region") return drawRegion(made, layout, whole);
  const { cols } = layout;
  const needed = pieces === "characters"
    ? MIN_ROWS
    : whole.reduce((sum, line) => sum + Math.ceil(2 * line.length / cols), MIN_ROWS);
  const rows = alternate ? Math.max(layout.rows, needed) : layout.rows;
  return drawStream(made, { cols, rows }, whole);
}

function drawStream(
  made: RandomDrawing,
  { cols, rows }: { readonly cols: number; readonly rows: number },
  lines: readonly string[],
): Drawing {
  const text = lines.join("\r\n");
  const chars = [...text].map((char, i) => disguised(made, char, i));
  const steps: Step[] = [
    ...(made.alternate ? ["\x1b[?1049h\x1b[H"] : []),
    ...grouped(made, chars),
    ...made.later.flatMap((later, i) => after(made, later, rows, text, i)),
  ];
  return { cols, rows, steps };
}

function drawRegion(
  made: RandomDrawing,
  layout: Extract<Layout, { kind: "region" }>,
  lines: readonly string[],
): Drawing {
  const { left, width, pad, sides, beside } = layout;
  const inner = width + 2 * pad, side = sides || beside > 0 || left > 0 ? "│" : "";
  const cols = left + side.length * 2 + inner + beside;
  const wrapped = lines.flatMap((line) => wrap(line, width));
  const rows = wrapped.length + 2;
  const x0 = left + side.length + pad;
  const frame = wrapped.map((_, y) =>
    `\x1b[${y + 1};1H${"~".repeat(left)}${side}${" ".repeat(inner)}${side}` +
    "make all -j4 world!".slice(0, beside)
  );
  const places = wrapped.flatMap((row, y) => placesOf(row, y, x0));
  const drawn = places.map((place, i) => {
    const to = `\x1b[${place.y + 1};${place.x + 1}H`;
    const char = to + disguised(made, place.char, i);
    if (made.disguise === "wrong first") return `${to}#${char}`;
    return made.disguise === "parked cursor" ? `${char}\x1b[${rows};1H` : char;
  });
  const shuffled = made.pieces === "shuffled" ? shuffle(made, drawn) : drawn;
  const steps: Step[] = [
    ...(made.alternate ? ["\x1b[?1049h\x1b[H"] : []),
    frame.join(""),
    ...(made.pieces === "rows" ? byRow(places, shuffled) : grouped(made, shuffled)),
  ];
  return { cols, rows, steps, from: made.pieces === "shuffled" ? steps.length - 1 : 0 };
}

function placesOf(row: string, y: number, x0: number): Place[] {
  let x = x0;
  return [...row].map((char) => {
    const place = { y, x, char };
    x += char.charCodeAt(0) > 0x2e80 ? 2 : 1;
    return place;
  });
}

function byRow(places: readonly Place[], drawn: readonly string[]): string[] {
  const rows: string[] = [];
  places.forEach(({ y }, i) => rows[y] = (rows[y] ?? "") + drawn[i]);
  return rows;
}

/** As a program wraps text into a width. */
function wrap(line: string, width: number): string[] {
  const rows: string[] = [];
  let row = "", used = 0;
  for (const char of line) {
    const columns = char.charCodeAt(0) > 0x2e80 ? 2 : 1;
    if (used + columns > width) {
      rows.push(row);
      [row, used] = ["", 0];
    }
    row += char;
    used += columns;
  }
  return [...rows, row];
}

function disguised(made: RandomDrawing, char: string, i: number): string {
  if (char === "\r" || char === "\n") return char;
  switch (made.disguise) {
    case "none":
    case "wrong first":
    case "parked cursor":
      return char;
    case "colours":
      return `\x1b[3${(i * 5 + made.numbers[0]!) % 8}m${char}`;
    case "combining":
      return /[A-Za-z]/.test(char) && i % 5 === 4 ? `${char}\u0301` : char;
    default:
      return made.disguise satisfies never;
  }
}

/** What is written at once. */
function grouped(made: RandomDrawing, parts: readonly string[]): string[] {
  switch (made.pieces) {
    case "at once":
      return [parts.join("")];
    case "rows":
    case "some": {
      const groups: string[] = [];
      for (let at = 0, i = 1; at < parts.length; i++) {
        const length = 1 + made.numbers[i % made.numbers.length]! % 11;
        groups.push(parts.slice(at, at + length).join(""));
        at += length;
      }
      return groups;
    }
    case "characters":
    case "shuffled":
      return [...parts];
    default:
      return made.pieces satisfies never;
  }
}

function shuffle(made: RandomDrawing, parts: readonly string[]): string[] {
  const result = [...parts];
  for (let i = result.length - 1; i > 0; i--) {
    const j = (made.numbers[i % made.numbers.length]! * 31 + i * 17) % (i + 1);
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}

function after(
  made: RandomDrawing,
  later: Later,
  rows: number,
  text: string,
  i: number,
): Step[] {
  const number = (at: number): number => made.numbers[(i * 3 + at) % made.numbers.length]!;
  switch (later) {
    case "nothing":
      return [""];
    case "scroll":
      return Array.from({ length: 1 + number(0) % (rows + 3) }, () => "\r\n$ ");
    case "resize":
      return [{ cols: 9 + number(0) % 120, rows: 3 + number(1) % 30 }];
    case "move lines":
      return [
        `\x1b[H\x1b[${1 + number(0) % 3}L`,
        "\x1b[1M",
        `\x1b[${1 + number(1) % 3}S`,
        "\x1b[1T",
      ];
    case "alternate":
      return ["\x1b[?1049h\x1b[2J\x1b[H", `other ${number(2)}`, "\x1b[?1049l"];
    case "clear":
      return ["\x1b[2J\x1b[H$ ", "\x1b[3J"];
    case "retype":
      return ["\r\n", ...grouped(made, [...text].map((char, at) => disguised(made, char, at)))];
    default:
      return later satisfies never;
  }
}
