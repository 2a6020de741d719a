/**
 * What a program's own pane shows: a screen and an output of its own.
 *
 * @module
 */
import type { Pane } from "../format/session_data.ts";
import type { Clock } from "../viewer/clock.ts";
import type { ConnectionEvent } from "../wire/connection.ts";
import type { InputPart } from "../wire/input.ts";
import type { AgentError } from "./errors.ts";
import { Feed, type Moment } from "./feed.ts";
import type { RunRoom } from "./running.ts";
import { ShellWatch } from "./shell_watch.ts";

/** What a {@link PaneView} needs of a session. */
export interface PaneViewDeps {
  readonly clock: Clock;
  readonly keepLines: number;
  watch(listener: () => void): () => void;
  exitStatus(): number | null | undefined;
  /** Why nothing more comes of the pane, once that is so. */
  over(): AgentError | undefined;
  /** Why nothing is typed into the pane now. */
  refusal(): AgentError | undefined;
  type(messages: readonly (readonly InputPart[])[]): Promise<unknown>;
}

/** See the module. */
export class PaneView implements RunRoom, Disposable {
  /** Since when it is this program's. */
  readonly turn: number;
  readonly feed: Feed;
  readonly shell: ShellWatch;
  readonly clock: Clock;
  readonly watch: PaneViewDeps["watch"];
  readonly over: PaneViewDeps["over"];
  readonly exitStatus: PaneViewDeps["exitStatus"];
  readonly interrupted: PaneViewDeps["refusal"];
  readonly type: PaneViewDeps["type"];
  readonly #listeners = new Set<(moment: Moment) => void>();

  constructor({ turn }: Pick<Pane, "turn">, deps: PaneViewDeps) {
    this.turn = turn;
    this.clock = deps.clock;
    this.feed = new Feed(deps.keepLines);
    this.shell = new ShellWatch(this.feed);
    this.watch = deps.watch;
    this.over = deps.over;
    this.exitStatus = deps.exitStatus;
    this.interrupted = deps.refusal;
    this.type = deps.type;
  }

  onMoment(listener: (moment: Moment) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Takes in what the connection says of the pane.
   *
   * @throws {CollabError} when the host sends what is no event
   */
  receive({ seq, atMs, lines }: Extract<ConnectionEvent, { kind: "pane" }>): void {
    // What goes on from something that never came is of an earlier pane.
    if (atMs === undefined && this.feed.frame === undefined) return;
    const delivery = this.feed.receive(
      atMs === undefined ? { kind: "lines", seq, lines } : { kind: "state", seq, atMs, lines },
    );
    this.shell.delivered(this.clock.now());
    for (const moment of delivery?.moments ?? []) {
      if (moment.mark !== undefined) this.shell.marked(moment.mark);
      for (const listener of [...this.#listeners]) listener(moment);
    }
  }

  [Symbol.dispose](): void {
    this.feed[Symbol.dispose]();
  }
}
