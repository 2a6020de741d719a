/**
 * The control state machine at work: time, the program's terminal, the people.
 *
 * @module
 */
import type { JsonObject } from "../format/json.ts";
import { type ControlData, PRESENTER_ID } from "../format/session_data.ts";
import type { NoticeCode } from "../wire/notices.ts";
import type { Clock } from "./clock.ts";
import {
  type ControlEffect,
  type ControlInput,
  type ControlOptions,
  controlSnapshot,
  type ControlState,
  firstControl,
  nextTickMs,
  step,
} from "./control.ts";
import type { Reporter, Via } from "./events.ts";
import type { PaneHost, PaneInfo, PaneOwner } from "./panes.ts";
import type { WriteOptions } from "./pty/input.ts";

/** What driving needs of a session. */
export interface DrivingOptions {
  readonly control: ControlOptions;
  /** Session time. */
  readonly clock: Clock;
  readonly session: {
    type(data: Uint8Array, options?: WriteOptions): Promise<void>;
    dropTyped(): void;
  };
  /** Tells everyone of a change. */
  note(data: ControlData & JsonObject): void;
  /** Tells one participant something. */
  notice(id: string, code: NoticeCode): void;
  readonly reporter: Reporter;
  nameOf(id: string): string;
  /** Opens panes and types into them, where there are any. */
  readonly panes?: PaneHost | undefined;
  /** Whose a pane is to be; `undefined` when they are gone. */
  ownerOf?(id: string): PaneOwner | undefined;
  /** Somebody types into the program, or into a pane of their own: what is refused there was not typed. */
  readonly onTyped?: (id: string, bytes: Uint8Array, pane: boolean) => void;
}

const PASTE_START = new TextEncoder().encode("\x1b[200~");
/** A program is not left waiting for the end of a paste. */
const DROPPABLE_PASTE: WriteOptions = {
  droppable: true,
  ending: new TextEncoder().encode("\x1b[201~"),
};
const DROPPABLE: WriteOptions = { droppable: true };

/** Who has done something that counts as the presenter's, and how. */
interface Made {
  readonly by: string;
  readonly via: Via;
}

/** Nothing is typed but through this. */
export class Driving {
  readonly #options: DrivingOptions;
  #state: ControlState;
  /** Session time of the last input. */
  #nowMs = 0;
  #timerMs: number | undefined;
  #cancelTimer: () => void = () => {};
  #over = false;
  /** How the input that is being carried out was made, and by whom. */
  #made: Made | undefined;
  /** Resolves when the program's terminal has taken all that was typed last. */
  #typed: Promise<void> = Promise.resolve();
  /** Panes that are being opened: whether it worked. */
  readonly #opening = new Map<string, Promise<boolean>>();

  constructor(options: DrivingOptions) {
    this.#options = options;
    const { panes } = options;
    if (panes !== undefined) panes.onGone = (id) => void this.input({ kind: "pane-gone", id });
    this.#state = firstControl(options.control);
  }

  /** Who may type, who asks. */
  get state(): ControlState {
    return this.#state;
  }

  /** Resolves when the program's terminal has taken what was typed last. */
  get typed(): Promise<void> {
    return this.#typed;
  }

  /** The panes that are there, also those that were kept for somebody. */
  get panes(): readonly PaneInfo[] {
    return this.#options.panes?.list ?? [];
  }

  /** Whether somebody's pane could be opened, once that is known; `undefined` when none is being opened. */
  opening(id: string): Promise<boolean> | undefined {
    return this.#opening.get(id);
  }

  /** How things are, for someone who comes. */
  describe(): ControlData & JsonObject {
    return controlSnapshot(this.#state) as ControlData & JsonObject;
  }

  /**
   * Something happened. Returns what refused it, when it is an action or the presenter's: that is for the caller to tell.
   * `via` is how somebody did it who counts as the presenter.
   */
  input(input: ControlInput, via?: Via): readonly NoticeCode[] {
    return this.#take(
      input,
      via !== undefined && "by" in input ? { by: input.by, via } : undefined,
    );
  }

  /** Nothing is typed any more, and nobody told. */
  end(): void {
    this.#over = true;
    this.#cancelTimer();
  }

