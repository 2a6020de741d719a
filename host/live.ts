/**
 * Everything between a program and those who watch it, put together.
 *
 * @module
 */
import { encodeHeader, type Header } from "../format/header.ts";
import type { Recorder } from "../record/recorder.ts";
import type { Redactor } from "../redact/redactor.ts";
import { Admission } from "../wire/admission.ts";
import { acceptViewer } from "../wire/host_side.ts";
import type { WireSocket } from "../wire/socket.ts";
import { StreamSealer } from "../wire/stream.ts";
import type { SessionKeys } from "../wire/token.ts";
import type { ViewerPeer } from "../wire/viewer_peer.ts";
import { Broadcast } from "./broadcast.ts";
import type { Clock } from "./clock.ts";
import type { Reporter } from "./events.ts";
import { Participants } from "./participants.ts";
import { Session, type SessionPty, type SessionStatus, type Sink } from "./session.ts";

/** What a live session is made of. */
export interface LiveOptions {
  readonly pty: SessionPty;
  /** The header of the recording that the session is; its size is the session's first one. */
  readonly header: Header;
  readonly redactor: Redactor;
  /** Session time: it starts at 0. */
  readonly clock: Clock;
  readonly keys: SessionKeys;
  /** The secret in the session's links. */
  readonly secret: Uint8Array;
  /** What the presenter is called. */
  readonly presenter: string;
  readonly recorder: Recorder | undefined;
  readonly reporter: Reporter;
}

/** A session that is watched. */
export class Live {
  readonly session: Session;
  readonly participants: Participants;
  readonly #options: LiveOptions;
  readonly #broadcast: Broadcast;
  readonly #stream = new StreamSealer();
  readonly #admission = new Admission();
  readonly #recording: Sink | undefined;
  #refusals = 0;
  #ended: SessionStatus | undefined;

  constructor(options: LiveOptions) {
    this.#options = options;
    const { clock, header, presenter, pty, recorder, redactor, reporter } = options;
    const { cols, rows } = header;
    this.session = new Session({
      pty,
      cols,
      rows,
      redactor,
      clock,
      everyLine: recorder !== undefined,
      onSinkError: (sink, error) => this.#sinkFailed(sink, error),
    });
    const note: Session["note"] = (event) => this.session.note(event);
    this.participants = new Participants({ clock, presenter, note, reporter });
    this.#broadcast = new Broadcast({
      stream: this.#stream,
      clock,
      roster: () => this.participants.roster(),
    });
    this.#recording = recorder && recordingSink(recorder);
    if (this.#recording !== undefined) this.session.add(this.#recording);
    this.session.add(this.#broadcast);
    this.participants.begin();
  }

  /** How many sockets belong to viewers that were let in. */
  get joined(): number {
    return this.#broadcast.count;
  }

  /** Whether the session is being recorded. */
  get recording(): boolean {
    return this.#recording !== undefined && this.session.has(this.#recording);
  }

  /** Runs until the program has ended, and everybody was told. */
  async run(): Promise<SessionStatus> {
    try {
      return this.#ended = await this.session.run();
    } finally {
      this.participants.end();
    }
  }

  /** A socket opened: it belongs to a viewer, or to nobody that is let in. */
  accept(socket: WireSocket): void {
    const { keys, secret } = this.#options;
    acceptViewer(socket, {
      keys,
      secret,
      stream: this.#stream,
      admission: this.#admission,
      describe: () => ({ header: this.#headerLine(), atMs: this.session.nowMs }),
      onJoin: (peer) => this.#join(peer),
      onRefused: (code) => this.#refused(code),
    });
  }

  /** The recording cannot go on. */
  recordingFailed(error: { readonly code: string; readonly message: string }): void {
    if (this.#recording !== undefined) this.session.remove(this.#recording);
    const { code, message } = error;
    this.#options.reporter.report({ event: "recording-error", code, message });
  }

  resize(cols: number, rows: number): void {
    const { cols: before, rows: rowsBefore } = this.session.size;
    if (cols === before && rows === rowsBefore) return;
    this.session.resize(cols, rows);
    this.#options.reporter.report({ event: "resize", cols, rows });
  }

  pause(): void {
    if (this.session.paused) return;
    this.session.pause();
    this.#options.reporter.report({ event: "pause" });
  }

  resume(): void {
    if (!this.session.paused) return;
    this.session.resume();
    this.#options.reporter.report({ event: "resume" });
  }

  mark(label: string): void {
    this.session.note({ kind: "marker", label });
    this.#options.reporter.report({ event: "marker", label });
  }

  #join(peer: ViewerPeer): void {
    if (this.#ended !== undefined) return peer.close("ended", { status: this.#ended.code });
    this.participants.join(peer, () => this.#broadcast.leave(peer));
    this.#broadcast.join(peer);
  }

  #refused(code: string): void {
    // Who opens sockets by the thousand does not fill the presenter's log.
    if (this.#refusals++ < 1_000) this.#options.reporter.report({ event: "refused", code });
  }

  #headerLine(): string {
    const { cols, rows } = this.session.size;
    return encodeHeader({ ...this.#options.header, cols, rows });
  }

  #sinkFailed(sink: Sink, error: unknown): void {
    if (sink !== this.#recording) throw error;
    this.recordingFailed({
      code: "recording-failed",
      message: `Cannot go on recording: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
}

/** A recorder among a session's sinks. */
function recordingSink(recorder: Recorder): Sink {
  return {
    name: "recording",
    everyLine: true,
    frame: (frame, { history, atMs }) => recorder.frame(frame, history, atMs),
    event: (event, atMs) => recorder.event(event, atMs),
    close: () => recorder.close(),
  };
}
