/**
 * The live stream: one difference, sealed once, for all viewers that keep up; those that do not skip to the present.
 *
 * @module
 */
import { keyframe } from "../format/delta.ts";
import { type CastEvent, EventEncoder } from "../format/events.ts";
import type { JsonObject } from "../format/json.ts";
import type { SafeEvent, SafeFrame } from "../redact/redactor.ts";
import type { StreamSealer } from "../wire/stream.ts";
import type { ViewerPeer } from "../wire/viewer_peer.ts";
import type { Clock } from "./clock.ts";
import { FrameRing } from "./frame_ring.ts";
import { BURST_LINES, FULL_BUDGET, refilled, spent } from "./line_budget.ts";
import type { FrameContext, Sink } from "./session.ts";

/** What a viewer may have in flight before it gets nothing more until it has acknowledged all of it. */
export const WINDOW_BYTES = 256 * 1024;
/**
 * How long joins and leaves may wait for more of them, and how much longer for each viewer: a thousand viewers that join
 * are no thousand messages each.
 */
const GATHER_MS = 50, GATHER_MS_A_VIEWER = 0.25;
/** How often it is looked whether a viewer that lagged has acknowledged everything. */
const LAG_POLL_MS = 25;
/** Frames that a viewer which was cut off can come back to with a difference. */
const KEPT_FRAMES = 32;
/** Events (not frames) that a viewer which lags gets afterwards; older ones it never sees. */
const KEPT_EVENTS = 256;
/** The same for a shell's marks: a program that makes many takes no other event's place. */
const KEPT_MARKS = 16;

/** A viewer's connection, as far as the stream needs it. */
export type StreamPeer = Pick<
  ViewerPeer,
  "resumedSeq" | "position" | "inFlightBytes" | "closed" | "sendStream" | "sendDirect" | "close"
>;

/** What a broadcast is made of. */
export interface BroadcastOptions {
  readonly stream: Pick<StreamSealer, "seq" | "seal">;
  /** Session time. */
  readonly clock: Clock;
  /** Who is there, for someone who joins. */
  roster(): JsonObject;
  /** Who may type and who asks, for someone who joins. */
  control(): JsonObject;
  /** A viewer has too much in flight: it gets nothing more until it has caught up. */
  readonly onLag?: (peer: StreamPeer) => void;
}

interface Viewer {
  readonly peer: StreamPeer;
  /** The frame it shows once it has all that was sent. */
  frame: SafeFrame;
}

/** An event with the message that it was part of. */
interface SentEvent {
  readonly seq: number;
  readonly event: CastEvent;
}

/** A {@link Sink} that sends to everyone who watches live. */
export class Broadcast implements Sink {
  readonly name = "viewers";
  readonly #options: BroadcastOptions;
  readonly #encoder = new EventEncoder();
  /** Viewers at the last message of the stream, and viewers that get nothing until they have caught up. */
  readonly #live = new Map<StreamPeer, Viewer>();
  readonly #lagging = new Map<StreamPeer, Viewer>();
  readonly #ring = new FrameRing(KEPT_FRAMES);
  /** Events that were sent, oldest first. */
  readonly #events: SentEvent[] = [];
  /** The shell's marks likewise. */
  readonly #marks: SentEvent[] = [];
  /** Where the cursors of panes are, by their owners' ids. */
  readonly #cursors = new Map<string, CastEvent>();
  /** Events that no message has carried yet. */
  #waiting: CastEvent[] = [];
  /** Who was there at the stream's last message: whose join still waits is told to everyone by the next one. */
  #roster: JsonObject;
  #control: JsonObject;
  /** Events up to this message may be forgotten. */
  #forgottenSeq = 0;
  #budget = FULL_BUDGET;
  #isAdvancing = false;
  #cancelGather: (() => void) | undefined;
  #gatherUntilMs = Infinity;
  #cancelPoll: (() => void) | undefined;
  /** What the stream's last message leads to, and what it should lead to. */
  #sent: SafeFrame | undefined;
  #current: SafeFrame | undefined;
  #context: FrameContext | undefined;
  #status: number | undefined;
  #paused = false;
  #shared = 0;
  #single = 0;
  #skipped = 0;

