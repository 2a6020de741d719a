import assert from "node:assert/strict";
import type { ClosingCode } from "../wire/closing.ts";
import type { HostEvent } from "./events.ts";
import { Refusals } from "./refusals.ts";
import { FakeClock } from "./testing/clock.ts";

class Log {
  readonly clock = new FakeClock();
  readonly #told: HostEvent[] = [];
  readonly refusals = new Refusals({
    clock: this.clock,
    reporter: { report: (event) => void this.#told.push(event) },
  });

  note(code: ClosingCode, times = 1, address?: string): this {
    for (let i = 0; i < times; i++) this.refusals.note(code, address);
    return this;
  }

  /** What was told since this was asked last. */
  get told(): string[] {
    return this.#told.splice(0).map((event) => {
      assert.ok(event.event === "refused");
      return [event.code, event.address, event.count].filter((part) => part !== undefined).join(
        " ",
      );
    });
  }
}

Deno.test("the first refusal is told at once, those that follow as one with a count", () => {
  const log = new Log().note("token-invalid", 1, "192.0.2.7");
  assert.deepEqual(log.told, ["token-invalid 192.0.2.7"]);
  log.note("token-invalid", 40, "192.0.2.7").note("secret-wrong", 1, "192.0.2.7");
  log.clock.advance(9_999);
  assert.deepEqual(log.told, []);
  log.clock.advance(1);
  assert.deepEqual(log.told, ["secret-wrong 192.0.2.7", "token-invalid 192.0.2.7 40"]);
});

Deno.test("after a quiet while a refusal is told at once again", () => {
  const log = new Log().note("token-expired");
  log.clock.advance(10_000);
  assert.deepEqual([log.told, log.clock.pending], [["token-expired"], 0]);
  assert.deepEqual(log.note("token-expired").told, ["token-expired"]);
});

Deno.test("a flood that goes on is told every ten seconds", () => {
  const log = new Log().note("join-timeout");
  const told: string[] = [];
  for (let i = 0; i < 600; i++) {
    log.note("join-timeout", 10, "192.0.2.7").clock.advance(100);
    told.push(...log.told);
  }
  assert.deepEqual(told, ["join-timeout", ...Array(6).fill("join-timeout 192.0.2.7 1000")]);
});

Deno.test("from however many addresses it comes, little is told and nothing is left out", () => {
  const log = new Log().note("token-invalid");
  for (let i = 0; i < 1_000; i++) log.note("token-invalid", 1, `10.0.${i >> 8}.${i & 0xff}`);
  log.clock.advance(10_000);
  const told = log.told.slice(1);
  assert.equal(told.length, 21);
  assert.equal(told.at(-1), "token-invalid 980");
});

Deno.test("what was gathered is told at the end", () => {
  const log = new Log().note("token-spent", 3);
  log.refusals.end();
  assert.deepEqual([log.told, log.clock.pending], [["token-spent", "token-spent 2"], 0]);
});
