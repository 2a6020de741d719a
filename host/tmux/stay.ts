/**
 * A host's stay in a tmux session, from when its own client has been started until it is gone.
 *
 * @module
 */
import type { Reporter } from "../events.ts";
import type { PaneHost } from "../panes.ts";
import type { EchoState } from "../pty/echo.ts";
import { quoteCommand } from "../shell_words.ts";
import type { HiddenInput } from "./hidden_input.ts";
import type { PanesAbout, SharedTmux } from "./shared.ts";

/** A tmux session, as a host needs it. */
export type TmuxSession = Pick<
  SharedTmux,
  "name" | "command" | "attachCommand" | "paneEnd" | "startPanes" | "watchInput" | "howEnded"
>;

/** Stays in a session. Disposing of it leaves it, whatever has happened. */
export class TmuxStay implements AsyncDisposable {
  /** Panes for participants; `undefined` where there are none to be had. */
  readonly panes: PaneHost | undefined;
  readonly #tmux: TmuxSession;
  readonly #hidden: HiddenInput | undefined;
  #left = false;

  /** @param about with `audited`, what is typed is written down: it has to be known what may not be */
  constructor(
    tmux: TmuxSession,
    { audited, ...about }: PanesAbout & { readonly audited: boolean },
  ) {
    this.#tmux = tmux;
    this.panes = tmux.startPanes(about);
    this.#hidden = audited ? tmux.watchInput(about.clock) : undefined;
  }

  /** What the terminals of the session's panes do with what is typed, as far as it is known. */
  echo(): EchoState {
    return this.#hidden?.hidden ?? true ? "password" : "editor";
  }

  /** Puts the session back as it was once the host's client is gone, with an exit code, and tells how it is. */
  async leave(reporter: Reporter, code: number): Promise<void> {
    const kept = await this.#end();
    const { name, attachCommand } = this.#tmux;
    reporter.report({
      event: "tmux",
      name,
      how: await this.#tmux.howEnded(code),
      attach: quoteCommand(attachCommand),
      kept: kept.map(({ pane, name }) => ({ pane, name })),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#left) await this.#end();
  }

  async #end(): ReturnType<PaneHost["end"]> {
    this.#left = true;
    await this.#hidden?.end();
    return await this.panes?.end(this.#tmux.paneEnd) ?? [];
  }
}
