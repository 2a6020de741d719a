/**
 * Follows what is in a program's own pane, for as long as it has one.
 *
 * @module
 */
import type { Pane } from "../format/session_data.ts";
import type { ViewerCommandJson } from "../wire/connection.ts";
import type { InputPart } from "../wire/input.ts";
import type { Lane } from "./outbox.ts";
import { paneLane, paneOver, type PaneRoom } from "./own_pane.ts";
import { PaneView } from "./pane_view.ts";
import type { ShellWatch } from "./shell_watch.ts";

/** What a {@link PaneFollowing} needs of a session. */
export interface PaneFollowingDeps {
  readonly room: Pick<PaneRoom, "feed" | "you" | "clock" | "watch" | "over" | "exitStatus">;
  /** Lines of output to keep. */
  readonly keepLines: number;
  /** Sends a command; returns whether it could be sent. */
  send(command: ViewerCommandJson): boolean;
  /** Types at a shell. */
  type(
    shell: ShellWatch,
    messages: readonly (readonly InputPart[])[],
    lane: Lane,
  ): Promise<unknown>;
}

/** See the module. */
export class PaneFollowing implements Disposable {
  readonly #deps: PaneFollowingDeps;
  #view: PaneView | undefined;
  /** Whether the host has been asked for what is in the pane, on this connection. */
  #asked = false;

  constructor(deps: PaneFollowingDeps) {
    this.#deps = deps;
  }

  /** What is in the pane, while there is one. */
  get view(): PaneView | undefined {
    return this.#view;
  }

  /** There is another connection. */
  cut(): void {
    this.#asked = false;
  }

  /** Something has happened in the session: perhaps there is a pane now, or no longer. */
  look(): void {
    const { room: { feed, you }, send } = this.#deps;
    const right = feed.facts.panes.get(you.id);
    if (right?.turn !== this.#view?.turn) {
      this[Symbol.dispose]();
      this.#view = right && this.#viewOf(right);
      this.#asked = false;
    }
    if (this.#view !== undefined && !this.#asked) this.#asked = send({ kind: "follow" });
  }

  [Symbol.dispose](): void {
    this.#view?.[Symbol.dispose]();
  }

  #viewOf({ turn }: Pick<Pane, "turn">): PaneView {
    const { room, keepLines, type } = this.#deps;
    const lane = paneLane(room, turn);
    const view: PaneView = new PaneView({ turn }, {
      clock: room.clock,
      keepLines,
      watch: (listener) => room.watch(listener),
      exitStatus: () => room.exitStatus(),
      over: () => room.over() ?? paneOver(room, turn),
      refusal: () => lane.refusal(),
      type: (messages) => type(view.shell, messages, lane),
    });
    return view;
  }
}
