/**
 * A presenter at a terminal that is an emulator, with a program that is not there, and guests.
 *
 * @module
 */
import type { Frame } from "../../format/frame.ts";
import { Screen } from "../../format/screen.ts";
import { passThroughRedactor } from "../../redact/redactor.ts";
import { FULL_CAPABILITIES } from "../../viewer/capabilities.ts";
import { FakeDevice, settled } from "../../viewer/fakes.ts";
import { LocalTerminal } from "../../viewer/terminal.ts";
import { connect, type Connection, type ViewerCommandJson } from "../../wire/connection.ts";
import { createSecret, parseLink } from "../../wire/link.ts";
import type { Role } from "../../wire/role.ts";
import { MemorySocket, until } from "../../wire/test_support.ts";
import { createSessionKeys } from "../../wire/token.ts";
import type { ControlOptions } from "../control.ts";
import { Links } from "../links.ts";
import { Live } from "../live.ts";
import { PresenterStage } from "../presenter.ts";
import type { SessionStatus } from "../session.ts";
import { FakeClock } from "./clock.ts";
import { FakePty } from "./pty.ts";
import { frameText } from "./sink.ts";

/** How a desk is set up. */
export interface DeskOptions extends Partial<ControlOptions> {
  readonly title?: string;
  readonly record?: string;
  /** Default `80x24`. */
  readonly size?: string;
}

/** Somebody else in the session. */
export interface Guest {
  readonly connection: Connection;
  /** The participant's id. */
  readonly id: string;
  send(command: ViewerCommandJson): void;
}

/** See the module. */
export class Desk implements AsyncDisposable {
  readonly device = new FakeDevice();
  readonly clock = new FakeClock();
  readonly pty = new FakePty();
  readonly printed: string[] = [];
  hungUp = 0;
  readonly screen = new Screen({ cols: 80, rows: 24 });
  #read = 0;
  /** In the order of their coming. */
  readonly guests: Guest[] = [];
  stage!: PresenterStage;
  live!: Live;
  links!: Links;
  status!: Promise<SessionStatus>;

  static async open(options: DeskOptions = {}): Promise<Desk> {
    const desk = new Desk();
    const [cols, rows] = (options.size ?? "80x24").split("x").map(Number) as [number, number];
    desk.device.window = { cols, rows };
    desk.screen.resize(cols, rows);
    desk.stage = new PresenterStage({
      terminalSize: desk.device.window,
      alone: () => {},
      openTerminal: () => new LocalTerminal(desk.device, FULL_CAPABILITIES),
      program: "collab",
      print: (line) => void desk.printed.push(line),
      clock: desk.clock,
      now: () => Date.now(),
      menuKey: "ctrl+\\",
      takeKey: "f12",
      agentLaunch: { command: "collab", args: ["mcp"] },
      title: options.title,
      record: options.record,
    });
    await desk.#begin(options);
    return desk;
  }

  async #begin(options: DeskOptions): Promise<void> {
    const keys = await createSessionKeys(), secret = createSecret();
    this.links = new Links({
      keys,
      secret,
      origin: "http://127.0.0.1:1",
      expiresAtMs: Date.now() + 3_600_000,
      now: () => Date.now(),
    });
    this.stage.announce((await this.links.first("control")).url);
    this.live = new Live({
      pty: this.pty,
      header: { version: 3, ...this.stage.size, extra: {} },
      redactor: passThroughRedactor(),
      clock: this.clock,
      keys,
      secret,
      links: this.links,
      control: {
        readOnly: false,
        confirmPaste: false,
        takeOnKey: false,
        whenGone: "pause",
        ...options,
      },
      hangUp: () => void this.hungUp++,
      presenter: "ada",
      recorder: undefined,
      reporter: this.stage,
    });
    this.stage.begin(this.live, () => this.hungUp++);
    this.status = this.live.run();
    await settled();
  }

  /** Somebody joins. */
  async guest(
    name: string,
    options: { readonly role?: Role; readonly agent?: boolean } = {},
  ): Promise<Guest> {
    const { role = "control", agent = false } = options;
    const { url } = (await this.links.invite({ role }))!;
    const joined = Promise.withResolvers<string>();
    const connection = connect(parseLink(url), {
      name,
      agent,
      dial: () => {
        const [theirs, ours] = MemorySocket.pair();
        this.live.accept(ours);
        return Promise.resolve(theirs);
      },
      onEvent: (event) => {
        if (event.kind === "welcome") joined.resolve(event.you.id);
        if (event.kind === "state" || event.kind === "lines") connection.painted(event.seq);
      },
    });
    const id = await joined.promise;
    await until(() => this.live.participants.get(id) !== undefined, name);
    const guest: Guest = { connection, id, send: (command) => void connection.send(command) };
    this.guests.push(guest);
    return guest;
  }

  /** Waits until the presenter's terminal shows something. */
  shows(pattern: RegExp): Promise<void> {
    return this.#seen(() => pattern.test(this.text), pattern);
  }

  /** Waits until it does so in the status line. */
  tells(pattern: RegExp): Promise<void> {
    return this.#seen(() => pattern.test(this.lastRow), pattern);
  }

  async #seen(holds: () => boolean, pattern: RegExp): Promise<void> {
    try {
      await until(holds);
    } catch {
      throw new Error(`Waited in vain for ${pattern}, having\n${this.text}`);
    }
  }

  /** What the program was typed. */
  get typed(): string {
    return this.pty.input.replaceAll("<drop>", "");
  }

  /** What stands on the terminal. */
  get text(): string {
    return frameText(this.frame);
  }

  get lastRow(): string {
    return this.text.split("\n").at(-1)!;
  }

  get frame(): Frame {
    this.screen.write(this.device.output.slice(this.#read));
    this.#read = this.device.output.length;
    return this.screen.frame();
  }

  async type(text: string): Promise<void> {
    await this.device.type(text);
    await settled();
  }

  async print(text: string): Promise<void> {
    await this.pty.print(text);
    await settled();
    await this.advance(50);
  }

  async advance(ms: number): Promise<void> {
    this.clock.advance(ms);
    await settled();
  }

  async resize(cols: number, rows: number): Promise<void> {
    this.device.window = { cols, rows };
    this.screen.resize(cols, rows);
    await this.device.signal("SIGWINCH");
    await settled();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { connection } of this.guests) connection.close();
    this.pty.end();
    await this.status;
    await this.stage.end();
    this.screen[Symbol.dispose]();
  }
}
