/**
 * Who is in a session.
 *
 * @module
 */
import type { CastEvent } from "../format/events.ts";
import type { JsonObject } from "../format/json.ts";
import { PERSON_COLORS } from "../format/person_colors.ts";
import {
  type ParticipantData,
  type Person,
  PRESENTER_ID,
  PRESENTER_ROLE,
} from "../format/session_data.ts";
import { clip } from "../format/text_row.ts";
import type { Role } from "../wire/role.ts";
import type { ClosingCode } from "../wire/closing.ts";
import type { GoneReason, ViewerPeer } from "../wire/viewer_peer.ts";
import type { Clock } from "./clock.ts";
import type { Reporter } from "./events.ts";

/** A viewer's connection, as far as it says who somebody is. */
export type ParticipantPeer = Pick<
  ViewerPeer,
  "id" | "name" | "agent" | "claims" | "latencyMs" | "onClose" | "closed" | "close"
>;

/** Somebody who watches. */
export interface Participant extends Person {
  readonly role: Role;
  /** The id of the link that they came in with. */
  readonly link: string;
  /** Session time of the join. */
  readonly sinceMs: number;
  /** The connection; `undefined` while it is cut. */
  readonly peer: ParticipantPeer | undefined;
}

/** How somebody's presence changes. */
export type Presence = "join" | "away" | "back" | "leave";

/** What participants are told to. */
export interface ParticipantsOptions {
  /** Session time. */
  readonly clock: Clock;
  /** What the presenter is called. */
  readonly presenter: string;
  note(event: CastEvent): void;
  readonly reporter: Reporter;
  /** Somebody came, is cut off, came back or is gone for good; `why`, when it was not their own will. */
  readonly onPresence?: (presence: Presence, participant: Participant, why?: ClosingCode) => void;
}

/** How long somebody whose connection was cut may take to come back without having left. */
const AWAY_MS = 5_000;
/** Most participants that a roster names. */
const ROSTER_NAMES = 100;
/** Widest name before a number is added to it. */
const NAME_COLUMNS = 28;
/** The presenter's own colour. */
const PRESENTER_COLOR = 0;

interface Entry extends Participant {
  peer: ParticipantPeer | undefined;
  cancelAway: () => void;
}

/** Keeps who is there, and tells of those who come and go. */
export class Participants {
  readonly #options: ParticipantsOptions;
  readonly #entries = new Map<string, Entry>();
  /** How many have each colour. */
  readonly #colors: number[] = PERSON_COLORS.map((_, i) => i === PRESENTER_COLOR ? 1 : 0);

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

  /** Somebody by their id. */
  get(id: string): Participant | undefined {
    return this.#entries.get(id);
  }

  /** Somebody by their id or, whatever the case of its letters, their name. */
  find(who: string): Participant | undefined {
    const name = who.toLowerCase();
    return this.#entries.get(who) ??
      this.list.find((participant) => participant.name.toLowerCase() === name);
  }

  /** What somebody is called, the presenter too; their id when they are gone. */
  nameOf(id: string): string {
    if (id === PRESENTER_ID) return this.#options.presenter;
    return this.#entries.get(id)?.name ?? id;
  }

  /** Everybody, the presenter first, as an event's data. Beyond a hundred only the count tells. */
  roster(): JsonObject {
    const named = [...this.#entries.values()].slice(0, ROSTER_NAMES);
    return {
      kind: "roster",
      count: this.#entries.size,
      participants: [this.#presenter(), ...named.map(personOf)],
    } satisfies ParticipantData & JsonObject;
  }

  /** The presenter is there from the beginning. */
  begin(): void {
    this.#note({ kind: "join", ...this.#presenter() });
  }

  /** A viewer was let in, for the first time or again. `gone` is called when its connection is. */
  join(peer: ParticipantPeer, gone: () => void): void {
    peer.onClose((reason) => {
      gone();
      if (reason === "ended") return;
      this.#closed(peer, reason);
    });
    const known = this.#entries.get(peer.id);
    if (known === undefined) return this.#welcome(peer);
    known.cancelAway();
    const away = known.peer === undefined;
    known.peer = peer;
    if (away) this.#options.onPresence?.("back", known);
  }

  /** Somebody who is cut off shall not come back. */
  forget(id: string, why: ClosingCode): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.cancelAway();
    this.#leave(entry, why);
  }

  /** Forgets everybody: the session has ended. */
  end(): void {
    for (const entry of this.#entries.values()) entry.cancelAway();
    this.#entries.clear();
  }

  #welcome(peer: ParticipantPeer): void {
    const entry: Entry = {
      id: peer.id,
      name: this.#ownName(peer.name),
      role: peer.claims.role,
      link: peer.claims.id,
      type: peer.agent ? "agent" : "person",
      color: this.#takeColor(),
      sinceMs: this.#options.clock.now(),
      peer,
      cancelAway: () => {},
    };
    this.#entries.set(peer.id, entry);
    this.#note({ kind: "join", ...personOf(entry) });
    this.#options.reporter.report({ event: "join", ...personOf(entry), watching: this.watching });
    this.#options.onPresence?.("join", entry);
  }

  #closed(peer: ParticipantPeer, reason: GoneReason): void {
    const entry = this.#entries.get(peer.id);
    if (entry === undefined || entry.peer !== peer) return;
    entry.peer = undefined;
    // Superseded: the same participant's next connection joins at once.
    if (reason !== "cut" && reason !== "superseded") {
      return this.#leave(entry, reason === "left" ? undefined : reason);
    }
    entry.cancelAway = this.#options.clock.after(AWAY_MS, () => this.#leave(entry));
    this.#options.onPresence?.("away", entry);
  }

  #leave(entry: Entry, why?: ClosingCode): void {
    const { id, name, color } = entry;
    this.#options.onPresence?.("leave", entry, why);
    this.#entries.delete(id);
    this.#colors[color]!--;
    this.#note({ kind: "leave", id, name });
    const { watching } = this;
    this.#options.reporter.report({
      event: "leave",
      id,
      name,
      watching,
      ...(why !== undefined && { why }),
    });
  }

  #note(data: ParticipantData & JsonObject): void {
    this.#options.note({ kind: "participant", data });
  }

  #presenter(): Person & JsonObject {
    return {
      id: PRESENTER_ID,
      name: this.#options.presenter,
      role: PRESENTER_ROLE,
      type: "person",
      color: PRESENTER_COLOR,
    };
  }

  /** The colour that the fewest have. */
  #takeColor(): number {
    const color = this.#colors.indexOf(Math.min(...this.#colors));
    this.#colors[color]!++;
    return color;
  }

  #ownName(wanted: string): string {
    const taken = new Set([this.#options.presenter.toLowerCase()]);
    for (const { name } of this.#entries.values()) taken.add(name.toLowerCase());
    const base = clip(wanted, NAME_COLUMNS) || "guest";
    let name = wanted || base;
    for (let i = 2; taken.has(name.toLowerCase()); i++) name = `${base} ${i}`;
    return name;
  }
}

function personOf({ id, name, role, type, color }: Person): Person & JsonObject {
  return { id, name, role, type, color };
}
