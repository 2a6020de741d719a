/**
 * Panes of one's own in the tmux session that is shared.
 *
 * @module
 */
import { CollabError } from "../../format/errors.ts";
import type { Clock } from "../clock.ts";
import type { Size } from "../options.ts";
import type { PaneCell, PaneEnd, PaneHost, PaneInfo, PaneOwner, WatchedPane } from "../panes.ts";
import type { MarkedShell } from "../shell_integration.ts";
import { attach, CHANGES } from "./attach.ts";
import { quote, word } from "./commands.ts";
import type { ControlClient, ControlProcess } from "./control_client.ts";
import { CursorWatch } from "./cursors.ts";
import { dress, mark, undress, unmark, type WindowLook } from "./look.ts";
import { PaneOutput } from "./pane_output.ts";
import { paneShell } from "./pane_shell.ts";
import { TypingQueue } from "./typing_queue.ts";

/** What {@link TmuxPanes} are made of. */
export interface TmuxPanesOptions {
  /** Starts a client in control mode, attached to the session. */
  start(): ControlProcess;
  /** Whether the session is there. */
  isThere(): Promise<boolean>;
  readonly clock: Clock;
  /** Whose the pane is that is there in the beginning. */
  readonly presenter: PaneOwner;
  /** The session's id, for what runs in a pane. */
  readonly session: string;
  /** The end of panes whose owners are gone when the presenter's last one is closed. */
  readonly paneEnd: PaneEnd;
}

interface OwnPane extends PaneInfo {
  readonly queue: TypingQueue;
  /** Whether its owner may type into it; otherwise it was kept. */
  held: boolean;
  /** The files of its shell. */
  readonly shell: AsyncDisposable | undefined;
}

/** What tmux says of a pane. */
interface PaneState {
  /** Its program has ended, and what it wrote stays (`remain-on-exit`). */
  readonly dead: boolean;
  /** Whether it is in the session that is shared. */
  readonly ours: boolean;
}

const NO_CURSORS: ReadonlyMap<string, PaneCell> = new Map();
/** How long tidying up may take. */
const END_MS = 2_000;
/** A pane as wide as this is divided into two beside one another. */
const WIDE_COLS = 160;

