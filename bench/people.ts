/**
 * What people in a session cost: pointers that move, and a key from a participant in control.
 *
 * @module
 */
import type { CastEvent } from "../format/events.ts";
import { learn, NO_FACTS, type SessionFacts } from "../viewer/session_facts.ts";
import { StreamEvents } from "../viewer/stream_events.ts";
import { connect, type Connection, type ConnectionEvent } from "../wire/connection.ts";
import { parseLink } from "../wire/link.ts";
import { startHeadless } from "../tests/harness.ts";
import { Proxy } from "../tests/proxy.ts";
import { cores, usage } from "./proc.ts";
import { type Measurement, quantile, type Row, type RunOptions } from "./report.ts";
import { delay } from "./terminal.ts";

const POINTERS = 50;
/** How often a viewer tells of its pointer while it moves. */
const MOVES_A_SECOND = 20;

/** Somebody in the session, without a terminal. */
export class Guest implements Disposable {
  facts: SessionFacts = NO_FACTS;
  /** Everything that was drawn, for what is looked for in it. */
  onEvent: (event: CastEvent) => void = () => {};
  readonly #stream = new StreamEvents();
  readonly #connection: Connection;

  constructor(link: string, name: string) {
    this.#connection = connect(parseLink(link), { name, onEvent: (event) => this.#take(event) });
  }

  say(command: Parameters<Connection["send"]>[0]): boolean {
    return this.#connection.send(command);
  }

  /** Types in the turn that is now. */
  type(text: string): boolean {
    return this.say({ kind: "input", turn: this.facts.turn.turn, parts: [{ kind: "text", text }] });
  }

  async joined(): Promise<void> {
    while (this.facts.people.size === 0) await delay(5);
  }

  [Symbol.dispose](): void {
    this.#connection.close();
  }

  #take(event: ConnectionEvent): void {
    if (event.kind !== "welcome" && event.kind !== "state" && event.kind !== "lines") return;
    const delivery = this.#stream.receive(event);
    if (delivery.kind !== "events") return;
    for (const { event, atMs } of delivery.events) {
      this.facts = learn(this.facts, event, atMs);
      this.onEvent(event);
    }
    this.#connection.painted(delivery.seq);
  }
}

/** The host's processor time while many point at once. */
export const pointers: Measurement = {
  name: "pointers",
  title: `${POINTERS} participants who move their pointers, ${MOVES_A_SECOND} times a second each`,
  run: async ({ collab, quick }: RunOptions): Promise<Row[]> => {
    await using host = startHeadless({ collab });
    const link = await host.link();
    using stack = new DisposableStack();
    const guests = Array.from(
      { length: POINTERS },
      (_, i) => stack.use(new Guest(link, `guest ${i}`)),
    );
    for (const guest of guests) await guest.joined();
    let told = 0;
    guests[0]!.onEvent = (event) => void (event.kind === "pointer" && told++);
    await delay(1_000); // the joins' own work is over
    const before = usage(host.pid);
    const seconds = quick ? 2 : 10;
    for (let move = 0; move < seconds * MOVES_A_SECOND; move++) {
      guests.forEach((guest, i) =>
        guest.say({ kind: "point", at: { x: (move + i) % 80, y: i % 24 } })
      );
      await delay(1_000 / MOVES_A_SECOND);
    }
    const after = usage(host.pid);
    return [
      {
        what: "CPU",
        who: "host",
        value: cores(before, after) * 100,
        unit: "% of a core",
        bar: { atMost: 10 },
      },
      {
        what: "moves told to each viewer",
        who: "host",
        value: told / ((after.atMs - before.atMs) / 1_000),
        unit: "a second",
        note: `of ${POINTERS * MOVES_A_SECOND}`,
      },
    ];
  },
};

/** Keys of a participant in control until their echo is back, on loopback and on a bad line. */
export const control: Measurement = {
  name: "control",
  title: "A key of a participant in control until its echo is there",
  run: async ({ collab, quick }: RunOptions): Promise<Row[]> => {
    const keys = quick ? 50 : 500;
    await using host = startHeadless({ collab, args: ["--mode", "collaborative"] });
    const link = await host.link();
    const rows: Row[] = [];
    for (const line of LINES) {
      await using proxy = new Proxy(new URL(link).host);
      Object.assign(proxy, line.bad);
      using guest = new Guest(line.bad === undefined ? link : proxy.link(link), "typist");
      await guest.joined();
      const times: number[] = [];
      for (let i = 0; i < (line.bad === undefined ? keys : Math.min(keys, 40)); i++) {
        times.push(await echo(guest));
      }
      rows.push({ what: "p50", who: line.who, value: quantile(times, 0.5), unit: "ms" });
      rows.push({ what: "p99", who: line.who, value: quantile(times, 0.99), unit: "ms" });
    }
    return rows;
  },
};

const LINES: readonly {
  readonly who: string;
  readonly bad?: { readonly delayMs: number; readonly loss: number };
}[] = [
  { who: "loopback" },
  { who: "200 ms there and back, 2 % lost", bad: { delayMs: 100, loss: 0.02 } },
];

async function echo(guest: Guest): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  guest.onEvent = (event) => {
    if (event.kind === "output" && event.data.includes("x")) resolve(performance.now() - from);
  };
  const from = performance.now();
  guest.type("x");
  const took = await promise;
  guest.onEvent = () => {};
  return took;
}
