/**
 * A tmux client in control mode, over pipes: commands go in, replies and news come out.
 *
 * @module
 */
import { CollabError } from "../../format/errors.ts";
import { type ControlEvent, ControlParser } from "./control_mode.ts";

/** A process of `tmux -C`, as far as its client needs it. */
export interface ControlProcess {
  readonly stdin: WritableStream<Uint8Array>;
  readonly stdout: ReadableStream<Uint8Array>;
  /** Ends it, whatever it does. */
  kill(): void;
}

/** Most commands that wait for a reply. One more is refused: tmux does not answer. */
export const MAX_WAITING = 1_000;
/** How long tmux may take to end after its input has. */
const END_MS = 2_000;

interface Waiting {
  readonly onReply: ((lines: readonly string[]) => void) | undefined;
  readonly resolve: (lines: readonly string[]) => void;
  readonly reject: (error: CollabError) => void;
}

/** Sends commands to a tmux server. It is attached once {@link ControlClient.attached} has resolved. */
export class ControlClient {
  /** Resolves when it is attached; rejects with `tmux-gone` when it ends before, as where there is no such session. */
  readonly attached: Promise<void>;
  /** Resolves when there is nobody left to talk to: the server ended, or let this client go. */
  readonly ended: Promise<void>;
  readonly #process: ControlProcess;
  readonly #parser = new ControlParser();
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #waiting: Waiting[] = [];
  readonly #attached = Promise.withResolvers<void>();
  readonly #onNews: (name: string, text: string) => void;
  readonly #onOutput: (pane: string, bytes: Uint8Array) => void;
  #over = false;

  /**
   * @param onNews told of notifications: their name without the `%`, and what follows it
   * @param onOutput told of what panes' programs write, where tmux was asked for that
   */
  constructor(
    process: ControlProcess,
    onNews: (name: string, text: string) => void,
    onOutput: (pane: string, bytes: Uint8Array) => void = () => {},
  ) {
    this.#process = process;
    this.#onNews = onNews;
    this.#onOutput = onOutput;
    this.#writer = process.stdin.getWriter();
    // A pipe that breaks is the end, which reading finds out.
    this.#writer.closed.catch(() => {});
    this.attached = this.#attached.promise;
    this.attached.catch(() => {});
    this.ended = this.#read();
  }

  /** Whether there is nobody left to talk to. */
  get over(): boolean {
    return this.#over;
  }

  /**
   * Has tmux carry out one command; resolves to its output. Commands are carried out in their order.
   *
   * @param onReply called with the output at once, before anything that tmux says later is told
   * @throws {CollabError} `tmux-refused` with what tmux says, `tmux-gone`, `tmux-busy`
   */
  run(
    command: string,
    onReply?: (lines: readonly string[]) => void,
  ): Promise<readonly string[]> {
    if (this.#over) return Promise.reject(goneError());
    if (this.#waiting.length >= MAX_WAITING) {
      const why = "tmux does not answer";
      return Promise.reject(new CollabError("tmux-busy", `Cannot do this in tmux: ${why}`));
    }
    const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>();
    this.#waiting.push({ onReply, resolve, reject });
    this.#writer.write(new TextEncoder().encode(`${command}\n`)).catch(() => {});
    return promise;
  }

  /** Ends it, whatever waits. */
  kill(): void {
    this.#process.kill();
  }

  /** Detaches. What was sent before is carried out. */
  async close(): Promise<void> {
    this.#writer.close().catch(() => {});
    const timer = setTimeout(() => this.#process.kill(), END_MS);
    await this.ended;
    clearTimeout(timer);
  }

  async #read(): Promise<void> {
    try {
      for await (const bytes of this.#process.stdout) {
        for (const event of this.#parser.feed(bytes)) this.#take(event);
      }
    } catch {
      // A pipe that breaks is the end as well.
    }
    this.#over = true;
    this.#process.kill();
    this.#writer.abort().catch(() => {});
    this.#attached.reject(goneError());
    for (const { reject } of this.#waiting.splice(0)) reject(goneError());
  }

  #take(event: ControlEvent): void {
    if (event.kind === "notification") return this.#onNews(event.name, event.text);
    if (event.kind === "output") return this.#onOutput(event.pane, event.bytes);
    if (!event.own) {
      if (event.ok) this.#attached.resolve();
      return;
    }
    const waiting = this.#waiting.shift();
    if (!event.ok) return waiting?.reject(refused(event.lines));
    waiting?.onReply?.(event.lines);
    waiting?.resolve(event.lines);
  }
}

/** There is no tmux to talk to. */
export function goneError(): CollabError {
  return new CollabError("tmux-gone", "Cannot reach tmux: its server or the session has ended");
}

function refused(lines: readonly string[]): CollabError {
  const why = lines.join(" ").slice(0, 200) || "no reason given";
  return new CollabError("tmux-refused", `Cannot do this in tmux: ${why}`);
}
