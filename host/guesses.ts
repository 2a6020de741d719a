/**
 * Who tries out links: wrong tokens, wrong secrets and greetings that are none, by where they come from. Guessing would
 * not find one anyway, but it keeps a host busy; so it is made slow. It is a wait and not a ban, because an address can
 * be that of many: of a company, or of everybody who comes through one SSH tunnel.
 *
 * @module
 */
import type { Caution } from "../wire/host_side.ts";
import { networkOf } from "./client_address.ts";
import type { Clock } from "./clock.ts";

/** So many within {@link WITHIN_MS} are no mistake. */
const TOLERATED = 10;
const WITHIN_MS = 60_000;
/** The first wait; it doubles with each further guess. */
const FIRST_DELAY_MS = 2_000;
/** Longest wait: a viewer gives up on a host that has not welcomed it after ten seconds, and a good link has to work. */
export const MAX_DELAY_MS = 8_000;
/** Forgotten when there was no guess for so long. */
const FORGET_MS = 10 * 60_000;
/** Most addresses that are remembered; the one that has not guessed for the longest time is forgotten first. */
const MAX_ADDRESSES = 10_000;

/** What is known of an address. */
interface Guesser {
  /** When the last guesses were, at most {@link TOLERATED}. */
  timesMs: readonly number[];
  /** How long a handshake waits. */
  delayMs: number;
}

/** Remembers who guessed. */
export class Guesses {
  readonly #clock: Pick<Clock, "now">;
  /** In the order of their last guess. */
  readonly #guessers = new Map<string, Guesser>();

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /** How many addresses are remembered. */
  get size(): number {
    return this.#guessers.size;
  }

  /** What a handshake from an address has to heed. */
  from(address: string): Caution {
    const network = networkOf(address);
    return {
      delayMs: () => this.#of(network)?.delayMs ?? 0,
      guessed: () => this.#note(network),
    };
  }

  #of(network: string): Guesser | undefined {
    const guesser = this.#guessers.get(network);
    const lastMs = guesser?.timesMs.at(-1) ?? -Infinity;
    if (this.#clock.now() - lastMs < FORGET_MS) return guesser;
    this.#guessers.delete(network);
    return undefined;
  }

  #note(network: string): void {
    const nowMs = this.#clock.now();
    const { timesMs, delayMs } = this.#of(network) ?? { timesMs: [], delayMs: 0 };
    const times = [...timesMs, nowMs].slice(-TOLERATED);
    this.#guessers.delete(network);
    this.#guessers.set(network, { timesMs: times, delayMs: nextDelayMs(times, delayMs) });
    const [oldest] = this.#guessers.keys();
    if (this.#guessers.size > MAX_ADDRESSES && oldest !== undefined) this.#guessers.delete(oldest);
  }
}

function nextDelayMs(timesMs: readonly number[], delayMs: number): number {
  if (delayMs > 0) return Math.min(2 * delayMs, MAX_DELAY_MS);
  const spanMs = timesMs.at(-1)! - timesMs[0]!;
  return timesMs.length === TOLERATED && spanMs <= WITHIN_MS ? FIRST_DELAY_MS : 0;
}