/** Opens panes in the session, and types into them. */
export class TmuxPanes implements PaneHost {
  onGone: (id: string) => void = () => {};
  onCursors: PaneHost["onCursors"] = () => {};
  readonly #options: TmuxPanesOptions;
  readonly #panes = new Map<string, OwnPane>();
  readonly #cursors = new CursorWatch({
    // Nobody is attached anew for it.
    run: async (command) => await (await this.#client)?.run(command) ?? [],
    onCursors: (cursors) => this.#tellCursors(cursors),
  });
  readonly #output = new PaneOutput({ connect: () => this.#connect() });
  /** Windows with title lines, and what their options were. */
  readonly #looks = new Map<string, WindowLook>();
  #client: Promise<ControlClient> | undefined;
  #latest: ControlClient | undefined;
  /** Whether the session was there: then it is not waited for. */
  #wasThere = false;
  /** The pane that the presenter began in. */
  #presenterPane = "";
  /** Opening and closing goes on one after the other. */
  #work: Promise<unknown> = Promise.resolve();
  #looking = false;
  #lookAgain = false;
  #over = false;

  constructor(options: TmuxPanesOptions) {
    this.#options = options;
    this.#begin();
  }

  get list(): readonly PaneInfo[] {
    return [...this.#panes.values()].map(({ pane, id, name }) => ({ pane, id, name }));
  }

  open(owner: PaneOwner): Promise<string> {
    return this.#next(async () => {
      const kept = this.#panes.get(owner.id);
      if (kept !== undefined) {
        kept.held = true;
        return kept.pane;
      }
      const client = await this.#connect();
      const { pane, shell } = await this.#start(client, owner);
      const queue = new TypingQueue(pane, async (command) => (await this.#connect()).run(command));
      this.#panes.set(owner.id, { pane, id: owner.id, name: owner.name, queue, held: true, shell });
      try {
        await this.#prepare(client, pane, owner);
      } catch (error) {
        this.#forget(owner.id);
        await client.run(`kill-pane -t ${pane}`).catch(() => {});
        throw error;
      }
      this.#look();
      return pane;
    });
  }

  write(id: string, bytes: Uint8Array): boolean {
    const own = this.#panes.get(id);
    return own === undefined || !own.held ? true : own.queue.write(bytes);
  }

  async watch(id: string): Promise<WatchedPane> {
    const own = this.#panes.get(id);
    if (own === undefined) throw new CollabError("no-pane", "Cannot watch a pane: it is gone");
    return await this.#output.watch(own.pane);
  }

  changed(size: Size): void {
    if (this.#over) return;
    if (this.#panes.size > 0) this.#cursors.look(size);
    else this.onCursors(NO_CURSORS);
  }

  drop(id: string): void {
    this.#panes.get(id)?.queue.drop();
  }

  release(id: string, end: PaneEnd): void {
    const own = this.#panes.get(id);
    if (own === undefined) return;
    own.held = false;
    own.queue.drop();
    if (end === "keep") return;
    // It is nobody's from here on: who comes back gets another one.
    this.#forget(id);
    this.#next(() => this.#kill(own.pane)).catch(() => {});
  }

  async end(keep: PaneEnd): Promise<readonly PaneInfo[]> {
    this.#over = true;
    this.#cursors.end();
    const panes = [...this.#panes.values()];
    for (const { queue } of panes) queue.drop();
    // A server that is stopped never answers.
    const cancel = this.#options.clock.after(END_MS, () => this.#latest?.kill());
    this.#output.end();
    for (const { shell } of panes) await shell?.[Symbol.asyncDispose]();
    try {
      await this.#next(() => this.#tidy(keep === "close" ? panes : []));
    } catch {
      // The session, or the whole server, is gone: nothing is left to be tidied up.
      return [];
    } finally {
      cancel();
    }
    return keep === "keep" ? this.list : [];
  }

  #tellCursors(cursors: ReadonlyMap<string, PaneCell>): void {
    const own = [...this.#panes].flatMap(([id, { pane, held }]): [string, PaneCell][] => {
      const at = held ? cursors.get(pane) : undefined;
      return at === undefined ? [] : [[id, at]];
    });
    this.onCursors(new Map(own));
  }

  /** Marks the presenter's own pane, as soon as there is one. */
  #begin(): void {
    const { presenter } = this.#options;
    this.#next(async () => {
      const client = await this.#connect();
      const [pane = ""] = await client.run("display-message -p '#{pane_id}'");
      this.#presenterPane = pane;
      await mark((command) => client.run(command), pane, presenter);
      await this.#dress(client, pane);
    }).catch(() => {});
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#work.then(work, work);
    this.#work = done.catch(() => {});
    return done;
  }

  /** The client, attached anew when tmux had let it go; one at a time. */
  #connect(): Promise<ControlClient> {
    const client = this.#client = this.#renewed(this.#client);
    client.catch(() => {});
    return client;
  }

  async #renewed(last: Promise<ControlClient> | undefined): Promise<ControlClient> {
    const client = await last?.catch(() => undefined);
    return client === undefined || client.over ? await this.#attach() : client;
  }

  async #attach(): Promise<ControlClient> {
    const { start, isThere, clock } = this.#options;
    const client = await attach({
      start,
      clock,
      over: () => this.#over,
      isThere,
      onNews: (name) => {
        if (CHANGES.has(name)) this.#look();
        if (name === "layout-change") this.#output.measure(this.#latest!);
      },
      onOutput: (pane, bytes) => this.#output.take(this.#latest!, pane, bytes),
      onClient: (client) => this.#latest = client,
    }, this.#wasThere ? 1 : undefined);
    this.#wasThere = true;
    // Panes may have gone with the client.
    void client.ended.then(() => {
      this.#output.end();
      this.#look();
    });
    return client;
  }

  /** Starts somebody's shell in a pane. */
  async #start(
    client: ControlClient,
    { type }: PaneOwner,
  ): Promise<{ readonly pane: string; readonly shell: MarkedShell | undefined }> {
    const at = await this.#placeFor(client);
    const run = (command: string): Promise<readonly string[]> => client.run(command);
    const shell = type === "agent" ? await paneShell(run, at) : undefined;
    try {
      return { pane: await this.#split(client, at, shell), shell };
    } catch (error) {
      await shell?.[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Divides a pane of the window that all see; where there is no room, they are made equal first. */
  async #split(
    client: ControlClient,
    at: string,
    shell: MarkedShell | undefined,
  ): Promise<string> {
    const wide = await client.run(`display-message -p -t ${at} '#{pane_width}'`);
    const across = Number(wide[0]) >= WIDE_COLS ? "-h" : "-v";
    const { session } = this.#options;
    const split = `split-window -d ${across} -t ${at} -P -F '#{pane_id}'` +
      ` -e COLLAB_SESSION=${session} -c '#{pane_current_path}'` +
      Object.entries(shell?.env ?? {}).map(([name, value]) => ` -e ${word(`${name}=${value}`)}`)
        .join("") +
      (shell === undefined ? "" : ` -- ${shell.command.map(word).join(" ")}`);
    try {
      return (await client.run(split))[0] ?? "";
    } catch (error) {
      if (!isNoRoom(error)) throw error;
    }
    await client.run(`select-layout -t ${at} tiled`);
    try {
      return (await client.run(split))[0] ?? "";
    } catch (error) {
      if (!isNoRoom(error)) throw error;
      throw new CollabError("pane-no-room", "Cannot open a pane: there is no room for another one");
    }
  }

  /** The pane that was opened last, else the presenter's own, else the active one. */
  async #placeFor(client: ControlClient): Promise<string> {
    const format = "'#{pane_id} #{pane_active}'";
    const lines = await client.run(`list-panes -F ${format}`);
    const there = new Map(lines.map((line) => line.split(" ") as [string, string]));
    const last = this.list.filter(({ pane }) => there.has(pane)).at(-1);
    if (last !== undefined) return last.pane;
    if (there.has(this.#presenterPane)) return this.#presenterPane;
    return [...there].find(([, active]) => active === "1")?.[0] ?? "";
  }

  async #prepare(client: ControlClient, pane: string, owner: PaneOwner): Promise<void> {
    const run = (command: string): Promise<readonly string[]> => client.run(command);
    await mark(run, pane, owner);
    // A title is a format: without its signs it is a text.
    await run(`select-pane -t ${pane} -T ${quote(owner.name.replaceAll("#", ""))}`);
    // What is typed here goes nowhere else, nor the other way round; and a program's end is the pane's.
    await run(`set-option -p -t ${pane} synchronize-panes off`);
    await run(`set-option -p -t ${pane} remain-on-exit off`);
    const window = await this.#dress(client, pane);
    await this.#arrange(client, window);
  }

  async #dress(client: ControlClient, pane: string): Promise<string> {
    const [window = ""] = await client.run(`display-message -p -t ${pane} '#{window_id}'`);
    if (!this.#looks.has(window)) {
      this.#looks.set(window, await dress((command) => client.run(command), window));
    }
    return window;
  }

  /** Where all panes of a window have owners, and they are more than two, they are made equal. */
  async #arrange(client: ControlClient, window: string): Promise<void> {
    const panes = await client.run(`list-panes -t ${window} -F '#{pane_id}'`);
    const own = new Set([this.#presenterPane, ...this.list.map(({ pane }) => pane)]);
    if (panes.length < 3 || !panes.every((pane) => own.has(pane))) return;
    await client.run(`select-layout -t ${window} tiled`);
  }

  /** A pane is nobody's any more. Its shell has read its files long ago, if it is still there. */
  #forget(id: string): void {
    const own = this.#panes.get(id);
    this.#panes.delete(id);
    void own?.shell?.[Symbol.asyncDispose]();
  }

  async #kill(pane: string): Promise<void> {
    const client = await this.#connect();
    await client.run(`kill-pane -t ${pane}`);
  }

  /** Ends panes, and takes off what was put on. */
  async #tidy(panes: readonly OwnPane[]): Promise<void> {
    // Who detaches all clients detaches this one too, and the session goes on: then it is tried again.
    for (let client = await this.#connect(), tries = 2;; client = await this.#connect()) {
      const run = (command: string): Promise<readonly string[]> => client.run(command);
      // One thing that is gone already does not keep the rest from being tidied up.
      await Promise.allSettled([
        ...panes.map(({ pane }) => run(`kill-pane -t ${pane}`)),
        unmark(run, this.#presenterPane),
        ...[...this.#looks].map(([window, look]) => undress(run, window, look)),
      ]);
      if (!client.over || --tries === 0) return await client.close();
    }
  }

  /** Finds out which panes are gone; while it does so, once more is enough for whatever happens. */
  #look(): void {
    this.#lookAgain = true;
    if (this.#looking || this.#over) return;
    this.#looking = true;
    void this.#lookOnce().finally(() => {
      this.#looking = false;
      if (this.#lookAgain) this.#look();
    });
  }

  async #lookOnce(): Promise<void> {
    this.#lookAgain = false;
    const there = await this.#there();
    if (there === undefined) return;
    for (const [id, { pane, held }] of [...this.#panes]) {
      if (there.get(pane)?.dead === false) continue;
      this.#forget(id);
      if (held) this.onGone(id);
    }
    const own = new Set(this.list.map(({ pane }) => pane));
    const deserted = own.size > 0 && [...there].filter(([, { ours }]) => ours)
      .every(([pane]) => own.has(pane));
    // Without the presenter's panes the session is over, as it is without anybody else's.
    if (!deserted || this.#options.paneEnd === "keep") return;
    for (const { id, held } of [...this.#panes.values()]) {
      this.release(id, "close");
      if (held) this.onGone(id);
    }
  }

  /** The panes of the server; none when it is gone, `undefined` when tmux does not say. */
  async #there(): Promise<ReadonlyMap<string, PaneState> | undefined> {
    try {
      const client = await this.#connect();
      const lines = await client.run(
        "list-panes -a -F '#{pane_id} #{pane_dead} #{session_id}'",
      );
      const [mine = ""] = await client.run("display-message -p '#{session_id}'");
      const there = new Map<string, PaneState>();
      for (const [pane = "", dead, session] of lines.map((line) => line.split(" "))) {
        // A window may be in more than one session.
        const ours = session === mine || there.get(pane)?.ours === true;
        there.set(pane, { dead: dead === "1", ours });
      }
      return there;
    } catch (error) {
      return error instanceof CollabError && error.code === "tmux-gone" ? new Map() : undefined;
    }
  }
}

function isNoRoom(error: unknown): boolean {
  return error instanceof CollabError && /no space|too small/i.test(error.message);
}
