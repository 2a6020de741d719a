/**
 * How long one waits: for the program, for the shell's prompt, for a session's screen.
 *
 * @module
 */
import { parseLink } from "../wire/link.ts";
import { connect } from "../wire/connection.ts";
import type { Collab } from "../tests/harness.ts";
import { linkOf, SHELL } from "./peers.ts";
import { type Measurement, quantile, type Row, type RunOptions } from "./report.ts";
import { Terminal } from "./terminal.ts";

/** A prompt that nothing else on the screen looks like. */
const PROMPT = "%@%";
const ENV = { PS1: `${PROMPT} `, HISTFILE: "/dev/null", PROMPT_COMMAND: undefined };
const SCREEN = /last-of-the-screen/;
/** A command that fills the screen and stays. */
const FULL_SCREEN = [
  "bash",
  "-c",
  'for i in {1..23}; do echo "line $i of many, with some text"; done; echo -n last-of-the-screen; read',
];

/** Time to `--version` and to the first prompt. */
export const start: Measurement = {
  name: "start",
  title: "From the command to the first prompt",
  run: async (options: RunOptions): Promise<Row[]> => {
    const times = options.quick ? 4 : 15;
    const prompt = async (command: readonly string[]): Promise<number> => {
      const began = performance.now();
      await using terminal = new Terminal(command, { env: ENV });
      await terminal.waitFor(new RegExp(PROMPT));
      return performance.now() - began;
    };
    const version = async (command: readonly string[]): Promise<number> => {
      const began = performance.now();
      await new Deno.Command(command[0]!, {
        args: command.slice(1),
        stdout: "null",
      }).output();
      return performance.now() - began;
    };
    const rows: Row[] = [];
    const ways = [
      ["deno run", options.fromSource, 400],
      ["compiled", options.compiled, 250],
    ] as const;
    rows.push(await row("first prompt", "bash alone", times, () => prompt(SHELL)));
    for (const [who, collab, atMost] of ways) {
      const host = collab("host", "--", ...SHELL);
      rows.push({
        ...await row("first prompt", `collab host, ${who}`, times, () => prompt(host)),
        bar: { atMost },
      });
    }
    for (const [who, collab] of ways) {
      rows.push(
        await row("--version", `collab, ${who}`, times, () => version(collab("--version"))),
      );
    }
    return rows;
  },
};

/** Time to join. */
export const join: Measurement = {
  name: "join",
  title: "From joining to a full screen",
  run: async (options: RunOptions): Promise<Row[]> => {
    const times = options.quick ? 4 : 20;
    await using host = new Terminal(options.collab("host", "--", ...FULL_SCREEN), {
      rows: 25,
    });
    const link = await linkOf(host);
    await host.type(" "); // the notice with the link goes away
    await host.waitFor(SCREEN);
    const watch = async (collab: Collab): Promise<number> => {
      const began = performance.now();
      await using viewer = new Terminal(collab("watch", link), { rows: 25 });
      await viewer.waitFor(SCREEN);
      return performance.now() - began;
    };
    const bar = { atMost: 100 };
    return [
      { ...await row("connection", "handshake to first state", times, () => joinOnce(link)), bar },
      {
        ...await row(
          "collab watch",
          "compiled, with its start",
          times,
          () => watch(options.compiled),
        ),
        bar,
      },
      await row("collab watch", "deno run, with its start", times, () => watch(options.fromSource)),
    ];
  },
};

function joinOnce(link: string): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const connection = connect(parseLink(link), {
      name: "bench",
      onEvent: (event) => {
        if (event.kind === "state") {
          resolve(performance.now() - began);
          connection.close();
        } else if (event.kind === "status" && event.status.kind === "ended") {
          reject(new Error("The connection ended"));
        }
      },
    });
  });
}

/** The median of some runs; the first is left out, which fills caches. */
async function row(
  what: string,
  who: string,
  times: number,
  once: () => Promise<number>,
): Promise<Row> {
  const values: number[] = [];
  await once();
  for (let i = 0; i < times; i++) values.push(await once());
  const note = `median of ${times}; max ${quantile(values, 1).toFixed(0)} ms`;
  return { what, who, value: quantile(values, 0.5), unit: "ms", note };
}
