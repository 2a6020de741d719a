/**
 * Everything between a program and those who watch it, put together.
 *
 * @module
 */
import { encodeHeader } from "../format/header.ts";
import type { JsonObject } from "../format/json.ts";
import type { Row } from "../format/row.ts";
import { PRESENTER_ID } from "../format/session_data.ts";
import type { Recorder } from "../record/recorder.ts";
import { Admission } from "../wire/admission.ts";
import type { ClosingCode } from "../wire/closing.ts";
import { acceptViewer } from "../wire/host_side.ts";
import type { WireSocket } from "../wire/socket.ts";
import { StreamSealer } from "../wire/stream.ts";
import type { HostAction } from "../wire/actions.ts";
import type { ViewerPeer } from "../wire/viewer_peer.ts";
import { Actions, type ActOutcome } from "./actions.ts";
import { Broadcast, type StreamPeer } from "./broadcast.ts";
import type { Caller, Client } from "./client_address.ts";
import type { ControlInput, ControlState } from "./control.ts";
import { Driving } from "./driving.ts";
import type { Via } from "./events.ts";
import { Guesses } from "./guesses.ts";
import type { Links } from "./links.ts";
import type { LiveOptions } from "./live_options.ts";
import type { SessionMeasures } from "./metrics/measures.ts";
import { Meter } from "./metrics/meter.ts";
import { PaneCursors } from "./pane_cursors.ts";
import { PaneViews } from "./pane_views.ts";
import type { PaneInfo } from "./panes.ts";
import { type Participant, Participants, type Presence } from "./participants.ts";
import { Pointers } from "./pointers.ts";
import { Refusals } from "./refusals.ts";
import { Removals } from "./removals.ts";
import { may } from "./rights.ts";
import { SlowViewers } from "./slow_viewers.ts";
import { Session, type SessionStatus, type Sink } from "./session.ts";
import { ViewerCommands } from "./viewer_commands.ts";

const NO_SPANS: readonly never[] = [];

