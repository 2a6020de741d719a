/**
 * Many viewers of one host, and one that stopped reading among them.
 *
 * @module
 */
import { join } from "node:path";
import type { CrowdNews, CrowdOrder, CrowdTimes } from "./crowd/worker.ts";
import { linkOf } from "./peers.ts";
import { cores, type Usage, usage } from "./proc.ts";
import type { Bar, Measurement, Row, RunOptions } from "./report.ts";
import { Terminal } from "./terminal.ts";

/** Two of the openers would do; a few more show that they agree. */
const OPENERS = 5;

/**
 * A program that prints `lines` lines of some 100 columns, `T`, the microseconds since 1970, `T`, 30 times a second.
 * The pause is a read that nobody answers: a process a frame would be what is measured.
 */
function ticker(lines: number): string[] {
  const line = "printf '%s %s%s%s%s%s%s%s%s%s%s%s%s done T%sT\\r\\n' $SECONDS " +
    "$RANDOM ".repeat(12) + "${EPOCHREALTIME/./}";
  const body = `for ((i = 0; i < ${lines}; i++)); do ${line}; done; read -rt 0.0315 -u 3`;
  return ["bash", "--norc", "--noprofile", "-c", `exec 3<> <(:); while :; do ${body}; done`];
}

interface Stretch {
  readonly times: CrowdTimes;
  readonly before: Usage;
  readonly after: Usage;
  /** Cores that the crowd's own process used. */
  readonly crowdCores: number;
}

interface CrowdRun {
  readonly joinSeconds: number;
  readonly stretches: readonly Stretch[];
}

/** 200, 1,000 and 2,000 viewers. */
export const crowd: Measurement = {
  name: "crowd",
  title: "Viewers on one host, 30 frames a second",
  run: async (options: RunOptions): Promise<Row[]> => {
    const bars = new Map<number, { cores: number; p99: number }>([
      [1000, { cores: 0.5, p99: 50 }],
      [2000, { cores: 1, p99: 100 }],
    ]);
    const rows: Row[] = [];
    for (const viewers of options.quick ? [50] : [200, 1000, 2000]) {
      options.log(`crowd: ${viewers} viewers`);
      const { joinSeconds, stretches } = await gather(options, ticker(1), {
        viewers,
        openers: OPENERS,
        seconds: options.quick ? 5 : 15,
        stopped: [0],
      });
      const { times, before, after, crowdCores } = stretches[0]!;
      const bar = bars.get(viewers);
      const row = (
        what: string,
        value: number,
        unit: string,
        atMost?: number,
        note?: string,
      ): Row => ({
        what,
        who: `${viewers} viewers`,
        value,
        unit,
        ...(bar && atMost !== undefined && { bar: { atMost } satisfies Bar }),
        ...(note !== undefined && { note }),
      });
      rows.push(
        row(
          "host CPU",
          cores(before, after),
          "cores",
          bar?.cores,
          `the crowd's process: ${crowdCores.toFixed(2)} cores`,
        ),
        row("host memory", after.rssBytes / 1e6, "MB"),
        row("delivery p50", times.p50, "ms"),
        row("delivery p99", times.p99, "ms", bar?.p99, `max ${times.max.toFixed(0)} ms`),
        row("lost", times.lost + (times.expected - times.arrived), "", 0, times.why.join("; ")),
        row(
          "frame rate",
          times.framesPerSecond,
          "/s",
          undefined,
          `${times.bytesPerFrame.toFixed(0)} bytes a frame; ${OPENERS} viewers open every message`,
        ),
        row(
          "all joined",
          joinSeconds,
          "s",
          undefined,
          "handshakes of both sides on the same two cores",
        ),
      );
    }
    return rows;
  },
};

/** One stopped viewer among 100. */
export const stopped: Measurement = {
  name: "stopped",
  title: "One stopped viewer among 100, 45 new lines at 30 frames a second",
  run: async (options: RunOptions): Promise<Row[]> => {
    const order = { viewers: 100, openers: 2, seconds: options.quick ? 5 : 15, stopped: [0, 0, 1] };
    const { stretches } = await gather(options, ticker(45), order);
    const [, all, rest] = stretches as [Stretch, Stretch, Stretch];
    const grown = ({ before, after }: Stretch): number => (after.rssBytes - before.rssBytes) / 1e6;
    return [
      { what: "others' p99", who: "all reading", value: all.times.p99, unit: "ms" },
      {
        what: "others' p99",
        who: "one stopped",
        value: rest.times.p99,
        unit: "ms",
        bar: { atMost: all.times.p99 * 1.25 + 1, because: "unchanged: × 1.25 + 1 ms" },
        note: rest.times.why.join("; "),
      },
      {
        what: "others' lost",
        who: "one stopped",
        value: rest.times.lost,
        unit: "",
        bar: { atMost: 0 },
      },
      { what: "host memory grows", who: "all reading", value: grown(all), unit: "MB" },
      {
        what: "host memory grows",
        who: "one stopped",
        value: grown(rest),
        unit: "MB",
        bar: { atMost: 10 },
        note: `${
          (rest.times.bytesPerFrame * rest.times.framesPerSecond * order.seconds / 1e6).toFixed(1)
        } MB were sent to each other one meanwhile`,
      },
    ];
  },
};

async function gather(
  options: RunOptions,
  command: string[],
  order: Omit<CrowdOrder, "link">,
): Promise<CrowdRun> {
  await using presenter = new Terminal(options.collab("host", "--", ...command), {
    cols: 110,
    rows: 31,
  });
  const link = await linkOf(presenter);
  presenter.keep = false;
  const worker = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--allow-all",
      join(import.meta.dirname!, "crowd", "worker.ts"),
      JSON.stringify({ ...order, link }),
    ],
    stdout: "piped",
  }).spawn();
  let joinSeconds = NaN;
  let [before, crowdBefore] = [usage(presenter.pty.pid), usage(worker.pid)];
  const stretches: Stretch[] = [];
  for await (const news of lines(worker.stdout)) {
    if (news.kind === "joined") joinSeconds = news.seconds;
    else if (news.kind === "measuring") {
      [before, crowdBefore] = [usage(presenter.pty.pid), usage(worker.pid)];
    } else {
      const crowdCores = cores(crowdBefore, usage(worker.pid));
      stretches.push({ times: news.times, before, after: usage(presenter.pty.pid), crowdCores });
    }
  }
  const { success } = await worker.status;
  if (!success) throw new Error("The crowd's process failed");
  return { joinSeconds, stretches };
}

async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<CrowdNews> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const whole = (rest + text).split("\n");
    rest = whole.pop()!;
    for (const line of whole) yield JSON.parse(line);
  }
}
