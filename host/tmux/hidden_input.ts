/**
 * Whether a program in tmux hides what is typed, as one that asks for a password does. The host's own terminal cannot tell:
 * tmux reads it key by key, whatever its panes do.
 *
 * @module
 */
import { echoAt } from "../pty/echo.ts";
import { Libc } from "../pty/libc.ts";
import { attach, type AttachOptions, CHANGES } from "./attach.ts";
import type { ControlClient } from "./control_client.ts";

/** How long it may take to let go of a tmux that does not answer. */
const END_MS = 2_000;

/** Knows the terminals of all panes of a server. */
export class HiddenInput {
  readonly #options: Pick<AttachOptions, "start" | "isThere" | "clock">;
  readonly #libc = Libc.acquire();
  #client: ControlClient | undefined;
  readonly #running: Promise<void>;
  /** Paths of terminals; `undefined` while they are not known. */
  #terminals: readonly string[] | undefined;
  #looking = false;
  #lookAgain = false;
  #over = false;

  constructor(options: Pick<AttachOptions, "start" | "isThere" | "clock">) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** Whether any pane hides what is typed now; `true` when that is not known. Which one is typed into is tmux's secret. */
  get hidden(): boolean {
    return this.#terminals === undefined ||
      this.#terminals.some((path) => echoAt(this.#libc, path) === "password");
  }

  /** Lets go of tmux. */
  async end(): Promise<void> {
    this.#over = true;
    this.#terminals = undefined;
    const cancel = this.#options.clock.after(END_MS, () => this.#client?.kill());
    await this.#client?.close();
    await this.#running;
    cancel();
    this.#libc.release();
  }

  async #run(): Promise<void> {
    try {
      // Whoever detaches all clients detaches this one too, and the session goes on.
      for (let looks: number | undefined; !this.#over; looks = 1) await this.#stay(looks);
    } catch {
      // There is no session: what is not known is taken for hidden.
    }
    this.#terminals = undefined;
  }

  /** Looks for as long as a client is attached. */
  async #stay(looks: number | undefined): Promise<void> {
    const { start, isThere, clock } = this.#options;
    const client = await attach({
      start,
      isThere,
      clock,
      over: () => this.#over,
      onNews: (name) => CHANGES.has(name) && void this.#look(),
      onClient: (client) => this.#client = client,
    }, looks);
    await this.#look();
    await client.ended;
    this.#terminals = undefined;
  }

  async #look(): Promise<void> {
    this.#lookAgain = true;
    if (this.#looking) return;
    this.#looking = true;
    while (this.#lookAgain && !this.#over) {
      this.#lookAgain = false;
      this.#terminals = await this.#client?.run("list-panes -a -F '#{pane_tty}'")
        .catch(() => undefined);
    }
    this.#looking = false;
  }
}
