// deno-lint-ignore-file no-control-regex -- what is written to a terminal is made of them
import assert from "node:assert/strict";
import fc from "fast-check";
import { CollabError } from "../format/errors.ts";
import { PERSON_COLORS } from "../format/person_colors.ts";
import { rowText } from "../format/row.ts";
import { Screen } from "../format/screen.ts";
import { EventLog } from "../record/event_log.ts";
import { ansi } from "../tests/ansi_arbitrary.ts";
import { FakeClock, FakeTerminal, settled } from "./fakes.ts";
import { type ReplayEnd, Replayer, type ReplayOptions } from "./replay.ts";

/** Ten lines, one a second, a marker with the fifth. */
function demo(header: Partial<EventLog["header"]> = {}): EventLog {
  const log = new EventLog({ version: 3, cols: 60, rows: 6, extra: {}, ...header });
  for (let i = 1; i <= 10; i++) {
    log.append({ kind: "output", data: `line ${i}\r\n` }, i * 1_000);
    if (i === 5) log.append({ kind: "marker", label: "deploy" }, i * 1_000);
  }
  return log;
}

/** A replayer with its terminal. */
class Bench implements Disposable {
  readonly clock = new FakeClock();
  readonly terminal: FakeTerminal;
  readonly replayer: Replayer;
  end: ReplayEnd | undefined;

  constructor(options: Partial<ReplayOptions> = {}, size = { cols: 60, rows: 7 }) {
    this.terminal = new FakeTerminal(size);
    const { terminal, clock } = this;
    this.replayer = new Replayer({ terminal, clock }, { name: "demo.cast", ...options });
    void this.replayer.ended.then((end) => this.end = end);
  }

  async wait(ms: number): Promise<this> {
    // In steps, as time passes: what is painted meanwhile is painted.
    for (let left = ms; left > 0; left -= 100) {
      this.clock.advance(Math.min(100, left));
      await settled();
    }
    return this;
  }

  async shows(): Promise<string[]> {
    await settled();
    using screen = new Screen(this.terminal.size);
    screen.write(this.terminal.output);
    return screen.frame().lines.map(rowText);
  }

  async line(): Promise<string> {
    return (await this.shows()).at(-1)!;
  }

  /** The newest line of the recording that is shown. */
  async newest(): Promise<string | undefined> {
    return (await this.shows()).slice(0, -1).findLast((line) => /line/.test(line));
  }

  [Symbol.dispose](): void {
    this.replayer[Symbol.dispose]();
  }
}

Deno.test("a recording plays by itself, with its time and a timeline", async () => {
  using bench = new Bench();
  bench.replayer.begin(demo());
  await bench.wait(3_500);
  assert.deepEqual((await bench.shows()).slice(0, 4), ["line 1", "line 2", "line 3", ""]);
  assert.match(await bench.line(), /^ ▶ PLAY {3}0:03 ━+●─+◆─+ 0:10 +\? help$/);
  await bench.wait(10_000);
  assert.equal(await bench.newest(), "line 10");
  assert.match(await bench.line(), /^ END {6}0:10 .*◆ deploy · \? help/);
});

Deno.test("keys seek, pause, step, change the speed and find markers", async () => {
  using bench = new Bench();
  bench.replayer.begin(demo());
  const keys: [string, string | undefined, RegExp][] = [
    [" ", undefined, /PAUSE +0:00/],
    ["\x1b[C", "line 5", /PAUSE +0:05/],
    [".", "line 6", /PAUSE +0:06/],
    [",", "line 5", /PAUSE +0:05/],
    ["\x1b[1;2C", "line 10", /END +0:10/],
    ["M", "line 5", /PAUSE +0:05.*◆ deploy/],
    ["M", undefined, /PAUSE +0:00/],
    ["m", "line 5", /PAUSE +0:05.*◆ deploy/],
    ["\x1b[1;2D", undefined, /PAUSE +0:00/],
    ["\x1b[F", "line 10", /END +0:10/],
    ["\x1b[H", undefined, /PAUSE +0:00/],
    ["7", "line 7", /PAUSE +0:07/],
    ["]]", "line 7", /2x/],
    ["[", "line 7", /1\.5x/],
  ];
  for (const [key, newest, line] of keys) {
    bench.terminal.type(key);
    assert.match(await bench.line(), line, JSON.stringify(key));
    assert.equal(await bench.newest(), newest, JSON.stringify(key));
  }
  bench.terminal.type("q");
  await settled();
  assert.deepEqual(bench.end, { kind: "left" });
});

