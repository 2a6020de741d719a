/**
 * `collab host`: shares a shell or a command.
 *
 * @module
 */
import { CollabError, UsageError } from "../format/errors.ts";
import type { Header } from "../format/header.ts";
import { PRESENTER_ID } from "../format/session_data.ts";
import { type Recorder, startRecorder } from "../record/recorder.ts";
import type { CountingRedactor } from "../redact/redactor.ts";
import { createSecret } from "../wire/link.ts";
import { createSessionKeys, type SessionKeys } from "../wire/token.ts";
import { type Clock, startedNow } from "./clock.ts";
import type { AgentLaunch } from "./agent_config.ts";
import type { Audited } from "./audited.ts";
import type { Ctl } from "./ctl_socket.ts";
import type { Reporter } from "./events.ts";
import { Links } from "./links.ts";
import type { Live } from "./live.ts";
import type { Log } from "./log.ts";
import type { Measures } from "./metrics/measures.ts";
import type { ProcessMeter } from "./metrics/process_meter.ts";
import type { HostOptions, Size } from "./options.ts";
import { childEnvironment, type Pty, spawnPty } from "./pty/mod.ts";
import type { Services } from "./services.ts";
import type { MarkedShell } from "./shell_integration.ts";
import { sessionHeader } from "./session_header.ts";
import { quoteCommand } from "./shell_words.ts";
import { checkServices } from "./side_server.ts";
import { tmuxEnvironment } from "./tmux/place.ts";
import { type TmuxSession, TmuxStay } from "./tmux/stay.ts";
import {
  checkTransport,
  openTransport,
  type Transport,
  type TransportProcess,
} from "./transport.ts";

/** The process around a host. */
export interface HostProcess extends TransportProcess {
  readonly env: Readonly<Record<string, string>>;
  readonly pid: number;
  /** How an agent's client starts `collab mcp`. */
  readonly agentLaunch: AgentLaunch;
  /** Keeps a log; its owner sees to it that what is reported gets there. */
  readonly log?: Log;
  /** What is shared in place of a command, if it is a tmux session. */
  readonly tmux?: TmuxSession;
}

/** How a host shows itself to whoever started it: on a terminal, or in lines. */
export interface Stage extends Reporter {
  /** The session's first size. */
  readonly size: Size;
  /** The link is known; the command has been started, and nothing of it was shown yet. */
  announce(url: string): void;
  /** The session begins; `hangUp` ends its command. */
  begin(live: Live, hangUp: () => void): void;
  /** Everything is over: the terminal is given back. */
  end(): Promise<void>;
}

/** What a session begins with. */
interface Ground {
  readonly keys: SessionKeys;
  readonly redactor: CountingRedactor;
  readonly header: Header;
  readonly recorder: Recorder | undefined;
  readonly audit: Audited | undefined;
}

/** How long viewers' sockets may take to close at the end. */
const GOODBYE_MS = 1_000;
/** A shell has shown its prompt by then. */
const WARM_UP_AFTER_MS = 400;
/** How long a command may ignore that the host hangs up. */
const HANG_UP_MS = 2_000;

/** A host that is about to run. */
export class Host {
  readonly #options: HostOptions;
  readonly #process: HostProcess;
  readonly #clock: Clock;
  #pty: Pty | undefined;
  #live: Live | undefined;
  #meter: ProcessMeter | undefined;
  #cancelKill: () => void = () => {};
  #cancelWarmUp: () => void = () => {};
  #over = false;

  constructor(options: HostOptions, process: HostProcess) {
    this.#options = options;
    this.#process = process;
    this.#clock = startedNow(process.clock);
  }

