/**
 * A host's audit log, where it was asked for: it hears everything that the host reports, and who types what.
 *
 * @module
 */
import type { CountingRedactor } from "../redact/redactor.ts";
import type { SessionKeys } from "../wire/token.ts";
import { type Audit, startAudit } from "./audit/audit.ts";
import type { Clock } from "./clock.ts";
import type { Stage } from "./host.ts";

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

/** An audit log, and the stage whose reports go there as well. */
export interface Audited {
  readonly audit: Audit;
  readonly stage: Stage;
  /** Writes how much was masked, and closes the log. */
  close(): Promise<void>;
}

/**
 * Opens a host's audit log.
 *
 * @throws {CollabError} `audit-exists` and others of `startAudit`.
 */
export async function openAudit(stage: Stage, options: AuditedOptions): Promise<Audited> {
  const { path, redactor } = options;
  const audit = await startAudit(path, {
    ...options,
    onError: ({ code, message }) => stage.report({ event: "audit-error", code, message }),
  });
  return {
    audit,
    stage: {
      size: stage.size,
      announce: (url) => stage.announce(url),
      begin: (live, hangUp) => stage.begin(live, hangUp),
      end: () => stage.end(),
      report: (event) => {
        if (event.event === "exit" && redactor.total > 0) {
          audit.note({
            event: "redactions",
            count: redactor.total,
            rules: Object.fromEntries(redactor.counts),
          });
        }
        audit.report(event);
        stage.report(event);
      },
    },
    close: () => audit.close(),
  };
}
