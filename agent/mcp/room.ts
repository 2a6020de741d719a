/**
 * A program's place in a session: joined when the server starts, and again when that did not work. All clients of one
 * server are one participant.
 *
 * @module
 */
import { CollabError } from "../../format/errors.ts";
import type { AgentSession, SessionEvent } from "../types.ts";
import { Asking } from "./asking.ts";
import type { Requests } from "./tool_context.ts";

/** What a room needs of the world. */
export interface RoomOptions {
  join(): Promise<AgentSession>;
  /** Says a line to the people who run the server. */
  tell(line: string): void;
  /** Milliseconds, from any start. */
  now(): number;
}

/** What one client wants to know. */
export interface RoomListener {
  /** A session was joined: the first one, or another after the last one was lost. */
  joined(session: AgentSession): void;
  heard(event: SessionEvent): void;
}

type State =
  | { readonly kind: "out" }
  | { readonly kind: "joining"; readonly joining: Promise<AgentSession> }
  | { readonly kind: "in"; readonly session: AgentSession }
  | { readonly kind: "failed"; readonly error: CollabError; readonly untilMs: number };

/** How soon it is tried again after it failed: doubled each time, up to the second. */
const FIRST_RETRY_MS = 2_000, LAST_RETRY_MS = 60_000;

/** How a session ends that could be joined again. */
const LOST = new Set(["unreachable"]);

/** Joins, and joins again when somebody asks for the session. */
export class Room implements AsyncDisposable {
  readonly asking: Requests = { control: new Asking(), pane: new Asking() };
  readonly #options: RoomOptions;
  readonly #listeners = new Set<RoomListener>();
  #state: State = { kind: "out" };
  #retryMs = FIRST_RETRY_MS;
  #left = false;

  constructor(options: RoomOptions) {
    this.#options = options;
  }

  /**
   * The session, joined if that is still to be done. One that is over stays: its last screen can be read.
   *
   * @throws {CollabError} why it cannot be joined
   */
  async session(): Promise<AgentSession> {
    const state = this.#state;
    switch (state.kind) {
      case "in":
        return state.session;
      case "joining":
        return await state.joining;
      case "failed":
        if (this.#options.now() < state.untilMs) throw state.error;
        return await this.#join();
      case "out":
        return await this.#join();
      default:
        return state satisfies never;
    }
  }

  /** The session, if it is joined. */
  get joined(): AgentSession | undefined {
    return this.#state.kind === "in" ? this.#state.session : undefined;
  }

  /** Tells somebody what happens; gives what ends that. */
  listen(listener: RoomListener): () => void {
    this.#listeners.add(listener);
    if (this.#state.kind === "in") listener.joined(this.#state.session);
    return () => void this.#listeners.delete(listener);
  }

  /** Leaves the session. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#left = true;
    const state = this.#state;
    this.#state = { kind: "out" };
    if (state.kind === "in") await state.session.leave();
    // Who leaves while it is joined is out as soon as that is done.
    if (state.kind === "joining") await state.joining.catch(() => {});
  }

  #join(): Promise<AgentSession> {
    const joining = this.#options.join().then(
      async (session) => {
        if (this.#left) {
          await session.leave();
          throw new CollabError("ended", "Cannot join the session: the server is stopping");
        }
        this.#enter(session);
        return session;
      },
      (error) => {
        throw this.#fail(error);
      },
    );
    this.#state = { kind: "joining", joining };
    return joining;
  }

  #enter(session: AgentSession): void {
    this.#state = { kind: "in", session };
    this.#retryMs = FIRST_RETRY_MS;
    for (const listener of this.#listeners) listener.joined(session);
    void this.#pump(session);
    void session.ended.then(({ code, text }) => {
      if (!this.#left && code !== "ended") this.#options.tell(`${text} [${code}]`);
      if (LOST.has(code)) this.#state = { kind: "out" };
    });
  }

  async #pump(session: AgentSession): Promise<void> {
    for await (const event of session.events()) {
      for (const listener of this.#listeners) listener.heard(event);
    }
  }

  #fail(thrown: unknown): unknown {
    if (!(thrown instanceof CollabError)) {
      this.#state = { kind: "out" };
      return thrown;
    }
    const untilMs = this.#options.now() + this.#retryMs;
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
    this.#state = { kind: "failed", error: thrown, untilMs };
    this.#options.tell(`${thrown.message} [${thrown.code}]`);
    return thrown;
  }
}
