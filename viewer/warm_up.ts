/**
 * Runs what a key sets off before anyone presses one. A JavaScript engine compiles well only what has run often, and a
 * person types seldom: without this, the first thousand keys of a session take twice as long to be seen as those after.
 * It works on things of its own, in short slices while nothing else is to be done.
 *
 * @module
 */
import { EventEncoder } from "../format/events.ts";
import { encodeHeader } from "../format/header.ts";
import type { ConnectOptions } from "../wire/connection.ts";
import { StreamSealer } from "../wire/stream.ts";
import { StreamOpener } from "../wire/stream_opener.ts";
import { detectCapabilities } from "./capabilities.ts";
import type { Clock } from "./clock.ts";
import type { Terminal } from "./terminal.ts";
import { Watcher } from "./watch.ts";

/** Keys after which nothing gets faster any more. */
export const WARM_UP_KEYS = 600;
/** What is typed: a few words, and away again. */
export const WARM_UP_TEXT = "ls -la | grep collab\r\x1b[K";
/** A slice is this long at most (a key that comes meanwhile waits as long), and so far from the next. */
const SLICE_MS = 2, PAUSE_MS = 10;
const SIZE = Object.freeze({ cols: 80, rows: 24 });

/**
 * Calls `step` with 0, 1, … `count - 1`, in slices with pauses; what a step sets off at once is done before the next
 * one. Returns how to stop.
 */
export function inSlices(clock: Clock, count: number, step: (i: number) => void): () => void {
  let i = 0;
  let cancel = (): void => {};
  let stopped = false;
  const slice = async (): Promise<void> => {
    const untilMs = clock.now() + SLICE_MS;
    while (i < count && !stopped && clock.now() < untilMs) {
      step(i++);
      await undefined;
    }
    if (i < count && !stopped) cancel = clock.after(PAUSE_MS, slice);
  };
  cancel = clock.after(PAUSE_MS, slice);
  return () => {
    stopped = true;
    cancel();
  };
}

/** A terminal that takes everything at once and shows it to nobody. */
export function nowhere(): Terminal & { listen(): void } {
  return {
    size: SIZE,
    capabilities: detectCapabilities((name) => name === "TERM" ? "xterm-256color" : undefined),
    busy: false,
    idle: Promise.resolve(),
    write: () => Promise.resolve(),
    listen: () => {},
  };
}

/** Warms what stands between a message of the stream and the terminal. Returns how to stop. */
export function warmUpViewer(clock: Clock): () => void {
  const sealer = new StreamSealer();
  const opener = new StreamOpener(sealer.key, sealer.epoch);
  opener.catchUp(0);
  const encoder = new EventEncoder();
  let tell: ConnectOptions["onEvent"] = () => {};
  const watcher = new Watcher({
    terminal: nowhere(),
    clock: { now: () => clock.now(), after: () => () => {} },
    connect: ({ onEvent }) => {
      tell = onEvent;
      return { painted: () => {}, send: () => false, close: () => {} };
    },
    connectionNow: () => clock.now(),
  });
  tell({
    kind: "welcome",
    you: { id: "me", name: "", role: "view" },
    ticket: "",
    expiresAtMs: 0,
    epoch: 1,
    seq: 0,
    atMs: 0,
    header: encodeHeader({ version: 3, ...SIZE, extra: {} }),
  });
  tell({ kind: "state", seq: 0, atMs: 0, lines: '[0,"o","$ "]\n' });
  const stop = inSlices(clock, WARM_UP_KEYS, (i) => {
    const data = WARM_UP_TEXT[i % WARM_UP_TEXT.length]!;
    const message = sealer.seal(encoder.encode({ kind: "output", data }, i * 100));
    tell({ kind: "lines", ...opener.open(message) });
    if (i + 1 === WARM_UP_KEYS) watcher[Symbol.dispose]();
  });
  return () => {
    stop();
    watcher[Symbol.dispose]();
  };
}
