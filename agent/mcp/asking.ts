/**
 * A request that outlives the call that made it: people take longer to answer than clients wait.
 *
 * @module
 */
import { AgentError } from "../errors.ts";
import type { AgentSession } from "../types.ts";
import { aborted } from "../waiting.ts";

/** What came of a request so far. */
export type Asked<T> =
  | { readonly kind: "granted"; readonly value: T }
  | { readonly kind: "denied" | "lapsed" | "pending" };

/** What is asked for. */
export interface Wish<T> {
  /** Asks people, and waits for as long as they take. */
  request(options: { readonly timeoutMs: number; readonly signal: AbortSignal }): Promise<T>;
  /** Whether what was asked for is there. */
  holds(): boolean;
}

/** What people answered; it may be taken again before anybody has looked. */
type Answer<T> = Asked<T> | { readonly kind: "taken" };

/** How long a request may stay; hosts end it long before. */
const REQUEST_TIMEOUT_MS = 24 * 3_600_000;
const TAKEN =
  "What was asked for was given, and taken again at once: look at the screen, and ask again when it makes sense";

interface Request<T> {
  readonly session: AgentSession;
  readonly answer: Promise<Answer<T>>;
  readonly withdraw: AbortController;
  /** Calls that wait for the answer. */
  waiting: number;
}

/** Asks, and remembers that it has asked. */
export class Asking<T> {
  #request: Request<T> | undefined;

  /**
   * Waits for people's answer. A request that is pending already is waited for, and not made again. It is withdrawn when
   * the last call that waits for it is called off.
   *
   * @throws {AgentError} when it cannot be asked: `role-forbids`, `read-only`, `queue-full`, `ended`, `aborted`
   */
  async ask(
    session: AgentSession,
    wish: Wish<T>,
    { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<Asked<T>> {
    if (signal.aborted) throw aborted(signal);
    const known = this.#request?.session === session ? this.#request : undefined;
    const request = known ?? (this.#request = make(session, wish));
    const { promise: late, resolve, reject } = Promise.withResolvers<Asked<T>>();
    const calledOff = (): void => {
      if (request.waiting === 1) request.withdraw.abort();
      reject(aborted(signal));
    };
    signal.addEventListener("abort", calledOff);
    const timer = setTimeout(() => resolve({ kind: "pending" }), timeoutMs);
    request.waiting++;
    try {
      const asked = await Promise.race([request.answer, late]);
      if (asked.kind !== "pending") this.#forget(request);
      if (asked.kind !== "taken" && (asked.kind !== "granted" || wish.holds())) return asked;
    } catch (error) {
      if (request.waiting === 1 || !signal.aborted) this.#forget(request);
      throw error;
    } finally {
      request.waiting--;
      clearTimeout(timer);
      signal.removeEventListener("abort", calledOff);
    }
    // It was given, and is gone again.
    if (known === undefined) {
      throw new AgentError("control-lost", TAKEN, { holder: session.holder });
    }
    return await this.ask(session, wish, { timeoutMs, signal });
  }

  #forget(request: Request<T>): void {
    if (this.#request === request) this.#request = undefined;
  }
}

function make<T>(session: AgentSession, wish: Wish<T>): Request<T> {
  const withdraw = new AbortController();
  const answer = answerTo(
    wish.request({ timeoutMs: REQUEST_TIMEOUT_MS, signal: withdraw.signal }),
  );
  // An answer that comes when nobody waits is for the next call.
  answer.catch(() => {});
  return { session, answer, withdraw, waiting: 0 };
}

async function answerTo<T>(asking: Promise<T>): Promise<Answer<T>> {
  try {
    return { kind: "granted", value: await asking };
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    if (error.code === "control-lost") return { kind: "taken" };
    if (error.code === "control-denied") return { kind: "denied" };
    if (error.code === "control-lapsed" || error.code === "timeout") return { kind: "lapsed" };
    throw error;
  }
}
