import assert from "node:assert/strict";
import fc from "fast-check";
import {
  endText,
  firstStep,
  type LossReason,
  nextTickMs,
  type ReconnectInput,
  type ReconnectState,
  type ReconnectStep,
  step,
} from "./reconnect.ts";

/** Drives the machine, with a clock. */
class Driver {
  nowMs = 0;
  state: ReconnectState;
  effects: string[] = [];

  constructor() {
    const first = firstStep(0);
    this.state = first.state;
    this.#note(first);
  }

  input(input: ReconnectInput): this {
    const next = step(this.state, input, this.nowMs);
    this.state = next.state;
    this.#note(next);
    return this;
  }

  lose(why: LossReason = "cut", jitter = 1): this {
    return this.input({ kind: "lost", why, jitter });
  }

  /** Lets time pass until the next tick, and ticks. */
  wait(): this {
    this.nowMs = nextTickMs(this.state) ?? this.nowMs;
    return this.input({ kind: "tick", jitter: 1 });
  }

  take(): string[] {
    return this.effects.splice(0);
  }

  #note({ effects }: ReconnectStep): void {
    for (const effect of effects) {
      this.effects.push(effect.kind === "hang-up" ? `hang-up ${effect.why ?? ""}` : effect.kind);
    }
  }
}

function waits(driver: Driver): number {
  assert.equal(driver.state.kind, "waiting");
  return nextTickMs(driver.state)! - driver.nowMs;
}

Deno.test("a host that is not there is given up on soon", () => {
  const driver = new Driver().lose("unreachable");
  assert.equal(waits(driver), 500);
  driver.wait().lose("unreachable");
  assert.equal(waits(driver), 1_000);
  driver.wait().lose("unreachable");
  assert.deepEqual(driver.state, { kind: "ended", end: { code: "unreachable" } });
  assert.deepEqual(driver.take(), ["dial", "dial", "dial"]);
});

