/**
 * Who may come in: what a host remembers of tokens and participants.
 *
 * @module
 */
import { toBase64Url } from "./bytes.ts";
import { PeerError } from "./closing.ts";
import type { Claims } from "./token.ts";

/** A participant's place in the session. It outlives a cut connection. */
export interface Seat {
  /** Who the participant is, for as long as the session lasts: `p1`, `p2` … */
  readonly id: string;
  /** What lets it come back. */
  readonly ticket: string;
  readonly claims: Claims;
}

/** How a viewer asks to come in. */
export interface Request {
  readonly claims: Claims;
  /** What it was given when it was in before. */
  readonly ticket: string | undefined;
}

/** Most seats that are remembered; the oldest is forgotten first, which only matters to who is away. */
const MAX_SEATS = 10_000;

/** Tells who may come in, once a token's signature is checked and the viewer has shown that it knows the secret. */
export class Admission {
  readonly #seats = new Map<string, Seat>();
  /** Names of single-use tokens that let someone in, with their expiry. */
  readonly #spent = new Map<string, number>();
  /** Names of tokens that were withdrawn, with their expiry. */
  readonly #revoked = new Map<string, number>();
  /** What takes a seat from the connection that holds it. */
  readonly #holders = new WeakMap<Seat, () => void>();
  #lastId = 0;

  /**
   * Gives the viewer its own seat again, or a new one. Throws a {@link PeerError}: `token-expired`, `token-revoked` or
   * `token-spent`.
   */
  admit(request: Request, nowMs: number): Seat {
    const { claims, ticket } = request;
    if (claims.expiresAtMs <= nowMs) throw new PeerError("token-expired");
    if (this.#revoked.has(claims.id)) throw new PeerError("token-revoked");
    const own = ticket === undefined ? undefined : this.#seats.get(ticket);
    if (own !== undefined && own.claims.id === claims.id) return own;
    if (claims.single) this.#spend(claims, nowMs);
    return this.#take(claims);
  }

  /** Gives a connection the seat; the one that had it is told through its own `supersede`. */
  occupy(seat: Seat, supersede: () => void): void {
    this.#holders.get(seat)?.();
    this.#holders.set(seat, supersede);
  }

  /** Forgets a participant: its ticket no longer lets it come back. */
  forget(id: string): void {
    for (const seat of this.#seats.values()) {
      if (seat.id === id) this.#seats.delete(seat.ticket);
    }
  }

  /** Withdraws a token: it lets no one in, nor back in. Who is in with it stays until disconnected. */
  revoke({ id, expiresAtMs }: Pick<Claims, "id" | "expiresAtMs">, nowMs: number): void {
    dropExpired(this.#revoked, nowMs);
    this.#revoked.set(id, expiresAtMs);
    for (const seat of this.#seats.values()) {
      if (seat.claims.id === id) this.#seats.delete(seat.ticket);
    }
  }

  #spend(claims: Claims, nowMs: number): void {
    if (this.#spent.has(claims.id)) throw new PeerError("token-spent");
    dropExpired(this.#spent, nowMs);
    this.#spent.set(claims.id, claims.expiresAtMs);
  }

  #take(claims: Claims): Seat {
    const ticket = toBase64Url(crypto.getRandomValues(new Uint8Array(16)));
    const seat = { id: `p${++this.#lastId}`, ticket, claims };
    this.#seats.set(ticket, seat);
    const [oldest] = this.#seats.keys();
    if (this.#seats.size > MAX_SEATS && oldest !== undefined) this.#seats.delete(oldest);
    return seat;
  }
}

/** An expired token lets no one in, whatever is remembered of it. */
function dropExpired(tokens: Map<string, number>, nowMs: number): void {
  for (const [id, expiresAtMs] of tokens) if (expiresAtMs <= nowMs) tokens.delete(id);
}
