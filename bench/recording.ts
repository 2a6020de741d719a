/**
 * The size of a recording, beside asciinema's of the same run: asciinema records inside the session that is recorded.
 *
 * @module
 */
import { join } from "node:path";
import { which } from "../tests/needs.ts";
import type { Measurement, Row, RunOptions } from "./report.ts";
import { Terminal } from "./terminal.ts";
import { type Workload, WORKLOADS } from "./traffic.ts";

const PRINTS: readonly Workload[] = [
  {
    name: "ls, coloured",
    tool: "ls",
    command: "ls -lR --color=always /usr/lib/python3",
    use: () => Promise.resolve(),
  },
  { name: "seq 1 200000", tool: "seq", command: "seq 1 200000", use: () => Promise.resolve() },
];

/** Sizes of recordings. */
export const recording: Measurement = {
  name: "recording",
  title: "A recording's size over asciinema's of the same run",
  run: async (options: RunOptions): Promise<Row[]> => {
    if (which("asciinema") === undefined) throw new Error("asciinema is not installed");
    const rows: Row[] = [];
    for (
      const workload of [...PRINTS, ...WORKLOADS].filter(({ tool }) => which(tool) !== undefined)
    ) {
      options.log(`recording: ${workload.name}`);
      rows.push(await measure(workload, options));
    }
    return rows;
  },
};

async function measure(workload: Workload, options: RunOptions): Promise<Row> {
  const dir = await Deno.makeTempDir({ prefix: "collab-recording-" });
  try {
    const [ours, theirs] = [join(dir, "collab.cast"), join(dir, "asciinema.cast")];
    const asciinema = ["asciinema", "rec", "-q", "-c", workload.command, theirs];
    await using host = new Terminal(options.collab("host", "--record", ours, "--", ...asciinema), {
      rows: 25,
    });
    await Promise.all([workload.use(host, options.quick), host.pty.exited]);
    const [size, other] = await Promise.all(
      [ours, theirs].map(async (path) => (await Deno.stat(path)).size),
    ) as [number, number];
    const note = `${(size / 1000).toFixed(0)} of ${
      (other / 1000).toFixed(0)
    } kB, keyframes and all`;
    return { what: workload.name, who: "collab / asciinema", value: size / other, unit: "", note };
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}
