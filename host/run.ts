/**
 * Runs a host in this process: its signals, its terminal, its standard streams.
 *
 * @module
 */
import { CollabError, UsageError } from "../format/errors.ts";
import { exitOnBugs } from "../viewer/crash.ts";
import { ownLaunch } from "./agent_launch.ts";
import { systemClock } from "./clock.ts";
import { HeadlessStage, JsonReporter, type Lines, TextReporter } from "./headless.ts";
import { Host, type HostProcess, type Stage } from "./host.ts";
import { LineOutput } from "./line_output.ts";
import type { Log } from "./log.ts";
import { HEADLESS_SIZE, type HostOptions, type Size } from "./options.ts";
import type { SharedTmux } from "./tmux/shared.ts";

/** How long the last lines may take to be read. */
const FLUSH_MS = 1_000;

/**
 * Runs `collab host` until its command has ended; returns the command's exit code.
 *
 * @throws {UsageError} `no-terminal`, `bad-flags`
 */
export async function runHost(options: HostOptions): Promise<number> {
  checkFlags(options);
  const error = new LineOutput(Deno.stderr);
  const log = await startLog(options, error);
  try {
    const tmux = await findTmux(options);
    const host = new Host(options, {
      ...currentProcess(),
      ...(log !== undefined && { log }),
      ...(tmux !== undefined && { tmux }),
    });
    const stage = options.headless
      ? headless({ size: tmux?.size, ...options }, host, error)
      : await presenter(options);
    return await host.run(log === undefined ? stage : logged(stage, log));
  } catch (error) {
    log?.log({ event: "failed", code: error instanceof CollabError ? error.code : "internal" });
    throw error;
  } finally {
    await log?.close();
  }
}

/** The tmux session that is to be shared, if one is. */
async function findTmux(options: HostOptions): Promise<SharedTmux | undefined> {
  const { tmux, tmuxName, tmuxSocket, panes = false, paneEnd = "close", command, headless } =
    options;
  if (tmux === undefined && !panes) return undefined;
  const [{ SharedTmux }, { DEFAULT_SESSION }] = await Promise.all([
    import("./tmux/shared.ts"),
    import("./tmux/place.ts"),
  ]);
  const server = { name: tmuxName, path: tmuxSocket };
  const name = tmux ?? DEFAULT_SESSION;
  return await SharedTmux.find(
    { name, server, command, headless, panes, paneEnd },
    Deno.env.toObject(),
  );
}

/** Opens a log, if one was asked for. */
async function startLog(options: HostOptions, output: LineOutput): Promise<Log | undefined> {
  if (!wantsLog(options)) return undefined;
  const { logLevel: level = "info", logJson: json = false, logFile: file } = options;
  const { openLog } = await import("./log_open.ts");
  return await openLog({ level, json, file, output, pid: Deno.pid });
}

function wantsLog({ logLevel, logJson, logFile }: HostOptions): boolean {
  return logLevel !== undefined || logJson === true || logFile !== undefined;
}

/** A stage whose events are logged as well. */
function logged(stage: Stage, log: Log): Stage {
  return {
    size: stage.size,
    announce: (url) => stage.announce(url),
    begin: (live, hangUp) => stage.begin(live, hangUp),
    end: () => stage.end(),
    report: (event) => {
      log.log(event);
      stage.report(event);
    },
  };
}

function checkFlags(options: HostOptions): void {
  const { headless, json, stdin, menuKey, takeKey, logFile, mode, readOnly } = options;
  if (menuKey === takeKey) {
    throw new UsageError(
      "bad-flags",
      `Cannot use ${JSON.stringify(takeKey)} for both the menu and taking control back`,
    );
  }
  if (readOnly && mode === "agent") {
    throw new UsageError(
      "bad-flags",
      "Cannot give control to an agent in a read-only session: leave out --read-only or --mode agent",
    );
  }
  checkTmuxFlags(options);
  if (headless) return;
  const flag = json ? "--json" : stdin ? "--stdin" : undefined;
  if (flag !== undefined) {
    throw new UsageError(
      "bad-flags",
      `Cannot use ${flag} on the terminal that is shared: add --headless`,
    );
  }
  if (wantsLog(options) && logFile === undefined) {
    throw new UsageError(
      "bad-flags",
      "Cannot log to the terminal that is shared: add --log-file FILE",
    );
  }
  if (!Deno.stdin.isTerminal() || !Deno.stdout.isTerminal()) {
    throw new UsageError(
      "no-terminal",
      "Cannot share this terminal: standard input and output are not one; add --headless to share without",
    );
  }
}

