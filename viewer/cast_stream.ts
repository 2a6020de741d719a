/**
 * `collab watch --cast`: the stream as an asciicast v3 recording on standard output.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";
import { type CastEvent, EventEncoder } from "../format/events.ts";
import { encodeHeader } from "../format/header.ts";
import { PeerError } from "../wire/closing.ts";
import type { Connection, ConnectionEvent, ConnectOptions } from "../wire/connection.ts";
import type { End } from "../wire/reconnect.ts";
import type { LineSink } from "./output.ts";
import { StreamEvents } from "./stream_events.ts";

/** What a {@link CastStream} needs of the world. */
export interface CastDeps {
  readonly out: LineSink;
  readonly connect: (
    options: Pick<ConnectOptions, "onEvent">,
  ) => Pick<Connection, "painted" | "close">;
}

/** How it ended: the session's end, that nobody reads any more, or an error of the host. */
export type CastEnd =
  | { readonly kind: "session"; readonly end: End }
  | { readonly kind: "unread" }
  | { readonly kind: "failed"; readonly error: CollabError };

/** What may wait to be written, in UTF-16 units: no host that heeds acknowledgements sends so much without one. */
const PENDING_MAX_LENGTH = 128 << 20;

/**
 * Prints a session as a recording that begins now: the header, then what draws the screen as it is, then what happens. A
 * reader that is slow holds back acknowledgements, so that the host skips to the present; with a host that does not, it
 * ends as `message-flood`. What is printed does nothing to a terminal.
 */
export function castStream(deps: CastDeps): Promise<CastEnd> {
  return new CastStream(deps).ended;
}

class CastStream {
  readonly ended: Promise<CastEnd>;
  readonly #out: LineSink;
  readonly #stream = new StreamEvents();
  readonly #connection: Pick<Connection, "painted" | "close">;
  readonly #finish: (end: CastEnd) => void;
  #encoder: EventEncoder | undefined;
  #header: string | undefined;
  /** Whole lines that are not written yet, and the message they came with. */
  #pending = "";
  #seq = 0;
  #writing: Promise<void> | undefined;

  constructor({ out, connect }: CastDeps) {
    const { promise, resolve } = Promise.withResolvers<CastEnd>();
    this.ended = promise;
    this.#finish = resolve;
    this.#out = out;
    this.#connection = connect({ onEvent: (event) => this.#receive(event) });
  }

  #receive(event: ConnectionEvent): void {
    switch (event.kind) {
      case "latency":
      case "notice":
      case "link":
      case "pane":
        return;
      case "status": {
        const { status } = event;
        if (status.kind === "ended") void this.#end({ kind: "session", end: status.end });
        return;
      }
      case "welcome":
      case "state":
      case "lines":
        return this.#deliver(event);
      default:
        return event satisfies never;
    }
  }

  #deliver(event: Extract<ConnectionEvent, { kind: "welcome" | "state" | "lines" }>): void {
    try {
      const delivery = this.#stream.receive(event);
      if (delivery.kind === "welcome") {
        this.#header ??= harmless(encodeHeader(delivery.header));
        return;
      }
      if (this.#encoder === undefined) {
        this.#encoder = new EventEncoder(this.#stream.startMs ?? 0);
        this.#pending += this.#header ?? "";
      }
      for (const { atMs, event } of delivery.events) {
        if (isRecorded(event)) this.#pending += harmless(this.#encoder.encode(event, atMs));
      }
      if (this.#pending.length > PENDING_MAX_LENGTH) throw new PeerError("message-flood");
      this.#seq = delivery.seq;
      void this.#write();
    } catch (error) {
      if (!(error instanceof CollabError)) throw error;
      this.#fail(new CollabError(error.code, `Cannot follow the session: ${error.message}`));
    }
  }

  /** Writes what is pending, one write at a time, and tells the host how far it got. */
  #write(): Promise<void> {
    if (this.#pending === "") return this.#writing ?? Promise.resolve();
    return this.#writing ??= this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    while (this.#pending !== "") {
      const lines = this.#pending, seq = this.#seq;
      this.#pending = "";
      try {
        await this.#out.write(lines);
      } catch {
        this.#connection.close();
        this.#finish({ kind: "unread" });
        break;
      }
      this.#connection.painted(seq);
    }
    // Here, and not once that is told: what comes in between would be left behind at the end.
    this.#writing = undefined;
  }

  #fail(error: CollabError): void {
    // Whoever has not read so much will not read the rest soon.
    if (error.code !== "message-flood") return void this.#end({ kind: "failed", error });
    this.#pending = "";
    this.#connection.close();
    this.#finish({ kind: "failed", error });
  }

  /** What came before the end is written before it. */
  async #end(end: CastEnd): Promise<void> {
    await this.#write();
    this.#connection.close();
    this.#finish(end);
  }
}

/** How many lines were left out is of this viewer's line, not of the session. */
function isRecorded(event: CastEvent): boolean {
  return event.kind !== "skipped";
}

/** JSON lines without the control characters that it leaves as they are, and a terminal does not. */
function harmless(lines: string): string {
  return lines.replace(/[\x7f-\x9f]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
}
