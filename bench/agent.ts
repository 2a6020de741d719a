/**
 * What a program has of a session through its client: how soon it sees what it typed and what it waits for, and what it
 * does to the presenter.
 *
 * @module
 */
import { join } from "node:path";
import { AgentError, type AgentSession, joinSession } from "../mod.ts";
import { type Collab, startHeadless } from "../tests/harness.ts";
import { Session } from "../tests/people.ts";
import { linkOf, SHELL } from "./peers.ts";
import { type Measurement, quantile, type Row, type RunOptions } from "./report.ts";
import { delay, Drawn, Terminal } from "./terminal.ts";

/** What the issue asks. */
const TYPE_BAR_MS = 3, WAIT_BAR_MS = 5, FLOOD_BAR_MS = 2;
const KILL_LINE = "\x15";
/** Nothing is drawn for it, and it is no line's end. */
const UNSEEN = "\0".repeat(1_024);
const KEYS = "@#%&=+~^";
const ROUNDS = 4;
const TAKES = 20, TYPED_BYTES = 10_240;
/** Rounds that are not counted: a host is busy compiling its own code at first. */
const WARM_UP = 10;

/** The client for programs. */
export const agent: Measurement = {
  name: "agent",
  title: "A program in a session, through its client, on loopback",
  run: async ({ collab, quick, log }: RunOptions): Promise<Row[]> => [
    ...await typingAndWaiting(collab, quick ? 50 : 500),
    ...await flooding(collab, quick ? 15 : 125, log),
    await taking(quick ? 3 : TAKES),
  ],
};

/**
 * What is in the tails. After a few frames at once, those of a busy line are 16 ms apart (`host/pace.ts`): what comes in more
 * pieces than that waits. A client whose connection has Nagle's algorithm on has up to 40 ms more whenever it has just
 * acknowledged something.
 */
async function typingAndWaiting(collab: Collab, count: number): Promise<Row[]> {
  await using host = startHeadless({ collab, args: ["--mode", "collaborative"] });
  await using session = await joinSession(await host.link(), { name: "bench" });
  await session.waitFor({ text: "$" });
  const echoes: number[] = [], waits: number[] = [];
  for (let i = -WARM_UP; i < count; i++) {
    const times = [await echo(session, `k${i}_`), await appear(session)] as const;
    if (i < 0) continue;
    echoes.push(times[0]);
    waits.push(times[1]);
  }
  const row = (what: string, value: number, atMost?: number): Row => ({
    what,
    who: "joinSession",
    value,
    unit: "ms",
    ...(atMost !== undefined && { bar: { atMost } }),
  });
  return [
    row("type() until screen() has the echo, p50", quantile(echoes, 0.5), TYPE_BAR_MS),
    row("the same, p99", quantile(echoes, 0.99)),
    row("from the program's write to waitFor(), p50", quantile(waits, 0.5), WAIT_BAR_MS),
    row("the same, p99", quantile(waits, 0.99)),
  ];
}

/** From the call of `type` until its echo is on the screen. */
async function echo(session: AgentSession, text: string): Promise<number> {
  const fromMs = performance.now();
  const seen = session.waitFor({ text }).then(() => performance.now() - fromMs);
  const [took] = await Promise.all([seen, session.type(text)]);
  if (!session.screen().text.includes(text)) throw new Error("The screen has no echo");
  await session.type(KILL_LINE);
  await session.waitFor({ pattern: /^\$$/ });
  return took;
}

/** From the program's own time, right before it writes it, until `waitFor` has found it. */
async function appear(session: AgentSession): Promise<number> {
  const found = session.waitFor({ pattern: /^T(\d+\.\d+)$/ }).then(({ match }) =>
    performance.timeOrigin + performance.now() - Number(match![1]) * 1_000
  );
  const [took] = await Promise.all([
    found,
    session.type("sleep 0.02; echo T$EPOCHREALTIME\n"),
  ]);
  await session.type("clear\n");
  await session.waitFor({ promptReturns: true });
  return took;
}

