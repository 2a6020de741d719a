/**
 * A tmux session as a host shares it.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { PaneEnd, PaneHost, PaneOwner } from "../panes.ts";
import type { AttachOptions } from "./attach.ts";
import { HiddenInput } from "./hidden_input.ts";
import type { TmuxServer } from "./place.ts";
import { tmuxEnvironment } from "./place.ts";
import { type TmuxRunner, tmuxRunner } from "./process.ts";
import { controlArguments, findTarget, isRunning, type TmuxTarget, type ToldOf } from "./target.ts";
import { TmuxPanes } from "./tmux_panes.ts";

/** How sharing a tmux session ended: it goes on by itself, it ended, or its server was lost. */
export type TmuxEnd = "detached" | "ended" | "lost";

/** What is shared, and how. */
export interface ShareTmuxOptions {
  readonly name: string;
  readonly server: TmuxServer;
  readonly command: readonly string[];
  readonly headless: boolean;
  /** Whether participants can be given panes of their own. */
  readonly panes: boolean;
  /** What becomes of a pane whose owner is gone. */
  readonly paneEnd: PaneEnd;
}

/** What the panes are opened for. */
export interface PanesAbout {
  readonly presenter: PaneOwner;
  /** The session's id. */
  readonly session: string;
  readonly clock: Clock;
}

/** A tmux session that a host is about to share. */
export class SharedTmux {
  readonly #options: ShareTmuxOptions;
  readonly #target: TmuxTarget;
  readonly #runner: TmuxRunner;

  private constructor(options: ShareTmuxOptions, target: TmuxTarget, runner: TmuxRunner) {
    this.#options = options;
    this.#target = target;
    this.#runner = runner;
  }

  /** Finds out whether the session can be shared. @throws {CollabError} as `findTarget` does */
  static async find(
    options: ShareTmuxOptions,
    env: Readonly<Record<string, string>>,
  ): Promise<SharedTmux> {
    const runner = tmuxRunner({ ...tmuxEnvironment(env), TERM: "xterm-256color" });
    return new SharedTmux(options, await findTarget(options, runner, env), runner);
  }

  get name(): string {
    return this.#options.name;
  }

  /** What runs in the host's terminal. */
  get command(): readonly string[] {
    return this.#target.command;
  }

  /** What one would type to be in the session without the host. */
  get attachCommand(): readonly string[] {
    return ["tmux", ...this.#target.server, "attach", "-t", this.#options.name];
  }

  /** The size that a host without a terminal has: that on which the session is used. */
  get size(): TmuxTarget["size"] {
    return this.#target.size;
  }

  get paneEnd(): PaneEnd {
    return this.#options.paneEnd;
  }

  /** Opens panes for participants; `undefined` when there are none to be had. */
  startPanes({ presenter, session, clock }: PanesAbout): PaneHost | undefined {
    if (!this.#options.panes) return undefined;
    const { paneEnd } = this.#options;
    return new TmuxPanes({ ...this.#reach("output"), clock, presenter, session, paneEnd });
  }

  /** Watches whether what is typed is hidden. */
  watchInput(clock: Clock): HiddenInput {
    return new HiddenInput({ ...this.#reach("news"), clock });
  }

  /** How a client in control mode gets there. */
  #reach(told: ToldOf): Pick<AttachOptions, "start" | "isThere"> {
    return {
      start: () => this.#runner.start(controlArguments(this.#target, told)),
      isThere: () => isRunning(this.#target, this.#runner),
    };
  }

  /** How it ended, once the host's client has, with an exit code. */
  async howEnded(code: number): Promise<TmuxEnd> {
    if (await isRunning(this.#target, this.#runner)) return "detached";
    return code === 0 ? "ended" : "lost";
  }
}
