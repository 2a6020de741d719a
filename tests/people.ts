/**
 * People in one session, for tests: a real host in this process, a real program, real sockets, and viewers that ask, type
 * and point.
 *
 * @module
 */
import assert from "node:assert/strict";
import { systemClock } from "../host/clock.ts";
import type { HostEvent } from "../host/events.ts";
import { Host, type HostProcess, type Stage } from "../host/host.ts";
import type { IssuedLink } from "../host/links.ts";
import type { Live } from "../host/live.ts";
import type { HostOptions } from "../host/options.ts";
import { poller } from "../host/pty/poller.ts";
import { DEFAULT_COLORS } from "../host/queries.ts";
import { PRESENTER_ID } from "../format/session_data.ts";
import { Screen } from "../format/screen.ts";
import { HEADLESS } from "../host/testing/options.ts";
import { frameText } from "../host/testing/sink.ts";
import { learn, NO_FACTS, type SessionFacts } from "../viewer/session_facts.ts";
import { StreamEvents } from "../viewer/stream_events.ts";
import type { HostAction } from "../wire/actions.ts";
import {
  connect,
  type Connection,
  type ConnectionEvent,
  type ConnectOptions,
} from "../wire/connection.ts";
import { parseLink } from "../wire/link.ts";
import type { Role } from "../wire/role.ts";
import { DEADLINE_MS } from "./terminal.ts";

const OPTIONS: HostOptions = { ...HEADLESS, command: ["bash", "--norc", "--noprofile"] };

/** Waits for something that this process itself makes true. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  for (const end = Date.now() + DEADLINE_MS; !holds();) {
    if (Date.now() > end) throw new Error(`${DEADLINE_MS} ms went by while waiting for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** A session, as its presenter has it. */
export class Session implements AsyncDisposable {
  readonly reported: HostEvent[] = [];
  readonly #host: Host;
  readonly #code: Promise<number>;
  readonly #begun = Promise.withResolvers<Live>();
  readonly #guests: Guest[] = [];

  /** @param tmux a tmux session that is shared, in place of a command */
  constructor(options: Partial<HostOptions> = {}, tmux?: HostProcess["tmux"]) {
    this.#host = new Host({ ...OPTIONS, ...options }, {
      env: { PATH: Deno.env.get("PATH") ?? "", PS1: "$ ", TERM: "xterm-256color", HISTFILE: "" },
      pid: Deno.pid,
      now: Date.now,
      clock: systemClock,
      machine: () => "box",
      addresses: () => ["127.0.0.1"],
      version: Deno.version.deno,
      tell: () => {},
      agentLaunch: { command: "collab", args: ["mcp"] },
      ...(tmux !== undefined && { tmux }),
    });
    const stage: Stage = {
      size: { cols: 80, rows: 24 },
      announce: () => {},
      begin: (live) => {
        live.session.answers.settle(DEFAULT_COLORS);
        this.#begun.resolve(live);
      },
      report: (event) => void this.reported.push(event),
      end: () => Promise.resolve(),
    };
    this.#code = this.#host.run(stage);
  }

  get live(): Promise<Live> {
    return this.#begun.promise;
  }

  /** What the presenter does. */
  async act(action: HostAction): Promise<string> {
    const outcome = await (await this.live).act(PRESENTER_ID, action);
    return outcome.kind === "refused" ? outcome.code : outcome.kind;
  }

  /** Another link. */
  async link(
    role: Role = "control",
    options: Pick<Extract<HostAction, { kind: "invite" }>, "expiresMs" | "once"> = {},
  ): Promise<IssuedLink> {
    const outcome = await (await this.live).act(PRESENTER_ID, { kind: "invite", role, ...options });
    assert.ok(outcome.kind === "link");
    return outcome.link;
  }

  /** Somebody joins with a link of their own, of a role. */
  async join(
    name: string,
    role: Role = "control",
    options: GuestOptions = {},
  ): Promise<Guest> {
    return await this.enter((await this.link(role)).url, name, options);
  }

  /** Somebody joins with a link. */
  async enter(url: string, name: string, options: GuestOptions = {}): Promise<Guest> {
    const guest = new Guest(url, name, options);
    this.#guests.push(guest);
    await until(() => guest.facts.people.size > 0, `${name} to be in`);
    return guest;
  }

  /** The presenter types. */
  async type(text: string): Promise<void> {
    (await this.live).type(new TextEncoder().encode(text));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const guest of this.#guests) guest.leave();
    this.#host.hangUp();
    await this.#code;
    await new Promise<void>((resolve) => poller.whenIdle(resolve));
  }
}

/** How somebody connects. */
export type GuestOptions = Pick<ConnectOptions, "dial">;

/** Somebody who watches, with what they see. */
export class Guest {
  facts: SessionFacts = NO_FACTS;
  readonly notices: string[] = [];
  /** The event lines of their own pane. */
  readonly shown: string[] = [];
  link: string | undefined;
  ended: string | undefined;
  id = "";
  readonly #screen = new Screen({ cols: 80, rows: 24, scrollback: 1_000 });
  readonly #stream = new StreamEvents();
  readonly #connection: Connection;

  constructor(url: string, name: string, options: GuestOptions = {}) {
    this.#connection = connect(parseLink(url), {
      name,
      ...options,
      onEvent: (event) => this.#take(event),
    });
  }

  get text(): string {
    return frameText(this.#screen.frame());
  }

  get turn(): number {
    return this.facts.turn.turn;
  }

  say(command: Parameters<Connection["send"]>[0]): void {
    assert.ok(this.#connection.send(command), "there is no connection");
  }

  type(text: string, turn: number = this.turn): void {
    this.say({ kind: "input", turn, parts: [{ kind: "text", text }] });
  }

  async sees(text: string | RegExp): Promise<void> {
    await until(
      () => typeof text === "string" ? this.text.includes(text) : text.test(this.text),
      `${text}; there is:\n${this.text}`,
    );
  }

  async isTold(code: string): Promise<void> {
    await until(() => this.notices.includes(code), `the notice ${code} among ${this.notices}`);
  }

  async mode(mode: string): Promise<void> {
    await until(() => this.facts.turn.mode === mode, `mode ${mode}, not ${this.facts.turn.mode}`);
  }

  leave(): void {
    this.#connection.close();
    this.#screen[Symbol.dispose]();
  }

  #take(event: ConnectionEvent): void {
    switch (event.kind) {
      case "status":
        if (event.status.kind === "ended") this.ended = event.status.end.code;
        return;
      case "notice":
        this.notices.push(event.code);
        return;
      case "link":
        this.link = event.url;
        return;
      case "latency":
        return;
      case "pane":
        return void this.shown.push(event.lines);
      case "welcome":
      case "state":
      case "lines": {
        const delivery = this.#stream.receive(event);
        if (delivery.kind === "welcome") {
          this.id = delivery.you.id;
          return;
        }
        for (const { event, atMs } of delivery.events) {
          this.facts = learn(this.facts, event, atMs);
          if (event.kind === "output") this.#screen.write(event.data);
          else if (event.kind === "resize") this.#screen.resize(event.cols, event.rows);
        }
        this.#connection.painted(delivery.seq);
        return;
      }
      default:
        event satisfies never;
    }
  }
}