Deno.test("where to begin, how fast, and how long to wait can be told", async () => {
  using bench = new Bench({ atMs: 4_000, speed: 2, idleLimitMs: 100 });
  bench.replayer.begin(demo());
  assert.equal(await bench.newest(), "line 4");
  await bench.wait(100);
  assert.equal(await bench.newest(), "line 6");
});

Deno.test("a recording's own idle limit holds when nothing else is told", async () => {
  using bench = new Bench();
  bench.replayer.begin(demo({ idleTimeLimitMs: 100 }));
  await bench.wait(1_200);
  assert.equal(await bench.newest(), "line 10");
});

/** A session in which Bo drove from the third to the sixth second, and pointed once. */
function shared(): EventLog {
  const log = new EventLog({ version: 3, cols: 60, rows: 6, extra: {} });
  const join = (id: string, name: string, role: string, color: number): void =>
    log.append({ kind: "participant", data: { kind: "join", id, name, role, color } }, 0);
  join("host", "Grace", "presenter", 0);
  join("p1", "Bo", "control", 1);
  for (let i = 1; i <= 10; i++) {
    log.append({ kind: "output", data: `line ${i}\r\n` }, i * 1_000);
    const turn = { mode: "participant", holder: "p1", turn: i };
    if (i === 3) log.append({ kind: "control", data: { kind: "grant", id: "p1", ...turn } }, 3_000);
    if (i === 4) log.append({ kind: "pointer", data: { id: "p1", x: 2, y: 1 } }, 4_000);
    if (i === 6) {
      const data = { kind: "revoke", id: "p1", why: "taken", mode: "presenter", turn: 6 };
      log.append({ kind: "control", data }, 6_000);
    }
  }
  return log;
}

Deno.test("who drove is told at every place, and on the timeline in their colour", async () => {
  using bench = new Bench({}, { cols: 80, rows: 7 });
  bench.replayer.begin(shared());
  bench.terminal.type(" ");
  assert.match(await bench.line(), /PAUSE +0:00 ●─+ 0:10 +Grace drove/);
  bench.terminal.type("4");
  assert.match(await bench.line(), /PAUSE +0:04 ━+●─+ 0:10 +Bo drove +·? *\? help/);
  const [red, green, blue] = PERSON_COLORS[1]!;
  const inColor = bench.terminal.output.split(`38;2;${red};${green};${blue}`).at(-1)!;
  assert.match(inColor, /^[;\d]*m[━─]/);
});

Deno.test("c and C go to where control changed hands", async () => {
  using bench = new Bench({}, { cols: 80, rows: 7 });
  bench.replayer.begin(shared());
  bench.terminal.type(" ");
  const at: RegExp[] = [];
  for (const key of ["c", "c", "c", "C", "C"]) {
    bench.terminal.type(key);
    at.push(new RegExp(/0:\d\d/.exec(await bench.line())![0]));
  }
  assert.deepEqual(at.map(({ source }) => source), ["0:03", "0:06", "0:06", "0:03", "0:00"]);
});

Deno.test("where people pointed is seen for a while", async () => {
  using bench = new Bench({}, { cols: 80, rows: 9 });
  bench.replayer.begin(shared());
  await bench.wait(4_100);
  assert.match((await bench.shows())[2]!, /│lin Bo /);
  await bench.wait(5_500);
  assert.doesNotMatch((await bench.shows()).slice(0, -1).join("\n"), /Bo/);
});

