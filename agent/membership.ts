/**
 * A program's membership in a session: its connection, what came over it, and who waits for more.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";
import type { Frame } from "../format/frame.ts";
import type { Person, PersonType } from "../format/session_data.ts";
import type { Clock } from "../viewer/clock.ts";
import { PointSender } from "../viewer/point_sender.ts";
import { mayType } from "../viewer/session_facts.ts";
import type { Connection, ConnectionEvent } from "../wire/connection.ts";
import type { InputPart } from "../wire/input.ts";
import { type NoticeCode, noticeText } from "../wire/notices.ts";
import { type End, endText } from "../wire/reconnect.ts";
import { AgentError } from "./errors.ts";
import { EventQueue } from "./event_queue.ts";
import { Feed, type Moment } from "./feed.ts";
import { commandInterrupted, controlLost, holderOf, refusalOf } from "./holding.ts";
import { cut, type Lane, Outbox } from "./outbox.ts";
import { isEntering } from "./entering.ts";
import type { PaneRoom } from "./own_pane.ts";
import { PaneFollowing } from "./pane_following.ts";
import type { PaneView } from "./pane_view.ts";
import type { RunRoom } from "./running.ts";
import { sessionEventOf } from "./session_events.ts";
import { ShellWatch } from "./shell_watch.ts";
import type {
  Follower,
  Holder,
  JoinOptions,
  OutputChunk,
  OutputCursor,
  SessionEvent,
  You,
} from "./types.ts";
import { waitUntil } from "./waiting.ts";

/** What a membership needs of a connection. */
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
/** Events that wait for a slow reader. */
const MAX_EVENTS = 1_000;

/** See the module. */
export class Membership implements PaneRoom, RunRoom {
  readonly ended: Promise<SessionEnd>;
  readonly feed: Feed;
  readonly shell: ShellWatch;
  readonly clock: Clock;
  readonly pointer: PointSender;
  readonly #connection: MemberConnection;
  readonly #outbox: Outbox;
  readonly #watchers = new Set<() => void>();
  readonly #listeners = new Set<(moment: Moment) => void>();
  readonly #noticed = new Set<(code: NoticeCode) => void>();
  readonly #queues = new Set<EventQueue<SessionEvent>>();
  readonly #finish: (end: SessionEnd) => void;
  readonly #signal: AbortSignal | undefined;
  readonly #follow: Follower | undefined;
  readonly #type: PersonType;
  readonly #pane: PaneFollowing;
  readonly #onAbort = (): void => void this.leave();
  #end: SessionEnd | undefined;
  #isCut = false;
  #left: Promise<void> | undefined;
  /** The last message of the stream. */
  #seq = 0;
  /** When the last delivery came, and what time it was in the session. */
  #heard: { readonly clockMs: number; readonly atMs: number } | undefined;
  /** Where the output was when this program last had control, or joined; `Infinity` once it was told since. */
  #missedFrom: OutputCursor | undefined;
  #grantNote: string | undefined;

