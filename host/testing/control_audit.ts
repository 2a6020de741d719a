/**
 * A second opinion on control: it knows what was done to it and what it told everyone, and from that alone whether each
 * byte that it lets pass should.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type ControlData, PRESENTER_ID, type Turn } from "../../format/session_data.ts";
import type { JsonObject } from "../../format/json.ts";
import { learn, NO_FACTS, type SessionFacts } from "../../viewer/session_facts.ts";
import {
  type ControlEffect,
  type ControlInput,
  type ControlOptions,
  type ControlState,
  type InputOf,
  nextTickMs,
  REQUESTS_MAX,
  WARN_MS,
} from "../control.ts";
import { PASTE_MAX_BYTES } from "../control_typing.ts";
import { BACKLOG_MAX_BYTES, BACKLOG_MAX_MESSAGES } from "../rate_limit.ts";

/** Something that was typed and may still pass. */
interface Message {
  readonly bytes: Uint8Array;
  /** The turn in which it was typed. */
  readonly turn: number;
}

/** Who had control before a step, and who could be handed it back. */
type Before = Turn & { readonly takenFrom: string | undefined };

interface Known {
  readonly mayType: boolean;
  readonly agent: boolean;
  present: boolean;
  /** What was typed and has not passed yet, in order. */
  messages: Message[];
}

/** Watches one history. Every method throws when something is not as it must be. */
export class ControlAudit {
  /** What viewers know. */
  facts: SessionFacts;
  readonly #options: ControlOptions;
  readonly #known = new Map<string, Known>();
  /** How often each way of ending a request has been told. */
  readonly ended = { grant: 0, deny: 0, lapse: 0, withdraw: 0 };
  /** How many bytes of participants have passed. */
  passed = 0;
  #passedBefore = 0;
  #held: { readonly id: string; readonly message: Message } | undefined;
  #sharingPaused = false;
  #dropped = false;
  #warned = false;
  /** From whom the presenter took control last, as everyone was told. */
  #takenFrom: string | undefined;
  /** How often an agent got control because it is an agent's, and somebody because it was taken from them. */
  readonly given = { toAgent: 0, back: 0 };

  constructor(options: ControlOptions, first: ControlState) {
    this.#options = options;
    this.facts = { ...NO_FACTS, turn: first.turn };
  }

  /** One step, as it was seen from outside. */
  check(
    input: ControlInput,
    nowMs: number,
    effects: readonly ControlEffect[],
    state: ControlState,
  ): void {
    this.#before(input);
    this.#dropped = false;
    this.#passedBefore = this.passed;
    const before = { ...this.facts.turn, takenFrom: this.#takenFrom };
    for (const effect of effects) this.#effect(effect, nowMs, input);
    this.#agents(input, before);
    if (input.kind === "leave") this.#known.delete(input.id);
    this.#bounds(state);
    assert.deepEqual(state.turn, this.facts.turn);
    assert.deepEqual(
      state.requests.map(({ id }) => id),
      this.facts.requests.map(({ id }) => id),
    );
    const next = nextTickMs(state);
    if (input.kind === "tick" && next !== undefined) assert.ok(next > nowMs, `ticks at ${next}`);
  }

  /** The input, as far as it says who is there and what was typed. */
  #before(input: ControlInput): void {
    switch (input.kind) {
      case "join":
        if (!this.#known.has(input.id)) {
          const { mayType, agent = false } = input;
          this.#known.set(input.id, { mayType, agent, present: true, messages: [] });
        }
        this.#setPresent(input.id, true);
        break;
      case "away":
      case "back":
        this.#setPresent(input.id, input.kind === "back");
        break;
      case "sharing":
        this.#sharingPaused = input.paused;
        break;
      case "type":
        this.#known.get(input.id)?.messages.push(this.#message(input));
        break;
      case "paste":
        if (this.#held !== undefined && input.allow) {
          this.#known.get(this.#held.id)?.messages.push(this.#held.message);
        }
        break;
    }
  }

