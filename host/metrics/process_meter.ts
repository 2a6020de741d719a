/**
 * What is measured of the host's process.
 *
 * @module
 */
import process from "node:process";
import type { Clock } from "../clock.ts";
import { Histogram } from "./histogram.ts";
import type { ProcessMeasures } from "./measures.ts";

/**
 * How often it is looked how late the event loop is: where it is scraped, and where perhaps nobody ever asks. A look costs
 * 0.4 ms of processor time with all that wakes up for it, 0.08 % of a core at two a second.
 */
export const LOOK_MS = 500, SELDOM_MS = 5_000;
const DELAY_MS = [1, 2, 5, 10, 20, 50, 100, 250, 500, 1_000];

/** The process, as far as it can be measured. */
export interface ProcessFacts {
  /** Milliseconds since 1970. */
  now(): number;
  /** Bytes of memory that the process has. */
  memory(): number;
  /** Seconds of processor time that the process has used. */
  cpuSeconds(): number;
}

/** Measures the process from now on. Dispose of it to stop. */
export class ProcessMeter implements Disposable {
  readonly #clock: Clock;
  readonly #facts: ProcessFacts;
  readonly #startMs: number;
  readonly #lookMs: number;
  readonly #delay = new Histogram(DELAY_MS);
  #cancel: () => void = () => {};

  constructor(clock: Clock, facts: ProcessFacts, options: { readonly lookMs?: number } = {}) {
    this.#clock = clock;
    this.#facts = facts;
    this.#startMs = facts.now();
    this.#lookMs = options.lookMs ?? LOOK_MS;
    this.#look();
  }

  /** All that was measured until now. */
  measure(): ProcessMeasures {
    return {
      eventLoopDelay: this.#delay.measure(),
      residentMemoryBytes: this.#facts.memory(),
      cpuSeconds: this.#facts.cpuSeconds(),
      startTimeSeconds: this.#startMs / 1_000,
    };
  }

  [Symbol.dispose](): void {
    this.#cancel();
  }

  #look(): void {
    const dueMs = this.#clock.now() + this.#lookMs;
    this.#cancel = this.#clock.after(this.#lookMs, () => {
      this.#delay.observe(this.#clock.now() - dueMs);
      this.#look();
    });
  }
}

/** This process. */
export function thisProcess(now: () => number): ProcessFacts {
  return {
    now,
    memory: () => Deno.memoryUsage().rss,
    cpuSeconds: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
  };
}
