/**
 * What a session costs while nothing happens.
 *
 * @module
 */
import { linkOf, SHELL } from "./peers.ts";
import { cores, usage } from "./proc.ts";
import type { Measurement, Row, RunOptions } from "./report.ts";
import { delay, Terminal } from "./terminal.ts";

const VIEWERS = 3;

/** CPU and memory of a host at a prompt with three viewers. */
export const idle: Measurement = {
  name: "idle",
  title: `An idle host with ${VIEWERS} viewers`,
  run: async (options: RunOptions): Promise<Row[]> => {
    await using stack = new AsyncDisposableStack();
    const host = stack.use(
      new Terminal(options.collab("host", "--", ...SHELL), { env: { PS1: "$ " } }),
    );
    const link = await linkOf(host);
    const viewers: Terminal[] = [];
    for (let i = 0; i < VIEWERS; i++) {
      const viewer = stack.use(new Terminal(options.collab("watch", link)));
      await viewer.waitFor(/\$/);
      viewers.push(viewer);
    }
    await delay(options.quick ? 500 : 5000); // the start's own work is over
    const pids = [host, ...viewers].map(({ pty }) => pty.pid);
    const before = pids.map(usage);
    await delay(options.quick ? 2000 : 20_000);
    const after = pids.map(usage);
    const percent = (i: number): number => cores(before[i]!, after[i]!) * 100;
    return [
      { what: "CPU", who: "host", value: percent(0), unit: "% of a core", bar: { atMost: 0.5 } },
      {
        what: "CPU",
        who: "a viewer",
        value: (percent(1) + percent(2) + percent(3)) / VIEWERS,
        unit: "% of a core",
      },
      { what: "memory", who: "host", value: after[0]!.rssBytes / 1e6, unit: "MB" },
      { what: "memory", who: "a viewer", value: after[1]!.rssBytes / 1e6, unit: "MB" },
    ];
  },
};
