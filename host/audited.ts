/**
 * A host's audit log, where it was asked for: it hears everything that the host reports, and who types what.
 *
 * @module
 */
import type { CountingRedactor } from "../redact/redactor.ts";
import type { SessionKeys } from "../wire/token.ts";
import { type Audit, startAudit } from "./audit/audit.ts";
import type { TypedInto } from "./audit/unseen.ts";
import type { Clock } from "./clock.ts";
import type { Stage } from "./host.ts";
import type { EchoState } from "./pty/echo.ts";
import type { Session } from "./session.ts";

/** What an audit log is told to begin with. */
export interface AuditedOptions {
  readonly path: string;
  readonly keys: SessionKeys;
  readonly redactor: CountingRedactor;
  /** Session time. */
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  now(): number;
  readonly presenter: string;
  readonly title?: string | undefined;
  readonly command?: string | undefined;
}

/** How often it is told how much was masked, when that has changed. */
export const REDACTIONS_MS = 60_000;

/** An audit log, and the stage whose reports go there as well. */
export interface Audited {
  readonly stage: Stage;
  /** What to tell of all that is typed into a terminal; `session` shows what that prints, once somebody types. */
  hears(
    terminal: { echo(): EchoState },
    session: () => Pick<Session, "outputBytes" | "beforeCursor" | "modes">,
  ): (id: string, bytes: Uint8Array, pane: boolean) => void;
  /** Writes how much was masked, if that was not told yet, and closes the log. */
  close(): Promise<void>;
  /** Removes the log: the session never began. */
  discard(): Promise<void>;
}

/**
 * Opens a host's audit log.
 *
 * @throws {CollabError} `audit-exists` and others of `startAudit`.
 */
export async function openAudit(stage: Stage, options: AuditedOptions): Promise<Audited> {
  const { path, redactor, clock } = options;
  const audit = await startAudit(path, {
    ...options,
    onError: ({ code, message }) => stage.report({ event: "audit-error", code, message }),
  });
  const masked = new Masked(audit, redactor, clock);
  return {
    hears: (terminal, session) => {
      const own: TypedInto = {
        get echo() {
          return terminal.echo();
        },
      };
      const shown: TypedInto = {
        get echo() {
          return terminal.echo();
        },
        get printed() {
          return session().outputBytes;
        },
        get beforeCursor() {
          return session().beforeCursor;
        },
        get mouse() {
          return session().modes.mouse !== "none";
        },
      };
      // The cursor, and what is printed, may be in another pane.
      return (id, bytes, pane) => audit.typed(id, bytes, pane ? own : shown);
    },
    stage: {
      size: stage.size,
      announce: (url) => stage.announce(url),
      begin: (live, hangUp) => stage.begin(live, hangUp),
      end: () => stage.end(),
      report: (event) => {
        if (event.event === "exit") masked.tell();
        audit.report(event);
        stage.report(event);
      },
    },
    close: () => {
      masked.end();
      return audit.close();
    },
    discard: () => {
      masked.cancel();
      return audit.discard();
    },
  };
}

/** Tells an audit log how much was masked. */
class Masked {
  readonly #audit: Audit;
  readonly #redactor: Pick<CountingRedactor, "total" | "counts">;
  readonly #clock: Clock;
  #told = 0;
  #cancel: () => void = () => {};

  constructor(audit: Audit, redactor: Pick<CountingRedactor, "total" | "counts">, clock: Clock) {
    this.#audit = audit;
    this.#redactor = redactor;
    this.#clock = clock;
    this.#arm();
  }

  /** Tells it, if it is more than was told last. */
  tell(): void {
    const { counts, total } = this.#redactor;
    if (total === this.#told) return;
    this.#told = total;
    this.#audit.note({ event: "redactions", count: total, rules: Object.fromEntries(counts) });
  }

  /** Tells it for the last time. */
  end(): void {
    this.#cancel();
    this.tell();
  }

  /** Tells nothing more. */
  cancel(): void {
    this.#cancel();
  }

  #arm(): void {
    this.#cancel = this.#clock.after(REDACTIONS_MS, () => {
      this.tell();
      this.#arm();
    });
  }
}
