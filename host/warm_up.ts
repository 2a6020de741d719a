/**
 * Runs what a key at the presenter's keyboard sets off before anyone presses one: see `viewer/warm_up.ts`.
 *
 * @module
 */
import { RowBuilder } from "../format/text_row.ts";
import { passThroughRedactor } from "../redact/redactor.ts";
import { Composer } from "../viewer/compose.ts";
import { Painter } from "../viewer/painter.ts";
import { inSlices, nowhere, WARM_UP_KEYS, WARM_UP_TEXT } from "../viewer/warm_up.ts";
import { StreamSealer } from "../wire/stream.ts";
import { Broadcast, type StreamPeer } from "./broadcast.ts";
import type { Clock } from "./clock.ts";
import { Session, type SessionPty } from "./session.ts";

/** A viewer that keeps up without being there. */
const NOBODY: StreamPeer = {
  resumedSeq: undefined,
  position: 0,
  inFlightBytes: 0,
  closed: undefined,
  sendStream: () => {},
  sendDirect: () => {},
  close: () => {},
};

/** Warms what stands between a program's output, the presenter's terminal and the stream. Returns how to stop. */
export function warmUpHost(clock: Clock): () => void {
  const terminal = nowhere();
  const { cols, rows } = terminal.size;
  const typed = new TypedText();
  const session = new Session({
    pty: typed,
    cols,
    rows: rows - 1,
    redactor: passThroughRedactor(),
    clock,
    onSinkError: (_, error) => {
      throw error;
    },
  });
  const painter = new Painter(terminal, { sharesModes: true, links: "all" });
  const composer = new Composer();
  const footer = [new RowBuilder(cols).build()];
  session.present({
    frame: (frame) =>
      painter.paint(composer.compose({ size: terminal.size, frame, footer, overlay: undefined })),
  });
  const broadcast = new Broadcast({
    stream: new StreamSealer(),
    clock,
    roster: () => ({ kind: "roster", participants: [] }),
    control: () => ({ kind: "state" }),
  });
  session.add(broadcast);
  broadcast.join(NOBODY);
  void session.run();
  const encoder = new TextEncoder();
  const keys = [...WARM_UP_TEXT].map((key) => encoder.encode(key));
  const stop = inSlices(clock, WARM_UP_KEYS, (i) => {
    const key = keys[i % keys.length]!;
    session.type(key);
    typed.echo(key);
    if (i + 1 === WARM_UP_KEYS) typed.end();
  });
  return () => {
    stop();
    typed.end();
  };
}

/** A program that shows what it is told to. */
class TypedText implements SessionPty {
  readonly exited = Promise.resolve({ code: 0, signal: null });
  readonly #waiting: Uint8Array[] = [];
  #ended = false;
  #wake: ((chunk: Uint8Array | null) => void) | undefined;

  echo(bytes: Uint8Array): void {
    if (this.#wake === undefined) this.#waiting.push(bytes);
    else this.#deliver(bytes);
  }

  end(): void {
    this.#ended = true;
    this.#deliver(null);
  }

  read(): Promise<Uint8Array | null> {
    const chunk = this.#waiting.shift();
    if (chunk !== undefined) return Promise.resolve(chunk);
    if (this.#ended) return Promise.resolve(null);
    return new Promise((resolve) => this.#wake = resolve);
  }

  write(): Promise<void> {
    return Promise.resolve();
  }

  dropTyped(): void {}

  resize(): void {}

  kill(): void {}

  #deliver(chunk: Uint8Array | null): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.(chunk);
  }
}
