/**
 * Taking the secrets out of a long recording.
 *
 * @module
 */
import { join } from "node:path";
import { writeLongRecording } from "./long_recording.ts";
import type { Measurement, Row, RunOptions } from "./report.ts";

/** `collab redact`, from its start to its end: finding, writing, and looking through the result. */
export const scrub: Measurement = {
  name: "scrub",
  title: "collab redact of a recording of one hour and 20 MB",
  run: async (options: RunOptions): Promise<Row[]> => {
    const dir = await Deno.makeTempDir({ prefix: "collab-scrub-" });
    try {
      const [plain, secret] = [join(dir, "plain.cast"), join(dir, "secret.cast")];
      await writeLongRecording(plain);
      const text = await Deno.readTextFile(plain);
      const line = '[0.001,"o","PGPASSWORD=hunter2xyz psql\\r\\n"]\n';
      await Deno.writeTextFile(secret, text.replace("\n", `\n${line}`));
      return [
        await measure(plain, "with nothing secret", options),
        await measure(secret, "with a secret", options),
      ];
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  },
};

async function measure(path: string, who: string, options: RunOptions): Promise<Row> {
  options.log(`scrub: ${who}`);
  const startMs = performance.now();
  const [program, ...args] = options.collab("redact", "--no-config", path, `${path}.out`);
  const { success, stderr } = await new Deno.Command(program!, { args }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const seconds = (performance.now() - startMs) / 1000;
  const megabytes = (await Deno.stat(path)).size / 1e6;
  const note = `${(megabytes / seconds).toFixed(1)} MB/s, ${
    Math.round(3600 / seconds)
  } times as fast as it was recorded`;
  return { what: "redact", who, value: seconds, unit: "s", note };
}