  #take(input: ControlInput, made: Made | undefined): readonly NoticeCode[] {
    if (this.#over) return [];
    this.#made = made;
    const before = this.#state;
    this.#nowMs = this.#options.clock.now();
    const { state, effects } = step(before, input, this.#nowMs);
    this.#state = state;
    const actor = "by" in input ? input.by : "id" in input ? input.id : undefined;
    const answered = "by" in input || actor === PRESENTER_ID;
    const notices: NoticeCode[] = [];
    for (const effect of effects) {
      const answer = answered && effect.kind === "notice" && effect.id === actor;
      if (answer) notices.push(effect.code);
      else this.#run(effect);
    }
    if (state.paste !== before.paste) this.#tellPaste(state.paste);
    this.#arm();
    return notices;
  }

  #run(effect: ControlEffect): void {
    const { session, notice } = this.#options;
    switch (effect.kind) {
      case "write":
        if (effect.pane) return this.#typeInPane(effect.id, effect.bytes);
        this.#options.onTyped?.(effect.id, effect.bytes, false);
        this.#typed = effect.id === PRESENTER_ID
          ? session.type(effect.bytes)
          : session.type(effect.bytes, isPaste(effect.bytes) ? DROPPABLE_PASTE : DROPPABLE);
        return;
      case "drop":
        return session.dropTyped();
      case "open-pane":
        return this.#openPane(effect.id);
      case "release-pane":
        return this.#options.panes?.release(effect.id, effect.end);
      case "drop-pane":
        return this.#options.panes?.drop(effect.id);
      case "notice":
        return notice(effect.id, effect.code);
      case "event":
        return this.#tell(effect.data);
      default:
        return effect satisfies never;
    }
  }

  #typeInPane(id: string, bytes: Uint8Array): void {
    const { panes, notice, onTyped } = this.#options;
    if (panes?.write(id, bytes) === false) return notice(id, "input-refused");
    onTyped?.(id, bytes, true);
  }

  #openPane(id: string): void {
    const { panes, ownerOf } = this.#options;
    const owner = ownerOf?.(id);
    // Told when it is open, it was opened as it was granted.
    const made = this.#made;
    if (panes === undefined || owner === undefined) {
      return void this.#take({ kind: "pane-failed", id }, made);
    }
    const opening = panes.open(owner).then((pane) => {
      this.#take({ kind: "pane-opened", id, pane }, made);
      return true;
    }, () => {
      this.input({ kind: "pane-failed", id });
      return false;
    }).finally(() => {
      if (this.#opening.get(id) === opening) this.#opening.delete(id);
    });
    this.#opening.set(id, opening);
  }

  #tellPaste(paste: ControlState["paste"]): void {
    if (paste === undefined) return;
    const { id, lines } = paste;
    const { reporter, nameOf } = this.#options;
    reporter.report({ event: "paste-held", id, name: nameOf(id), lines });
  }

  #tell(data: ControlData): void {
    const { note, reporter, nameOf } = this.#options;
    note(data as ControlData & JsonObject);
    switch (data.kind) {
      case "request": {
        const { id, forMs, note, pane } = data;
        return reporter.report({
          event: "request",
          id,
          ...(pane && { pane }),
          name: nameOf(id),
          ...(forMs !== undefined && { forMs }),
          ...(note !== undefined && { note }),
        });
      }
      case "withdraw":
      case "lapse":
      case "deny":
        return reporter.report({
          event: "request-ended",
          id: data.id,
          name: nameOf(data.id),
          how: data.kind,
          ...(data.kind === "deny" && { by: data.by, ...this.#viaOf(data.by) }),
        });
      case "warn":
        return reporter.report({
          event: "warn",
          id: data.id,
          name: nameOf(data.id),
          leftMs: data.leftMs,
        });
      case "grant":
      case "revoke":
      case "mode": {
        const { kind, mode, holder, untilMs, agent, by } = data;
        return reporter.report({
          event: "control",
          change: kind,
          mode,
          by,
          ...(isDeed(data) && this.#viaOf(by)),
          ...(holder !== undefined && { holder, name: nameOf(holder) }),
          ...(agent && { agent }),
          ...(untilMs !== undefined && { leftMs: Math.max(0, untilMs - this.#nowMs) }),
          ...(data.kind === "revoke" && { from: nameOf(data.id), why: data.why }),
          ...(data.kind !== "mode" && data.note !== undefined && { note: data.note }),
        });
      }
      case "pane": {
        const { kind, id, open, by, pane } = data;
        const name = nameOf(id);
        return reporter.report({ event: kind, id, name, open, by, ...this.#viaOf(by), pane });
      }
      case "state":
      case "pause":
      case "resume":
        return;
      default:
        return data satisfies never;
    }
  }

  #viaOf(by: string): { readonly via?: Via } {
    return this.#made?.by === by ? { via: this.#made.via } : {};
  }

  /** Sees to it that the next tick comes. */
  #arm(): void {
    const dueMs = nextTickMs(this.#state);
    if (dueMs === this.#timerMs) return;
    this.#cancelTimer();
    this.#cancelTimer = () => {};
    this.#timerMs = dueMs;
    if (dueMs === undefined) return;
    const { clock } = this.#options;
    this.#cancelTimer = clock.after(Math.max(0, dueMs - clock.now()), () => {
      this.#timerMs = undefined;
      this.input({ kind: "tick" });
    });
  }
}

/** Whether somebody did it, and not time. */
function isDeed(data: ControlData): boolean {
  return data.kind !== "revoke" || data.why === "taken" || data.why === "mode";
}

function isPaste(bytes: Uint8Array): boolean {
  return PASTE_START.every((byte, i) => bytes[i] === byte);
}
