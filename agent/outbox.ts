/**
 * What a program sends: one thing after the other, each until the host has taken it, no faster than the host lets pass.
 *
 * @module
 */
import type { ViewerCommandJson } from "../wire/connection.ts";
import type { InputPart } from "../wire/input.ts";
import { type NoticeCode, noticeText } from "../wire/notices.ts";
import { type Budget, type Cost, RESTED, spend } from "./budget.ts";
import type { Clock } from "../viewer/clock.ts";
import { AgentError, type AgentErrorCode } from "./errors.ts";

/** What is sent through. */
export interface OutboxConnection {
  send(command: ViewerCommandJson): boolean;
  /** Whether the host has taken in all that was sent before; calls `onAnswer` as soon as it has. */
  answered(onAnswer?: () => void): Promise<boolean>;
}

/** Where something is typed: into the session, or into a pane of one's own. */
export interface Lane {
  readonly pane?: true;
  /** Which turn it is. */
  turn(): number;
  /** Why nothing may be typed now. */
  refusal(): AgentError | undefined;
  /** Control, or the pane, went while something was typed. */
  lost(): AgentError;
}

/** What an {@link Outbox} asks. */
export interface OutboxDeps extends Lane {
  readonly connection: OutboxConnection;
  readonly clock: Clock;
  /** The connection went, or is not there. */
  gone(): AgentError;
}

/** Pieces that may be on their way at once: more would be faster far away, and more is lost when control goes. */
const WINDOW = 2;

const REFUSALS: Readonly<Partial<Record<NoticeCode, AgentErrorCode>>> = {
  "read-only": "read-only",
  "role-forbids": "role-forbids",
  "not-in-control": "control-lost",
  "out-of-turn": "control-lost",
  "no-pane": "control-lost",
  "input-paused": "input-paused",
  "input-refused": "input-refused",
  "input-unknown": "bad-key",
  "paste-dropped": "paste-dropped",
  "paste-waiting": "paste-dropped",
};

/** Sends in order. */
export class Outbox {
  readonly #deps: OutboxDeps;
  #budget: Budget = RESTED;
  /** Resolves when all that was given before is through. */
  #tail: Promise<void> = Promise.resolve();
  /** What the host said while something is under way. */
  #notices: NoticeCode[] = [];
  /** Turns in which the host refused: what is known of control is older than what the host knows. */
  readonly #stale: { session: number | undefined; pane: number | undefined } = {
    session: undefined,
    pane: undefined,
  };
  readonly #waits = new Set<() => void>();

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
  }

  /** The host said something. */
  notice(code: NoticeCode): void {
    this.#notices.push(code);
  }

  /** Nothing waits any more for its time. */
  wake(): void {
    for (const wake of [...this.#waits]) wake();
  }

  /**
   * Types messages of parts. Resolves to what the host said of them when it has them all.
   *
   * @param onTaking called when all has arrived that the host said before it takes them
   */
  type(
    messages: readonly (readonly InputPart[])[],
    lane: Lane = this.#deps,
    onTaking?: () => void,
  ): Promise<readonly NoticeCode[]> {
    return this.#inTurn(() => this.#type(messages, lane, onTaking));
  }

  /** Sends one command. Resolves to what the host said of it. */
  command(command: ViewerCommandJson): Promise<readonly NoticeCode[]> {
    return this.#inTurn(async () => {
      await this.#pace({ messages: 1, bytes: 0 }, () => {});
      if (!this.#deps.connection.send(command)) throw this.#deps.gone();
      if (!await this.#deps.connection.answered()) throw this.#deps.gone();
      return this.#notices;
    });
  }

  async #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const before = this.#tail;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#tail = promise;
    await before;
    this.#notices = [];
    try {
      return await run();
    } finally {
      resolve();
    }
  }

  async #type(
    messages: readonly (readonly InputPart[])[],
    lane: Lane,
    onTaking: (() => void) | undefined,
  ): Promise<readonly NoticeCode[]> {
    const { connection } = this.#deps;
    this.#check(lane);
    if (onTaking !== undefined) await this.#pace({ messages: 1, bytes: 0 }, () => {});
    // Not waited for: the host answers this before it takes what is sent next.
    if (onTaking !== undefined) void connection.answered(onTaking);
    const turn = lane.turn();
    const check = (): void => this.#checkTurn(lane, turn);
    const own = lane.pane && { pane: lane.pane };
    const under: Promise<boolean>[] = [];
    const answer = async (): Promise<void> => {
      if (!await under.shift()) throw this.#deps.gone();
      check();
    };
    for (const parts of messages) {
      await this.#pace(costOf(parts), check);
      if (!connection.send({ kind: "input", turn, parts: [...parts], ...own })) {
        throw this.#deps.gone();
      }
      under.push(connection.answered());
      if (under.length >= WINDOW) await answer();
    }
    while (under.length > 0) await answer();
    return this.#notices;
  }

  /** Whether typing can begin. */
  #check(lane: Lane): void {
    const refusal = lane.refusal();
    if (refusal !== undefined) throw refusal;
    if (this.#stale[stalenessOf(lane)] === lane.turn()) throw lane.lost();
  }

  /** Whether typing that began in a turn can go on. */
  #checkTurn(lane: Lane, turn: number): void {
    for (const notice of this.#notices) {
      const code = REFUSALS[notice];
      if (code === undefined) continue;
      if (code === "control-lost") {
        this.#stale[stalenessOf(lane)] = turn;
        throw lane.lost();
      }
      throw new AgentError(code, noticeText(notice));
    }
    if (lane.turn() !== turn) throw lane.lost();
    const refusal = lane.refusal();
    if (refusal !== undefined) throw refusal;
  }

  /** Waits until something may be sent. @param check throws when it is not to be sent any more */
  async #pace(cost: Cost, check: () => void): Promise<void> {
    for (;;) {
      check();
      const { budget, waitMs } = spend(this.#budget, cost, this.#deps.clock.now());
      this.#budget = budget;
      if (waitMs === 0) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const cancel = this.#deps.clock.after(waitMs, resolve);
      this.#waits.add(resolve);
      await promise;
      this.#waits.delete(resolve);
      cancel();
    }
  }
}

/** Turns of the session and of panes are counted apart. */
function stalenessOf({ pane }: Lane): "session" | "pane" {
  return pane ? "pane" : "session";
}

function costOf(parts: readonly InputPart[]): Cost {
  let bytes = 0;
  for (const part of parts) {
    if (part.kind === "text" || part.kind === "paste") bytes += encoder.encode(part.text).length;
    else bytes += 8;
  }
  return { messages: parts.length, bytes };
}

const encoder = new TextEncoder();

/** There is no connection. */
export function cut(): AgentError {
  return new AgentError(
    "cut",
    'Cannot reach the host: the connection is cut and is tried again; wait for the event "back"',
  );
}
