import assert from "node:assert/strict";
import fc from "fast-check";
import { framesEqual } from "../format/delta.ts";
import type { CollabError } from "../format/errors.ts";
import type { CastEvent } from "../format/events.ts";
import type { Frame } from "../format/frame.ts";
import type { Header } from "../format/header.ts";
import { Screen } from "../format/screen.ts";
import type { EventLog } from "./event_log.ts";
import { openRecording } from "./reader.ts";
import { type Recorder, type RecorderOptions, startRecorder } from "./recorder.ts";

const HEADER: Header = { version: 3, cols: 40, rows: 10, title: "A test", extra: { by: "collab" } };

/** A directory that is gone after the test, and a recorder to a file in it. */
class Fixture implements AsyncDisposable {
  readonly errors: CollabError[] = [];
  readonly dir = Deno.makeTempDirSync();
  readonly path = `${this.dir}/a.cast`;

  start(options: Partial<RecorderOptions> = {}, path = this.path): Promise<Recorder> {
    return startRecorder(path, HEADER, {
      flushMs: 5,
      onError: (error) => this.errors.push(error),
      ...options,
    });
  }

  read(): Promise<EventLog> {
    return openRecording({ kind: "file", path: this.path });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.dir, { recursive: true }).catch(() => {});
  }
}