Deno.test("w tells who was there, as it plays", async () => {
  using bench = new Bench({}, { cols: 80, rows: 24 });
  bench.replayer.begin(shared());
  bench.terminal.type("w");
  assert.match((await bench.shows()).join("\n"), /Who was here[^]*Grace +presenter, drove/);
  await bench.wait(3_500);
  assert.match((await bench.shows()).join("\n"), /Grace +presenter +│[^]*Bo +control, drove/);
  bench.terminal.type("\x1b[B", "w");
  assert.doesNotMatch((await bench.shows()).join("\n"), /Who was here/);
});

Deno.test("help shows the keys until the next one", async () => {
  using bench = new Bench({}, { cols: 80, rows: 24 });
  bench.replayer.begin(demo());
  bench.terminal.type("?");
  assert.match((await bench.shows()).join("\n"), /Keys[^]*play or pause[^]*leave/);
  bench.terminal.type("q");
  assert.doesNotMatch((await bench.shows()).join("\n"), /play or pause/);
  assert.equal(bench.end, undefined);
});

Deno.test("a large recording is shown to be opening, and how far", async () => {
  using bench = new Bench();
  bench.replayer.reading(0.1);
  assert.equal(bench.terminal.output, "");
  await bench.wait(150);
  bench.replayer.reading(0.42);
  await bench.wait(300);
  assert.match(await bench.line(), /OPENING {2}demo\.cast · 42 %/);
  bench.replayer.begin(demo());
  assert.match(await bench.line(), /PLAY/);
});

Deno.test("a recording that cannot be read ends it, one that breaks off later plays on", async () => {
  const error = new CollabError("recording-bad-event", "Cannot read it");
  using early = new Bench();
  early.replayer.fail(error);
  await settled();
  assert.deepEqual(early.end, { kind: "failed", error });

  using late = new Bench();
  late.replayer.begin(demo(), true);
  late.replayer.fail(error);
  assert.match(await late.line(), /Cannot read it/);
  assert.equal(late.end, undefined);
});

Deno.test("what is odd about a recording is told at the start", async () => {
  using bench = new Bench();
  const log = demo();
  log.warnings.push("line 12 was cut off and is left out");
  bench.replayer.begin(log);
  assert.match(await bench.line(), /line 12 was cut off/);
  await bench.wait(5_000);
  assert.doesNotMatch(await bench.line(), /cut off/);
});

Deno.test("a recording that is still written is followed at its end", async () => {
  using bench = new Bench();
  const log = demo();
  bench.replayer.begin(log, true);
  assert.equal(await bench.newest(), "line 10");
  assert.match(await bench.line(), /LIVE/);
  log.append({ kind: "output", data: "line 11\r\n" }, 20_000);
  bench.replayer.grown();
  assert.equal(await bench.newest(), "line 11");
  bench.terminal.type("\x1b[D");
  assert.equal(await bench.newest(), "line 10");
  assert.match(await bench.line(), /PLAY/);
  await bench.wait(6_000);
  assert.match(await bench.line(), /LIVE/);
  bench.replayer.complete();
  assert.match(await bench.line(), /END/);
});

Deno.test("an empty recording is at its end", async () => {
  using bench = new Bench();
  bench.replayer.begin(new EventLog({ version: 3, cols: 60, rows: 6, extra: {} }));
  assert.match(await bench.line(), /END +0:00/);
  bench.terminal.type(" ", ".", ",", "m", "M", "\x1b[D", "\x1b[C", "\x1b[F", "\x1b[H", "5");
  assert.match(await bench.line(), /0:00/);
});

Deno.test("bells that are played ring, those that are jumped over do not", async () => {
  using bench = new Bench();
  const log = new EventLog({ version: 3, cols: 60, rows: 6, extra: {} });
  for (let i = 1; i <= 4; i++) log.append({ kind: "output", data: "\x07" }, i * 1_000);
  bench.replayer.begin(log);
  const bells = (): number => bench.terminal.output.split("\x07").length - 1;
  const title = bells(); // ends the window's title
  await bench.wait(1_500);
  assert.equal(bells(), title + 1);
  bench.terminal.type("\x1b[F");
  await settled();
  assert.equal(bells(), title + 1);
});

