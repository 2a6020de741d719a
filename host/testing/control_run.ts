/**
 * Control on its own, with a clock that is moved by hand, and its effects in short.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type ControlData, PRESENTER_ID } from "../../format/session_data.ts";
import {
  type ControlEffect,
  type ControlInput,
  type ControlOptions,
  type ControlState,
  firstControl,
  nextTickMs,
  step,
} from "../control.ts";

/** A session with `p1` and `p2`, who may be given control, and `v1`, who may not: people all. */
export class ControlRun {
  state: ControlState;
  nowMs = 0;

  constructor(options: Partial<ControlOptions> = {}) {
    this.state = firstControl({
      readOnly: false,
      confirmPaste: false,
      takeOnKey: false,
      whenGone: "pause",
      ...options,
    });
    for (const id of ["p1", "p2"]) this.do({ kind: "join", id, mayType: true });
    this.do({ kind: "join", id: "v1", mayType: false });
  }

  /** One input, and what it leads to. */
  do(input: ControlInput): string[] {
    return this.effects(input).map(short);
  }

  /** One input, and its effects as they are. */
  effects(input: ControlInput): readonly ControlEffect[] {
    const { state, effects } = step(this.state, input, this.nowMs);
    this.state = state;
    return effects;
  }

  /** A program comes. */
  agent(id: string, mayType = true): string[] {
    return this.do({ kind: "join", id, mayType, agent: true });
  }

  /** The presenter gives control. */
  grant(id: string, forMs?: number | null): string[] {
    return this.do({ kind: "grant", by: PRESENTER_ID, id, forMs });
  }

  /** Somebody types, having seen the turn as it is, or an earlier one. */
  type(
    id: string,
    text = "x",
    options: { readonly turn?: number; readonly lines?: number } = {},
  ): string[] {
    const { turn = this.state.turn.turn, lines } = options;
    return this.do({
      kind: "type",
      id,
      turn: id === PRESENTER_ID ? undefined : turn,
      bytes: new TextEncoder().encode(text),
      paste: lines === undefined ? undefined : { lines },
    });
  }

  /** Moves the clock, with a tick whenever one is due. */
  ticks(nowMs: number): { readonly atMs: number; readonly effect: ControlEffect }[] {
    const all: { atMs: number; effect: ControlEffect }[] = [];
    for (let due; (due = nextTickMs(this.state) ?? Infinity) <= nowMs;) {
      this.nowMs = Math.max(this.nowMs, due);
      for (const effect of this.effects({ kind: "tick" })) all.push({ atMs: this.nowMs, effect });
      assert.ok(
        (nextTickMs(this.state) ?? Infinity) > this.nowMs,
        "a tick leads to another at once",
      );
    }
    this.nowMs = nowMs;
    return all;
  }

  /** Moves the clock, and gives what happens by itself, with its time. */
  until(nowMs: number): string[] {
    return this.ticks(nowMs).map(({ atMs, effect }) => `${atMs} ${short(effect)}`);
  }
}

function short(effect: ControlEffect): string {
  switch (effect.kind) {
    case "write": {
      const { id, bytes } = effect;
      return `${id}${effect.pane ? " in pane" : ""}: ${
        bytes.length > 40 ? bytes.length : new TextDecoder().decode(bytes)
      }`;
    }
    case "drop":
      return "drop";
    case "open-pane":
    case "drop-pane":
      return `${effect.kind} ${effect.id}`;
    case "release-pane":
      return `${effect.end} pane ${effect.id}`;
    case "notice":
      return `${effect.code} to ${effect.id}`;
    case "event":
      return shortEvent(effect.data);
    default:
      return effect satisfies never;
  }
}

function shortEvent(data: ControlData): string {
  switch (data.kind) {
    case "grant":
      return `grant ${data.id} turn ${data.turn} until ${data.untilMs ?? "taken"}${agentOf(data)}`;
    case "revoke":
      return `revoke ${data.id} ${data.why} by ${data.by}: ${data.mode} turn ${data.turn}${
        agentOf(data)
      }`;
    case "mode":
      return `mode ${data.mode} by ${data.by} turn ${data.turn}${agentOf(data)}`;
    case "request":
    case "withdraw":
    case "lapse":
    case "deny":
      return `${data.kind} ${data.id}`;
    case "pane":
      return `${
        data.open ? `has pane ${data.pane} turn ${data.turn}` : `no pane`
      }: ${data.id} by ${data.by}`;
    case "warn":
      return `warn ${data.id} ${data.leftMs}`;
    case "state":
    case "pause":
    case "resume":
      return data.kind;
    default:
      return data satisfies never;
  }
}

function agentOf({ agent }: { readonly agent?: true }): string {
  return agent ? ", agent's" : "";
}
