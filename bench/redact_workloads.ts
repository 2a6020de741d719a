/**
 * What programs write while redaction is measured: at a person's pace, and as fast as they can.
 *
 * @module
 */

/** A program at work. */
export interface RedactWorkload {
  readonly name: string;
  readonly cols: number;
  readonly rows: number;
  /** The most of a frame's time that redaction may take. */
  readonly atMost: number;
  /** Whether every line that scrolls by is part of what leaves, as in a recording; else as many as a viewer gets. */
  readonly everyLine: boolean;
  /** Frames in one block that is timed. */
  readonly frames: number;
  /** How many secrets are known beside the rules: half of them texts to mask, half found before. */
  readonly secrets?: number;
  /** What the program writes before its first frame. */
  readonly before?: string;
  /** What it writes before each frame, by its number. */
  output(i: number): string;
}

const WORDS = "const function return export the of value session frame screen writes every".split(
  " ",
);

function words(i: number, count: number): string {
  return Array.from({ length: count }, (_, k) => WORDS[(i * 7 + k * 5) % WORDS.length]).join(" ");
}

function logLine(i: number): string {
  return `2026-05-01T12:34:${10 + i % 50}.${100 + i % 900}Z INFO  request path=/api/users/${i} ` +
    `ms=${i % 97} bytes=${i % 9973}`;
}

/** One line of a process table, as htop draws it: what did not change is skipped. */
function process(i: number, y: number): string {
  const cpu = (i * (y + 3)) % 100, minutes = (i + y) % 60;
  return `\x1b[${y + 1};1H${1000 + y} \x1b[32mroot\x1b[m      20   0 ${10_000 + y * 991} ` +
    `${1000 + y * 13} S \x1b[${y + 1};40H${cpu}.${i % 10}  0.1  0:${minutes}.${10 + i % 90} ` +
    `\x1b[1m/usr/lib/systemd/systemd-journald\x1b[m --flag=${y}\x1b[K`;
}

function many(count: number, line: (k: number) => string): string {
  return Array.from({ length: count }, (_, k) => line(k)).join("\r\n") + "\r\n";
}

function drawn(line: (y: number) => string): string {
  return "\x1b[H" + Array.from({ length: 40 }, (_, y) => line(y)).join("\r\n");
}

const PERSON = { cols: 120, rows: 40, atMost: 5, everyLine: false, before: "\x1b[?1049h" };
const FLOOD = { cols: 80, rows: 24, atMost: 10, everyLine: false };

const PANES: RedactWorkload = {
  ...PERSON,
  name: "panes side by side",
  frames: 30,
  output: (i) =>
    drawn((y) =>
      `│${words(i + y, 8).padEnd(57).slice(0, 57)}│ ${
        words(i * y, 8).padEnd(58).slice(0, 58)
      }│\x1b[K`
    ),
};

/** All of them. */
export const REDACT_WORKLOADS: readonly RedactWorkload[] = [
  {
    ...PERSON,
    name: "typing at a prompt",
    frames: 400,
    before: many(30, (k) => words(k, 9)) + "$ ",
    output: (i) => i % 50 === 49 ? "\r\n$ " : "abcdefghij klm"[i % 14]!,
  },
  {
    ...PERSON,
    name: "typing in vim",
    frames: 200,
    before: "\x1b[?1049h" + drawn((y) => words(y, 9)),
    output: (i) =>
      `\x1b[${1 + (i >> 6) % 38};${1 + i % 64}H${"abcdefghij klm"[i % 14]}\x1b[40;100H${i}\x1b[${
        1 + (i >> 6) % 38
      };${2 + i % 64}H`,
  },
  {
    ...PERSON,
    name: "scrolling in vim",
    frames: 100,
    output: (i) =>
      `\x1b[1;39r\x1b[39;1H\n\x1b[39;1H\x1b[33m${i}\x1b[m ${words(i, 10)}\x1b[r\x1b[40;100H${i}`,
  },
  {
    ...PERSON,
    name: "paging in vim",
    frames: 30,
    output: (i) => drawn((y) => `\x1b[33m${i + y}\x1b[m ${words(i + y, 9)}\x1b[K`),
  },
  {
    ...PERSON,
    name: "htop",
    frames: 30,
    output: (i) => Array.from({ length: 40 }, (_, y) => process(i, y)).join(""),
  },
  PANES,
  {
    ...PERSON,
    name: "tail -f of a log",
    frames: 200,
    before: many(60, logLine),
    output: (i) => logLine(i) + "\r\n",
  },
  {
    ...FLOOD,
    name: "seq, seen live",
    frames: 15,
    output: (i) => many(1_000, (k) => String(i * 1_000 + k)),
  },
  {
    ...FLOOD,
    name: "logs, seen live",
    cols: 120,
    rows: 40,
    frames: 8,
    output: (i) => many(500, (k) => logLine(i * 500 + k)),
  },
  {
    ...FLOOD,
    name: "seq, recorded",
    everyLine: true,
    frames: 40,
    output: (i) => many(130, (k) => String(i * 130 + k)),
  },
  {
    ...FLOOD,
    name: "logs, recorded",
    cols: 120,
    rows: 40,
    everyLine: true,
    frames: 15,
    output: (i) => many(100, (k) => logLine(i * 100 + k)),
  },
  {
    ...FLOOD,
    name: "base64, recorded",
    everyLine: true,
    frames: 15,
    output: (i) => many(100, (k) => btoa(words(i + k, 20)).slice(0, 76)),
  },
  ...[1, 256, 2_000, 10_000].map((secrets): RedactWorkload => ({
    ...PANES,
    name: `panes, ${secrets.toLocaleString("en")} known`,
    atMost: 15,
    secrets,
  })),
];
