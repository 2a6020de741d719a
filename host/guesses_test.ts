import assert from "node:assert/strict";
import fc from "fast-check";
import { Guesses } from "./guesses.ts";
import { FakeClock } from "./testing/clock.ts";

const MINUTE_MS = 60_000;

class Door {
  readonly clock = new FakeClock();
  readonly guesses = new Guesses(this.clock);

  guess(times: number, address = "192.0.2.7"): this {
    for (let i = 0; i < times; i++) this.guesses.from(address).guessed();
    return this;
  }

  delayMs(address = "192.0.2.7"): number {
    return this.guesses.from(address).delayMs();
  }
}

Deno.test("nine wrong tries are a mistake, ten within a minute make the next one wait", () => {
  const door = new Door().guess(9);
  assert.equal(door.delayMs(), 0);
  assert.equal(door.guess(1).delayMs(), 2_000);
  assert.equal(door.delayMs("192.0.2.8"), 0, "others do not wait");
});

Deno.test("each further try makes it longer, up to what a viewer with a good link waits", () => {
  const door = new Door().guess(10);
  const delays = [1, 2, 3, 4, 100].map(() => door.guess(1).delayMs());
  assert.deepEqual(delays, [4_000, 8_000, 8_000, 8_000, 8_000]);
});

Deno.test("a wrong try now and then makes nobody wait", () => {
  const door = new Door();
  for (let i = 0; i < 100; i++) {
    door.guess(1).clock.advance(6_700);
    assert.equal(door.delayMs(), 0);
  }
});

Deno.test("it is forgotten ten minutes after the last wrong try, and not before", () => {
  const door = new Door().guess(10);
  door.clock.advance(10 * MINUTE_MS - 1);
  assert.equal(door.guess(1).delayMs(), 4_000);
  door.clock.advance(10 * MINUTE_MS - 1);
  assert.equal(door.delayMs(), 4_000);
  door.clock.advance(1);
  assert.equal(door.delayMs(), 0);
  assert.equal(door.guesses.size, 0);
  assert.equal(door.guess(9).delayMs(), 0);
});

Deno.test("the addresses that one machine has through IPv6 are one", () => {
  const door = new Door();
  for (let i = 0; i < 10; i++) door.guess(1, `2001:db8:1:2::${i}`);
  assert.equal(door.delayMs("2001:db8:1:2:3:4:5:6"), 2_000);
  assert.equal(door.delayMs("2001:db8:1:3::1"), 0);
});

Deno.test("however many addresses guess, those that did last are remembered, and no more than 10,000", () => {
  const door = new Door().guess(10, "192.0.2.1").guess(10, "192.0.2.2");
  for (let i = 0; i < 20_000; i++) {
    door.guess(1, `10.1.${i >> 8}.${i & 0xff}`);
    if (i % 5_000 === 0) door.guess(1, "192.0.2.2");
  }
  assert.equal(door.guesses.size, 10_000);
  assert.equal(door.delayMs("192.0.2.1"), 0);
  assert.equal(door.delayMs("192.0.2.2"), 8_000);
});

Deno.test("in any history a wait comes of ten tries within a minute, and ends only when nobody has tried for ten", () => {
  const gaps = fc.array(fc.nat({ max: 30_000 }), { maxLength: 60 });
  fc.assert(fc.property(gaps, (gaps) => {
    const door = new Door();
    const timesMs: number[] = [];
    let slow = false;
    for (const gapMs of gaps) {
      door.clock.advance(gapMs);
      door.guess(1);
      timesMs.push(door.clock.now());
      const tenth = timesMs.at(-10);
      slow ||= tenth !== undefined && door.clock.now() - tenth <= MINUTE_MS;
      assert.equal(door.delayMs() > 0, slow);
    }
  }));
});
