/**
 * A program in a session.
 *
 * @module
 */
import type { Person } from "../format/session_data.ts";
import { inMessages } from "../viewer/input_parts.ts";
import type { Cell } from "../viewer/point_sender.ts";
import { LABEL_MAX_LENGTH, NOTE_MAX_LENGTH, PASTE_MAX_LENGTH } from "../wire/limits.ts";
import { AgentError } from "./errors.ts";
import { keyPart } from "./key_parts.ts";
import type { Membership, SessionEnd } from "./membership.ts";
import { outputOf } from "./output_iterator.ts";
import { askForPane, ownPane } from "./own_pane.ts";
import { askForControl } from "./requesting.ts";
import { runCommand } from "./running.ts";
import { snapshot, styledRows } from "./snapshot.ts";
import { textParts } from "./text_pieces.ts";
import type {
  AgentPane,
  AgentSession,
  Condition,
  Grant,
  Holder,
  OutputChunk,
  OutputCursor,
  RunOptions,
  RunResult,
  ScreenSnapshot,
  SessionEvent,
  StyledRun,
  Waited,
  You,
} from "./types.ts";
import { waitForAny } from "./waiting.ts";

/** See `AgentSession`. */
export class SessionMember implements AgentSession {
  readonly #at: Membership;

  constructor(membership: Membership) {
    this.#at = membership;
  }

  get ended(): Promise<SessionEnd> {
    return this.#at.ended;
  }

  get you(): You {
    return this.#at.you;
  }

  get title(): string {
    return this.#at.feed.header?.title ?? this.#at.feed.frame?.title ?? "";
  }

  get people(): readonly Person[] {
    return this.#at.people;
  }

  get holder(): Holder {
    return this.#at.holder;
  }

  get mode(): Holder["mode"] {
    return this.#at.feed.facts.turn.mode;
  }

  get end(): OutputCursor {
    return this.#at.feed.log.end;
  }

  screen(): ScreenSnapshot {
    return snapshot(this.#at.frame, {
      sharingPaused: this.#at.feed.facts.sharingPaused,
      revision: this.#at.feed.revision,
      atMs: this.#at.feed.atMs,
    });
  }

  styled(): readonly (readonly StyledRun[])[] {
    return styledRows(this.#at.frame);
  }

  tail(lines: number): OutputChunk {
    return this.#at.feed.log.tail(lines);
  }

  read(from: OutputCursor, { maxLines }: { readonly maxLines?: number } = {}): OutputChunk {
    return this.#at.feed.log.read(from, maxLines);
  }

  output(): AsyncIterableIterator<OutputChunk> {
    return outputOf(this.#at);
  }

  events(): AsyncIterableIterator<SessionEvent> {
    return this.#at.events();
  }

  waitFor(
    condition: Condition | readonly Condition[],
    options: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {},
  ): Promise<Waited> {
    return waitForAny(this.#at, condition, options);
  }

  async type(text: string): Promise<void> {
    if (text === "") return;
    await this.#at.type(textParts(text));
  }

  async press(...keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#at.type(inMessages(keys.map(keyPart)));
  }

  async paste(text: string): Promise<{ readonly held: boolean }> {
    if (text === "") return { held: false };
    if (text.length > PASTE_MAX_LENGTH) {
      throw new AgentError(
        "input-refused",
        `Cannot paste ${text.length} characters: ${PASTE_MAX_LENGTH} at once are the most`,
      );
    }
    const notices = await this.#at.type([[{ kind: "paste", text }]]);
    return { held: notices.includes("paste-held") };
  }

  run(command: string, options: RunOptions = {}): Promise<RunResult> {
    return runCommand(this.#at, command, options);
  }

  requestControl(
    options: {
      readonly reason?: string;
      readonly forMs?: number;
      readonly timeoutMs?: number;
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<Grant> {
    return askForControl(this.#at, options);
  }

  async yieldControl({ note }: { readonly note?: string } = {}): Promise<void> {
    const notices = await this.#at.command({
      kind: "yield",
      ...(note !== undefined && { note: note.slice(0, NOTE_MAX_LENGTH) }),
    });
    if (notices.includes("not-in-control")) {
      const message = "Cannot give control back: this program was not given it";
      throw new AgentError("not-in-control", message, { holder: this.holder });
    }
  }

  get pane(): AgentPane | undefined {
    return ownPane(this.#at);
  }

  openPane(
    options: {
      readonly reason?: string;
      readonly timeoutMs?: number;
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<AgentPane> {
    return askForPane(this.#at, options);
  }

  point(at?: Cell): void {
    const { feed, pointer } = this.#at;
    if (this.#at.over() !== undefined || feed.frame === undefined) return;
    const cell = (value: number, size: number): number =>
      Math.min(Math.max(0, Math.floor(value) || 0), size - 1);
    const { cols, rows } = feed.frame;
    pointer.point(at && { x: cell(at.x, cols), y: cell(at.y, rows) });
  }

  async mark(label: string): Promise<void> {
    const action = { kind: "mark", label: label.slice(0, LABEL_MAX_LENGTH) } as const;
    const notices = await this.#at.command({ kind: "act", action });
    if (notices.includes("role-forbids")) {
      throw new AgentError(
        "role-forbids",
        "Cannot set a marker: the link does not allow it; ask the presenter for one that allows control",
      );
    }
  }

  leave(): Promise<void> {
    return this.#at.leave();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.leave();
  }
}