Deno.test("leaving leaves no timer behind", async () => {
  const bench = new Bench();
  bench.replayer.begin(demo());
  bench.terminal.type("z", "\x1b");
  bench.terminal.hangUp();
  await settled();
  assert.deepEqual(bench.end, { kind: "left" });
  bench[Symbol.dispose]();
  assert.equal(bench.clock.pending, 0);
});

/** All that may be written: text, and sequences that draw, move, or set what leaving puts back. */
const HARMLESS: readonly RegExp[] = [
  /^[^\x00-\x1f\x7f-\x9f]+/,
  /^[\r\n\x08]/,
  /^\x1b\[[\d;:]*[ABCDGHJKLMXm]/,
  /^\x1b\[r/,
  /^\x1b\[\d q/,
  /^\x1b\[\?(?:25|2026|2004)[hl]/,
  /^\x1b\[(?:4|\?(?:1|6|9|1000|1002|1003|1004|1006|1016))l/,
  /^\x1b\[\?7h/,
  /^\x1b[>]|^\x1b\(B\x0f/,
  /^\x1b\]2;[^\x00-\x1f\x7f-\x9f]*\x07/,
  /^\x1b\]8;(?:id=[^\x00-\x1f;]*)?;(?:https?:|mailto:)[^\x00-\x1f]*\x07|^\x1b\]8;;\x07/,
  /^\x07/,
];

function assertHarmless(output: string): void {
  for (let rest = output; rest !== "";) {
    const found = HARMLESS.map((pattern) => pattern.exec(rest)?.[0].length ?? 0);
    const length = Math.max(...found);
    assert.ok(length > 0, `not harmless: ${JSON.stringify(rest.slice(0, 60))}`);
    rest = rest.slice(length);
  }
}

const hostile = fc.oneof(
  ansi,
  fc.constantFrom(
    "\x1b]52;c;aGFja2Vk\x07",
    "\x1b]0;\x1b[6n\x07\x1b]2;t\u009b6n\x07",
    "\x1b[c\x1b[>c\x1b[6n\x1b[21t\x1b[?2026$p\x1bP$qm\x1b\\\x1b[>q\x05",
    "\x1b]10;?\x07\x1b]4;1;?\x07\x1b]1337;File=x:aGk=\x07\x1b_Gf=100;aGk=\x1b\\\x1bPq#0\x1b\\",
    "\x1b[?1000h\x1b[?1003h\x1b[?1006h\x1b[?2004h\x1b[?1004h\x1b[?1h\x1b=\x1b[?1049h\x1b[?25l",
    "\x1b]8;;file:///etc/passwd\x07a\x1b]8;;https://a.example/\x07b\x1b]8;;javascript:x\x07c",
    "\x1b]8;id=a;https://a.example/?\x9d0;x\x07b",
    "\x1bPunterminated",
    "\x1b]0;unterminated",
  ),
);

Deno.test("whatever a recording holds, only drawing reaches the terminal", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(hostile, { maxLength: 8 }), fc.string(), async (texts, label) => {
      using bench = new Bench({ name: label });
      const title = texts.join("");
      const log = new EventLog({ version: 3, cols: 60, rows: 6, title, extra: {} });
      for (const text of texts) {
        log.append({ kind: "output", data: text }, 0);
        log.append({ kind: "marker", label: text }, 0);
        log.append({ kind: "other", code: "q", data: text }, 0);
      }
      log.warnings.push(title);
      bench.replayer.begin(log);
      bench.terminal.type("?", "\x1b[F", "q");
      await bench.wait(500);
      assertHarmless(bench.terminal.output);
    }),
    { numRuns: 200 },
  );
});
