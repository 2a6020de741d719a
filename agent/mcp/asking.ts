/**
 * A request for control that outlives the call that made it: people take longer to answer than clients wait.
 *
 * @module
 */
import { AgentError } from "../errors.ts";
import type { AgentSession, Grant } from "../types.ts";

/** What came of a request so far. */
export type Asked =
  | { readonly kind: "granted"; readonly grant: Grant }
  | { readonly kind: "denied" | "lapsed" | "pending" };

/** What is asked for. */
export interface Wish {
  readonly reason: string;
  readonly forMs?: number;
}

/** How long a request may stay; hosts end it long before. */
const REQUEST_TIMEOUT_MS = 24 * 3_600_000;

const TAKEN =
  "Control was given, and taken again at once: look at the screen, and call requestControl() when it makes sense";

interface Request {
  readonly session: AgentSession;
  readonly answer: Promise<Asked>;
  readonly withdraw: AbortController;
}

/** Asks, and remembers that it has asked. */
export class Asking {
  #request: Request | undefined;

  /**
   * Waits for people's answer. A request that is pending already is waited for, and not made again. One whose waiting is
   * called off is withdrawn.
   *
   * @throws {AgentError} when it cannot be asked: `role-forbids`, `read-only`, `queue-full`, `ended`, `aborted`
   */
  async ask(
    session: AgentSession,
    wish: Wish,
    { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<Asked> {
    const known = this.#request?.session === session ? this.#request : undefined;
    const request = known ?? (this.#request = make(session, wish));
    const calledOff = (): void => request.withdraw.abort();
    signal.addEventListener("abort", calledOff);
    const { promise: late, resolve } = Promise.withResolvers<Asked>();
    const timer = setTimeout(() => resolve({ kind: "pending" }), timeoutMs);
    try {
      const asked = await Promise.race([request.answer, late]);
      if (asked.kind !== "pending") this.#forget(request);
      if (asked.kind !== "granted" || session.holder.you) return asked;
    } catch (error) {
      this.#forget(request);
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", calledOff);
    }
    // It was given, and is gone again.
    if (known === undefined) {
      throw new AgentError("control-lost", TAKEN, { holder: session.holder });
    }
    return await this.ask(session, wish, { timeoutMs, signal });
  }

  #forget(request: Request): void {
    if (this.#request === request) this.#request = undefined;
  }
}

function make(session: AgentSession, { reason, forMs }: Wish): Request {
  const withdraw = new AbortController();
  const answer = answerTo(session.requestControl({
    reason,
    ...(forMs !== undefined && { forMs }),
    timeoutMs: REQUEST_TIMEOUT_MS,
    signal: withdraw.signal,
  }));
  // An answer that comes when nobody waits is for the next call.
  answer.catch(() => {});
  return { session, answer, withdraw };
}

async function answerTo(asking: Promise<Grant>): Promise<Asked> {
  try {
    return { kind: "granted", grant: await asking };
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    if (error.code === "control-denied") return { kind: "denied" };
    if (error.code === "control-lapsed" || error.code === "timeout") return { kind: "lapsed" };
    throw error;
  }
}