  constructor(connection: MemberConnection, clock: Clock, options: JoinOptions) {
    this.clock = clock;
    this.#connection = connection;
    const { keepLines = KEEP_LINES } = options;
    this.feed = new Feed(keepLines);
    this.shell = new ShellWatch(this.feed);
    this.#outbox = new Outbox({
      connection,
      clock,
      turn: () => this.feed.facts.turn.turn,
      refusal: () => this.over() ?? refusalOf(this.feed.facts, this.feed.you, this.nowMs),
      lost: () => this.over() ?? controlLost(this.holder),
      gone: () => this.over() ?? cut(),
    });
    this.#pane = new PaneFollowing({
      room: this,
      keepLines,
      send: (command) => connection.send(command),
      type: (shell, messages, lane) => this.#typeAt(shell, messages, lane),
    });
    this.pointer = new PointSender(clock, (at) => {
      connection.send({ kind: "point", ...(at !== undefined && { at }) });
    });
    const { promise, resolve } = Promise.withResolvers<SessionEnd>();
    this.ended = promise;
    this.#finish = resolve;
    this.#follow = options.follow;
    this.#type = options.type ?? "agent";
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

  /** Everybody. A host tells of a join after a while, of this program's own too. */
  get people(): readonly Person[] {
    const { facts, you } = this.feed;
    const people = [...facts.people.values()];
    if (you === undefined || facts.people.has(you.id)) return people;
    return [...people, { ...you, type: this.#type, color: 0 }];
  }

  get holder(): Holder {
    return holderOf(this.feed.facts, this.feed.you, this.nowMs);
  }

  /** Session time. */
  get nowMs(): number {
    if (this.#heard === undefined) return this.feed.atMs;
    return this.#heard.atMs + Math.max(0, this.clock.now() - this.#heard.clockMs);
  }

  /** What is shown. */
  get frame(): Frame {
    const { frame } = this.feed;
    if (frame === undefined) throw new Error("There is no screen before the program has joined");
    return frame;
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

  leave(): Promise<void> {
    return this.#left ??= this.#leave();
  }

  watch(listener: () => void): () => void {
    this.#watchers.add(listener);
    return () => void this.#watchers.delete(listener);
  }

  onMoment(listener: (moment: Moment) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  onNotice(listener: (code: NoticeCode) => void): () => void {
    this.#noticed.add(listener);
    return () => void this.#noticed.delete(listener);
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

  get pane(): PaneView | undefined {
    return this.#pane.view;
  }

  /** Why what this program types does not go to the session. */
  interrupted(): AgentError | undefined {
    const { facts, you } = this.feed;
    return !facts.sharingPaused && mayType(facts, you)
      ? undefined
      : commandInterrupted(this.holder);
  }

  /** What was said when this program was given the control that it has. */
  get grantNote(): string | undefined {
    return this.#grantNote;
  }

  /** What was written while this program had no control. */
  takeMissed(): OutputChunk {
    const missed = this.feed.log.read(this.#missedFrom ?? Infinity);
    this.#missedFrom = Infinity;
    return missed;
  }

  /** Sends one command; resolves to what the host said of it. */
  async command(command: Parameters<Outbox["command"]>[0]): Promise<readonly NoticeCode[]> {
    this.#checkThere();
    return await this.#outbox.command(command);
  }

  /** Types; resolves to what the host said of it when it has it all. */
  type(messages: readonly (readonly InputPart[])[]): Promise<readonly NoticeCode[]> {
    return this.#typeAt(this.shell, messages);
  }

  /** Types, with the shell that it is typed at; into another lane than the session's, where there is one. */
  async #typeAt(
    shell: ShellWatch,
    messages: readonly (readonly InputPart[])[],
    lane?: Lane,
  ): Promise<readonly NoticeCode[]> {
    this.#checkThere();
    const enters = messages.some((parts) => parts.some(isEntering));
    const undo = shell.typing(enters, this.clock.now());
    const onTaking = enters ? () => shell.entering(this.clock.now()) : undefined;
    try {
      return await this.#outbox.type(messages, lane, onTaking);
    } catch (error) {
      undo();
      throw error;
    } finally {
      shell.typed(this.clock.now());
    }
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
        for (const listener of [...this.#noticed]) listener(event.code);
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
      case "pane":
        this.#attempt(() => this.#paneShown(event));
        break;
      case "welcome":
        this.#pane.cut();
        this.#attempt(() => this.#deliver(event));
        break;
      case "state":
      case "lines":
        this.#attempt(() => this.#deliver(event));
        break;
      default:
        event satisfies never;
    }
    this.#wake();
  }

  #deliver(event: Extract<ConnectionEvent, { kind: "welcome" | "state" | "lines" }>): void {
    const isFirst = this.feed.header === undefined;
    const delivery = this.feed.receive(event);
    if (isFirst && this.feed.header !== undefined) this.#follow?.joined(this.feed.header);
    if (delivery === undefined) return;
    const clockMs = this.clock.now();
    this.#heard = { clockMs, atMs: Math.max(this.feed.atMs, this.nowMs) };
    this.shell.delivered(clockMs);
    this.#missedFrom ??= this.feed.log.end;
    this.#follow?.drawn(delivery.moments, this.frame);
    this.#seq = delivery.seq;
    this.#connection.painted(delivery.seq);
    if (this.#isCut) {
      this.#isCut = false;
      this.#tell({ kind: "back", atMs: this.nowMs });
    }
    for (const moment of delivery.moments) this.#happened(moment);
    this.#pane.look();
  }

  #paneShown(event: Extract<ConnectionEvent, { kind: "pane" }>): void {
    this.#pane.view?.receive(event);
    // What is in the pane counts among what was sent before the session's next message.
    this.#connection.painted(this.#seq);
  }

  /** Takes in what the host sends; what is no session ends this one. */
  #attempt(take: () => void): void {
    if (this.#end !== undefined) return;
    try {
      take();
    } catch (error) {
      if (!(error instanceof CollabError)) throw error;
      this.#finishWith({
        code: error.code,
        text: `The host sent what is no session: ${error.message}`,
      });
      void this.leave();
    }
  }

  #happened(moment: Moment): void {
    const { before, after, event } = moment;
    if (event.kind === "control") {
      const { you } = this.feed, { kind, note } = event.data;
      const mine = mayType(after, you);
      if (mayType(before, you) && !mine) this.#missedFrom = this.feed.log.end;
      if (!mine) this.#grantNote = undefined;
      else if (kind === "grant") this.#grantNote = typeof note === "string" ? note : undefined;
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
    this.pointer[Symbol.dispose]();
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
    this.#pane[Symbol.dispose]();
  }

  #checkThere(): void {
    const over = this.over();
    if (over !== undefined) throw over;
    if (this.#connection.status.kind !== "live") throw cut();
  }

  #tell(event: SessionEvent): void {
    for (const queue of this.#queues) queue.push(event);
  }

  #wake(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}
