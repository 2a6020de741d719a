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

interface Request {
  readonly session: AgentSession;
  readonly answer: Promise<Asked>;
  /** {@link answer}, once it is there. */
  asked: Asked | undefined;
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
    const known = this.#request;
    const request = known?.session === session && !isOver(known)
      ? known
      : this.#request = make(session, wish);
    const calledOff = (): void => request.withdraw.abort();
    signal.addEventListener("abort", calledOff);
    const { promise: late, resolve } = Promise.withResolvers<Asked>();
    const timer = setTimeout(() => resolve({ kind: "pending" }), timeoutMs);
    try {
      const asked = await Promise.race([request.answer, late]);
      if (asked.kind !== "pending") this.#forget(request);
      return asked;
    } catch (error) {
      this.#forget(request);
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", calledOff);
    }
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
  const request: Request = { session, answer, asked: undefined, withdraw };
  // An answer that comes when nobody waits is for the next call.
  answer.then((asked) => request.asked = asked, () => {});
  return request;
}

/** Whether a request was granted, and what was given is gone again: nobody was told, and it says nothing of now. */
function isOver({ asked, session }: Request): boolean {
  return asked?.kind === "granted" && !session.holder.you;
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