async function flooding(collab: Collab, keys: number, log: (text: string) => void): Promise<Row[]> {
  const calm: number[] = [], flooded: number[] = [];
  let sent = 0;
  for (let round = 0; round < ROUNDS; round++) {
    log(`agent: flood, round ${round + 1} of ${ROUNDS}`);
    const command = collab("host", "--mode", "collaborative", "--", ...SHELL);
    await using presenter = new Terminal(command, { rows: 25, env: { PS1: "$ ", HISTFILE: "" } });
    const link = await linkOf(presenter);
    await using session = await joinSession(link, { name: "flood" });
    // The terminal echoes what comes, at once, and the program throws it away.
    await presenter.type("stty -icanon -echoctl; echo rea''dy; cat >/dev/null\r");
    await presenter.waitFor(/ready/);
    await echoes(presenter, 10);
    calm.push(...await echoes(presenter, keys));
    const stop = new AbortController();
    const flood = (async () => {
      for (; !stop.signal.aborted; sent += UNSEEN.length) await session.type(UNSEEN);
    })();
    flooded.push(...await echoes(presenter, keys));
    stop.abort();
    await flood;
  }
  const bar = {
    atMost: quantile(calm, 0.99) + FLOOD_BAR_MS,
    because: `alone + ${FLOOD_BAR_MS} ms`,
  };
  return [
    { what: "presenter's echo p99", who: "alone", value: quantile(calm, 0.99), unit: "ms" },
    {
      what: "presenter's echo p99",
      who: "with a flooding agent",
      value: quantile(flooded, 0.99),
      unit: "ms",
      bar,
      note: `${Math.round(sent / 1_024 / ROUNDS)} KB typed a round`,
    },
  ];
}

async function echoes(presenter: Terminal, count: number): Promise<number[]> {
  const times: number[] = [];
  const drawn = new Drawn();
  for (let i = 0; i < count; i++) {
    await delay(15 + Math.random() * 70);
    const key = KEYS[i % KEYS.length]!;
    const { promise, resolve } = Promise.withResolvers<number>();
    const stop = presenter.listen((bytes, atMs) => {
      if (drawn.has(bytes, key.charCodeAt(0))) resolve(atMs);
    });
    const fromMs = performance.now();
    void presenter.type(key);
    times.push(await promise - fromMs);
    stop();
  }
  return times;
}

/** Bytes that reach the program after control was taken in the middle of typing. */
async function taking(takes: number): Promise<Row> {
  let after = 0, before = 0;
  for (let i = 0; i < takes; i++) {
    const { typed, late } = await takeWhileTyping();
    before += typed;
    after += late;
  }
  return {
    what: `bytes typed after control was taken, ${takes} times`,
    who: "joinSession",
    value: after,
    unit: "bytes",
    bar: { atMost: 0 },
    note: `of ${TYPED_BYTES}, ${Math.round(before / takes)} were typed before`,
  };
}

async function takeWhileTyping(): Promise<{ readonly typed: number; readonly late: number }> {
  const dir = await Deno.makeTempDir({ prefix: "collab-bench-" });
  const file = join(dir, "typed");
  await Deno.writeTextFile(file, "");
  await using session = new Session();
  await using member = await joinSession((await session.link("agent")).url, { name: "bench" });
  await session.act({ kind: "grant", id: "bench" });
  await member.requestControl();
  await member.type(`stty raw -echo; echo rea''dy; cat >${file}\n`);
  await member.waitFor({ text: "ready" });
  const typing = member.type("x".repeat(TYPED_BYTES)).then(() => true, (error) => {
    if (error instanceof AgentError && error.code === "control-lost") return false;
    throw error;
  });
  while (Deno.statSync(file).size === 0) await delay(0);
  await session.act({ kind: "take" });
  await session.type("END");
  const all = await typing;
  await member.mark("after");
  let text = "";
  while (!text.includes("END")) text = await Deno.readTextFile(file);
  await delay(20);
  text = await Deno.readTextFile(file);
  await Deno.remove(dir, { recursive: true });
  const end = text.indexOf("END");
  if (all) return { typed: TYPED_BYTES, late: 0 };
  return { typed: end, late: text.length - end - 3 };
}
