/**
 * Records to the file it is given until it is killed, and prints the time of each frame it has recorded.
 *
 * @module
 */
import { Screen } from "../../format/screen.ts";
import { startRecorder } from "../recorder.ts";

const [path = ""] = Deno.args;
const encoder = new TextEncoder();
const screen = new Screen({ cols: 80, rows: 24 });
const recorder = await startRecorder(path, { version: 3, cols: 80, rows: 24, extra: {} }, {
  onError: (error) => {
    throw error;
  },
});
const startMs = performance.now();
setInterval(() => {
  const atMs = performance.now() - startMs;
  screen.write(`${atMs.toFixed()}\r\n`);
  recorder.frame(screen.frame(), screen.history, atMs);
  Deno.stdout.writeSync(encoder.encode(`${atMs.toFixed()}\n`));
}, 10);