Deno.test("a session that was there is tried for minutes, ever more slowly, then given up", () => {
  const driver = new Driver().input({ kind: "welcomed" }).lose();
  const delays: number[] = [];
  while (driver.state.kind === "waiting") {
    delays.push(waits(driver));
    driver.wait().lose("unreachable");
  }
  assert.deepEqual(delays.slice(0, 7), [500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  assert.equal(delays.length, 39);
  assert.deepEqual(driver.state, { kind: "ended", end: { code: "unreachable" } });
});

Deno.test("a connection that held for a while starts the waiting anew", () => {
  const driver = new Driver().input({ kind: "welcomed" });
  driver.nowMs += 9_999;
  driver.lose().wait().input({ kind: "welcomed" }).lose();
  assert.equal(waits(driver), 1_000, "it did not hold");
  driver.wait().input({ kind: "welcomed" });
  driver.nowMs += 10_000;
  assert.equal(waits(driver.lose()), 250);
});

Deno.test("viewers that are cut off together do not come back together", () => {
  const delays = [0, 0.5, 1].map((jitter) =>
    waits(new Driver().input({ kind: "welcomed" }).lose("cut", jitter))
  );
  assert.deepEqual(delays, [250, 375, 500]);
});

for (const why of ["token-expired", "kicked", "host-unproven", "secret-wrong"] as const) {
  Deno.test(`nothing is tried again after ${why}`, () => {
    const driver = new Driver().input({ kind: "welcomed" }).lose(why);
    assert.deepEqual(driver.state, { kind: "ended", end: { code: why } });
    for (const kind of ["welcomed", "heard"] as const) driver.input({ kind });
    driver.lose().input({ kind: "tick", jitter: 0 }).input({ kind: "over", end: { code: "left" } });
    assert.deepEqual(driver.state, { kind: "ended", end: { code: why } });
    assert.deepEqual(driver.take(), ["dial"]);
  });
}

Deno.test("a full session is tried again, and named when it stays full", () => {
  const driver = new Driver();
  for (let i = 0; i < 3; i++) driver.lose("session-full").wait();
  assert.deepEqual(driver.state, { kind: "ended", end: { code: "session-full" } });
});

Deno.test("a host that does not answer is asked, then hung up on", () => {
  const driver = new Driver().input({ kind: "welcomed" });
  driver.take();
  driver.wait().wait().wait();
  assert.deepEqual(driver.take(), ["ping", "ping", "ping"]);
  assert.equal(driver.nowMs, 10_000);
  driver.input({ kind: "heard" }).wait().wait();
  assert.deepEqual(driver.take(), ["ping", "ping"]);
  driver.wait();
  assert.deepEqual(driver.take(), ["hang-up unresponsive"]);
  assert.equal(driver.state.kind, "waiting");
});

Deno.test("a viewer that was asleep connects again at once", () => {
  const driver = new Driver().input({ kind: "welcomed" }).wait();
  driver.take();
  driver.nowMs += 3_600_000;
  driver.input({ kind: "tick", jitter: 0 });
  assert.deepEqual(driver.take(), ["hang-up unresponsive"]);
  assert.equal(waits(driver), 125);
});

Deno.test("a handshake that takes too long is a host that is not there", () => {
  const driver = new Driver().wait();
  assert.deepEqual(driver.take(), ["dial", "hang-up join-timeout"]);
  assert.equal(driver.nowMs, 10_000);
  assert.equal(driver.state.kind, "waiting");
});

Deno.test("a tick that comes too early changes nothing", () => {
  const driver = new Driver();
  const { state } = driver;
  driver.nowMs = 9_999;
  assert.equal(driver.input({ kind: "tick", jitter: 0 }).state, state);
});

Deno.test("why it ended is one line", () => {
  assert.equal(endText({ code: "ended", status: 130 }), "The session has ended with status 130");
  for (const code of ["ended", "unreachable", "left", "token-spent"] as const) {
    assert.match(endText({ code }), /^[A-Z][^\n.]+$/);
  }
});

Deno.test("whatever happens, there is one connection at most, and an end is the end", () => {
  const inputs: fc.Arbitrary<ReconnectInput> = fc.oneof(
    fc.constantFrom<ReconnectInput>(
      { kind: "welcomed" },
      { kind: "heard" },
      { kind: "lost", why: "cut", jitter: 0 },
      { kind: "lost", why: "unreachable", jitter: 1 },
      { kind: "lost", why: "seal-broken", jitter: 0.5 },
      { kind: "lost", why: "token-expired", jitter: 0 },
      { kind: "tick", jitter: 0 },
      { kind: "over", end: { code: "ended" } },
    ),
  );
  const history = fc.array(fc.tuple(inputs, fc.constantFrom(0, 1, 600, 6_000, 20_000)));
  fc.assert(
    fc.property(history, (history) => {
      const driver = new Driver();
      let open = true;
      driver.take();
      for (const [input, waitMs] of history) {
        driver.nowMs += waitMs;
        const wasEnded = driver.state.kind === "ended";
        // A transport can only be lost while there is one.
        if (input.kind === "lost" && !open) continue;
        driver.input(input);
        if (input.kind === "lost") open = false;
        for (const effect of driver.take()) {
          assert.ok(!wasEnded, effect);
          if (effect === "dial") {
            assert.ok(!open, "a second one");
            open = true;
          } else if (effect.startsWith("hang-up")) open = false;
          else assert.ok(open, "a ping to no one");
        }
        assert.equal(open, driver.state.kind === "connecting" || driver.state.kind === "live");
        assert.equal(nextTickMs(driver.state) === undefined, driver.state.kind === "ended");
      }
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("who does not want to wait is connected at once, and asks a silent host", () => {
  const driver = new Driver().input({ kind: "welcomed" }).lose();
  driver.take();
  assert.ok(waits(driver) > 0);
  driver.input({ kind: "retry" });
  assert.deepEqual(driver.take(), ["dial"]);
  driver.input({ kind: "retry" });
  assert.deepEqual(driver.take(), []);
  driver.input({ kind: "welcomed" });
  driver.nowMs += 1_000;
  driver.input({ kind: "retry" });
  assert.deepEqual(driver.take(), ["ping"]);
  driver.nowMs += 60_000;
  driver.input({ kind: "retry" });
  assert.deepEqual(driver.take(), ["hang-up unresponsive"]);
  assert.equal(driver.state.kind, "waiting");
});
