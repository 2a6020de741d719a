/**
 * What the people of a session are called, in its audit log.
 *
 * @module
 */
import { PRESENTER_ID } from "../../format/session_data.ts";

/** Somebody, as the log names them. */
export type Who = { readonly id: string; readonly name: string };

interface Known {
  readonly name: string;
  readonly sinceMs: number;
}

/** How many of those who left are remembered: what is told of them a moment later still has their names. */
const GONE_MAX = 1_000;

/** Knows the names of those who are there, and of those who left last. */
export class People {
  readonly #here = new Map<string, Known>();
  readonly #gone = new Map<string, Known>();

  constructor(presenter: string, nowMs: number) {
    this.join(PRESENTER_ID, presenter, nowMs);
  }

  /** Somebody came. */
  join(id: string, name: string, nowMs: number): void {
    this.#gone.delete(id);
    this.#here.set(id, { name, sinceMs: nowMs });
  }

  /** Somebody left. Returns how long they were there, in milliseconds. */
  leave(id: string, nowMs: number): number | undefined {
    const known = this.#here.get(id);
    if (known === undefined) return undefined;
    this.#here.delete(id);
    this.#gone.set(id, known);
    for (const oldest of this.#gone.keys()) {
      if (this.#gone.size <= GONE_MAX) break;
      this.#gone.delete(oldest);
    }
    return Math.max(0, Math.round(nowMs - known.sinceMs));
  }

  /** Somebody, by name; by the id alone when it is not known. */
  who(id: string): Who {
    const { name } = this.#here.get(id) ?? this.#gone.get(id) ?? { name: wayOf(id) };
    return { id, name };
  }
}

/** What somebody is called of whom no more is known than how they reached the session. */
function wayOf(id: string): string {
  if (id === "ctl") return "collab ctl";
  return id.startsWith("api:") ? "admin API" : id;
}
