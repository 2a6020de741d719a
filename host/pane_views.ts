/**
 * What somebody's own pane shows, for them alone: a session of its own, with the same redaction, at the end of their own
 * channel.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";
import type { JsonObject } from "../format/json.ts";
import type { Redactor, SafeEvent } from "../redact/redactor.ts";
import type { ViewerPeer } from "../wire/viewer_peer.ts";
import { Broadcast, type StreamPeer } from "./broadcast.ts";
import type { Clock } from "./clock.ts";
import type { PaneHost, WatchedPane } from "./panes.ts";
import { Session, type Sink } from "./session.ts";

/** A viewer who has a pane. */
export type PanePeer = Pick<ViewerPeer, "id" | "closed" | "notice" | "sendPane" | "ackedBytes">;

/** What {@link PaneViews} are made of. */
export interface PaneViewsOptions {
  readonly panes: PaneHost;
  readonly redactor: Redactor;
  /** Session time. */
  readonly clock: Clock;
  /** Whether somebody has a pane now. */
  hasPane(id: string): boolean;
  /** Whether nobody is to see anything now. */
  paused(): boolean;
  roster(): JsonObject;
  control(): JsonObject;
}

/** Shows owners what is in their panes. As a sink of the session it hears when that is over, or paused. */
export class PaneViews implements Sink {
  readonly name = "panes";
  readonly #options: PaneViewsOptions;
  readonly #views = new Map<string, View>();

  constructor(options: PaneViewsOptions) {
    this.#options = options;
  }

  /** Somebody asks for what their pane shows. */
  follow(peer: PanePeer): void {
    const { id } = peer;
    if (this.#views.get(id)?.peer === peer) return;
    this.#end(id);
    if (!this.#options.hasPane(id)) return peer.notice("no-pane");
    const view = new View(peer, this.#options);
    this.#views.set(id, view);
    void this.#show(view);
  }

  async #show(view: View): Promise<void> {
    const { peer } = view;
    try {
      // tmux may let go of who reads: what is shown then is shown anew.
      while (!view.over && peer.closed === undefined) await view.show();
    } catch (error) {
      if (!(error instanceof CollabError)) throw error;
      // The pane is gone, of which everybody is told, or tmux is.
    } finally {
      if (this.#views.get(peer.id) === view) this.#views.delete(peer.id);
    }
  }

  frame(): void {}

  event(event: SafeEvent): void {
    if (event.kind !== "control") return;
    const { kind, id, open } = event.data;
    if (kind === "pause" || kind === "resume") {
      for (const view of this.#views.values()) view.pause(kind === "pause");
    } else if (kind === "pane" && open === false && typeof id === "string") this.#end(id);
  }

  close(): void {
    for (const id of [...this.#views.keys()]) this.#end(id);
  }

  #end(id: string): void {
    this.#views.get(id)?.end();
    this.#views.delete(id);
  }
}

/** A pane that its owner is shown. */
class View {
  readonly peer: PanePeer;
  readonly #options: PaneViewsOptions;
  #watched: WatchedPane | undefined;
  #session: Session | undefined;
  #over = false;

  constructor(peer: PanePeer, options: PaneViewsOptions) {
    this.peer = peer;
    this.#options = options;
  }

  /** Whether it is to be shown no more. */
  get over(): boolean {
    return this.#over;
  }

  /** Shows it until it ends. @throws {CollabError} when it cannot be shown */
  async show(): Promise<void> {
    const { peer } = this;
    const { panes, redactor, clock, roster, control, paused } = this.#options;
    const watched = this.#watched = await panes.watch(peer.id);
    if (this.#over) return watched.end();
    const { pty, cols, rows, drawn } = watched;
    const session = this.#session = new Session({
      pty,
      cols,
      rows,
      redactor: redactor.another(),
      drawn,
      clock,
      onSinkError: (_, error) => {
        throw error;
      },
    });
    watched.onResize = (cols, rows) => session.resize(cols, rows);
    if (paused()) session.pause();
    const stream = new OneViewer(peer);
    const broadcast = new Broadcast({ stream, clock, roster, control });
    session.add(broadcast);
    broadcast.join(stream);
    await session.run();
  }

  pause(paused: boolean): void {
    if (paused) this.#session?.pause();
    else this.#session?.resume();
  }

  end(): void {
    this.#over = true;
    this.#watched?.end();
  }
}

/** A stream that one viewer gets, on a channel that is theirs alone: nothing is sealed for others. */
class OneViewer implements StreamPeer {
  /** Nothing is known of what they had before: they are shown the whole. */
  readonly resumedSeq = 0;
  seq = 0;
  position: number | undefined;
  readonly #peer: PanePeer;
  #lines = "";
  /** What was sent: how much, and up to where in all that the viewer was sent. */
  #sent: { readonly bytes: number; readonly until: number }[] = [];

  constructor(peer: PanePeer) {
    this.#peer = peer;
  }

  get closed(): StreamPeer["closed"] {
    return this.#peer.closed;
  }

  get inFlightBytes(): number {
    this.#sent = this.#sent.filter(({ until }) => until > this.#peer.ackedBytes);
    return this.#sent.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  seal(lines: string): Uint8Array {
    this.seq++;
    this.#lines = lines;
    return EMPTY;
  }

  sendStream(): void {
    this.#send({ seq: this.seq }, this.#lines);
  }

  sendDirect(lines: string, seq: number, atMs: number): void {
    this.#send({ seq, atMs }, lines);
  }

  close(): void {}

  #send(at: { readonly seq: number; readonly atMs?: number }, lines: string): void {
    this.position = at.seq;
    const sent = this.#peer.sendPane(at, lines);
    if (sent !== undefined) this.#sent.push(sent);
  }
}

const EMPTY = new Uint8Array();
