/**
 * What a tool's code gets, and what it answers.
 *
 * @module
 */
import type { AgentPane, AgentSession, Grant } from "../types.ts";
import type { Asking } from "./asking.ts";
import type { PlaceArgument } from "./fold.ts";
import type { Reading } from "./reading.ts";

/** What people are asked for: one of each at a time. */
export interface Requests {
  readonly control: Asking<Grant>;
  readonly pane: Asking<AgentPane>;
}

/** Where a tool looks and types: in the session, or in the pane of one's own. */
export interface Place {
  readonly at: Pick<
    AgentSession,
    "screen" | "read" | "tail" | "end" | "waitFor" | "type" | "press" | "run"
  >;
  readonly reading: Reading;
  /** How a tool is told of this place. */
  readonly argument: PlaceArgument;
}

/** What a tool works with. */
export interface ToolContext {
  readonly session: AgentSession;
  readonly reading: Reading;
  /** Where a tool is to look or type. @throws {AgentError} `no-pane` */
  place(own: boolean | undefined): Place;
  readonly asking: Requests;
  /** The client no longer wants the answer. */
  readonly signal: AbortSignal;
  /** Tells the client that it still goes on. */
  progress(elapsedMs: number, totalMs: number): void;
  /** The model learns by this answer that it has control: gives what it missed meanwhile. */
  learnControl(): string | undefined;
  /** The model sets a marker itself. */
  setMark(label: string): void;
}

/** What a tool answers. */
export interface Answer {
  readonly text: string;
  /** The same for programs, where the tool says that it has it. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** How often a client is told that a call still goes on. */
const PROGRESS_MS = 5_000;

/** Tells of progress while something is waited for. */
export async function withProgress<T>(
  { progress }: Pick<ToolContext, "progress">,
  totalMs: number,
  waiting: Promise<T>,
): Promise<T> {
  const started = performance.now();
  const tell = (): void => progress(Math.min(performance.now() - started, totalMs), totalMs);
  const timer = setInterval(tell, PROGRESS_MS);
  tell();
  try {
    return await waiting;
  } finally {
    clearInterval(timer);
  }
}
