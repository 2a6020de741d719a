/**
 * Opens one recording in a fresh process and seeks in it; prints {@link SeekTimes} as JSON.
 *
 * @module
 */
import { diff } from "../format/delta.ts";
import { LogScreen } from "../record/checkpoints.ts";
import { openRecording } from "../record/reader.ts";

/** What was measured, in milliseconds. */
export interface SeekTimes {
  /** From the file to a log that can be played. */
  readonly open: number;
  /** The pass that makes checkpoints where there are no keyframes; it runs beside the playing. */
  readonly prepare: number;
  /** Seeks to random places, each with the delta that paints it. */
  readonly seeks: readonly number[];
}

const SEEKS = 300;

if (import.meta.main) {
  const began = performance.now();
  const log = await openRecording({ kind: "file", path: Deno.args[0]! });
  const open = performance.now() - began;
  using view = new LogScreen(log);
  const beganPreparing = performance.now();
  view.prepare(() => false);
  const prepare = performance.now() - beganPreparing;
  const seeks: number[] = [];
  let last = view.frame();
  for (let i = 0; i < SEEKS; i++) {
    // Evenly spread and in no order.
    const atMs = log.durationMs * ((i * 0.618033988749895) % 1);
    const start = performance.now();
    view.moveTo(log.indexAt(atMs));
    const frame = view.frame();
    diff(last, frame);
    seeks.push(performance.now() - start);
    last = frame;
  }
  // deno-lint-ignore no-console
  console.log(JSON.stringify({ open, prepare, seeks } satisfies SeekTimes));
}
