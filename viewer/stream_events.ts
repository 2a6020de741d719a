/**
 * The events of a live stream, from what a connection delivers: in order, with absolute times, and whole again after the
 * connection was cut.
 *
 * @module
 */
import { EventDecoder, type TimedEvent } from "../format/events.ts";
import { type Header, parseHeader } from "../format/header.ts";
import type { Welcome } from "../wire/client_session.ts";
import type { ConnectionEvent } from "../wire/connection.ts";

/** The viewer, as the host has it. */
export type You = Welcome["you"];

/** What a delivery means. */
export type Delivery =
  /** The viewer is in, for the first time or again. */
  | { readonly kind: "welcome"; readonly header: Header; readonly you: You }
  /** What happened, up to stream message `seq`. */
  | { readonly kind: "events"; readonly seq: number; readonly events: readonly TimedEvent[] };

type Delivered = Extract<ConnectionEvent, { kind: "welcome" | "state" | "lines" }>;

/** Reads deliveries. Throws a `LineError` when the host sends what is not an event. */
export class StreamEvents {
  #decoder = new EventDecoder();
  #ticket: string | undefined;
  /** Begins the next state when the host does not know what this viewer had. */
  #fresh: TimedEvent[] = [];
  #startMs: number | undefined;

  /** Session time of the first state; `undefined` before it. */
  get startMs(): number | undefined {
    return this.#startMs;
  }

  receive(delivered: Delivered): Delivery {
    switch (delivered.kind) {
      case "welcome": {
        const header = parseHeader(delivered.header);
        if (this.#ticket !== undefined && this.#ticket !== delivered.ticket) {
          this.#fresh = blank(header, delivered.atMs);
        }
        this.#ticket = delivered.ticket;
        return { kind: "welcome", header, you: delivered.you };
      }
      case "state": {
        this.#startMs ??= delivered.atMs;
        // The stream goes on from the state's time.
        this.#decoder = new EventDecoder(delivered.atMs);
        const events = [...this.#fresh, ...this.#decoder.decodeAll(delivered.lines)];
        this.#fresh = [];
        return { kind: "events", seq: delivered.seq, events };
      }
      case "lines":
        return {
          kind: "events",
          seq: delivered.seq,
          events: this.#decoder.decodeAll(delivered.lines),
        };
      default:
        return delivered satisfies never;
    }
  }
}

/** An empty terminal of the session's size. */
function blank({ cols, rows }: Header, atMs: number): TimedEvent[] {
  return [
    { atMs, event: { kind: "resize", cols, rows } },
    { atMs, event: { kind: "output", data: "\x1bc" } },
  ];
}