/** Waits until something is so. */
async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!await what()) {
    assert.ok(performance.now() < deadline, `waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

function codes(log: EventLog): string {
  return Array.from({ length: log.length }, (_, i) => log.codeAt(i)).join("");
}

/** Plays a log as any player would; `see` gets the screen after each event. */
function play(log: EventLog, see: (i: number, event: CastEvent, screen: Screen) => void): void {
  using screen = new Screen({ cols: log.header.cols, rows: log.header.rows, scrollback: 1000 });
  for (let i = 0; i < log.length; i++) {
    const event = log.eventAt(i);
    if (event.kind === "output") screen.write(event.data);
    if (event.kind === "resize") screen.resize(event.cols, event.rows);
    see(i, event, screen);
  }
}

const word = fc.constantFrom(
  ...[
    "hello ",
    "\r\n",
    "\x1b[1;31mred\x1b[m",
    "\x1b[H",
    "\x1b[2J",
    "日本",
    "🙂",
    "\x1b[?1049h",
    "\x1b[?1049l",
  ],
  ...[
    "\x1b[5;5H",
    "\x1b[K",
    "\x1b]2;title\x07",
    "\x1b[?25l",
    "\x1b[?25h",
    "\x1b[?2004h",
    "x".repeat(50),
  ],
  ...["\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n"],
);
const step = fc.oneof(
  { weight: 9, arbitrary: fc.array(word, { maxLength: 8 }).map((words) => words.join("")) },
  {
    weight: 1,
    arbitrary: fc.record({
      cols: fc.integer({ min: 2, max: 60 }),
      rows: fc.integer({ min: 1, max: 20 }),
    }),
  },
);

Deno.test("what was shown is what a recording plays, and each keyframe is the screen at its time", async () => {
  let keyframes = 0;
  const property = fc.asyncProperty(
    fc.array(step, { minLength: 1, maxLength: 60 }),
    async (steps) => {
      await using fixture = new Fixture();
      const recorder = await fixture.start();
      using screen = new Screen({ cols: HEADER.cols, rows: HEADER.rows });
      const shown: [number, Frame][] = [];
      for (const [i, step] of steps.entries()) {
        if (typeof step === "string") screen.write(step);
        else screen.resize(step.cols, step.rows);
        const frame = screen.frame();
        recorder.frame(frame, screen.history, i * 1000);
        shown.push([i * 1000, frame]);
      }
      await recorder.close();
      assert.deepEqual(fixture.errors, []);
      const log = await fixture.read();
      assert.deepEqual(log.warnings, []);
      play(log, (i, event, screen) => {
        const atMs = log.timeAt(i);
        if (event.kind === "keyframe") {
          keyframes++;
          const { cols, rows } = log.sizeAt(i);
          using drawn = new Screen({ cols, rows });
          drawn.write(event.data);
          assert.ok(framesEqual(drawn.frame(), screen.frame()), "a keyframe is not the screen");
        }
        const isLast = i + 1 === log.length || log.timeAt(i + 1) > atMs;
        const frame = shown.find(([time]) => time === atMs)?.[1];
        if (isLast && frame) {
          assert.ok(framesEqual(screen.frame(), frame), `not as shown at ${atMs}`);
        }
      });
    },
  );
  // There are keyframes only where much was shown, which chance does not always bring.
  const much = Array.from({ length: 60 }, (_, i) => `${i} ${"x".repeat(300)}\r\n`);
  await fc.assert(property, { numRuns: 60, examples: [[much]] });
  assert.ok(keyframes > 0);
});

Deno.test("the lines that scrolled away are in a player's scrollback", async () => {
  await using fixture = new Fixture();
  const recorder = await fixture.start();
  using screen = new Screen({ cols: HEADER.cols, rows: HEADER.rows });
  for (let i = 0; i < 5; i++) {
    for (let j = 0; j < 100; j++) screen.write(`line ${i * 100 + j}\r\n`);
    recorder.frame(screen.frame(), screen.history, i * 100);
  }
  await recorder.close();
  let top = 0;
  play(await fixture.read(), (_, __, screen) => top = screen.top);
  assert.equal(top, 491);
});

Deno.test("a recording that begins later has nothing from before", async () => {
  await using fixture = new Fixture();
  using screen = new Screen({ cols: HEADER.cols, rows: HEADER.rows });
  screen.write("before\x07\r\n".repeat(100));
  const recorder = await fixture.start({ since: screen.frame() });
  recorder.frame(screen.frame(), screen.history, 0);
  screen.write("after\r\n".repeat(3));
  recorder.frame(screen.frame(), screen.history, 100);
  await recorder.close();
  const text = await Deno.readTextFile(fixture.path);
  // What is on the screen, once.
  assert.equal(text.split("before").length - 1, 9);
  assert.equal(text.split("after").length - 1, 3);
  assert.ok(!text.includes("\\u0007"));
});

Deno.test("keyframes come every five seconds at most and take a tenth at most", async () => {
  await using fixture = new Fixture();
  const recorder = await fixture.start();
  using screen = new Screen({ cols: HEADER.cols, rows: HEADER.rows });
  const show = (text: string, atMs: number): void => {
    screen.write(text);
    recorder.frame(screen.frame(), screen.history, atMs);
  };
  // A quiet minute: one character a second.
  for (let i = 0; i < 60; i++) show("x", i * 1000);
  // A busy minute: the whole screen ten times a second.
  for (let i = 0; i < 600; i++) show(`\x1b[H\x1b[2J${`round ${i} `.repeat(30)}`, 60_000 + i * 100);
  await recorder.close();
  const log = await fixture.read();
  let keyframeBytes = 0, allBytes = 0, last = -Infinity;
  for (let i = 0; i < log.length; i++) {
    const event = log.eventAt(i);
    const bytes = "data" in event ? String(event.data).length : 0;
    allBytes += bytes;
    if (event.kind !== "keyframe") continue;
    keyframeBytes += bytes;
    assert.ok(log.timeAt(i) - last >= 5000);
    last = log.timeAt(i);
  }
  const busy = codes(log).split("k").length - 1;
  assert.ok(busy >= 10 && busy <= 13, `${busy} keyframes`);
  assert.ok(keyframeBytes < allBytes / 10);
});

Deno.test("a frame that changed nothing and an empty session write nothing but the header", async () => {
  await using fixture = new Fixture();
  const recorder = await fixture.start();
  using screen = new Screen({ cols: HEADER.cols, rows: HEADER.rows });
  recorder.frame(screen.frame(), screen.history, 0);
  recorder.frame(screen.frame(), screen.history, 1000);
  await recorder.close();
  await recorder.close();
  const log = await fixture.read();
  assert.equal(log.length, 0);
  assert.deepEqual(log.header, HEADER);
});

Deno.test("a resize is an event and then the whole screen", async () => {
  await using fixture = new Fixture();
  const recorder = await fixture.start();
  using screen = new Screen({ cols: HEADER.cols, rows: HEADER.rows });
  screen.write("hello");
  recorder.frame(screen.frame(), screen.history, 0);
  screen.resize(20, 5);
  recorder.frame(screen.frame(), screen.history, 100);
  recorder.event({ kind: "marker", label: "here" }, 200);
  recorder.event({ kind: "pointer", data: { id: "p", x: 1, y: 2 } }, 300);
  recorder.event({ kind: "exit", status: 3 }, 400);
  await recorder.close();
  const log = await fixture.read();
  assert.equal(codes(log), "oromoux");
  assert.deepEqual(log.eventAt(1), { kind: "resize", cols: 20, rows: 5 });
  const redraw = log.eventAt(2);
  assert.ok(redraw.kind === "output" && redraw.data.includes("hello"));
  assert.deepEqual(log.eventAt(6), { kind: "exit", status: 3 });
  assert.equal(log.durationMs, 400);
});

Deno.test("an existing file is left alone unless it is to be overwritten", async () => {
  await using fixture = new Fixture();
  await Deno.writeTextFile(fixture.path, "precious, and longer than a header\n".repeat(100));
  await assert.rejects(fixture.start(), {
    code: "recording-exists",
    message: `Cannot record to "${fixture.path}": the file exists already`,
  });
  assert.match(await Deno.readTextFile(fixture.path), /^precious/);
  await (await fixture.start({ overwrite: true })).close();
  assert.equal((await fixture.read()).length, 0);
});

Deno.test("a recording is for its owner alone", async () => {
  await using fixture = new Fixture();
  await (await fixture.start()).close();
  assert.equal(((await Deno.stat(fixture.path)).mode ?? 0) & 0o777, 0o600);
  await Deno.chmod(fixture.path, 0o644);
  await (await fixture.start({ overwrite: true })).close();
  assert.equal(((await Deno.stat(fixture.path)).mode ?? 0) & 0o777, 0o600);
});

Deno.test("where there can be no recording, starting one says why", async () => {
  await using fixture = new Fixture();
  await assert.rejects(fixture.start({}, `${fixture.dir}/none/a.cast`), {
    code: "recording-no-directory",
  });
  await assert.rejects(fixture.start({}, fixture.dir), { code: "recording-is-directory" });
  await assert.rejects(fixture.start({}, "/dev/full"), {
    code: "recording-disk-full",
    message: 'Cannot record to "/dev/full": the disk is full',
  });
});

Deno.test("what is recorded is in the file soon, without anything being closed", async () => {
  await using fixture = new Fixture();
  const recorder = await fixture.start();
  recorder.event({ kind: "marker", label: "soon" }, 0);
  await until(async () => (await fixture.read()).length === 1);
  await recorder.close();
});

Deno.test("a directory that vanished is told once and ends the recording, not the session", async () => {
  await using fixture = new Fixture();
  const recorder = await fixture.start();
  await Deno.remove(fixture.dir, { recursive: true });
  recorder.event({ kind: "marker", label: "lost" }, 0);
  await until(() => fixture.errors.length > 0);
  assert.equal(fixture.errors[0]?.code, "recording-removed");
  using screen = new Screen({ cols: HEADER.cols, rows: HEADER.rows });
  screen.write("more");
  recorder.frame(screen.frame(), screen.history, 1000);
  recorder.event({ kind: "exit", status: 0 }, 2000);
  await recorder.close();
  assert.equal(fixture.errors.length, 1);
});

Deno.test("a file that another program cuts off or writes to is told of, and nothing of it written over", async () => {
  const deeds: readonly [string, (path: string) => Promise<void>, RegExp][] = [
    ["cut off", (path) => Deno.truncate(path, 10), /^.{10}\[/],
    ["written to", (path) => Deno.writeTextFile(path, "theirs\n", { append: true }), /^theirs$/m],
  ];
  for (const [how, disturb, left] of deeds) {
    await using fixture = new Fixture();
    const recorder = await fixture.start();
    await disturb(fixture.path);
    recorder.event({ kind: "marker", label: "more" }, 0);
    await recorder.close();
    assert.deepEqual(fixture.errors.map(({ code }) => code), ["recording-disturbed"]);
    assert.match(fixture.errors[0]!.message, new RegExp(`: the file was ${how} by another`));
    assert.match(await Deno.readTextFile(fixture.path), left);
  }
});

/** A pipe in the file system whose reader can stop reading. */
async function pipe(path: string): Promise<Deno.FsFile> {
  const { success } = await new Deno.Command("mkfifo", { args: [path] }).output();
  assert.ok(success);
  return await Deno.open(path, { read: true, write: true });
}

Deno.test("a disk that fails is told once", async () => {
  await using fixture = new Fixture();
  const reader = await pipe(fixture.path);
  const recorder = await fixture.start();
  reader.close();
  for (let i = 0; i < 10; i++) recorder.event({ kind: "marker", label: "lost" }, i);
  await until(() => fixture.errors.length > 0);
  recorder.event({ kind: "marker", label: "lost" }, 100);
  await recorder.close();
  assert.deepEqual(fixture.errors.map((error) => error.code), ["recording-failed"]);
});

Deno.test("while the disk is behind frames wait, and one delta catches up", async () => {
  await using fixture = new Fixture();
  const file = await pipe(fixture.path);
  const recorder = await fixture.start();
  using screen = new Screen({ cols: HEADER.cols, rows: HEADER.rows });
  // More than a pipe and the queue hold, in events that wait for nobody.
  const label = "m".repeat(100_000);
  for (let i = 0; i < 35; i++) recorder.event({ kind: "marker", label }, i);
  for (let i = 0; i < 1000; i++) {
    screen.write(`frame ${i}\r\n`);
    recorder.frame(screen.frame(), screen.history, 100 + i);
  }
  // Now the disk is there again.
  const copy = `${fixture.dir}/copy.cast`;
  const copying = (async () => {
    using target = await Deno.open(copy, { write: true, create: true });
    const buffer = new Uint8Array(1 << 16);
    for (let tail = ""; !tail.includes('"x"');) {
      const count = await file.read(buffer) ?? 0;
      await target.write(buffer.subarray(0, count));
      tail = new TextDecoder().decode(buffer.subarray(Math.max(0, count - 20), count));
    }
  })();
  await recorder.flush();
  recorder.event({ kind: "exit", status: 0 }, 2000);
  await recorder.close();
  await copying;
  file.close();
  assert.deepEqual(fixture.errors, []);
  const log = await openRecording({ kind: "file", path: copy });
  assert.equal(codes(log), "m".repeat(35) + "ox");
  assert.equal(log.timeAt(35), 1099);
  play(log, (i, _, played) => {
    if (i === 35) assert.ok(framesEqual(played.frame(), screen.frame()));
  });
});

Deno.test("a disk that takes nothing ends the recording before it ends the memory", async () => {
  await using fixture = new Fixture();
  const file = await pipe(fixture.path);
  const recorder = await fixture.start();
  const label = "m".repeat(100_000);
  for (let i = 0; i < 100; i++) recorder.event({ kind: "marker", label }, i);
  assert.deepEqual(fixture.errors.map((error) => error.code), ["recording-too-slow"]);
  file.close();
  await recorder.close();
});

Deno.test("killed in the middle, a recording plays up to its last second", async () => {
  await using fixture = new Fixture();
  const script = new URL("./testing/record_until_killed.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", "--no-check", script, fixture.path],
    stdout: "piped",
  }).spawn();
  let printed = "", last = 0, killed = false;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    printed += text;
    last = Number(printed.split("\n").at(-2) ?? 0);
    if (last > 1600 && !killed) child.kill("SIGKILL");
    killed = last > 1600;
  }
  assert.equal((await child.status).signal, "SIGKILL");
  const log = await fixture.read();
  assert.ok(log.durationMs > last - 1000, `${log.durationMs} of ${last}`);
  assert.ok(log.warnings.length <= 1);
  let shown = "";
  play(log, (_, event) => {
    if (event.kind === "output") shown = event.data;
  });
  assert.match(shown, /\d+/);
});
