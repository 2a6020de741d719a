/**
 * A program in a session.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";
import type { Person } from "../format/session_data.ts";
import type { Clock } from "../viewer/clock.ts";
import { type Cell, PointSender } from "../viewer/point_sender.ts";
import { mayType } from "../viewer/session_facts.ts";
import { inMessages } from "../viewer/input_parts.ts";
import type { Connection, ConnectionEvent } from "../wire/connection.ts";
import type { InputPart } from "../wire/input.ts";
import { PASTE_MAX_LENGTH } from "../wire/limits.ts";
import { type NoticeCode, noticeText } from "../wire/notices.ts";
import { type End, endText } from "../wire/reconnect.ts";
import { AgentError } from "./errors.ts";
import { EventQueue } from "./event_queue.ts";
import { Feed, type Moment } from "./feed.ts";
import { controlLost, holderOf, refusalOf } from "./holding.ts";
import { keyPart } from "./key_parts.ts";
import { cut, type Lane, Outbox } from "./outbox.ts";
import { outputOf } from "./output_iterator.ts";
import { askForPane, ownPane } from "./own_pane.ts";
import { askForControl } from "./requesting.ts";
import { runCommand } from "./running.ts";
import { sessionEventOf } from "./session_events.ts";
import { ShellWatch } from "./shell_watch.ts";
import { snapshot, styledRows } from "./snapshot.ts";
import { piecesOf } from "./text_pieces.ts";
import type {
  AgentPane,
  AgentSession,
  Condition,
  Follower,
  Grant,
  Holder,
  JoinOptions,
  OutputChunk,
  OutputCursor,
  RunResult,
  ScreenSnapshot,
  SessionEvent,
  StyledRun,
  Waited,
  You,
} from "./types.ts";
import { conditionLook, type WaitRoom, waitUntil } from "./waiting.ts";

/** What a member needs of a connection. */
export type MemberConnection = Pick<
  Connection,
  "painted" | "send" | "answered" | "leave" | "status"
>;

/** How the session ended for a program. */
export interface SessionEnd {
  readonly code: string;
  readonly text: string;
  readonly status?: number;
}

const KEEP_LINES = 10_000;
const WAIT_MS = 30_000;
/** Events that wait for a slow reader. */
const MAX_EVENTS = 1_000;

/** See `AgentSession`. */
export class SessionMember implements AgentSession, WaitRoom {
  readonly ended: Promise<SessionEnd>;
  readonly feed: Feed;
  readonly shell: ShellWatch;
  readonly clock: Clock;
  readonly #connection: MemberConnection;
  readonly #outbox: Outbox;
  readonly #pointer: PointSender;
  readonly #watchers = new Set<() => void>();
  readonly #listeners = new Set<(moment: Moment) => void>();
  readonly #queues = new Set<EventQueue<SessionEvent>>();
  readonly #finish: (end: SessionEnd) => void;
  readonly #signal: AbortSignal | undefined;
  readonly #follow: Follower | undefined;
  readonly #onAbort = (): void => void this.leave();
  #end: SessionEnd | undefined;
  #isCut = false;
  #left: Promise<void> | undefined;
  /** When the last delivery came, and what time it was in the session. */
  #heard = { clockMs: 0, atMs: 0 };
  /** Where the output was when this program last had control, or joined. */
  #missedFrom: OutputCursor | undefined;

