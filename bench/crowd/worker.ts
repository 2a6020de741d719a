/**
 * The crowd's process: joins many viewers to one session, and times what reaches them.
 *
 * The session's program prints `T` and the microseconds since 1970, and `T` again, on each line. A few viewers open
 * every message and so know when its text was printed; for all others it is the same message by its number.
 *
 * Reads one {@link CrowdOrder} from its first argument and prints {@link CrowdNews}, one JSON object a line.
 *
 * @module
 */
import { parseLink } from "../../wire/link.ts";
import { Sockets } from "./sockets.ts";
import { CrowdViewer } from "./viewer.ts";

/** What the crowd is to do. */
export interface CrowdOrder {
  readonly link: string;
  readonly viewers: number;
  /** How many of them open every message. */
  readonly openers: number;
  /** How long it is measured. */
  readonly seconds: number;
  /** For each stretch of time that is measured, how many of them have stopped reading by then. */
  readonly stopped: readonly number[];
}

/** What came of a stretch of time. */
export interface CrowdTimes {
  /** Milliseconds from print to arrival at any viewer. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** Arrivals counted, and how many there had to be. */
  readonly arrived: number;
  readonly expected: number;
  /** Frames a second to each viewer, and their mean size on the socket. */
  readonly framesPerSecond: number;
  readonly bytesPerFrame: number;
  /** Viewers that were closed or had something left out. */
  readonly lost: number;
  readonly why: readonly string[];
}

/** What the crowd's process prints. */
export type CrowdNews =
  | { readonly kind: "joined"; readonly seconds: number }
  | { readonly kind: "measuring" }
  | { readonly kind: "measured"; readonly times: CrowdTimes };

/** Joins under way at once: an unauthenticated socket has five seconds. */
const JOINS_AT_ONCE = 8;
/** How often each viewer is asked what is due. */
const TICK_MS = 100;
/** After joining, the crowd watches for this long before it is measured. */
const SETTLE_MS = 2000;
/** Messages left out at both ends of a measurement. */
const EDGE = 10;
const STAMP = /T(\d{16})T/;

const order: CrowdOrder = JSON.parse(Deno.args[0]!);

class Crowd implements Disposable {
  readonly #sockets = new Sockets();
  readonly viewers: CrowdViewer[] = [];
  readonly #stamps = new Map<number, number>();
  #joined = 0;
  #ticked = 0;
  #tickedAtMs = performance.now();
  #lost = new Map<number, string>();
  #arrivals: { seq: number; atMs: number }[] = [];
  #recording = false;

  join(): void {
    const link = parseLink(order.link);
    while (this.#joined < order.viewers) {
      while (
        this.viewers.length < order.viewers && this.viewers.length - this.#joined < JOINS_AT_ONCE
      ) {
        const i = this.viewers.length;
        const opens = i < order.openers;
        this.viewers.push(
          new CrowdViewer(this.#sockets, link, { name: `viewer ${i}`, opens }, {
            joined: () => this.#joined++,
            message: (seq, lines) => this.#message(seq, lines),
            lost: (why) => this.#lost.set(i, why),
          }),
        );
      }
      this.#turn();
      if (this.#lost.size > 0) {
        throw new Error(`A viewer did not get in: ${[...this.#lost.values()][0]}`);
      }
    }
  }

  run(ms: number): void {
    for (const end = performance.now() + ms; performance.now() < end;) this.#turn();
  }

  measure(seconds: number, watching: number): CrowdTimes {
    const bytes = (): number => this.viewers.reduce((sum, viewer) => sum + viewer.bytes, 0);
    const before = bytes();
    this.#arrivals = [];
    this.#lost = new Map();
    this.#recording = true;
    this.run(seconds * 1000);
    this.#recording = false;
    return this.#times(bytes() - before, watching);
  }

  [Symbol.dispose](): void {
    this.#sockets[Symbol.dispose]();
  }

  #turn(): void {
    this.#sockets.poll(TICK_MS);
    const now = performance.now();
    // A slice of the crowd at a time, so that no turn is long.
    const until = Math.min(
      this.viewers.length,
      Math.ceil((now - this.#tickedAtMs) / TICK_MS * this.viewers.length),
    );
    for (let i = 0; i < until; i++) this.viewers[this.#ticked++ % this.viewers.length]!.tick(now);
    if (until > 0) this.#tickedAtMs = now;
  }

  #message(seq: number, lines: string | undefined): void {
    if (this.#recording) {
      this.#arrivals.push({ seq, atMs: performance.timeOrigin + performance.now() });
    }
    if (lines === undefined || this.#stamps.has(seq)) return;
    const stamp = STAMP.exec(lines)?.[1];
    if (stamp !== undefined) this.#stamps.set(seq, Number(stamp) / 1000);
  }

  #times(bytes: number, watching: number): CrowdTimes {
    const delays: number[] = [];
    const seqs = new Set<number>();
    // At the edges of the time measured, some viewers' arrivals are in it and others' are not.
    const first = this.#arrivals[0]!.seq + EDGE, last = this.#arrivals.at(-1)!.seq - EDGE;
    for (const { seq, atMs } of this.#arrivals) {
      const printedMs = this.#stamps.get(seq);
      if (printedMs === undefined || seq < first || seq > last) continue;
      seqs.add(seq);
      delays.push(atMs - printedMs);
    }
    const printed = [...seqs].map((seq) => this.#stamps.get(seq)!).sort((a, b) => a - b);
    delays.sort((a, b) => a - b);
    const at = (q: number): number =>
      delays[Math.min(delays.length - 1, Math.ceil(q * delays.length) - 1)] ?? NaN;
    return {
      p50: at(0.5),
      p99: at(0.99),
      max: at(1),
      arrived: delays.length,
      expected: seqs.size * watching,
      framesPerSecond: (printed.length - 1) / (printed.at(-1)! - printed[0]!) * 1000,
      bytesPerFrame: bytes / this.#arrivals.length,
      lost: this.#lost.size,
      why: [...new Set(this.#lost.values())].slice(0, 3),
    };
  }
}

function tell(news: CrowdNews): void {
  Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(news) + "\n"));
}

function main(): void {
  using crowd = new Crowd();
  const start = performance.now();
  crowd.join();
  tell({ kind: "joined", seconds: (performance.now() - start) / 1000 });
  for (const stopped of order.stopped) {
    for (const viewer of crowd.viewers.slice(order.viewers - stopped)) viewer.stop();
    crowd.run(SETTLE_MS);
    tell({ kind: "measuring" });
    tell({ kind: "measured", times: crowd.measure(order.seconds, order.viewers - stopped) });
  }
}

if (import.meta.main) main();
