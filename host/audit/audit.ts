/**
 * Writes a session's audit log.
 *
 * @module
 */
import { CollabError } from "../../format/errors.ts";
import type { JsonObject, JsonValue } from "../../format/json.ts";
import { PRESENTER_ID } from "../../format/session_data.ts";
import { LineWriter } from "../../record/line_writer.ts";
import type { Redactor } from "../../redact/redactor.ts";
import { toBase64Url } from "../../wire/bytes.ts";
import type { SessionKeys } from "../../wire/token.ts";
import type { Clock } from "../clock.ts";
import type { HostEvent, Reporter } from "../events.ts";
import { Chain } from "./chain.ts";
import {
  AUDIT_VERSION,
  type AuditEvent,
  ENDS_TYPING,
  FREE_TEXT_MAX_LENGTH,
  FREE_TEXTS,
  type TypedEntry,
} from "./entry.ts";
import { FIRST_HOST_EVENT, fromHost } from "./host_events.ts";
import { People } from "./people.ts";
import { cut } from "./typing.ts";
import { TypingLog } from "./typing_log.ts";
import type { TypedInto } from "./unseen.ts";

/** What an audit log needs. */
export interface AuditOptions {
  /** The session's keys: its id is in the log, and the log is signed with them. */
  readonly keys: SessionKeys;
  /** Masks everything that people and programs wrote. */
  readonly redactor: Pick<Redactor, "text">;
  /** Session time. */
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  now(): number;
  /** What the presenter is called. */
  readonly presenter: string;
  /** The session's title, and the command that is shared. */
  readonly title?: string | undefined;
  readonly command?: string | undefined;
  /** Gets the first error after opening; nothing is written from then on. Never called twice. */
  onError(error: CollabError): void;
}

/** How long what was written may be without a signature. */
export const CHECKPOINT_MS = 60_000;
/** Most rules that are counted by name, and the longest such name. */
const RULES_MAX = 256, RULE_NAME_MAX_LENGTH = 64;

/**
 * Creates an audit log that only its owner may read, and writes its first line.
 *
 * @returns the only thing that can write to it
 * @throws {CollabError} `audit-exists`, `audit-no-directory`, `audit-is-directory`, `audit-denied`, `audit-disk-full`,
 * `audit-failed`
 */
export async function startAudit(path: string, options: AuditOptions): Promise<Audit> {
  const { keys, command, now, presenter, title } = options;
  const mask = (text: string): string => maskFree(options.redactor, text);
  const chain = new Chain(keys, now);
  const first = await chain.first({
    event: "start",
    version: AUDIT_VERSION,
    session: keys.session,
    key: toBase64Url(keys.publicKey),
    by: { id: PRESENTER_ID, name: mask(presenter) },
    ...(title !== undefined && { title: mask(title) }),
    ...(command !== undefined && { command: mask(command) }),
  });
  try {
    const writer = await LineWriter.create(path, first, {
      onError: (error) => options.onError(auditError(error)),
    });
    return new Audit(writer, chain, options);
  } catch (error) {
    throw error instanceof CollabError ? auditError(error) : error;
  }
}

/**
 * An audit log that is open. No method throws, waits, or blocks: what goes wrong is told once to `onError`, and the log
 * ends there.
 */
