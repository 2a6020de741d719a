/**
 * Compares what a viewer sees with what a plain emulator draws of the same bytes.
 *
 * The session's command is `script`, which keeps every byte that the program inside wrote. Those bytes go to an
 * emulator of their own. The stream (`watch --cast`) must lead to the same screen, and so must the viewer's terminal
 * without its status row, but for what every viewer leaves out so that terminals do not disagree (see `Adapter`).
 *
 * @module
 */
import type { Frame } from "../format/frame.ts";
import { rowsEqual, rowText } from "../format/row.ts";
import { Screen } from "../format/screen.ts";
import { Adapter } from "../viewer/adapt.ts";
import { detectCapabilities } from "../viewer/capabilities.ts";
import {
  eventually,
  fromSource,
  type Host,
  Lines,
  startHost,
  startWatch,
  type Terminal,
  TestDir,
} from "./harness.ts";
import { environment } from "./terminal.ts";

/** The session's size; the terminals have one more row, for the status. */
export const SIZE = { cols: 80, rows: 24 };
/** A point is quiet when the program wrote nothing for so long. */
const QUIET_MS = 120;

/** A program in a shared session, its viewer, and the emulator that the viewer is compared with. */
export class Comparison implements AsyncDisposable {
  readonly host: Host;
  readonly viewer: Terminal;
  readonly #plain = new Screen({ ...SIZE, scrollback: 0 });
  readonly #adapter = new Adapter(detectCapabilities((name) => environment()[name]), "web");
  readonly #stream: Lines<unknown>;
  readonly #streamed = new Screen({ ...SIZE, scrollback: 0 });
  #streamTaken = 0;
  readonly #stack: AsyncDisposableStack;
  readonly #path: string;
  #taken = 0;
  #grewAtMs = Date.now();

  private constructor(
    parts: { readonly host: Host; readonly viewer: Terminal; readonly stream: Lines<unknown> },
    path: string,
    stack: AsyncDisposableStack,
  ) {
    this.host = parts.host;
    this.viewer = parts.viewer;
    this.#stream = parts.stream;
    this.#path = path;
    this.#stack = stack;
  }

  /** Shares a shell command line. */
  static async start(command: string): Promise<Comparison> {
    const stack = new AsyncDisposableStack();
    const dir = stack.use(new TestDir());
    const path = dir.file("bytes");
    const outer = { cols: SIZE.cols, rows: SIZE.rows + 1, cwd: dir.path };
    const tee = ["script", "--quiet", "--flush", "--log-out", path, "--command", command];
    const host = stack.use(startHost({ ...outer, command: tee }));
    const link = await host.link();
    const viewer = stack.use(startWatch(link, outer));
    const stream = stack.use(new Lines<unknown>(fromSource("watch", "--cast", link), outer));
    return new Comparison({ host, viewer, stream }, path, stack);
  }

  /**
   * Waits until the program has written something since the last call, is quiet, and the viewer shows just that.
   *
   * @throws {Error} when it does not, with both screens.
   */
  async settled(step: string): Promise<void> {
    const from = this.#taken;
    const same = (): true | undefined => {
      this.#take();
      const quiet = Date.now() - this.#grewAtMs >= QUIET_MS;
      return this.#taken > from && quiet && this.#difference() === undefined ? true : undefined;
    };
    try {
      await eventually(same, `${step} to look the same`);
    } catch (error) {
      throw new Error(`After ${step}: ${this.#difference() ?? "the program wrote nothing"}`, {
        cause: error,
      });
    }
  }

  /** Resizes the presenter's and the viewer's terminals. */
  resize(cols: number, rows: number): void {
    this.#take();
    this.#plain.resize(cols, rows);
    this.viewer.resize(cols, rows + 1);
    this.host.resize(cols, rows + 1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
    this.#plain[Symbol.dispose]();
    this.#streamed[Symbol.dispose]();
  }

  #take(): void {
    const bytes = this.#written();
    // The tee's own first line says when it started.
    const start = bytes.indexOf(10) + 1;
    const fresh = bytes.subarray(start + this.#taken);
    if (start === 0 || fresh.length === 0) return;
    this.#plain.write(fresh);
    this.#taken += fresh.length;
    this.#grewAtMs = Date.now();
  }

  #written(): Uint8Array {
    try {
      return Deno.readFileSync(this.#path);
    } catch {
      return new Uint8Array(); // the tee has not begun
    }
  }

  #difference(): string | undefined {
    const wanted = this.#plain.frame();
    const stream = difference(this.#streamFrame(), wanted);
    if (stream !== undefined) return `in the stream, ${stream}`;
    const shown = difference(this.viewer.frame, this.#adapter.frame(wanted));
    return shown && `in the viewer's terminal, ${shown}`;
  }

  #streamFrame(): Frame {
    for (const event of this.#stream.all.slice(this.#streamTaken)) {
      if (!Array.isArray(event)) continue; // the header
      const [, code, data] = event as [number, string, string];
      if (code === "o") this.#streamed.write(data);
      else if (code === "r") {
        this.#streamed.resize(...data.split("x").map(Number) as [number, number]);
      }
    }
    this.#streamTaken = this.#stream.all.length;
    return this.#streamed.frame();
  }
}

/** How the upper part of a terminal differs from a screen; `undefined` when it does not. */
export function difference(terminal: Frame, wanted: Frame): string | undefined {
  for (let y = 0; y < wanted.rows; y++) {
    const [shown, line] = [terminal.lines[y], wanted.lines[y]!];
    if (shown === undefined || !rowsEqual(shown, line)) {
      const texts = [shown === undefined ? "nothing" : rowText(shown), rowText(line)].map((text) =>
        JSON.stringify(text)
      );
      const where = texts[0] === texts[1] ? " in its style" : "";
      return `row ${y} differs${where}: ${texts[0]} instead of ${texts[1]}`;
    }
  }
  const [a, b] = [terminal.cursor, wanted.cursor];
  if (a.visible !== b.visible) return `the cursor is ${a.visible ? "shown" : "hidden"}`;
  if (b.visible && (a.x !== b.x || a.y !== b.y)) {
    return `the cursor is at ${a.x},${a.y} instead of ${b.x},${b.y}`;
  }
  return undefined;
}