  #message({ bytes, turn = -1 }: InputOf<"type">): Message {
    return { bytes, turn };
  }

  /** What is an agent's goes to agents only, and to nobody whom the presenter has not given it to. */
  #agents(input: ControlInput, before: Before): void {
    const { turn } = this.facts;
    const holder = this.#known.get(turn.holder ?? "");
    if (turn.agent) {
      assert.ok(!this.#options.readOnly);
      assert.ok(turn.mode === "participant" || turn.mode === "presenter", turn.mode);
      assert.ok(holder === undefined || (holder.agent && holder.mayType));
      assert.equal(turn.untilMs, undefined);
    }
    if (!before.agent && turn.agent) {
      assert.ok(input.kind === "mode" && input.mode === "agent" || input.kind === "hand-back");
    }
    const came = input.kind === "join" || input.kind === "back" ? input.id : undefined;
    const known = this.#known.get(came ?? "");
    if (before.agent && before.mode === "presenter" && known?.agent && known.mayType) {
      assert.equal(turn.holder, came, "an agent was waited for, and got nothing");
    }
    if (turn.holder !== undefined && turn.holder !== before.holder) {
      this.#gets(turn, input, came, before);
    }
    const ended = input.kind === "take" || input.kind === "leave" && input.removed &&
        input.id === before.holder;
    if (ended) assert.deepEqual([turn.holder, turn.agent], [undefined, undefined]);
    const gone = input.kind === "leave" && input.id === this.#takenFrom;
    if (gone || input.kind === "mode") this.#takenFrom = undefined;
  }

  /** Somebody has control who had it not before. */
  #gets(turn: Turn, input: ControlInput, came: string | undefined, before: Before): void {
    switch (input.kind) {
      case "grant":
        assert.ok(turn.holder === input.id && !turn.agent);
        return;
      case "hand-back":
        this.given.back++;
        return assert.equal(turn.holder, before.takenFrom ?? "nobody");
      case "mode":
        this.given.toAgent++;
        return assert.ok(input.mode === "agent" && turn.agent);
      default:
        this.given.toAgent++;
        assert.ok(turn.holder === came && before.agent && turn.agent, input.kind);
    }
  }

  #setPresent(id: string, present: boolean): void {
    const known = this.#known.get(id);
    if (known !== undefined) known.present = present;
  }

  #effect(effect: ControlEffect, nowMs: number, input: ControlInput): void {
    switch (effect.kind) {
      case "write":
        if (effect.pane) break;
        if (effect.id === PRESENTER_ID) this.#presenterWrites(effect.bytes, input);
        else this.#write(effect.id, effect.bytes, nowMs);
        break;
      case "open-pane":
      case "release-pane":
      case "drop-pane":
        break;
      case "drop":
        assert.equal(this.passed, this.#passedBefore, "bytes passed just before they were dropped");
        this.#dropped = true;
        for (const known of this.#known.values()) {
          // What is being typed just now may belong to the turn that begins with this.
          known.messages = known.messages.filter(({ bytes }) =>
            input.kind === "type" && bytes === input.bytes
          );
        }
        break;
      case "notice":
        this.#notice(effect, input);
        break;
      case "event":
        this.#event(effect.data, nowMs);
        break;
      default:
        effect satisfies never;
    }
  }

  #presenterWrites(bytes: Uint8Array, input: ControlInput): void {
    assert.ok(input.kind === "type" && input.id === PRESENTER_ID && bytes === input.bytes);
    const { mode } = this.facts.turn;
    assert.ok(this.#sharingPaused || mode === "presenter" || mode === "collaborative", mode);
  }

  /** The law of laws: whose byte passes may type at this moment, according to what everyone was told. */
  #write(id: string, bytes: Uint8Array, nowMs: number): void {
    const known = this.#known.get(id);
    const { turn } = this.facts;
    assert.ok(known?.present, `${id} is not here`);
    assert.ok(known.mayType, `the role of ${id} does not allow it`);
    assert.ok(!this.#options.readOnly && !this.#sharingPaused);
    assert.ok(turn.mode === "collaborative" || turn.holder === id, `${turn.mode} ${turn.holder}`);
    assert.ok(nowMs < (turn.untilMs ?? Infinity), "time is over");
    const message = this.#explain(known, bytes);
    assert.equal(message.turn, turn.turn, "of a former turn");
    this.passed += bytes.length;
  }

  /** The message that `bytes` are: whole, and none before it passes any more. */
  #explain(known: Known, bytes: Uint8Array): Message {
    const at = known.messages.findIndex((message) => isSame(message.bytes, bytes));
    const message = known.messages[at];
    assert.ok(message !== undefined, "not typed, or in another order, or twice, or in part");
    known.messages = known.messages.slice(at + 1);
    return message;
  }

  #notice({ id, code }: { readonly id: string; readonly code: string }, input: ControlInput): void {
    if (code === "paste-held") {
      assert.ok(input.kind === "type" && this.#held === undefined);
      this.#held = { id, message: this.#known.get(id)!.messages.pop()! };
    }
    if (code === "paste-dropped") this.#held = undefined;
  }

  #event(data: ControlData, nowMs: number): void {
    const before = this.facts;
    const asked = before.requests.some((request) => "id" in data && request.id === data.id);
    this.facts = learn(
      before,
      { kind: "control", data: data as unknown as JsonObject },
      nowMs,
    );
    const { turn } = this.facts;
    switch (data.kind) {
      case "request":
        assert.ok(!asked, "asked twice");
        break;
      case "deny":
      case "lapse":
      case "withdraw":
        assert.ok(asked, `${data.kind} without a request`);
        this.ended[data.kind]++;
        break;
      case "grant":
        if (asked) this.ended.grant++;
        assert.ok(
          before.turn.holder === undefined || before.turn.holder === data.id,
          "two holders",
        );
        assert.equal(turn.holder, data.id);
        this.#warned = false;
        this.#takenFrom = undefined;
        break;
      case "revoke":
        assert.equal(before.turn.holder, data.id);
        assert.equal(turn.holder, undefined);
        this.#takenFrom = data.why === "taken" && data.by === PRESENTER_ID ? data.id : undefined;
        break;
      case "warn":
        assert.ok(!this.#warned && data.id === turn.holder && data.leftMs <= WARN_MS);
        this.#warned = true;
        break;
    }
    const same = before.turn.mode === turn.mode && before.turn.holder === turn.holder;
    assert.equal(turn.turn, before.turn.turn + (same ? 0 : 1));
    assert.ok(same || this.#dropped, "a turn began with bytes of the last one");
    this.#dropped = false;
  }

  #bounds(state: ControlState): void {
    assert.ok(state.requests.length <= REQUESTS_MAX);
    assert.ok((state.paste?.bytes.length ?? 0) <= PASTE_MAX_BYTES);
    if (state.paste === undefined) this.#held = undefined;
    assert.deepEqual([...state.members.keys()], [...this.#known.keys()]);
    const named = [state.turn.holder, state.paste?.id, ...state.requests.map(({ id }) => id)];
    for (const id of named) assert.ok(id === undefined || this.#known.has(id), `${id} has left`);
    for (const [id, { limit, toldMs }] of state.typists) {
      assert.ok(state.members.has(id) || id === PRESENTER_ID, `${id} is remembered`);
      assert.ok(toldMs.size < 12);
      assert.ok(limit.backlogBytes <= BACKLOG_MAX_BYTES);
      assert.ok(limit.backlog.length <= BACKLOG_MAX_MESSAGES);
    }
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
