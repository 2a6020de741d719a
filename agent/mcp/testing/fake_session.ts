/**
 * A session that a test makes things happen in.
 *
 * @module
 */
import { type Person, PRESENTER_ID } from "../../../format/session_data.ts";
import { AgentError } from "../../errors.ts";
import { EventQueue } from "../../event_queue.ts";
import type {
  AgentSession,
  Grant,
  Holder,
  OutputChunk,
  RunResult,
  ScreenSnapshot,
  SessionEvent,
  Waited,
} from "../../types.ts";

/** The presenter. */
export const ADA: Person = {
  id: PRESENTER_ID,
  name: "Ada",
  role: "presenter",
  type: "person",
  color: 0,
};
/** The program itself. */
export const OTTO: Person = { id: "p1", name: "Otto", role: "agent", type: "agent", color: 1 };
/** The presenter has control. */
export const ADAS: Holder = { mode: "presenter", person: ADA, you: false };
/** The program has control, for five minutes. */
export const OTTOS: Holder = { mode: "participant", person: OTTO, leftMs: 300_000, you: true };

const NO_OUTPUT: OutputChunk = { lines: [], text: "", from: 0, next: 0, missing: 0, gaps: [] };

/** See the module. What it cannot do throws. */
export class FakeSession implements AgentSession {
  readonly you = { id: OTTO.id, name: OTTO.name, role: "agent" } as const;
  readonly title = "";
  people: readonly Person[] = [ADA, OTTO];
  holder: Holder = ADAS;
  /** Complete lines. */
  lines: string[] = [];
  readonly typed: string[] = [];
  /** What the next request for control comes to. */
  answer: PromiseWithResolvers<Grant> = Promise.withResolvers<Grant>();
  /** How often control was asked for. */
  requests = 0;
  left = false;
  readonly #end = Promise.withResolvers<{ readonly code: string; readonly text: string }>();
  readonly #queues: EventQueue<SessionEvent>[] = [];

  get mode(): Holder["mode"] {
    return this.holder.mode;
  }

  get ended(): AgentSession["ended"] {
    return this.#end.promise;
  }

  get end(): number {
    return this.lines.length;
  }

  /** Makes something happen. */
  happen(event: SessionEvent): void {
    if (event.kind === "control") this.holder = event.holder;
    for (const queue of this.#queues) queue.push(event);
  }

  /** Ends it. */
  finish(code: string): void {
    for (const queue of this.#queues) queue.end();
    this.#end.resolve({ code, text: `It is over: ${code}` });
  }

  screen(): ScreenSnapshot {
    const rows = 24, lines = this.lines.slice(-rows);
    return {
      cols: 80,
      rows,
      lines,
      text: lines.join("\n"),
      cursor: { x: 0, y: lines.length, visible: true },
      title: "",
      fullScreen: false,
      sharingPaused: false,
      revision: this.lines.length,
      atMs: 0,
    };
  }

  read(from: number): OutputChunk {
    const lines = this.lines.slice(from);
    return { ...NO_OUTPUT, lines, text: lines.join("\n"), from, next: this.lines.length };
  }

  tail(lines: number): OutputChunk {
    return this.read(Math.max(0, this.lines.length - lines));
  }

  events(): AsyncIterableIterator<SessionEvent> {
    const queue = new EventQueue<SessionEvent>(
      100,
      (count) => ({ kind: "missed", atMs: 0, count }),
      () => {},
    );
    this.#queues.push(queue);
    return queue;
  }

  type(text: string): Promise<void> {
    if (!this.holder.you) {
      const error = new AgentError("not-in-control", "Cannot type", { holder: this.holder });
      return Promise.reject(error);
    }
    this.typed.push(text);
    return Promise.resolve();
  }

  requestControl(): Promise<Grant> {
    this.requests++;
    return this.answer.promise;
  }

  /** Answers the request for control, and is ready for another. */
  grant(note?: string): void {
    this.holder = OTTOS;
    const grant = { forMs: 300_000, missed: NO_OUTPUT, ...(note !== undefined && { note }) };
    this.answer.resolve(grant);
    this.answer = Promise.withResolvers();
  }

  yieldControl(): Promise<void> {
    this.happen({ kind: "control", atMs: 0, holder: ADAS, by: "Otto", why: "yielded" });
    return Promise.resolve();
  }

  mark(label: string): Promise<void> {
    this.happen({ kind: "marker", atMs: 0, label });
    return Promise.resolve();
  }

  leave(): Promise<void> {
    this.left = true;
    this.finish("left");
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.leave();
  }

  get pane(): undefined {
    return undefined;
  }

  openPane(): Promise<never> {
    return Promise.reject(new AgentError("no-panes", "Cannot have a pane"));
  }

  styled(): never {
    throw new Error("not needed");
  }

  output(): never {
    throw new Error("not needed");
  }

  waitFor(): Promise<Waited> {
    return Promise.reject(new AgentError("timeout", "Not yet"));
  }

  press(...keys: readonly string[]): Promise<void> {
    return this.type(keys.join(" "));
  }

  async paste(text: string): Promise<{ readonly held: boolean }> {
    await this.type(text);
    return { held: false };
  }

  run(): Promise<RunResult> {
    return Promise.reject(new Error("not needed"));
  }

  point(): void {}
}
