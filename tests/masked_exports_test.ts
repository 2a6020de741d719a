/**
 * What is masked stays so in whatever is made of a session later: its recording, the bytes of it, what is played, copied
 * and searched.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type Row, rowText } from "../format/row.ts";
import { Screen } from "../format/screen.ts";
import type { EventLog } from "../record/event_log.ts";
import { openRecording } from "../record/reader.ts";
import { startRecorder } from "../record/recorder.ts";
import { createRedactor } from "../redact/redactor.ts";
import { type Sample, SAMPLE_RULES, samples } from "../redact/testing/samples.ts";
import { forbidden } from "../redact/testing/watch.ts";
import { WAYS } from "../redact/testing/ways.ts";
import { frameText } from "../viewer/screen_text.ts";

/** Draws a sample in every way that is recognised as it is drawn, and records what leaves. */
async function record(path: string, sample: Sample): Promise<void> {
  const redactor = createRedactor(SAMPLE_RULES);
  using screen = new Screen({ cols: 80, rows: 24, scrollback: 2_000 });
  const history = redactor.history(screen.history);
  const recorder = await startRecorder(path, { version: 3, cols: 80, rows: 24, extra: {} }, {
    flushMs: 5,
    onError: (error) => assert.fail(error.message),
  });
  let atMs = 0;
  const take = (): void => recorder.frame(redactor.frame(screen.frame()), history, atMs += 2_000);
  for (const { only, draw } of WAYS) {
    const { cols, rows, steps, from = 0 } = draw(sample.lines);
    if (only !== undefined || from > 0) continue;
    screen.write("\x1b[?1049l\x1b[2J\x1b[H");
    screen.resize(cols, rows);
    take();
    for (const step of steps) {
      if (typeof step === "string") screen.write(step);
      else screen.resize(step.cols, step.rows);
      take();
    }
    screen.write("\r\n$ ");
  }
  recorder.event(redactor.event({ kind: "marker", label: sample.lines.join(" ") }), atMs);
  await recorder.close();
}

/** Everything that a player has at any time: the screen, and what can be scrolled back to. */
function* played(log: EventLog): Generator<string> {
  using screen = new Screen({ cols: log.header.cols, rows: log.header.rows, scrollback: 2_000 });
  for (let i = 0; i < log.length; i++) {
    const event = log.eventAt(i);
    if (event.kind === "keyframe") {
      using joined = new Screen({ cols: screen.cols, rows: screen.rows });
      joined.write(event.data);
      yield frameText(joined.frame());
    }
    if (event.kind === "marker") yield event.label;
    if (event.kind === "output") screen.write(event.data);
    if (event.kind === "resize") screen.resize(event.cols, event.rows);
    yield frameText(screen.frame());
  }
  const rows = Array.from({ length: screen.top }, (_, line) => screen.history(line));
  // What was wrapped is copied, and found, as one line.
  yield rows.map((row: Row | undefined) => (row?.wrapped ? "" : "\n") + (row ? rowText(row) : ""))
    .join("");
}

const NOT_KEYS = samples(31).filter(({ rule }) => rule !== "private-key");

for (const [index, sample] of NOT_KEYS.entries()) {
  Deno.test(`no recording has a secret of ${sample.rule} (${index})`, async () => {
    const dir = await Deno.makeTempDir({ prefix: "collab-masked-" });
    try {
      const path = `${dir}/a.cast`;
      await record(path, sample);
      const parts = sample.secrets.flatMap((secret) => forbidden(secret));
      const bytes = await Deno.readTextFile(path);
      const plain = bytes.replace(/\\u001b(?:\[[0-9;?]*[@-~ ]q?|.)/g, "");
      const log = await openRecording({ kind: "file", path });
      for (const text of [bytes, plain, ...played(log)]) {
        const part = parts.find((part) => text.includes(part));
        assert.equal(part, undefined, text.slice(0, 2_000));
      }
      assert.ok(bytes.includes("•"));
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  });
}