/** A session that is watched. */
export class Live {
  readonly session: Session;
  readonly participants: Participants;
  readonly #options: LiveOptions;
  readonly #driving: Driving;
  readonly #pointers: Pointers;
  readonly #actions: Actions;
  readonly #commands: ViewerCommands;
  /** The connections of those who are there, by their ids. */
  readonly #peers = new Map<string, ViewerPeer>();
  readonly #broadcast: Broadcast;
  readonly #stream = new StreamSealer();
  readonly #admission = new Admission();
  readonly #recording: Sink | undefined;
  readonly #meter = new Meter();
  readonly #slowViewers: SlowViewers;
  readonly #guesses: Guesses;
  readonly #refusals: Refusals;
  /** Whether the presenter's terminal is gone. */
  #alone = false;
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
    const { session } = this;
    // Names and notes are somebody's own words.
    const safe = (kind: "participant" | "control", data: JsonObject): JsonObject => {
      const event = redactor.event({ kind, data });
      return event.kind === kind ? event.data : data;
    };
    const note: Session["note"] = (event) => session.note(event);
    const participants = this.participants = new Participants({
      clock,
      presenter,
      note,
      reporter,
      onPresence: (presence, participant, why) => this.#presence(presence, participant, why),
    });
    const nameOf = (id: string): string => participants.nameOf(id);
    const driving = this.#driving = new Driving({
      control: { ...options.control, panes: options.panes !== undefined },
      clock,
      session,
      note: (data) => note({ kind: "control", data }),
      notice: (id, code) => this.#peers.get(id)?.notice(code),
      reporter: {
        report: (event) => {
          this.#meter.reported(event);
          reporter.report(event);
        },
      },
      nameOf,
      panes: options.panes,
      ownerOf: (id) => participants.get(id),
      onTyped: (id, bytes, pane) => {
        this.#meter.typed(id, bytes.length, this.participants.get(id)?.type);
        options.onTyped?.(id, bytes, pane);
      },
    });
    if (options.panes !== undefined) {
      const { panes } = options;
      session.add(new PaneCursors({ panes, note, paused: () => session.paused }));
    }
    const pointers = this.#pointers = new Pointers({ clock, note: (all) => all.forEach(note) });
    const removals = new Removals({
      admission: this.#admission,
      stream: this.#stream,
      peers: this.#peers,
      participants,
      links: options.links,
    });
    const actions = this.#actions = new Actions({
      session,
      driving,
      participants,
      links: options.links,
      reporter,
      kick: (id) => removals.kick(id),
      withdraw: (links) => removals.withdraw(links),
      hangUp: () => options.hangUp(),
    });
    this.#slowViewers = new SlowViewers(clock, reporter);
    const roster = (): JsonObject => safe("participant", participants.roster());
    const control = (): JsonObject => safe("control", driving.describe());
    const views = options.panes && new PaneViews({
      panes: options.panes,
      redactor,
      clock,
      hasPane: (id) => driving.state.panes.rights.get(id)?.pane !== undefined,
      paused: () => session.paused,
      roster,
      control,
    });
    if (views !== undefined) session.add(views);
    this.#commands = new ViewerCommands({
      session,
      driving,
      pointers,
      actions,
      follow: (peer) => views === undefined ? peer.notice("no-panes") : views.follow(peer),
    });
    this.#broadcast = new Broadcast({
      stream: this.#stream,
      clock,
      roster,
      control,
      onLag: (peer) => this.#lags(peer),
    });
    this.#guesses = new Guesses(clock);
    this.#refusals = new Refusals({ clock, reporter });
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

  /** Who may type, and who asks to. */
  get control(): ControlState {
    return this.#driving.state;
  }

  /** The panes of participants that are there, also of those who are gone; `undefined` where there are none to be had. */
  get panes(): readonly PaneInfo[] | undefined {
    return this.#options.panes === undefined ? undefined : this.#driving.panes;
  }

  /** The links that let people in. */
  get links(): Links {
    return this.#options.links;
  }

  /** Whether viewers see nothing of the screen. */
  get paused(): boolean {
    return this.session.paused;
  }

  /** What was counted until now. */
  measure(): SessionMeasures {
    const { session, participants } = this;
    return this.#meter.measure({
      active: this.#ended === undefined,
      participants,
      session,
      stream: this.#broadcast,
      redactions: this.#options.redactions?.() ?? new Map(),
      inputWaitingBytes: session.inputWaitingBytes,
      recordingWaitingBytes: this.#options.recorder?.waitingBytes ?? 0,
    });
  }

  /** How many secrets were masked so far. */
  get masked(): number {
    return this.#options.masking?.total ?? 0;
  }

  /** The columns of a row of the presenter's screen that others see masked. */
  masks(row: Row): readonly { readonly from: number; readonly to: number }[] {
    return this.#options.masking?.spans(row) ?? NO_SPANS;
  }

  /** Resolves when the program's terminal has taken what was typed last. */
  get typed(): Promise<void> {
    return this.#driving.typed;
  }

  /**
   * Does something to the session. `by` is the presenter's id, or a participant's: its role has to allow it. `via` is how,
   * when somebody counts as the presenter.
   */
  act(by: string, action: HostAction, via?: Via): Promise<ActOutcome> {
    return this.#actions.act(by, action, via);
  }

  /** Types for the presenter. Returns whether the presenter may type now; otherwise it was not typed. */
  type(bytes: Uint8Array): boolean {
    return this.#driving.input({ kind: "type", id: PRESENTER_ID, bytes }).length === 0;
  }

  /**
   * The presenter's terminal is gone. Who watches goes on doing so, and control is as the policy says; when nobody
   * watches, the session ends as a shell does whose terminal is closed.
   */
  presenterGone(): void {
    const { reporter, control, hangUp } = this.#options;
    this.#alone = true;
    const watched = this.participants.list.length > 0;
    reporter.report({ event: "presenter-gone", then: watched ? control.whenGone : "stop" });
    if (watched) this.#driving.input({ kind: "presenter", present: false });
    else hangUp();
  }

  /** Runs until the program has ended, and everybody was told. */
  async run(): Promise<SessionStatus> {
    try {
      return this.#ended = await this.session.run();
    } finally {
      this.#driving.end();
      this.#pointers.end();
      this.participants.end();
      this.#refusals.end();
    }
  }

  /**
   * A socket opened, from an address if that is known: it belongs to a viewer, who is called what its certificate says, or
   * to nobody that is let in.
   */
  accept(
    socket: WireSocket,
    from?: Pick<Client, "address" | "name"> & Partial<Pick<Caller, "letIn">>,
  ): void {
    const { keys, secret } = this.#options;
    const address = from?.address, name = from?.name;
    acceptViewer(this.#meter.counted(socket), {
      keys,
      secret,
      stream: this.#stream,
      admission: this.#admission,
      describe: () => ({ header: this.#headerLine(), atMs: this.session.nowMs }),
      onJoin: (peer) => {
        from?.letIn?.();
        this.#join(peer);
      },
      onRefused: (code) => this.#refused(code, address),
      ...(name !== undefined && { name }),
      ...(address !== undefined && { caution: this.#guesses.from(address) }),
    });
  }

  /** Somebody was turned away before there was a socket. */
  refused(code: ClosingCode, from?: Pick<Client, "address">): void {
    this.#refused(code, from?.address);
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

  #join(peer: ViewerPeer): void {
    if (this.#ended !== undefined) return peer.close("ended", { status: this.#ended.code });
    this.#peers.set(peer.id, peer);
    this.participants.join(peer, () => {
      this.#watchingChanges();
      this.#broadcast.leave(peer);
      if (this.#peers.get(peer.id) === peer) this.#peers.delete(peer.id);
      // Who kept the key, and can tap what others are sent, reads on no longer than their token lasts.
      if (peer.closed === "token-expired") this.#stream.nextEpoch();
    });
    this.#watchingChanges();
    this.#broadcast.join(peer);
    peer.onCommand((command) => this.#commands.obey(peer, command));
  }

  #lags(peer: StreamPeer): void {
    const id = this.#idOf(peer);
    if (id === undefined) return;
    const name = this.participants.nameOf(id);
    this.#slowViewers.slow({ id, name, waitingBytes: peer.inFlightBytes });
  }

  #idOf(peer: StreamPeer): string | undefined {
    for (const [id, own] of this.#peers) if (own === peer) return id;
    return undefined;
  }

  #watchingChanges(): void {
    this.#meter.watching(this.#broadcast.count, this.session.outputBytes);
  }

  #presence(presence: Presence, { id, role, type }: Participant, why?: ClosingCode): void {
    const input: ControlInput = presence === "join"
      ? { kind: presence, id, mayType: may(role, "type"), agent: type === "agent" }
      : presence === "leave"
      ? { kind: presence, id, removed: why === "kicked" || why === "token-revoked" }
      : { kind: presence, id };
    this.#driving.input(input);
    this.#meter.presence(presence, role);
    if (presence !== "leave") return;
    this.#pointers.forget(id);
    this.#slowViewers.forget(id);
    if (this.#alone && this.participants.list.every((other) => other.id === id)) {
      this.#options.hangUp();
    }
  }

  #refused(code: ClosingCode, address: string | undefined): void {
    this.#meter.refused(code);
    this.#refusals.note(code, address);
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
