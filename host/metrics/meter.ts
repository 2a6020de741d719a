/**
 * Counts what happens around a session. What the session, the stream and the connections do often they count
 * themselves, in plain numbers; all of it is put together when somebody asks.
 *
 * @module
 */
import { PRESENTER_ID } from "../../format/session_data.ts";
import { type Role, ROLES } from "../../wire/role.ts";
import type { WireSocket } from "../../wire/socket.ts";
import type { HostEvent } from "../events.ts";
import type { Participant, Presence } from "../participants.ts";
import type { HistogramMeasure, SessionMeasures } from "./measures.ts";

/** Where the rest is read, when somebody asks. */
export interface MeterSources {
  /** Whether the program runs. */
  readonly active: boolean;
  readonly participants: { readonly list: readonly Pick<Participant, "role">[] };
  /** The session's own counts. */
  readonly session: {
    readonly frames: number;
    readonly outputBytes: number;
    readonly echoLatency: HistogramMeasure;
  };
  /** The stream's own counts. */
  readonly stream: {
    readonly deltas: { readonly all: number; readonly one: number };
    readonly framesSkipped: number;
    readonly count: number;
    readonly lag: { readonly viewers: number; readonly bytes: number; readonly maxBytes: number };
  };
  readonly redactions: ReadonlyMap<string, number>;
  /** What waits for the program to read it. */
  readonly inputWaitingBytes: number;
  /** What waits for the disk. */
  readonly recordingWaitingBytes: number;
}

/** Counts for one session. */
export class Meter {
  readonly #joins = byRole();
  #rejoins = 0;
  #leaves = 0;
  readonly #refusals = new Map<string, number>();
  readonly #handoffs = { grant: 0, revoke: 0, mode: 0 };
  readonly #inputBytes = { presenter: 0, participant: 0, agent: 0 };
  readonly #traffic = { received: 0, sent: 0 };
  /** What viewers would have been sent of the program's own output, up to where it was looked last. */
  #rawBytes = 0;
  #rawUpTo = 0;

  /** Somebody came, is cut off, came back or is gone. */
  presence(presence: Presence, role: Role): void {
    switch (presence) {
      case "join":
        this.#joins[role]++;
        return;
      case "back":
        this.#rejoins++;
        return;
      case "leave":
        this.#leaves++;
        return;
      case "away":
        return;
      default:
        return presence satisfies never;
    }
  }

  /** Somebody was not let in. `code` is one of few. */
  refused(code: string): void {
    this.#refusals.set(code, (this.#refusals.get(code) ?? 0) + 1);
  }

  /** Something was reported: control may have changed hands. */
  reported(event: HostEvent): void {
    if (event.event === "control") this.#handoffs[event.change]++;
  }

  /** Somebody types into the program. */
  typed(id: string, bytes: number, type: Participant["type"] | undefined): void {
    const kind = id === PRESENTER_ID ? "presenter" : type === "agent" ? "agent" : "participant";
    this.#inputBytes[kind] += bytes;
  }

  /** How many watch is about to change. */
  watching(count: number, outputBytes: number): void {
    this.#rawBytes += (outputBytes - this.#rawUpTo) * count;
    this.#rawUpTo = outputBytes;
  }

  /** A socket whose messages are counted. */
  counted(socket: WireSocket): WireSocket {
    return new CountedSocket(socket, this.#traffic);
  }

  /** All that was counted until now. */
  measure(sources: MeterSources): SessionMeasures {
    const { session, stream } = sources;
    this.watching(stream.count, session.outputBytes);
    const { received, sent } = this.#traffic;
    const participants = byRole();
    for (const { role } of sources.participants.list) participants[role]++;
    return {
      activeSessions: sources.active ? 1 : 0,
      participants,
      joins: { ...this.#joins },
      rejoins: this.#rejoins,
      leaves: this.#leaves,
      refusals: Object.fromEntries(this.#refusals),
      frames: session.frames,
      deltas: { all: stream.deltas.all, one: stream.deltas.one },
      framesSkipped: stream.framesSkipped,
      outputBytes: session.outputBytes,
      receivedBytes: received,
      sentBytes: sent,
      savedBytes: this.#rawBytes - sent,
      redactions: Object.fromEntries(sources.redactions),
      inputBytes: { ...this.#inputBytes },
      handoffs: { ...this.#handoffs },
      queueBytes: {
        input: sources.inputWaitingBytes,
        recording: sources.recordingWaitingBytes,
        viewers: stream.lag.bytes,
      },
      laggingViewers: stream.lag.viewers,
      maxViewerLagBytes: stream.lag.maxBytes,
      echoLatency: session.echoLatency,
    };
  }
}

/** A socket that adds up what goes through it. */
class CountedSocket implements WireSocket {
  onmessage: WireSocket["onmessage"] = null;
  onclose: WireSocket["onclose"] = null;
  readonly #socket: WireSocket;
  readonly #traffic: { sent: number };

  constructor(socket: WireSocket, traffic: { received: number; sent: number }) {
    this.#socket = socket;
    this.#traffic = traffic;
    socket.onmessage = (message) => {
      traffic.received += message.length;
      this.onmessage?.(message);
    };
    socket.onclose = (code, reason) => this.onclose?.(code, reason);
  }

  send(message: Uint8Array): void {
    this.#traffic.sent += message.length;
    this.#socket.send(message);
  }

  close(code?: number, reason?: string): void {
    this.#socket.close(code, reason);
  }
}

function byRole(): Record<Role, number> {
  return Object.fromEntries(ROLES.map((role) => [role, 0])) as Record<Role, number>;
}
