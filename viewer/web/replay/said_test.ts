import assert from "node:assert/strict";
import { EventLog } from "../../../record/event_log.ts";
import { FakeClock } from "../../fakes.ts";
import { Playback } from "./playback.ts";
import { replayHeader, saidOf } from "./said.ts";

/** Plays a recording of a command that fails, driven by `ada` from the second second on. */
function played(title?: string): Playback {
  const log = new EventLog({
    version: 3,
    cols: 20,
    rows: 2,
    extra: {},
    ...(title !== undefined && { title }),
  });
  log.append({ kind: "output", data: "\x1b]0;its own\x07" }, 0);
  log.append({
    kind: "participant",
    data: { kind: "join", id: "p1", name: "ada", role: "control" },
  }, 0);
  log.append({
    kind: "control",
    data: { kind: "grant", id: "p1", mode: "participant", holder: "p1", turn: 1, untilMs: 63_000 },
  }, 2_000);
  log.append({ kind: "control", data: { kind: "mode", mode: "collaborative", turn: 2 } }, 5_000);
  log.append({ kind: "exit", status: 3 }, 9_000);
  const playback = new Playback(log, { clock: new FakeClock(), onChange: () => {} });
  playback.input({ kind: "pause" });
  return playback;
}

Deno.test("the header says what is recorded, where it is and who drives", () => {
  using playback = played();
  const header = (): string => {
    const { title, state, detail, drive, driver } = replayHeader(playback, "a.cast");
    return [title, state.text, detail, drive, driver?.id].join("|");
  };
  assert.equal(header(), "its own|Paused|||");
  playback.input({ kind: "play" });
  playback.input({ kind: "seek", toMs: 3_000 });
  assert.equal(header(), "its own|Playing||ada drives 1:00|p1");
  playback.input({ kind: "seek", toMs: 6_000 });
  assert.equal(header(), "its own|Playing||Everyone may type|");
  playback.input({ kind: "pause" });
  playback.input({ kind: "edge", edge: "end" });
  assert.equal(header(), "its own|End|exit status 3|Everyone may type|");
});

Deno.test("the title is the session's own, without what could mislead", () => {
  using playback = played("Incident\u202e 42");
  assert.equal(replayHeader(playback, "a.cast").title, "Incident 42");
});

Deno.test("what somebody did is said in words", () => {
  using playback = played();
  assert.equal(saidOf("pause", playback), "Paused at 0 seconds");
  playback.input({ kind: "play" });
  playback.input({ kind: "seek", toMs: 3_000 });
  assert.equal(saidOf("toggle", playback), "Playing from 3 seconds");
  assert.equal(saidOf("seek", playback), "3 seconds");
  playback.input({ kind: "speed", by: 1 });
  assert.equal(saidOf("speed", playback), "1.5 times as fast");
  playback.input({ kind: "pause" });
  playback.input({ kind: "edge", edge: "end" });
  assert.equal(saidOf("edge", playback), "The end, at 9 seconds");
});