  constructor(options: BroadcastOptions) {
    this.#options = options;
    this.#roster = options.roster();
    this.#control = options.control();
  }

  /** How many watch. */
  get count(): number {
    return this.#live.size + this.#lagging.size;
  }

  /** How many of them lag. */
  get laggingCount(): number {
    return this.#lagging.size;
  }

  /** How many differences were sent: to all who keep up, once for everyone; to one who came, or came back. */
  get deltas(): { readonly all: number; readonly one: number } {
    return { all: this.#shared, one: this.#single };
  }

  /** How many frames viewers that lag did not get, each viewer counted. */
  get framesSkipped(): number {
    return this.#skipped;
  }

  /** What was sent and is not painted yet. */
  get lag(): { readonly viewers: number; readonly bytes: number; readonly maxBytes: number } {
    let bytes = 0, maxBytes = 0;
    for (const viewers of [this.#live, this.#lagging]) {
      for (const { inFlightBytes } of viewers.keys()) {
        bytes += inFlightBytes;
        maxBytes = Math.max(maxBytes, inFlightBytes);
      }
    }
    return { viewers: this.#lagging.size, bytes, maxBytes };
  }

  frame(frame: SafeFrame, context: FrameContext): void {
    // The lines that marks are on have other numbers once the size is another.
    if (this.#waiting.length > 0 && !isSameSize(this.#current, frame)) this.#advance();
    this.#current = frame;
    this.#context = context;
    this.#skipped += this.#lagging.size;
    if (this.#live.size > 0) this.#advance();
  }

  event(event: SafeEvent): void {
    if (event.kind === "exit") this.#status = event.status;
    if (event.kind === "control") this.#noteControl(event.data);
    this.#waiting.push(event);
    if (event.kind === "participant") this.#gather(GATHER_MS + this.count * GATHER_MS_A_VIEWER);
    else if (event.kind === "pointer") this.#gather(0);
    else if (event.kind === "shell") this.#advanceSoon();
    else this.#advance();
  }

  /**
   * Marks of a shell come several at once: one message is for them, and it goes before anything is done that happens later.
   * Who hears an answer of the host's has all marks from before it.
   */
  #advanceSoon(): void {
    if (this.#isAdvancing) return;
    this.#isAdvancing = true;
    queueMicrotask(() => {
      this.#isAdvancing = false;
      this.#advance();
    });
  }

  /** More events of this kind may come at once: one message is for all of them. */
  #gather(delayMs: number): void {
    const { clock } = this.#options;
    const untilMs = clock.now() + delayMs;
    if (untilMs >= this.#gatherUntilMs) return;
    this.#cancelGather?.();
    this.#gatherUntilMs = untilMs;
    this.#cancelGather = clock.after(delayMs, () => {
      this.#gatherUntilMs = Infinity;
      this.#advance();
    });
  }

  /** Who may type is told with the control events that are sent, not before them. */
  #noteControl({ kind }: JsonObject): void {
    if (kind === "pause" || kind === "resume") this.#paused = kind === "pause";
  }

  /** Takes in a viewer that was just welcomed, and shows it the present. */
  join(peer: StreamPeer): void {
    this.#sync();
    const frame = this.#current, context = this.#context;
    if (frame === undefined || context === undefined) throw new Error("There is no frame yet");
    const { seq } = this.#options.stream;
    const seen = peer.resumedSeq;
    const from = seen === undefined ? undefined : this.#ring.get(seen);
    const events: CastEvent[] = [];
    if (seen === undefined) events.push({ kind: "output", data: keyframe(frame) });
    else if (from === undefined) events.push(...wholeFrame(frame));
    else events.push(...difference(from, frame, context), ...this.#missed(seen, frame));
    if (from === undefined) events.push(...this.#facts(frame));
    events.push(...this.#cursors.values());
    this.#sendState(peer, events, seq);
    this.#place({ peer, frame });
  }

  /** Forgets a viewer that is gone. */
  leave(peer: StreamPeer): void {
    this.#live.delete(peer);
    this.#lagging.delete(peer);
  }

  /** Tells everyone that the session has ended. */
  close(): void {
    this.#advance();
    for (const viewer of [...this.#lagging.values()]) this.#catchUp(viewer);
    this.#cancelGather?.();
    this.#cancelPoll?.();
    const options = this.#status === undefined ? {} : { status: this.#status };
    for (const peer of [...this.#live.keys(), ...this.#lagging.keys()]) {
      peer.close("ended", options);
    }
  }

  /** Takes the stream to the frame that is shown now, for a state to be as of its last message. */
  #sync(): void {
    if (this.#sent !== this.#current) this.#advance();
  }

  /** Takes the stream to the present: one message, if there is anything to say. */
  #advance(): void {
    const { stream, clock } = this.#options;
    const frame = this.#current, context = this.#context;
    if (frame === undefined || context === undefined) return;
    const events: CastEvent[] = this.#sent === undefined
      ? [{ kind: "output", data: keyframe(frame) }]
      : this.#difference(this.#sent, frame, context);
    if (events.length > 0 && this.#live.size > 0) this.#shared++;
    const waiting = this.#waiting;
    events.push(...waiting.map((event) => placed(event, frame)));
    this.#waiting = [];
    this.#sent = frame;
    if (waiting.some(({ kind }) => kind === "participant")) this.#roster = this.#options.roster();
    if (waiting.some(({ kind }) => kind === "control")) this.#control = this.#options.control();
    if (events.length === 0) return;
    const message = stream.seal(encode(this.#encoder, events, clock.now()));
    this.#ring.set(stream.seq, frame);
    this.#keep(waiting, stream.seq);
    for (const viewer of this.#live.values()) {
      viewer.peer.sendStream(message);
      viewer.frame = frame;
      if (viewer.peer.inFlightBytes > WINDOW_BYTES) this.#place(viewer);
    }
  }

  /** What takes the stream from one frame to the next, with as many lines as it may carry. */
  #difference(from: SafeFrame, to: SafeFrame, context: FrameContext): CastEvent[] {
    const budget = refilled(this.#budget, this.#options.clock.now());
    this.#budget = spent(budget, Math.max(0, to.top - from.top));
    return difference(from, to, context, Math.floor(budget.lines));
  }

  /** Remembers events for those who lag. Where people pointed is old by then. */
  #keep(events: readonly CastEvent[], seq: number): void {
    for (const event of events) {
      if (event.kind === "pointer") {
        if (event.data.cursor === true) this.#keepCursor(event);
        continue;
      }
      (event.kind === "shell" ? this.#marks : this.#events).push({ seq, event });
    }
    this.#marks.splice(0, this.#marks.length - KEPT_MARKS);
    for (const { seq } of this.#events.splice(0, this.#events.length - KEPT_EVENTS)) {
      this.#forgottenSeq = seq;
    }
  }

  #keepCursor(event: Extract<CastEvent, { kind: "pointer" }>): void {
    const { id, x } = event.data;
    if (typeof id !== "string") return;
    if (x === undefined) this.#cursors.delete(id);
    else this.#cursors.set(id, event);
  }

  /** Puts a viewer among those that keep up, or among those that lag. */
  #place(viewer: Viewer): void {
    const lagged = this.#lagging.has(viewer.peer);
    this.leave(viewer.peer);
    if (viewer.peer.closed !== undefined) return;
    const lags = viewer.peer.inFlightBytes > WINDOW_BYTES;
    (lags ? this.#lagging : this.#live).set(viewer.peer, viewer);
    if (lags) this.#poll();
    if (lags && !lagged) this.#options.onLag?.(viewer.peer);
  }

  #poll(): void {
    this.#cancelPoll ??= this.#options.clock.after(LAG_POLL_MS, () => {
      this.#cancelPoll = undefined;
      for (const viewer of [...this.#lagging.values()]) {
        if (viewer.peer.inFlightBytes === 0) this.#catchUp(viewer);
      }
      if (this.#lagging.size > 0) this.#poll();
    });
  }

  /** Takes a viewer that lagged to the present in one step. */
  #catchUp(viewer: Viewer): void {
    this.#sync();
    const frame = this.#current!, context = this.#context!;
    const events = [
      ...difference(viewer.frame, frame, context),
      ...this.#missed(viewer.peer.position ?? 0, frame),
      ...this.#cursors.values(),
    ];
    this.#sendState(viewer.peer, events, this.#options.stream.seq);
    viewer.frame = frame;
    this.#place(viewer);
  }

  /**
   * The events after a message of the stream, for a viewer that is shown a frame; where they are not kept any more, what
   * they led to.
   */
  #missed(seq: number, frame: SafeFrame): CastEvent[] {
    if (seq < this.#forgottenSeq) return this.#facts(frame);
    const missed = this.#events.filter((sent) => sent.seq > seq);
    const marks = this.#paused ? [] : this.#marks.filter((sent) => sent.seq > seq);
    return [...missed, ...marks].map(({ event }) => placed(event, frame));
  }

  /** Who is there, who may type, and what the shell is at, as of the stream's last message. */
  #facts(frame: SafeFrame): CastEvent[] {
    const events: CastEvent[] = [
      { kind: "participant", data: this.#roster },
      { kind: "control", data: this.#control },
    ];
    const mark = this.#marks.at(-1);
    if (this.#paused) events.push({ kind: "control", data: { kind: "pause" } });
    else if (mark !== undefined) events.push(placed(mark.event, frame));
    return events;
  }

  #sendState(peer: StreamPeer, events: readonly CastEvent[], seq: number): void {
    const { atMs } = this.#encoder;
    this.#single++;
    // The stream's clock goes on from here: the events are all of this instant.
    peer.sendDirect(encode(new EventEncoder(atMs), events, atMs), seq, atMs);
  }
}

/** A shell's mark as it is said after a frame; other events as they are. */
function placed(event: CastEvent, { top }: SafeFrame): CastEvent {
  return event.kind === "shell" ? { kind: "shell", data: { ...event.data, top } } : event;
}

function isSameSize(a: SafeFrame | undefined, b: SafeFrame): boolean {
  return a?.cols === b.cols && a.rows === b.rows;
}

/** The events that take a viewer from one frame to another. */
function difference(
  from: SafeFrame,
  to: SafeFrame,
  context: FrameContext,
  maxLines = BURST_LINES,
): CastEvent[] {
  if (from === to) return [];
  const events: CastEvent[] = [];
  if (!isSameSize(from, to)) {
    events.push({ kind: "resize", cols: to.cols, rows: to.rows });
  }
  const { ansi, omittedLines } = context.diff(from, maxLines);
  if (omittedLines > 0) events.push({ kind: "skipped", lines: omittedLines });
  if (ansi !== "") events.push({ kind: "output", data: ansi });
  return events;
}

/** The events that show a frame whatever was shown before. */
function wholeFrame(frame: SafeFrame): CastEvent[] {
  return [
    { kind: "resize", cols: frame.cols, rows: frame.rows },
    { kind: "output", data: "\x1bc" + keyframe(frame) },
  ];
}

function encode(encoder: EventEncoder, events: readonly CastEvent[], atMs: number): string {
  return events.map((event) => encoder.encode(event, atMs)).join("");
}
