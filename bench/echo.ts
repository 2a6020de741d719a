/**
 * How long a key takes from the presenter's keyboard to a viewer's screen.
 *
 * @module
 */
import {
  barePty,
  collabPeer,
  installed,
  type Peer,
  type Shared,
  SHELL,
  unlessOther,
} from "./peers.ts";
import { type Measurement, quantile, type Row, type RunOptions } from "./report.ts";
import { delay, Drawn } from "./terminal.ts";

/** Characters that no status line draws and no shell acts upon before Enter. */
const KEYS = "@#%&=+~^";
/** Keys on a line before it is cleared, so that none wraps. */
const LINE = 50;
/** Everybody has this many turns, so that a bad moment of the machine hits all. */
const ROUNDS = 4;
const KILL_LINE = "\x15";

/** Echo latency, beside the others'. */
export const echo: Measurement = {
  name: "echo",
  title: "A key typed at the host, until a viewer shows it",
  run: async (options: RunOptions): Promise<Row[]> => {
    const peers = [barePty, collabPeer(options.collab), ...installed()];
    const latencies = new Map<Peer, number[]>(peers.map((peer) => [peer, []]));
    const keys = options.quick ? 15 : 125;
    for (let round = 0; round < ROUNDS; round++) {
      for (const peer of peers) {
        options.log(`echo: ${peer.name}, round ${round + 1} of ${ROUNDS}`);
        await unlessOther(peer, options, async () => {
          await using shared = await peer.share(SHELL);
          await typeKeys(shared, 10); // the first keys pay for what starts lazily
          latencies.get(peer)!.push(...await typeKeys(shared, keys));
        });
      }
    }
    return rows(latencies);
  },
};

async function typeKeys({ presenter, viewer }: Shared, count: number): Promise<number[]> {
  const latencies: number[] = [];
  const drawn = new Drawn();
  let wanted = 0;
  let seen: ((atMs: number) => void) | undefined;
  const stop = viewer.listen((bytes, atMs) => {
    if (drawn.has(bytes, wanted)) seen?.(atMs);
  });
  try {
    for (let i = 0; i < count; i++) {
      if (i % LINE === 0) {
        await presenter.type(KILL_LINE);
        await delay(100);
      }
      await delay(15 + Math.random() * 70);
      const key = KEYS[i % KEYS.length]!;
      wanted = key.charCodeAt(0);
      const arrived = new Promise<number>((resolve) => seen = resolve);
      const pressedMs = performance.now();
      void presenter.type(key);
      latencies.push(await within(arrived, 3000, `the key "${key}"`) - pressedMs);
      seen = undefined;
    }
  } finally {
    stop();
  }
  return latencies;
}

async function within<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not show within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function rows(latencies: Map<Peer, number[]>): Row[] {
  const found: Row[] = [];
  const bare = latencies.get(barePty)!;
  for (const [q, label, more] of [[0.5, "p50", 1], [0.99, "p99", 6]] as const) {
    for (const [peer, values] of latencies) {
      if (values.length === 0) continue;
      const bar = { atMost: quantile(bare, q) + more, because: `bare + ${more} ms` };
      found.push({
        what: `echo ${label}`,
        who: peer.name,
        value: quantile(values, q),
        unit: "ms",
        ...(peer.name === "collab watch" && { bar }),
        ...(peer.name === "mosh" && { note: "one user; prediction off" }),
      });
    }
  }
  return found;
}
