/**
 * What is found out about an audit log, and how it is said.
 *
 * @module
 */

/** What is wrong with a log; its error code is this after `audit-`. */
export type Fault =
  | "changed"
  | "removed"
  | "inserted"
  | "reordered"
  | "foreign-session"
  | "bad-signature"
  | "not-json"
  | "not-a-log";

/** What a log says of its session. */
export interface AboutSession {
  readonly session: string;
  /** When the first and the last line were written. */
  readonly from: string;
  readonly to: string;
}

/** What is found out about a log. */
export type Verdict =
  /** Every line is as it was written, and the last one is the session's end. */
  | ({ readonly kind: "closed"; readonly lines: number } & AboutSession)
  /** Every line follows from the one before it, but there is no end: the host was killed, runs still, or the tail is gone. */
  | ({
    readonly kind: "open";
    readonly lines: number;
    /** The last line that is signed: none up to it was changed. */
    readonly signed: number;
    /** Whether the beginning of another line comes after the last one. */
    readonly cutOff: boolean;
  } & AboutSession)
  | {
    readonly kind: "broken";
    readonly fault: Fault;
    /** The first line that is not as it was written. */
    readonly line: number;
    /** The last line before it that is signed; 0 when none is. */
    readonly signed: number;
    /** What is wrong, as a sentence about the line. */
    readonly what: string;
  };

/** A verdict that something is wrong. */
export type Broken = Extract<Verdict, { kind: "broken" }>;

/** What `collab audit` exits with. */
export const EXIT_CODES = { closed: 0, broken: 1, open: 3 } as const;

/** A verdict on a log that is not broken, in a line. */
export function verdictText(verdict: Exclude<Verdict, Broken>): string {
  const { session, from, to, lines } = verdict;
  const about = `session ${session}, ${from} to ${to}`;
  switch (verdict.kind) {
    case "closed":
      return `whole and signed: ${count(lines)}, ${about}`;
    case "open": {
      const { signed, cutOff } = verdict;
      const cut = cutOff ? `, and line ${lines + 1} is cut off` : "";
      const proved = signed === lines
        ? "it is signed"
        : `signed up to line ${signed} and not proved after it`;
      return `whole, but not closed: it ends at line ${lines}, ${proved}${cut}; ${about}`;
    }
    default:
      return verdict satisfies never;
  }
}

function count(lines: number): string {
  return lines === 1 ? "1 line" : `${lines} lines`;
}