export class Audit implements Reporter {
  readonly #options: AuditOptions;
  readonly #writer: LineWriter;
  readonly #chain: Chain;
  readonly #people: People;
  readonly #typing: TypingLog;
  #hostEvents = FIRST_HOST_EVENT;
  #status: { readonly status?: number; readonly signal?: string } = {};
  #cancelCheckpoint: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  /** For {@link startAudit}. */
  constructor(writer: LineWriter, chain: Chain, options: AuditOptions) {
    this.#options = options;
    this.#writer = writer;
    this.#chain = chain;
    const { clock, presenter, redactor } = options;
    chain.onLine = (line) => writer.write(line);
    this.#people = new People(presenter, clock.now());
    this.#typing = new TypingLog({
      clock,
      mask: (text) => redactor.text(text),
      write: (entry) => this.#writeTyped(entry),
    });
  }

  /** Tells of what a host reports. */
  report(event: HostEvent): void {
    if (event.event === "exit") {
      const { code, signal } = event;
      this.#status = { status: code, ...(signal !== undefined && { signal }) };
    }
    const { state, event: told } = fromHost(this.#hostEvents, event);
    this.#hostEvents = state;
    if (told !== undefined) this.note(told);
  }

  /** Tells of something. */
  note(event: AuditEvent): void {
    if (this.#closing !== undefined) return;
    if (ENDS_TYPING.has(event.event)) this.#typing.flush();
    switch (event.event) {
      case "join":
        this.#people.join(event.id, event.name, this.#options.clock.now());
        break;
      case "leave": {
        this.#typing.forget(event.id);
        const stayedMs = this.#people.leave(event.id, this.#options.clock.now());
        return this.#write({ ...event, ...(stayedMs !== undefined && { stayedMs }) });
      }
      case "redactions":
        return this.#write({ ...event, rules: boundedRules(event.rules) });
    }
    this.#write(event);
  }

  /**
   * Tells that somebody typed what goes to the program: `id` is a participant's, or the presenter's. Where `into` does not
   * show it only its length is written.
   */
  typed(id: string, bytes: Uint8Array, into: TypedInto): void {
    if (this.#closing !== undefined || !this.#writer.open || bytes.length === 0) return;
    this.#typing.typed(id, bytes, into);
  }

  /** Writes what is left and the last line, signs it, and closes the file. */
  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  /** Closes the file and removes it: the session never began. */
  discard(): Promise<void> {
    this.#cancelCheckpoint?.();
    return this.#closing ??= this.#writer.discard();
  }

  async #close(): Promise<void> {
    this.#typing.end();
    this.#cancelCheckpoint?.();
    await this.#chain.sign({ event: "end", ...this.#status });
    await this.#writer.close();
  }

  #writeTyped(entry: TypedEntry): void {
    const { kind, ...members } = entry;
    this.#write({ event: kind === "paste" ? "paste" : "input", ...members });
  }

  /** Writes a line, with names for the ids. */
  #write({ id, by, name: _, ...members }: Readonly<Record<string, JsonValue>>): void {
    if (!this.#writer.open) return;
    this.#chain.add({
      ...this.#masked(members),
      ...(typeof id === "string" && { who: this.#who(id) }),
      ...(typeof by === "string" && { by: this.#who(by) }),
    });
    this.#cancelCheckpoint ??= this.#options.clock.after(CHECKPOINT_MS, () => {
      this.#cancelCheckpoint = undefined;
      if (this.#writer.open) void this.#chain.sign({ event: "checkpoint" });
    });
  }

  #who(id: string): JsonObject {
    const { name } = this.#people.who(id);
    return { id, name: maskFree(this.#options.redactor, name) };
  }

  #masked(members: JsonObject): JsonObject {
    return Object.fromEntries(
      Object.entries(members).map(([name, value]) => {
        const free = FREE_TEXTS.has(name) && typeof value === "string";
        return [name, free ? maskFree(this.#options.redactor, value) : value];
      }),
    );
  }
}

function maskFree(redactor: Pick<Redactor, "text">, text: string): string {
  return cut(redactor.text(text), FREE_TEXT_MAX_LENGTH);
}

function boundedRules(rules: Readonly<Record<string, number>>): JsonObject {
  const named = Object.entries(rules).slice(0, RULES_MAX);
  return Object.fromEntries(
    named.map(([name, count]) => [cut(name, RULE_NAME_MAX_LENGTH), count]),
  );
}

/** An error of a file, told as one of the audit log. */
function auditError(error: CollabError): CollabError {
  return new CollabError(
    error.code.replace(/^recording-/, "audit-"),
    error.message.replace(/^Cannot record to /, "Cannot write the audit log "),
    { cause: error },
  );
}
