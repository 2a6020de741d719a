/**
 * A recording of one hour and 20 MB, made by the recorder from what a session at work prints.
 *
 * @module
 */
import { Screen } from "../format/screen.ts";
import { startRecorder } from "../record/recorder.ts";

const COLS = 120, ROWS = 40, SECONDS = 3600, FRAMES_PER_SECOND = 5;
/** Chosen so that an hour of it is recorded in about 20 MB. */
const BYTES_PER_FRAME = 880;

/** Writes the recording. The same each time. */
export async function writeLongRecording(path: string): Promise<void> {
  const recorder = await startRecorder(path, { version: 3, cols: COLS, rows: ROWS, extra: {} }, {
    onError: (error: unknown) => {
      throw error;
    },
  });
  using screen = new Screen({ cols: COLS, rows: ROWS, scrollback: 500 });
  const random = generator(1);
  for (let i = 0; i < SECONDS * FRAMES_PER_SECOND; i++) {
    const atMs = i * 1000 / FRAMES_PER_SECOND;
    screen.write(output(i, random));
    recorder.frame(screen.frame(), screen.history, atMs);
    if (i % (60 * FRAMES_PER_SECOND) === 0) {
      recorder.event({ kind: "marker", label: `minute ${i / (60 * FRAMES_PER_SECOND)}` }, atMs);
    }
    // Time passes for what the recorder does in the background.
    if (i % 50 === 0) await new Promise((resolve) => setTimeout(resolve));
  }
  await recorder.close();
}

/** Ten minutes of a build's log, then ten of an editor, and so on. */
function output(frame: number, random: () => number): string {
  const editing = Math.floor(frame / (600 * FRAMES_PER_SECOND)) % 2 === 1;
  let text = "";
  while (text.length < BYTES_PER_FRAME) {
    const words = Array.from({ length: 8 }, () => Math.floor(random() * 2 ** 32).toString(36)).join(
      " ",
    );
    const color = 31 + Math.floor(random() * 6);
    text += editing
      ? `\x1b[${1 + Math.floor(random() * ROWS)};${1 + Math.floor(random() * 40)}H\x1b[38;5;${
        Math.floor(random() * 256)
      }m${words}\x1b[m`
      : `\x1b[${color}m${words.slice(0, 10)}\x1b[m ${words} ${words}\r\n`;
  }
  return text;
}

/** Numbers from 0 to 1 that look random (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

if (import.meta.main) await writeLongRecording(Deno.args[0]!);
