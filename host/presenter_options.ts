/**
 * What a presenter's terminal is made of, and what it says in the end.
 *
 * @module
 */
import { formatSpan } from "../viewer/duration.ts";
import type { LocalTerminal } from "../viewer/terminal.ts";
import type { AgentClient, AgentLaunch } from "./agent_config.ts";
import type { Clock } from "./clock.ts";
import type { Size } from "./options.ts";
import { quoteCommand } from "./shell_words.ts";

/** What a presenter's terminal is made of. */
export interface PresenterOptions {
  /** The terminal's size now; {@link openTerminal} is called later. */
  readonly terminalSize: Size;
  openTerminal(): LocalTerminal;
  /** What one types to run this program. */
  readonly program: string;
  /** The session goes on without a terminal: from now on the process's signals are to hang up. */
  alone(hangUp: () => void): void;
  /** Prints on the normal screen, before the terminal is taken over and after it was given back. */
  print(line: string): void;
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  now(): number;
  /** The session's size; without it that of the terminal. */
  readonly size?: Size | undefined;
  readonly title?: string | undefined;
  readonly menuKey: string;
  /** The key that takes control back. */
  readonly takeKey: string;
  /** How an agent's client starts `collab mcp`, and which client is shown at first; most by default. */
  readonly agentLaunch: AgentLaunch;
  readonly agentClient?: AgentClient | undefined;
  /** Where the session is recorded. */
  readonly record?: string | undefined;
}

/** Rows of the presenter's terminal that are the status line's. */
export const STATUS_ROWS = 1;

/** The size of a session on a terminal of a size: one row less, where there is more than one. */
export function sessionSize({ cols, rows }: Size): Size {
  return { cols: Math.max(2, cols), rows: Math.max(1, rows - (rows > 1 ? STATUS_ROWS : 0)) };
}

/** One line: how long it was, how things are with what was shared, and where the recording is. */
export function farewell(
  { program, lastedMs, left, record, failed }: {
    readonly program: string;
    readonly lastedMs: number;
    /** How it is left; empty when there is nothing to say. */
    readonly left: string;
    readonly record: string | undefined;
    /** Whether the recording ended early. */
    readonly failed: boolean;
  },
): string {
  const shared = `Shared for ${formatSpan(lastedMs)}.${left === "" ? "" : ` ${left}.`}`;
  if (record === undefined) return shared;
  const how = failed ? "The recording ended early" : "Recorded";
  return `${shared} ${how}: ${program} replay ${quoteCommand([record])}`;
}
