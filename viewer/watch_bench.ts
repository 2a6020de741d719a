/**
 * A viewer for tests, and the host it is connected to.
 *
 * @module
 */
import { type CastEvent, EventEncoder } from "../format/events.ts";
import { encodeHeader } from "../format/header.ts";
import type { JsonObject } from "../format/json.ts";
import { rowText } from "../format/row.ts";
import { Screen } from "../format/screen.ts";
import type { ConnectionEvent, ViewerCommandJson } from "../wire/connection.ts";
import type { ReconnectState } from "../wire/reconnect.ts";
import type { Role } from "../wire/role.ts";
import { FakeClock, FakeTerminal, settled } from "./fakes.ts";
import { type WatchEnd, Watcher } from "./watch.ts";

const LIVE: ReconnectState = {
  kind: "live",
  attempt: 1,
  welcomed: true,
  sinceMs: 0,
  heardMs: 0,
  nextPingMs: 0,
};

/** What a {@link WatchBench} is made with. */
export interface WatchBenchOptions {
  readonly cols?: number;
  readonly rows?: number;
  /** The role of the viewer's link. Default `control`. */
  readonly role?: Role;
  readonly menuKey?: string;
}

/** A viewer, and the host it is connected to. */
export class WatchBench implements Disposable {
  readonly clock = new FakeClock();
  readonly terminal: FakeTerminal;
  readonly painted: number[] = [];
  /** What the host was told. */
  readonly sent: ViewerCommandJson[] = [];
  connected = true;
  readonly watcher: Watcher;
  closed = false;
  end: WatchEnd | undefined;
  #emit!: (event: ConnectionEvent) => void;
  readonly #encoder = new EventEncoder(60_000);
  #seq = 0;
  #atMs = 60_000;
  readonly #role: Role;

  constructor(options: WatchBenchOptions = {}) {
    const { cols = 60, rows = 7, role = "control", menuKey } = options;
    this.#role = role;
    this.terminal = new FakeTerminal({ cols, rows });
    this.watcher = new Watcher({
      terminal: this.terminal,
      clock: this.clock,
      connect: ({ onEvent }) => {
        this.#emit = onEvent;
        return {
          painted: (seq) => this.painted.push(seq),
          send: (command) => {
            if (this.connected) this.sent.push(command);
            return this.connected;
          },
          close: () => this.closed = true,
        };
      },
      connectionNow: () => this.clock.now(),
      ...(menuKey !== undefined && { menuKey }),
    });
    void this.watcher.ended.then((end) => this.end = end);
  }

  emit(event: ConnectionEvent): this {
    this.#emit(event);
    return this;
  }

  status(status: ReconnectState): this {
    return this.emit({ kind: "status", status });
  }

  /** Welcomes the viewer to a session of 60 × 6. */
  welcome(ticket = "ticket"): this {
    const header = encodeHeader({ version: 3, cols: 60, rows: 6, title: "incident", extra: {} });
    return this.emit({
      kind: "welcome",
      you: { id: "p1", name: "Ada", role: this.#role },
      ticket,
      expiresAtMs: 0,
      epoch: 1,
      seq: this.#seq,
      atMs: this.#atMs,
      header,
    }).status(LIVE);
  }

  state(...events: CastEvent[]): this {
    const encoder = new EventEncoder(this.#atMs);
    const lines = events.map((event) => encoder.encode(event, this.#atMs)).join("");
    return this.emit({ kind: "state", seq: this.#seq, atMs: this.#atMs, lines });
  }

  lines(...events: CastEvent[]): this {
    const lines = events.map((event) => this.#encoder.encode(event, this.#atMs)).join("");
    return this.emit({ kind: "lines", seq: ++this.#seq, lines });
  }

  /** What happens to control. */
  control(data: JsonObject): this {
    return this.lines({ kind: "control", data });
  }

  /** Control is given to somebody, for so long or until it is taken back. */
  grant(id: string, turn: number, forMs?: number): this {
    return this.control({
      kind: "grant",
      id,
      by: "host",
      mode: "participant",
      holder: id,
      turn,
      ...(forMs !== undefined && { untilMs: this.#atMs + forMs }),
    });
  }

  /** Control goes back to the presenter. */
  revoke(id: string, turn: number, why: string): this {
    return this.control({ kind: "revoke", id, by: "host", why, mode: "presenter", turn });
  }

  /** Somebody points. */
  pointer(data: JsonObject): this {
    return this.lines({ kind: "pointer", data });
  }

  out(data: string): this {
    return this.lines({ kind: "output", data });
  }

  /** Joins and gets a screen. */
  join(): this {
    return this.welcome().state({ kind: "output", data: "hello" }, {
      kind: "participant",
      data: {
        kind: "roster",
        count: 2,
        participants: [
          { id: "host", name: "Grace", role: "presenter" },
          { id: "p1", name: "Ada", role: this.#role, type: "person", color: 1 },
          { id: "p2", name: "Bob", role: "agent", type: "agent", color: 2 },
        ],
      },
    });
  }

  async wait(ms: number): Promise<this> {
    this.clock.advance(ms);
    this.#atMs += ms;
    await settled();
    return this;
  }

  /** The lines that the terminal shows. */
  async shows(): Promise<string[]> {
    await settled();
    using screen = new Screen(this.terminal.size);
    screen.write(this.terminal.output);
    return screen.frame().lines.map(rowText);
  }

  /** What was sent since the last call. */
  takeSent(): ViewerCommandJson[] {
    return this.sent.splice(0);
  }

  /** What is in the status line. */
  async statusLine(): Promise<string> {
    return (await this.shows()).at(-1)!;
  }

  [Symbol.dispose](): void {
    this.watcher[Symbol.dispose]();
  }
}
