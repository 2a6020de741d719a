/**
 * What redaction costs, beside what a frame costs a host without it: parsing what the program wrote, taking the frame,
 * what is new for the presenter's terminal, what is new for viewers or a recording, and that as event lines, sealed for
 * viewers. System calls and what is waited for do not count: they would make the share smaller.
 *
 * @module
 */
import { diff } from "../format/delta.ts";
import { EventEncoder } from "../format/events.ts";
import type { Frame, History } from "../format/frame.ts";
import { Screen } from "../format/screen.ts";
import { LINES_PER_SECOND } from "../host/line_budget.ts";
import { createRedactor, passThroughRedactor, type Redactor } from "../redact/redactor.ts";
import type { LiteralRule } from "../redact/rule.ts";
import { DEFAULT_RULES } from "../redact/rules.ts";
import { StreamSealer } from "../wire/stream.ts";
import { REDACT_WORKLOADS, type RedactWorkload } from "./redact_workloads.ts";
import { type Measurement, quantile, type Row, type RunOptions } from "./report.ts";

/** Scrolled lines that a frame of a flood carries to viewers. */
const LINES_A_FRAME = LINES_PER_SECOND / 60;

const BLOCKS = 150, WARM_UP = 40;

/** Redaction's share of a frame's time. */
export const redact: Measurement = {
  name: "redact",
  title: "Redaction with the default rules, beside the rest of a frame",
  // deno-lint-ignore require-await -- all of it is computing
  run: async (options: RunOptions): Promise<Row[]> => {
    using clock = new ThreadClock();
    return REDACT_WORKLOADS.flatMap((workload) => {
      options.log(`redact: ${workload.name}`);
      return rows(workload, measure(workload, clock, options.quick));
    });
  },
};

/** Microseconds a frame without redaction, and what share of that redaction adds. */
interface Cost {
  readonly frameUs: number;
  readonly share: number;
}

/** Both in turn, a block at a time; the middle of the blocks' ratios, so that a bad moment of the machine hits both. */
function measure(workload: RedactWorkload, clock: ThreadClock, quick: boolean): Cost {
  using plain = new Pipeline(workload, passThroughRedactor());
  using masked = new Pipeline(workload, warmRedactor(workload.secrets));
  const blocks = quick ? BLOCKS / 10 : BLOCKS;
  const times: number[] = [], ratios: number[] = [];
  for (let block = -WARM_UP; block < blocks; block++) {
    const outputs = Array.from(
      { length: workload.frames },
      (_, i) => workload.output((block + WARM_UP) * workload.frames + i),
    );
    const first = block % 2 === 0 ? plain : masked, second = block % 2 === 0 ? masked : plain;
    const firstUs = first.run(outputs, clock), secondUs = second.run(outputs, clock);
    if (block < 0) continue;
    const [plainUs, maskedUs] = block % 2 === 0 ? [firstUs, secondUs] : [secondUs, firstUs];
    times.push(plainUs);
    ratios.push(maskedUs / plainUs - 1);
  }
  return { frameUs: quantile(times, 0.5), share: quantile(ratios, 0.5) };
}

function rows({ name, atMost }: RedactWorkload, { frameUs, share }: Cost): Row[] {
  return [{
    what: name,
    who: "redaction",
    value: share * 100,
    unit: "%",
    bar: { atMost, because: "of a frame" },
    note: `${(frameUs * share).toFixed(2)} µs beside ${frameUs.toFixed(1)} µs`,
  }];
}

/** A host's way from output to what leaves, for one program. */
class Pipeline implements Disposable {
  readonly #workload: RedactWorkload;
  readonly #redactor: Redactor;
  readonly #screen: Screen;
  readonly #history: History;
  readonly #encoder = new EventEncoder();
  readonly #sealer = new StreamSealer();
  #last: Frame;
  #painted: Frame;
  #atMs = 0;

  constructor(workload: RedactWorkload, redactor: Redactor) {
    const { cols, rows, everyLine, before = "" } = workload;
    this.#workload = workload;
    this.#redactor = redactor;
    this.#screen = new Screen({ cols, rows, scrollback: everyLine ? 2_000 : LINES_A_FRAME });
    this.#history = redactor.history(rememberLast(this.#screen.history));
    this.#screen.write(before);
    this.#painted = this.#screen.frame();
    this.#last = redactor.frame(this.#painted);
  }

  /** Returns microseconds a frame. */
  run(outputs: readonly string[], clock: ThreadClock): number {
    const maxLines = this.#workload.everyLine ? Infinity : LINES_A_FRAME;
    const start = clock.nowUs();
    for (const text of outputs) {
      this.#screen.write(text);
      const painted = this.#screen.frame(), frame = this.#redactor.frame(painted);
      diff({ ...this.#painted, top: painted.top }, painted);
      this.#painted = painted;
      const { ansi } = diff(this.#last, frame, { history: this.#history, maxLines });
      this.#last = frame;
      const line = this.#encoder.encode({ kind: "output", data: ansi }, this.#atMs += 16);
      if (!this.#workload.everyLine) this.#sealer.seal(line);
    }
    return (clock.nowUs() - start) / outputs.length;
  }

  [Symbol.dispose](): void {
    this.#screen[Symbol.dispose]();
  }
}

/**
 * Scrollback that has the last two lines at hand, as a redactor has: a difference asks for each again with the next one,
 * and not to take it from the emulator twice is no merit of redaction.
 */
function rememberLast(history: History): History {
  let last = NaN, row: ReturnType<History>, before: ReturnType<History>;
  return (line) => {
    if (line === last) return row;
    if (line === last - 1 && before !== undefined) return before;
    before = line === last + 1 ? row : undefined;
    [last, row] = [line, history(line)];
    return row;
  };
}

/** A redactor that has compiled its patterns, as it does once in a session, and knows so many secrets. */
function warmRedactor(secrets = 0): Redactor {
  const known = Array.from({ length: secrets }, () => btoa(crypto.randomUUID()).slice(0, 40));
  const literals = known.filter((_, i) => i % 2 === 1).map((literal, i): LiteralRule => ({
    kind: "literal",
    name: `literal ${i}`,
    finds: "a text to mask",
    literal,
  }));
  const redactor = createRedactor([...DEFAULT_RULES, ...literals]);
  known.forEach((secret, i) => i % 2 === 0 && redactor.text(`token=${secret}`));
  const triggers = DEFAULT_RULES.flatMap((rule) => rule.triggers === "digits" ? [] : rule.triggers);
  redactor.text(`${triggers.join(" ")} 4111 1111 1111 1111`);
  return redactor;
}

const CLOCK_THREAD_CPUTIME_ID = 3;

/** The processor time of this thread, which stands still while others use the machine. */
class ThreadClock implements Disposable {
  readonly #libc = Deno.dlopen("libc.so.6", {
    clock_gettime: { parameters: ["i32", "buffer"], result: "i32" },
  });
  readonly #time = new BigInt64Array(2);

  nowUs(): number {
    this.#libc.symbols.clock_gettime(CLOCK_THREAD_CPUTIME_ID, this.#time);
    return Number(this.#time[0]) * 1e6 + Number(this.#time[1]) / 1e3;
  }

  [Symbol.dispose](): void {
    this.#libc.close();
  }
}
