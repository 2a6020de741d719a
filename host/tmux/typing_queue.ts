/**
 * What waits to be typed into one pane.
 *
 * @module
 */
import { typeCommands } from "./commands.ts";

/** Most bytes that wait for one pane: twice of what may be typed at once. More is refused. */
export const MAX_WAITING_BYTES = 512 * 1_024;

/**
 * Hands out a pane's commands group by group: until tmux has answered one, the next one can still be forgotten. So of what was
 * typed before {@link TypingQueue.drop}, at most one piece of a KiB or one paste arrives after it.
 */
export class TypingQueue {
  readonly #pane: string;
  readonly #run: (command: string) => Promise<unknown>;
  #waiting: { readonly bytes: Uint8Array }[] = [];
  #bytes = 0;
  #running = false;
  #epoch = 0;

  /** @param run carries a command out; when it rejects, what else waits is forgotten */
  constructor(pane: string, run: (command: string) => Promise<unknown>) {
    this.#pane = pane;
    this.#run = run;
  }

  /** Types; `false` when too much waits, and nothing of this is typed. */
  write(bytes: Uint8Array): boolean {
    if (this.#bytes + bytes.length > MAX_WAITING_BYTES) return false;
    this.#bytes += bytes.length;
    this.#waiting.push({ bytes: bytes.slice() });
    if (!this.#running) void this.#pump();
    return true;
  }

  /** Forgets what waits. */
  drop(): void {
    this.#epoch++;
    this.#waiting = [];
    this.#bytes = 0;
  }

  async #pump(): Promise<void> {
    this.#running = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const { bytes } = next, epoch = this.#epoch;
      for (const group of typeCommands(this.#pane, bytes)) {
        if (epoch !== this.#epoch) break;
        try {
          await Promise.all(group.map((command) => this.#run(command)));
        } catch {
          // The pane is gone, or tmux is: whoever watches over it learns that too.
          this.drop();
        }
      }
      if (epoch === this.#epoch) this.#bytes -= bytes.length;
    }
    this.#running = false;
  }
}