  constructor(connection: MemberConnection, clock: Clock, options: JoinOptions) {
    this.clock = clock;
    this.#connection = connection;
    this.feed = new Feed(options.keepLines ?? KEEP_LINES);
    this.shell = new ShellWatch(this.feed);
    this.#outbox = new Outbox({
      connection,
      clock,
      turn: () => this.feed.facts.turn.turn,
      refusal: () => this.over() ?? refusalOf(this.feed.facts, this.feed.you, this.nowMs),
      lost: () => this.over() ?? controlLost(this.holder),
      gone: () => this.over() ?? cut(),
    });
    this.#pointer = new PointSender(clock, (at) => {
      connection.send({ kind: "point", ...(at !== undefined && { at }) });
    });
    const { promise, resolve } = Promise.withResolvers<SessionEnd>();
    this.ended = promise;
    this.#finish = resolve;
    this.#follow = options.follow;
    this.#signal = options.signal;
    this.#signal?.addEventListener("abort", this.#onAbort);
  }

  /** Resolves when the first state is there. */
  async joined(timeoutMs: number, signal: AbortSignal | undefined): Promise<void> {
    await waitUntil(this, () => {
      if (this.feed.frame !== undefined) return { kind: "met", value: undefined };
      if (this.#end === undefined) return { kind: "no" };
      const { code, text } = this.#end;
      throw new AgentError("join-failed", `Cannot join: ${text}`, { reason: code });
    }, {
      timeoutMs,
      signal,
      late: () =>
        new AgentError("timeout", `Cannot join: the host has not answered for ${timeoutMs} ms`),
    });
  }

  get you(): You {
    return this.feed.you ?? { id: "", name: "", role: "view" };
  }

  get title(): string {
    return this.feed.header?.title ?? this.feed.frame?.title ?? "";
  }

  get people(): readonly Person[] {
    return [...this.feed.facts.people.values()];
  }

  get holder(): Holder {
    return holderOf(this.feed.facts, this.feed.you, this.nowMs);
  }

  get mode(): Holder["mode"] {
    return this.feed.facts.turn.mode;
  }

  get end(): OutputCursor {
    return this.feed.log.end;
  }

  /** Session time. */
  get nowMs(): number {
    return this.#heard.atMs + Math.max(0, this.clock.now() - this.#heard.clockMs);
  }

  screen(): ScreenSnapshot {
    return snapshot(this.#frame(), {
      sharingPaused: this.feed.facts.sharingPaused,
      revision: this.feed.revision,
      atMs: this.feed.atMs,
    });
  }

  styled(): readonly (readonly StyledRun[])[] {
    return styledRows(this.#frame());
  }

  tail(lines: number): OutputChunk {
    return this.feed.log.read(Math.max(this.feed.log.first, this.end + 1 - lines), lines);
  }

  read(from: OutputCursor, { maxLines }: { readonly maxLines?: number } = {}): OutputChunk {
    return this.feed.log.read(from, maxLines);
  }

  output(): AsyncIterableIterator<OutputChunk> {
    return outputOf(this);
  }

  events(): AsyncIterableIterator<SessionEvent> {
    const queue: EventQueue<SessionEvent> = new EventQueue<SessionEvent>(
      MAX_EVENTS,
      (count) => ({ kind: "missed", atMs: this.feed.atMs, count }),
      () => this.#queues.delete(queue),
    );
    if (this.#end === undefined) this.#queues.add(queue);
    else queue.end();
    return queue;
  }

  waitFor(
    condition: Condition | readonly Condition[],
    options: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {},
  ): Promise<Waited> {
    const { timeoutMs = WAIT_MS, signal } = options;
    const conditions = Array.isArray(condition) ? condition : [condition as Condition];
    return waitUntil(this, conditionLook(this, conditions), {
      timeoutMs,
      signal,
      late: () =>
        new AgentError(
          "timeout",
          `Waited ${timeoutMs} ms for what has not come: look at the screen, then wait longer or for something else`,
        ),
    });
  }

  async type(text: string): Promise<void> {
    if (text === "") return;
    await this.#type(piecesOf(text).map((piece) => [{ kind: "text", text: piece }]));
  }

  async press(...keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#type(inMessages(keys.map(keyPart)));
  }

  async paste(text: string): Promise<{ readonly held: boolean }> {
    if (text === "") return { held: false };
    if (text.length > PASTE_MAX_LENGTH) {
      throw new AgentError(
        "input-refused",
        `Cannot paste ${text.length} characters: ${PASTE_MAX_LENGTH} at once are the most`,
      );
    }
    const notices = await this.#type([[{ kind: "paste", text }]]);
    return { held: notices.includes("paste-held") };
  }

  run(
    command: string,
    options: {
      readonly timeoutMs?: number;
      readonly maxLines?: number;
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<RunResult> {
    return runCommand(this, command, options);
  }

  requestControl(
    options: {
      readonly reason?: string;
      readonly forMs?: number;
      readonly timeoutMs?: number;
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<Grant> {
    return askForControl(this, options);
  }

  async yieldControl({ note }: { readonly note?: string } = {}): Promise<void> {
    const notices = await this.command({ kind: "yield", ...(note !== undefined && { note }) });
    if (notices.includes("not-in-control")) {
      const message = "Cannot give control back: this program was not given it";
      throw new AgentError("not-in-control", message, { holder: this.holder });
    }
  }

  get pane(): AgentPane | undefined {
    return ownPane(this);
  }

  openPane(
    options: {
      readonly reason?: string;
      readonly timeoutMs?: number;
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<AgentPane> {
    return askForPane(this, options);
  }

  /** Types somewhere else than {@link type} does. */
  async typeInto(
    lane: Lane,
    messages: readonly (readonly InputPart[])[],
  ): Promise<readonly NoticeCode[]> {
    this.#checkThere();
    return await this.#outbox.type(messages, lane);
  }

  point(at?: Cell): void {
    this.#pointer.point(at);
  }

  async mark(label: string): Promise<void> {
    const notices = await this.command({ kind: "act", action: { kind: "mark", label } });
    if (notices.includes("role-forbids")) {
      throw new AgentError(
        "role-forbids",
        "Cannot set a marker: the link does not allow it; ask the presenter for one that allows control",
      );
    }
  }

  leave(): Promise<void> {
    return this.#left ??= this.#leave();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.leave();
  }

  watch(listener: () => void): () => void {
    this.#watchers.add(listener);
    return () => void this.#watchers.delete(listener);
  }

  onMoment(listener: (moment: Moment) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  over(): AgentError | undefined {
    if (this.#end === undefined) return undefined;
    const { code, text } = this.#end;
    return new AgentError("ended", `Cannot go on: ${text}`, { reason: code });
  }

  exitStatus(): number | null | undefined {
    const { status } = this.feed.facts;
    if (status !== undefined) return status;
    return this.#end?.code === "ended" ? this.#end.status ?? null : undefined;
  }

  /** Whether what this program types goes to the session. */
  get mayType(): boolean {
    return !this.feed.facts.sharingPaused && mayType(this.feed.facts, this.feed.you);
  }

  /** What was written while this program had no control. */
  takeMissed(): OutputChunk {
    const missed = this.feed.log.read(this.#missedFrom ?? this.end);
    this.#missedFrom = this.end;
    return missed;
  }

  /** Sends one command; resolves to what the host said of it. */
  async command(command: Parameters<Outbox["command"]>[0]): Promise<readonly NoticeCode[]> {
    this.#checkThere();
    return await this.#outbox.command(command);
  }

  /** Takes in what the connection says. */
  receive(event: ConnectionEvent): void {
    switch (event.kind) {
      case "status":
        if (event.status.kind === "ended") this.#over(event.status.end);
        else if (event.status.kind === "waiting") this.#cutOff();
        break;
      case "notice":
        this.#outbox.notice(event.code);
        this.#tell({
          kind: "notice",
          atMs: this.nowMs,
          code: event.code,
          text: noticeText(event.code),
        });
        break;
      case "link":
      case "latency":
        return;
      case "welcome":
      case "state":
      case "lines":
        this.#deliver(event);
        break;
      default:
        event satisfies never;
    }
    this.#wake();
  }

  #deliver(event: Extract<ConnectionEvent, { kind: "welcome" | "state" | "lines" }>): void {
    if (this.#end !== undefined) return;
    try {
      const isFirst = this.feed.header === undefined;
      const delivery = this.feed.receive(event);
      if (isFirst && this.feed.header !== undefined) this.#follow?.joined(this.feed.header);
      if (delivery === undefined) return;
      const clockMs = this.clock.now();
      this.#heard = { clockMs, atMs: Math.max(this.feed.atMs, this.nowMs) };
      this.shell.delivered(clockMs);
      this.#missedFrom ??= this.end;
      this.#follow?.drawn(delivery.moments, this.#frame());
      this.#connection.painted(delivery.seq);
      if (this.#isCut) {
        this.#isCut = false;
        this.#tell({ kind: "back", atMs: this.nowMs });
      }
      for (const moment of delivery.moments) this.#happened(moment);
    } catch (error) {
      if (!(error instanceof CollabError)) throw error;
      this.#finishWith({
        code: error.code,
        text: `The host sent what is no session: ${error.message}`,
      });
    }
  }

  #happened(moment: Moment): void {
    const { before, after, event } = moment;
    if (event.kind === "control") {
      const { you } = this.feed;
      if (mayType(before, you) && !mayType(after, you)) this.#missedFrom = this.end;
    }
    if (moment.mark !== undefined) this.shell.marked(moment.mark);
    for (const listener of [...this.#listeners]) listener(moment);
    const said = sessionEventOf(moment, this.feed.you);
    if (said !== undefined) this.#tell(said);
  }

  #cutOff(): void {
    if (this.#isCut || this.feed.frame === undefined) return;
    this.#isCut = true;
    this.#tell({ kind: "cut", atMs: this.nowMs });
  }

  #over(end: End): void {
    this.#finishWith({
      code: end.code,
      text: endText(end),
      ...(end.status !== undefined && { status: end.status }),
    });
  }

  #finishWith(end: SessionEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#pointer[Symbol.dispose]();
    this.#outbox.wake();
    this.#wake();
    for (const queue of this.#queues) queue.end();
    this.#queues.clear();
    this.#finish(end);
  }

  async #leave(): Promise<void> {
    const gone = this.#connection.leave();
    this.#finishWith({ code: "left", text: endText({ code: "left" }) });
    await gone;
    this.feed[Symbol.dispose]();
  }

  async #type(messages: readonly (readonly InputPart[])[]): Promise<readonly NoticeCode[]> {
    this.#checkThere();
    const enters = messages.some((parts) => parts.some(isEntering));
    this.shell.typing(enters, this.clock.now());
    const notices = await this.#outbox.type(messages);
    this.shell.typed(this.clock.now());
    return notices;
  }

  #checkThere(): void {
    const over = this.over();
    if (over !== undefined) throw over;
    if (this.#connection.status.kind !== "live") throw cut();
  }

  #frame(): NonNullable<Feed["frame"]> {
    const { frame } = this.feed;
    if (frame === undefined) throw new Error("There is no screen before the program has joined");
    return frame;
  }

  #tell(event: SessionEvent): void {
    for (const queue of this.#queues) queue.push(event);
  }

  #wake(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}

/** The enter key, and ctrl+c and ctrl+d. */
const ACTED_ON = ["\r", "\n", "\u0003", "\u0004"];

/** Whether a shell acts on what was typed. */
function isEntering(part: InputPart): boolean {
  switch (part.kind) {
    case "text":
    case "paste":
      return ACTED_ON.some((character) => part.text.includes(character));
    case "key":
      return /(?:^|\+)(?:enter|c|d|j|m)$/.test(part.key);
    case "mouse":
      return false;
    default:
      return part satisfies never;
  }
}