  /**
   * Runs until the command has ended; returns its exit code.
   *
   * @throws {CollabError} when it cannot begin: the recording exists, the address is taken, there is no such command.
   */
  async run(stage: Stage): Promise<number> {
    checkTransport(this.#options);
    checkServices(this.#options);
    const { hostRedactor } = await import("./redaction.ts");
    const redactor = hostRedactor(this.#options, this.#process.env);
    const keys = await createSessionKeys();
    const header = sessionHeader(this.#options, this.#process, { size: stage.size, redactor });
    const recorder = await this.#record(header);
    let audit: Audited | undefined;
    try {
      audit = await this.#audit(stage, { keys, redactor, header });
      const ground = { keys, redactor, header, recorder, audit };
      return await this.#serve(audit?.stage ?? stage, ground);
    } finally {
      this.#cancelKill();
      // Files of a session that could not begin would be in the way of the next try.
      const how = this.#live === undefined ? "discard" : "close";
      await recorder?.[how]();
      await audit?.[how]();
      await stage.end();
    }
  }

  async #audit(
    stage: Stage,
    { keys, redactor, header }: Pick<Ground, "keys" | "redactor" | "header">,
  ): Promise<Audited | undefined> {
    const { audit: path } = this.#options;
    if (path === undefined) return undefined;
    const { openAudit } = await import("./audited.ts");
    const { now } = this.#process;
    const { title, command } = header;
    const presenter = this.#presenter();
    return await openAudit(stage, {
      path,
      keys,
      redactor,
      clock: this.#clock,
      now,
      presenter,
      title,
      command,
    });
  }

  /** Hangs up: the command gets SIGHUP, and SIGKILL if it is still there two seconds later. */
  hangUp(): void {
    const pty = this.#pty;
    if (pty === undefined || this.#over) return;
    pty.kill("SIGHUP");
    this.#cancelKill();
    this.#cancelKill = this.#clock.after(HANG_UP_MS, () => pty.kill("SIGKILL"));
  }

  async #serve(
    stage: Stage,
    { keys, redactor, header, recorder, audit }: Ground,
  ): Promise<number> {
    const secret = createSecret();
    const expiresAtMs = this.#process.now() + this.#options.expiresMs;
    const transport = await this.#open(stage, keys.session, expiresAtMs);
    try {
      await using services = await this.#startServices(keys, secret);
      const links = new Links({
        keys,
        secret,
        ...transport.place,
        expiresAtMs,
        now: () => this.#process.now(),
      });
      const { readOnly, once } = this.#options;
      const first = await links.first(readOnly ? "view" : "control", { once });
      await using shell = await this.#markedShell();
      const pty = this.#spawn(keys.session, header, shell);
      await using tmux = this.#stayInTmux(keys.session, audit);
      stage.announce(first.url);
      // The shell starts while the rest of the program is loaded.
      const { Live } = await import("./live.ts");
      const live = this.#live = new Live({
        pty,
        header,
        redactor,
        masking: redactor,
        redactions: () => redactor.counts,
        clock: this.#clock,
        keys,
        secret,
        links,
        control: { ...this.#options, paneEnd: this.#process.tmux?.paneEnd },
        hangUp: () => this.hangUp(),
        presenter: this.#presenter(),
        recorder,
        reporter: stage,
        onTyped: audit?.hears(tmux ?? pty, () => this.#live!.session),
        panes: tmux?.panes,
      });
      stage.begin(live, () => this.hangUp());
      this.#warmUp();
      const running = live.run();
      const ctl = await this.#startCtl(live, keys.session, services);
      const { session } = keys;
      this.#reportReady(stage, { ...first, session, header, pty, ...services?.urls });
      await this.#inviteAgent(stage, live);
      const faulty = ctl instanceof CollabError;
      if (faulty) stage.report({ event: "ctl-unavailable", message: ctl.message });
      const { code, signal } = await running.finally(() => faulty ? undefined : ctl.close());
      await tmux?.leave(stage, code);
      await transport.close(GOODBYE_MS);
      stage.report({ event: "exit", code, ...(signal !== null && { signal }) });
      return code;
    } finally {
      this.#over = true;
      this.#cancelWarmUp();
      this.#meter?.[Symbol.dispose]();
      this.#pty?.[Symbol.dispose]();
      await transport.close(0);
    }
  }

  #open(stage: Stage, session: string, expiresAtMs: number): Promise<Transport> {
    return openTransport({
      options: this.#options,
      session,
      expiresAtMs,
      process: this.#process,
      // Nobody has the link before the session is there.
      accept: (socket, client) =>
        this.#live === undefined ? socket.close(1013) : this.#live.accept(socket, client),
      joined: () => this.#live?.joined ?? 0,
      refused: (code, from) => this.#live?.refused(code, from),
      report: (event) => stage.report(event),
    });
  }

  /** Listens for who asks for metrics or wants to administer; they are told to wait until there is a session. */
  async #startServices(keys: SessionKeys, secret: Uint8Array): Promise<Services | undefined> {
    const { metrics, adminApi } = this.#options;
    if (metrics === undefined && adminApi === undefined) return undefined;
    const { Services } = await import("./services.ts");
    const { clock, log } = this.#process;
    return new Services({
      metrics,
      adminApi,
      identity: keys,
      secret,
      clock,
      onRequest: (request) => log?.log({ event: "api", ...request }),
    });
  }

  /** Opens the session to its services, and to `collab ctl`: it goes on without that where it is impossible. */
  async #startCtl(
    target: Live,
    session: string,
    services: Services | undefined,
  ): Promise<Ctl | CollabError> {
    const { title, record } = this.#options;
    const { pid, now, clock } = this.#process;
    const { LOOK_MS, ProcessMeter, SELDOM_MS, thisProcess } = await import(
      "./metrics/process_meter.ts"
    );
    const lookMs = services === undefined ? SELDOM_MS : LOOK_MS;
    const meter = this.#meter = new ProcessMeter(clock, thisProcess(now), { lookMs });
    const measure = (): Measures => ({ ...target.measure(), ...meter.measure() });
    const about = { session, pid, title, record, now, measure, ...services?.urls };
    services?.open({ target, about, measure });
    try {
      const { startCtl } = await import("./ctl_socket.ts");
      return startCtl({ target, about, clock: this.#process.clock });
    } catch (error) {
      if (error instanceof CollabError) return error;
      throw error;
    }
  }

  /** Once the first prompt is there. */
  #warmUp(): void {
    this.#cancelWarmUp = this.#clock.after(WARM_UP_AFTER_MS, async () => {
      const { warmUpHost } = await import("./warm_up.ts");
      this.#cancelWarmUp = this.#over ? () => {} : warmUpHost(this.#process.clock);
    });
  }

  #reportReady(
    stage: Stage,
    about: {
      readonly url: string;
      readonly session: string;
      readonly header: Header;
      readonly pty: Pty;
      readonly expiresAtMs: number;
      readonly metricsUrl?: string;
      readonly apiUrl?: string;
    },
  ): void {
    const { url, session, header: { cols, rows }, pty, expiresAtMs, metricsUrl, apiUrl } = about;
    const { record } = this.#options;
    stage.report({
      event: "ready",
      url,
      session,
      pid: this.#process.pid,
      childPid: pty.pid,
      cols,
      rows,
      ...(record !== undefined && { record }),
      expires: new Date(expiresAtMs).toISOString(),
      ...(metricsUrl !== undefined && { metricsUrl }),
      ...(apiUrl !== undefined && { apiUrl }),
    });
  }

  /** The command as a shell that marks what it does, where that was asked for. */
  async #markedShell(): Promise<MarkedShell | undefined> {
    // An agent knows by the marks what its commands printed, and how they ended.
    const { agent, shellMarks = agent && "possible" } = this.#options;
    if (shellMarks === undefined) return undefined;
    const { markedShell } = await import("./shell_integration.ts");
    const command = this.#command();
    const shell = await markedShell(command, this.#process.env);
    if (shell === undefined && shellMarks === "required") {
      throw new UsageError(
        "shell-unmarked",
        `Cannot have "${
          quoteCommand(command)
        }" mark its commands: --shell-marks is for bash, zsh and fish`,
      );
    }
    return shell;
  }

  #spawn(session: string, { cols, rows }: Header, shell: MarkedShell | undefined): Pty {
    const { env } = this.#process;
    const set = shell === undefined ? {} : { set: shell.env };
    const child = childEnvironment(env, { session, ...set });
    return this.#pty = spawnPty({
      command: shell?.command ?? this.#command(),
      // What tmux starts may outlive this session.
      env: this.#process.tmux === undefined ? child : tmuxEnvironment(child),
      cols,
      rows,
    });
  }

  async #inviteAgent(stage: Stage, live: Live): Promise<void> {
    const { agent: client } = this.#options;
    if (client === undefined) return;
    const { inviteAgent } = await import("./agent_invite.ts");
    const event = await inviteAgent(live, { client, launch: this.#process.agentLaunch });
    if (event !== undefined) stage.report(event);
  }

  #stayInTmux(session: string, audit: Audited | undefined): TmuxStay | undefined {
    const { tmux } = this.#process;
    if (tmux === undefined) return undefined;
    const presenter = { id: PRESENTER_ID, name: this.#presenter(), color: 0 };
    return new TmuxStay(tmux, {
      presenter,
      session,
      clock: this.#clock,
      audited: audit !== undefined,
    });
  }

  #command(): readonly string[] {
    const { tmux } = this.#process;
    if (tmux !== undefined) return tmux.command;
    const { command } = this.#options;
    return command.length > 0 ? command : [this.#process.env.SHELL || "/bin/sh"];
  }

  #presenter(): string {
    const { env } = this.#process;
    return this.#options.name || env.USER || env.LOGNAME || "presenter";
  }

  async #record(header: Header): Promise<Recorder | undefined> {
    const { record, overwrite } = this.#options;
    if (record === undefined) return undefined;
    return await startRecorder(record, header, {
      overwrite,
      onError: (error) => this.#live?.recordingFailed(error),
    });
  }
}