function checkTmuxFlags(
  { tmux, panes, tmuxName, tmuxSocket, paneEnd, readOnly }: HostOptions,
): void {
  if (panes === true && readOnly) {
    throw new UsageError(
      "bad-flags",
      "Cannot give panes in a read-only session: leave out --read-only or --panes",
    );
  }
  const flag = tmuxName !== undefined ? "-L" : tmuxSocket !== undefined ? "-S" : undefined;
  if (flag !== undefined && tmux === undefined && panes !== true) {
    throw new UsageError("bad-flags", `Cannot use ${flag} without --tmux: it names a tmux server`);
  }
  if (paneEnd !== undefined && panes !== true) {
    throw new UsageError("bad-flags", "Cannot use --pane-end without --panes");
  }
}

function currentProcess(): HostProcess {
  return {
    env: Deno.env.toObject(),
    pid: Deno.pid,
    agentLaunch: ownLaunch(),
    now: () => Date.now(),
    clock: systemClock,
    machine: () => Deno.hostname(),
    addresses: () => Deno.networkInterfaces().map(({ address }) => address.replace(/%.*$/, "")),
    version: Deno.version.deno,
    tell: (line) => {
      try {
        Deno.stderr.writeSync(new TextEncoder().encode(`${line}\n`));
      } catch { /* nobody reads it */ }
    },
  };
}

async function presenter(options: HostOptions): Promise<Stage> {
  const [{ PresenterStage }, { openTerminal }] = await Promise.all([
    import("./presenter.ts"),
    import("../viewer/terminal.ts"),
  ]);
  const encoder = new TextEncoder();
  const print = (line: string): void => void Deno.stdout.writeSync(encoder.encode(`${line}\n`));
  const outer = Deno.env.get("COLLAB_SESSION");
  if (outer !== undefined) print(nestedWarning(outer));
  const { columns, rows } = Deno.consoleSize();
  return new PresenterStage({
    terminalSize: { cols: columns || HEADLESS_SIZE.cols, rows: rows || HEADLESS_SIZE.rows },
    openTerminal,
    alone: (hangUp) => {
      onSignals(["SIGINT", "SIGTERM"], hangUp);
      // A terminal that goes away may say so more than once.
      onSignals(["SIGHUP"], () => {});
    },
    program: Deno.build.standalone ? "collab" : "deno task",
    print,
    clock: systemClock,
    now: () => Date.now(),
    size: options.size,
    title: options.title,
    menuKey: options.menuKey,
    takeKey: options.takeKey,
    agentLaunch: ownLaunch(),
    agentClient: options.agent,
    record: options.record,
  });
}

function headless(
  options: Omit<HostOptions, "size"> & { readonly size?: Size | undefined },
  host: Host,
  err: LineOutput,
): Stage {
  const out = new LineOutput(Deno.stdout);
  const lines: Lines = { out: (line) => out.line(line), err: (line) => err.line(line) };
  const outer = Deno.env.get("COLLAB_SESSION");
  if (outer !== undefined) lines.err(nestedWarning(outer));
  onSignals(["SIGINT", "SIGTERM", "SIGHUP"], () => host.hangUp());
  // With the process the terminal of its command is hung up.
  exitOnBugs();
  return new HeadlessStage({
    size: options.size ?? HEADLESS_SIZE,
    reporter: options.json ? new JsonReporter(lines) : new TextReporter(lines),
    stdin: options.stdin ? Deno.stdin.readable : undefined,
    flush: async () => {
      await out.flush(FLUSH_MS);
      await err.flush(FLUSH_MS);
    },
  });
}

function onSignals(signals: readonly Deno.Signal[], callback: () => void): void {
  for (const signal of signals) Deno.addSignalListener(signal, callback);
}

/** What is said to who hosts inside a session. */
function nestedWarning(session: string): string {
  return `Warning: this shell is already in the shared session ${session}: its viewers see what you share here`;
}
