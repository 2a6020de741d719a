/**
 * A host for tests of the client, without a network: it says what the test says.
 *
 * @module
 */
import { type CastEvent, EventEncoder } from "../../format/events.ts";
import type { JsonObject } from "../../format/json.ts";
import type { Turn } from "../../format/session_data.ts";
import { FakeClock } from "../../viewer/fakes.ts";
import type { ConnectionEvent, ViewerCommandJson } from "../../wire/connection.ts";
import type { NoticeCode } from "../../wire/notices.ts";
import type { End, ReconnectState } from "../../wire/reconnect.ts";
import type { Role } from "../../wire/role.ts";
import { joinWith } from "../client.ts";
import type { SessionMember } from "../member.ts";
import type { MemberConnection } from "../membership.ts";
import type { JoinOptions } from "../types.ts";

const LIVE: ReconnectState = {
  kind: "live",
  attempt: 1,
  welcomed: true,
  sinceMs: 0,
  heardMs: 0,
  nextPingMs: 0,
};
const PEOPLE = [
  { id: "host", name: "ada", role: "presenter", type: "person", color: 0 },
  { id: "p1", name: "bot", role: "agent", type: "agent", color: 1 },
];

/** A host, and the connection to it. */
export class FakeHost implements MemberConnection {
  readonly clock = new FakeClock();
  /** What the client has sent. */
  readonly sent: ViewerCommandJson[] = [];
  /** Called with each command, before it counts as taken. */
  onCommand: (command: ViewerCommandJson) => void = () => {};
  /** Whether the host answers at once. */
  answers = true;
  status: ReconnectState = LIVE;
  paintedSeq = 0;
  readonly #encoder = new EventEncoder(0);
  readonly #waiting: ((answered: boolean) => void)[] = [];
  #emit: (event: ConnectionEvent) => void = () => {};
  #seq = 1;
  #turn = 0;

  /** What the client has typed. */
  get typed(): string {
    return this.sent.flatMap((command) => command.kind === "input" ? command.parts : [])
      .map((part) => part.kind === "text" || part.kind === "paste" ? part.text : `<${part.kind}>`)
      .join("");
  }

  /** Joins it. */
  async join(
    options: Partial<JoinOptions> & { readonly role?: Role; readonly cols?: number } = {},
  ): Promise<SessionMember> {
    const { role = "agent", cols = 80, ...rest } = options;
    const joining = joinWith({ name: "bot", ...rest }, {
      clock: this.clock,
      connect: ({ onEvent }) => {
        this.#emit = onEvent;
        return this;
      },
    });
    this.#emit({
      kind: "welcome",
      you: { id: "p1", name: "bot", role },
      ticket: "ticket",
      expiresAtMs: 1e15,
      epoch: 1,
      seq: this.#seq,
      atMs: 0,
      header: JSON.stringify({ version: 3, term: { cols, rows: 6 } }),
    });
    this.#emit({
      kind: "state",
      seq: this.#seq,
      atMs: 0,
      lines: this.#encode([
        { kind: "output", data: "$ " },
        { kind: "participant", data: { kind: "roster", count: 1, participants: PEOPLE } },
        { kind: "control", data: { kind: "state", requests: [], mode: "presenter", turn: 0 } },
      ]),
    });
    return await joining;
  }

  /** Something happens in the session. */
  happen(...events: readonly CastEvent[]): void {
    this.#emit({ kind: "lines", seq: ++this.#seq, lines: this.#encode(events) });
  }

  /** The program writes. */
  write(text: string): void {
    this.happen({ kind: "output", data: text.replaceAll("\n", "\r\n") });
  }

  /** Something about control. */
  control(data: JsonObject): void {
    this.happen({ kind: "control", data });
  }

  /** Another turn begins. */
  turn(turn: Omit<Turn, "turn">, data: JsonObject): void {
    this.control({ ...data, ...turn, turn: ++this.#turn });
  }

  /** The program has control. */
  give(more: { readonly untilMs?: number; readonly note?: string } = {}): void {
    const { note, ...until } = more;
    const said = { kind: "grant", id: "p1", by: "host", ...(note !== undefined && { note }) };
    this.turn({ mode: "participant", holder: "p1", ...until }, said);
  }

  /** The presenter takes control. */
  take(): void {
    this.turn({ mode: "presenter" }, { kind: "revoke", id: "p1", by: "host", why: "taken" });
  }

  notice(code: NoticeCode): void {
    this.#emit({ kind: "notice", code });
  }

  /** The connection's own state changes. */
  become(status: ReconnectState): void {
    this.status = status;
    if (status.kind !== "live") { for (const answer of this.#waiting.splice(0)) answer(false); }
    this.#emit({ kind: "status", status });
  }

  cut(): void {
    const waiting = {
      kind: "waiting",
      attempt: 1,
      welcomed: true,
      untilMs: 0,
      why: "cut",
    } as const;
    this.become(waiting);
  }

  end(end: End): void {
    this.become({ kind: "ended", end });
  }

  back(): void {
    this.become(LIVE);
  }

  /** Answers what waits for an answer. */
  answer(): void {
    for (const answer of this.#waiting.splice(0)) answer(true);
  }

  /** Lines that are no events. */
  babble(): void {
    this.#emit({ kind: "lines", seq: ++this.#seq, lines: "nonsense\n" });
  }

  send(command: ViewerCommandJson): boolean {
    if (this.status.kind !== "live") return false;
    this.sent.push(command);
    this.onCommand(command);
    return true;
  }

  async answered(onAnswer: () => void = () => {}): Promise<boolean> {
    if (this.status.kind !== "live") return false;
    const answered = this.answers ||
      await new Promise<boolean>((resolve) => this.#waiting.push(resolve));
    if (answered) onAnswer();
    return answered;
  }

  painted(seq: number): void {
    this.paintedSeq = seq;
  }

  leave(): Promise<void> {
    return Promise.resolve();
  }

  #encode(events: readonly CastEvent[]): string {
    const atMs = this.clock.now() - 5_000_000;
    return events.map((event) => this.#encoder.encode(event, atMs)).join("");
  }
}
