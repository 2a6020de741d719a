/**
 * Who is in a session.
 *
 * @module
 */
import type { CastEvent } from "../format/events.ts";
import type { JsonObject } from "../format/json.ts";
import { clip } from "../format/text_row.ts";
import type { ViewerPeer } from "../wire/viewer_peer.ts";
import type { Clock } from "./clock.ts";
import type { Reporter } from "./events.ts";

/** A viewer's connection, as far as it says who somebody is. */
export type ParticipantPeer = Pick<
  ViewerPeer,
  "id" | "name" | "claims" | "latencyMs" | "onClose" | "closed"
>;

/** Somebody who watches. */
export interface Participant {
  readonly id: string;
  /** Told apart from everybody else's. */
  readonly name: string;
  readonly role: string;
  /** Session time of the join. */
  readonly sinceMs: number;
  /** The connection; `undefined` while it is cut. */
  readonly peer: ParticipantPeer | undefined;
}

/** What participants are told to. */
export interface ParticipantsOptions {
  /** Session time. */
  readonly clock: Clock;
  /** What the presenter is called. */
  readonly presenter: string;
  note(event: CastEvent): void;
  readonly reporter: Reporter;
}

/** How long somebody whose connection was cut may take to come back without having left. */
const AWAY_MS = 5_000;
/** Most participants that a roster names. */
const ROSTER_NAMES = 100;
/** Widest name before a number is added to it. */
const NAME_COLUMNS = 28;
const PRESENTER_ID = "host";

interface Entry {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly sinceMs: number;
  peer: ParticipantPeer | undefined;
  cancelAway: () => void;
}

/** Keeps who is there, and tells of those who come and go. */
export class Participants {
  readonly #options: ParticipantsOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: ParticipantsOptions) {
    this.#options = options;
  }

  /** Everybody who watches, in the order of their coming. */
  get list(): readonly Participant[] {
    return [...this.#entries.values()];
  }

  /** How many are connected. */
  get watching(): number {
    let count = 0;
    for (const { peer } of this.#entries.values()) if (peer !== undefined) count++;
    return count;
  }

  /** Everybody, the presenter first, as an event's data. Beyond a hundred only the count tells. */
  roster(): JsonObject {
    const named = [...this.#entries.values()].slice(0, ROSTER_NAMES);
    return {
      kind: "roster",
      count: this.#entries.size,
      participants: [
        { id: PRESENTER_ID, name: this.#options.presenter, role: "presenter" },
        ...named.map(({ id, name, role }) => ({ id, name, role })),
      ],
    };
  }

  /** The presenter is there from the beginning. */
  begin(): void {
    const { note, presenter } = this.#options;
    note({
      kind: "participant",
      data: { kind: "join", id: PRESENTER_ID, name: presenter, role: "presenter" },
    });
  }

  /** A viewer was let in, for the first time or again. `gone` is called when its connection is. */
  join(peer: ParticipantPeer, gone: () => void): void {
    peer.onClose((reason) => {
      gone();
      if (reason === "ended") return;
      // Superseded: the same participant's next connection joins at once.
      this.#closed(peer, reason === "cut" || reason === "superseded");
    });
    const known = this.#entries.get(peer.id);
    if (known !== undefined) {
      known.cancelAway();
      known.peer = peer;
      return;
    }
    const { clock, note, reporter } = this.#options;
    const role = peer.claims.role;
    const name = this.#ownName(peer.name);
    this.#entries.set(peer.id, {
      id: peer.id,
      name,
      role,
      sinceMs: clock.now(),
      peer,
      cancelAway: () => {},
    });
    note({ kind: "participant", data: { kind: "join", id: peer.id, name, role } });
    reporter.report({ event: "join", id: peer.id, name, role, watching: this.watching });
  }

  /** Forgets everybody: the session has ended. */
  end(): void {
    for (const entry of this.#entries.values()) entry.cancelAway();
    this.#entries.clear();
  }

  #closed(peer: ParticipantPeer, cut: boolean): void {
    const entry = this.#entries.get(peer.id);
    if (entry === undefined || entry.peer !== peer) return;
    entry.peer = undefined;
    if (cut) entry.cancelAway = this.#options.clock.after(AWAY_MS, () => this.#leave(entry));
    else this.#leave(entry);
  }

  #leave(entry: Entry): void {
    const { id, name } = entry;
    this.#entries.delete(id);
    this.#options.note({ kind: "participant", data: { kind: "leave", id, name } });
    this.#options.reporter.report({ event: "leave", id, name, watching: this.watching });
  }

  #ownName(wanted: string): string {
    const taken = new Set([this.#options.presenter]);
    for (const { name } of this.#entries.values()) taken.add(name);
    const base = clip(wanted, NAME_COLUMNS) || "guest";
    let name = wanted || base;
    for (let i = 2; taken.has(name); i++) name = `${base} ${i}`;
    return name;
  }
}
