import assert from "node:assert/strict";
import { PRESENTER_ID } from "../format/session_data.ts";
import { type ControlOptions, nextTickMs } from "./control.ts";
import { PASTE_LAPSES_MS, PASTE_MAX_BYTES } from "./control_typing.ts";
import { BURST_BYTES, DRAIN_MS } from "./rate_limit.ts";
import { ControlRun } from "./testing/control_run.ts";

/** A collaborative session. */
class Run extends ControlRun {
  constructor(options: Partial<ControlOptions> = {}) {
    super({ mode: "collaborative", ...options });
  }

  paste(allow: boolean): string[] {
    return this.do({ kind: "paste", by: PRESENTER_ID, allow });
  }

  /** Types so much at once. */
  flood(id: string, length: number): string[] {
    return this.type(id, "#".repeat(length));
  }

  /** Pastes two commands. */
  commands(id: string): string[] {
    return this.type(id, COMMANDS, { lines: 3 });
  }

  /** How many bytes of each participant pass until then, with a tick whenever one is due. */
  passed(nowMs: number): Record<string, number> {
    const passed: Record<string, number> = {};
    for (const { effect } of this.ticks(nowMs)) {
      if (effect.kind !== "write") continue;
      passed[effect.id] = (passed[effect.id] ?? 0) + effect.bytes.length;
    }
    return passed;
  }
}

const COMMANDS = "a\rb\r";

Deno.test("a flood of one is slowed and then refused, and nobody else notices", () => {
  const run = new Run();
  assert.deepEqual(run.flood("p1", BURST_BYTES), [`p1: ${BURST_BYTES}`]);
  assert.deepEqual(run.flood("p1", 40_000), ["input-slowed to p1"]);
  assert.deepEqual(run.flood("p1", 40_000), ["input-refused to p1"]);
  assert.deepEqual(run.flood("p1", 40_000), []);
  assert.deepEqual(run.type("p1", "late"), []);
  assert.deepEqual(run.type("p2", "x"), ["p2: x"]);
  assert.equal(nextTickMs(run.state), DRAIN_MS);
  const passed = run.passed(2_000);
  assert.deepEqual(passed, { p1: 40_004 });
  assert.equal(nextTickMs(run.state), undefined);
  assert.deepEqual(run.type("p1", "again"), ["p1: again"]);
});

Deno.test("later keys stay behind what waits, and what passes is whole", () => {
  const run = new Run();
  run.flood("p1", BURST_BYTES);
  run.flood("p1", 32_768);
  assert.deepEqual(run.type("p1", "end"), []);
  assert.deepEqual(run.type("p1", ""), []);
  assert.deepEqual(run.until(2_000), ["20 p1: 32768", "1020 p1: end"]);
});

Deno.test("the presenter is not slowed", () => {
  const run = new Run();
  for (let i = 0; i < 1_000; i++) {
    assert.deepEqual(run.flood(PRESENTER_ID, 10_000), ["host: 10000"]);
  }
});

Deno.test("what waits is dropped when control changes hands", () => {
  const run = new Run();
  run.flood("p1", BURST_BYTES);
  run.flood("p1", 40_000);
  assert.deepEqual(run.do({ kind: "take", by: PRESENTER_ID }), [
    "drop",
    "mode presenter by host turn 1",
  ]);
  assert.equal(nextTickMs(run.state), undefined);
  assert.deepEqual(run.passed(10_000), {});
});

Deno.test("what waits is dropped when viewers are shown nothing", () => {
  const run = new Run({ confirmPaste: true });
  run.flood("p1", BURST_BYTES);
  run.flood("p1", 40_000);
  run.commands("p2");
  assert.deepEqual(run.do({ kind: "sharing", paused: true }), [
    "drop",
    "paste-dropped to p2",
  ]);
  run.do({ kind: "sharing", paused: false });
  assert.deepEqual(run.passed(10_000), {});
});

Deno.test("what waits passes on when its owner comes back, and is gone when the owner leaves", () => {
  const run = new Run();
  for (const id of ["p1", "p2"]) {
    run.flood(id, BURST_BYTES);
    run.flood(id, 10_000);
    run.do({ kind: "away", id });
  }
  assert.deepEqual(run.passed(1_000), {});
  run.do({ kind: "back", id: "p1" });
  run.do({ kind: "leave", id: "p2" });
  run.do({ kind: "join", id: "p2", mayType: true });
  assert.deepEqual(run.passed(2_000), { p1: 10_000 });
});

Deno.test("a paste of several lines waits for the answer, and is typed or not", () => {
  const run = new Run({ confirmPaste: true });
  assert.deepEqual(run.commands("p1"), ["paste-held to p1"]);
  assert.deepEqual([run.state.paste?.id, run.state.paste?.lines], ["p1", 3]);
  assert.deepEqual(run.commands("p2"), ["paste-waiting to p2"]);
  assert.deepEqual(run.paste(true), [`p1: ${COMMANDS}`]);
  assert.deepEqual(run.paste(true), ["no-paste to host"]);
  run.commands("p2");
  assert.deepEqual(run.paste(false), ["paste-dropped to p2"]);
  assert.equal(run.state.paste, undefined);
});

Deno.test("a paste of one line, keys, and what the presenter pastes do not wait", () => {
  const run = new Run({ confirmPaste: true });
  assert.deepEqual(run.type("p1", "ls", { lines: 1 }), ["p1: ls"]);
  assert.deepEqual(run.commands(PRESENTER_ID), [`host: ${COMMANDS}`]);
  run.commands("p1");
  // Also while one waits: to interrupt a program must stay possible.
  assert.deepEqual(run.type("p1", "\x03"), ["p1: \x03"]);
  assert.deepEqual(new Run().commands("p1"), [`p1: ${COMMANDS}`]);
});

Deno.test("a paste that nobody answers for is dropped", () => {
  const run = new Run({ confirmPaste: true });
  run.commands("p1");
  assert.equal(nextTickMs(run.state), PASTE_LAPSES_MS);
  run.nowMs = PASTE_LAPSES_MS;
  assert.deepEqual(run.do({ kind: "tick" }), ["paste-dropped to p1"]);
});

Deno.test("a held paste is dropped with the turn", () => {
  const run = new Run({ confirmPaste: true });
  run.commands("p1");
  assert.deepEqual(run.do({ kind: "take", by: PRESENTER_ID }), [
    "drop",
    "paste-dropped to p1",
    "mode presenter by host turn 1",
  ]);
  assert.deepEqual(run.paste(true), ["no-paste to host"]);
});

Deno.test("a paste is not typed for somebody who is away or has left", () => {
  const run = new Run({ confirmPaste: true });
  run.commands("p1");
  run.do({ kind: "away", id: "p1" });
  assert.deepEqual(run.paste(true), ["paste-dropped to p1"]);
  run.commands("p2");
  run.do({ kind: "leave", id: "p2" });
  assert.deepEqual(run.paste(true), ["no-paste to host"]);
});

Deno.test("a held paste is bounded, a copy, and typed after what waits", () => {
  const run = new Run({ confirmPaste: true });
  const large = "#".repeat(PASTE_MAX_BYTES + 1);
  assert.deepEqual(run.type("p1", large, { lines: 2 }), ["input-refused to p1"]);
  const bytes = new TextEncoder().encode(COMMANDS);
  run.do({ kind: "type", id: "p1", turn: 0, bytes, paste: { lines: 3 } });
  bytes.fill(0);
  run.flood("p1", BURST_BYTES);
  run.type("p1", "waits");
  assert.deepEqual(run.paste(true), ["p1: waits", `p1: ${COMMANDS}`]);
});
