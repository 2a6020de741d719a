/**
 * Opening a long recording, and going anywhere in it.
 *
 * @module
 */
import { join } from "node:path";
import { writeLongRecording } from "./long_recording.ts";
import { type Measurement, quantile, type Row, type RunOptions } from "./report.ts";
import type { SeekTimes } from "./seek_worker.ts";

/** Opening and seeking. */
export const seek: Measurement = {
  name: "seek",
  title: "A recording of one hour and 20 MB",
  run: async (options: RunOptions): Promise<Row[]> => {
    const dir = await Deno.makeTempDir({ prefix: "collab-seek-" });
    try {
      const [keyed, bare] = [join(dir, "keyframes.cast"), join(dir, "none.cast")];
      await writeLongRecording(keyed);
      const text = await Deno.readTextFile(keyed);
      await Deno.writeTextFile(bare, text.replaceAll(/^\[0,"k",.*\n/gm, ""));
      return [
        ...await measure(keyed, "with keyframes", options),
        ...await measure(bare, "without keyframes", options),
      ];
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  },
};

async function measure(path: string, who: string, options: RunOptions): Promise<Row[]> {
  const runs: SeekTimes[] = [];
  for (let i = 0; i < (options.quick ? 1 : 5); i++) {
    options.log(`seek: ${who}, run ${i + 1}`);
    const worker = join(import.meta.dirname!, "seek_worker.ts");
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--allow-all", worker, path],
    })
      .output();
    runs.push(JSON.parse(new TextDecoder().decode(stdout)));
  }
  const seeks = runs.flatMap((run) => run.seeks);
  const size = ((await Deno.stat(path)).size / 1e6).toFixed(1);
  return [
    {
      what: "open",
      who,
      value: quantile(runs.map(({ open }) => open), 0.5),
      unit: "ms",
      bar: { atMost: 300 },
      note: `${size} MB`,
    },
    {
      what: "first pass",
      who,
      value: quantile(runs.map(({ prepare }) => prepare), 0.5),
      unit: "ms",
      note: "beside the playing",
    },
    { what: "seek p50", who, value: quantile(seeks, 0.5), unit: "ms" },
    {
      what: "seek p99",
      who,
      value: quantile(seeks, 0.99),
      unit: "ms",
      bar: { atMost: 30 },
      note: `max ${quantile(seeks, 1).toFixed(0)} ms`,
    },
  ];
}
