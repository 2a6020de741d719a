import assert from "node:assert/strict";
import fc from "fast-check";
import { blankFrame, diff, framesEqual, keyframe } from "../format/delta.ts";
import type { CastEvent } from "../format/events.ts";
import type { Frame } from "../format/frame.ts";
import { rowText } from "../format/row.ts";
import { Screen } from "../format/screen.ts";
import { ansi } from "../tests/ansi_arbitrary.ts";
import { LogScreen, type LogScreenOptions } from "./checkpoints.ts";
import { EventLog, type EventLogOptions } from "./event_log.ts";
import { openRecording } from "./reader.ts";

const SIZE = { cols: 12, rows: 4 };

function newLog(options?: EventLogOptions): EventLog {
  return new EventLog({ version: 3, ...SIZE, extra: {} }, options);
}

function logOf(events: readonly CastEvent[]): EventLog {
  const log = newLog();
  events.forEach((event, i) => log.append(event, i * 100));
  return log;
}

/** What a plain player shows after the first `index` events. */
function straight(log: EventLog, index: number): Frame {
  const { cols, rows } = log.header;
  using screen = new Screen({ cols, rows, scrollback: 1 });
  for (let i = 0; i < index; i++) {
    const event = log.eventAt(i);
    if (event.kind === "output") screen.write(event.data);
    else if (event.kind === "resize") screen.resize(event.cols, event.rows);
  }
  return screen.frame();
}

function assertShows(view: LogScreen, wanted: Frame): void {
  const shown = view.frame();
  if (framesEqual(shown, wanted)) return;
  assert.deepEqual(shown.lines.map(rowText), wanted.lines.map(rowText), `at event ${view.index}`);
  assert.deepEqual({ ...shown, lines: 0 }, { ...wanted, lines: 0 }, `at event ${view.index}`);
  assert.fail("The frames differ in style");
}

const event: fc.Arbitrary<CastEvent> = fc.oneof(
  { weight: 8, arbitrary: ansi.map((data): CastEvent => ({ kind: "output", data })) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("resize" as const),
      cols: fc.integer({ min: 2, max: 20 }),
      rows: fc.integer({ min: 1, max: 8 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant<CastEvent>({ kind: "marker", label: "m" }) },
);

Deno.test("wherever one goes, the screen is what playing from the start shows", () => {
  fc.assert(
    fc.property(
      fc.array(event, { minLength: 1, maxLength: 40 }),
      fc.array(fc.nat(40), { minLength: 1, maxLength: 10 }),
      fc.integer({ min: 1, max: 600 }),
      fc.constantFrom(3_000, 1e9),
      fc.boolean(),
      (events, places, spacingBytes, maxBytes, ahead) => {
        const log = logOf(events);
        using view = new LogScreen(log, { spacingBytes, maxBytes });
        if (ahead) assert.equal(view.prepare(() => false), 1);
        for (const place of places) {
          view.moveTo(place);
          assert.equal(view.index, Math.min(place, log.length));
          assertShows(view, straight(log, view.index));
        }
      },
    ),
    { numRuns: 150 },
  );
});

/** A log as a recorder writes it: differences of frames, and a keyframe every so often. */
function recorded(texts: readonly string[], every: number, options?: EventLogOptions): EventLog {
  using screen = new Screen(SIZE);
  const log = newLog(options);
  let last = blankFrame(SIZE.cols, SIZE.rows);
  texts.forEach((text, i) => {
    screen.write(text);
    const frame = screen.frame();
    log.append({ kind: "output", data: diff(last, frame).ansi }, i * 100);
    if (i % every === every - 1) {
      log.append({ kind: "keyframe", data: keyframe(frame) }, i * 100);
    }
    last = frame;
  });
  return log;
}

Deno.test("keyframes in the log are used, and show the same", () => {
  const texts = Array.from({ length: 200 }, (_, i) => `\x1b[${i % 7 + 31}mline ${i}\r\n`);
  const log = recorded(texts, 20);
  using view = new LogScreen(log);
  for (const index of [200, 21, 22, 20, 199, 0, 150]) {
    view.moveTo(index);
    assertShows(view, straight(log, index));
  }
  assert.equal(view.prepare(() => assert.fail("nothing is to be prepared")), 1);
});

Deno.test("a log may grow, and lose its oldest events", () => {
  const texts = Array.from({ length: 400 }, (_, i) => `line ${i}\r\n`);
  const log = recorded(texts, 10, { maxBytes: 6_000 });
  using view = new LogScreen(log, { spacingBytes: 500 });
  assert.ok(log.firstIndex > 100);
  view.moveTo(log.length);
  assert.equal(rowText(view.frame().lines[2]!), "line 399");
  const old = log.firstIndex;
  view.moveTo(0);
  assert.equal(view.index, old + 1);
  for (let i = 400; i < 800; i++) {
    log.append({ kind: "output", data: `line ${i}\r\n` }, i * 100);
    if (i % 10 === 9) {
      view.moveTo(log.length);
      log.append({ kind: "keyframe", data: keyframe(view.frame()) }, i * 100);
    }
  }
  assert.ok(log.firstIndex > old);
  view.moveTo(0);
  assert.equal(view.index, log.firstIndex + 1);
  view.moveTo(log.length);
  assert.equal(rowText(view.frame().lines[2]!), "line 799");
});

Deno.test("checkpoints are made ahead in small steps, and stay within their memory", () => {
  const log = logOf(
    Array.from(
      { length: 2_000 },
      (_, i) => ({ kind: "output", data: `line ${i} ${"x".repeat(99)}` }),
    ),
  );
  const options: LogScreenOptions = { spacingBytes: 1_000, maxBytes: 100_000 };
  using view = new LogScreen(log, options);
  let last = 0, steps = 0;
  while (last < 1) {
    const progress = view.prepare(() => true);
    assert.ok(progress > last);
    last = progress;
    steps++;
  }
  assert.ok(steps > 20);
  assert.ok(view.checkpoints > 10 && view.checkpoints < 100, String(view.checkpoints));
});

Deno.test("a screen narrower than the emulator allows is shown two columns wide", () => {
  const log = new EventLog({ version: 3, cols: 1, rows: 1, extra: {} });
  log.append({ kind: "output", data: "x" }, 0);
  log.append({ kind: "resize", cols: 1, rows: 3 }, 0);
  using view = new LogScreen(log);
  view.moveTo(2);
  assert.deepEqual([view.frame().cols, view.frame().rows], [2, 3]);
});

for (const name of ["v2-vim.cast", "v2-asciinema.cast", "v3-collab.cast"]) {
  Deno.test(`seeking in the recording ${name} shows what playing it does`, async () => {
    const path = new URL(`testdata/${name}`, import.meta.url).pathname;
    const log = await openRecording({ kind: "file", path });
    using view = new LogScreen(log, { spacingBytes: 2_000 });
    const step = Math.max(1, Math.floor(log.length / 17));
    for (let i = 0; i < 34; i++) {
      const index = (i * 7 % 17) * step;
      view.moveTo(index);
      assertShows(view, straight(log, Math.min(index, log.length)));
    }
  });
}
