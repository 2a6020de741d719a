/**
 * A sink for tests: it plays back what it was given.
 *
 * @module
 */
import { eventCode, eventData } from "../../format/events.ts";
import { rowText } from "../../format/row.ts";
import { Screen } from "../../format/screen.ts";
import type { SafeEvent, SafeFrame } from "../../redact/redactor.ts";
import type { FrameContext, Sink } from "../session.ts";

/** The text of a frame, without the blank rows at its end. */
export function frameText(frame: { readonly lines: SafeFrame["lines"] }): string {
  return frame.lines.map(rowText).join("\n").trimEnd();
}

/** Keeps frames and events, and all that a viewer of them would ever have been sent. */
export class FakeSink implements Sink {
  readonly name: string;
  readonly everyLine: boolean;
  readonly frames: SafeFrame[] = [];
  /** Session times of the frames. */
  readonly frameMs: number[] = [];
  /** Codes and data. */
  readonly events: string[] = [];
  /** Every byte of every delta. */
  sent = "";
  omittedLines = 0;
  closed = false;
  /** What a viewer sees. */
  readonly screen: Screen;
  #last: SafeFrame | undefined;
  readonly #maxLines: number | undefined;

  constructor(options: { name?: string; everyLine?: boolean; maxLines?: number } = {}) {
    this.name = options.name ?? "fake";
    this.everyLine = options.everyLine ?? false;
    this.#maxLines = options.maxLines;
    this.screen = new Screen({ cols: 80, rows: 24, scrollback: 10_000 });
  }

  frame(frame: SafeFrame, context: FrameContext): void {
    this.frames.push(frame);
    this.frameMs.push(context.atMs);
    if (this.screen.cols !== frame.cols || this.screen.rows !== frame.rows) {
      this.screen.resize(frame.cols, frame.rows);
    }
    const delta = context.diff(this.#last ?? blank(frame), this.#maxLines);
    this.#last = frame;
    this.sent += delta.ansi;
    this.omittedLines += delta.omittedLines;
    this.screen.write(delta.ansi);
  }

  event(event: SafeEvent): void {
    this.events.push(`${eventCode(event)} ${String(eventData(event))}`);
  }

  close(): void {
    this.closed = true;
    this.screen[Symbol.dispose]();
  }

  /** What is shown. */
  get text(): string {
    return frameText(this.screen.frame());
  }
}

function blank(frame: SafeFrame): SafeFrame {
  using screen = new Screen({ cols: frame.cols, rows: frame.rows });
  // A sink that begins has shown nothing: nothing of it is secret.
  return { ...screen.frame(), top: frame.top, bells: frame.bells } as SafeFrame;
}
