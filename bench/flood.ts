/**
 * A program that prints as fast as it can while someone watches: what it costs the program, and what the viewer gets.
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
import { delay } from "./terminal.ts";

const ROUNDS = 3;
const MAX_RATIO = 1.25, MAX_BYTES = 0.02;

interface Flood {
  /** How long the program took, on its own clock. */
  readonly seconds: number;
  /** Bytes to the viewer. */
  readonly bytes: number;
}

/** `seq 1 2000000`, beside the others. */
export const flood: Measurement = {
  name: "flood",
  title: "seq 1 2000000 with a viewer attached",
  run: async (options: RunOptions): Promise<Row[]> => {
    const peers = [barePty, collabPeer(options.collab), ...installed()];
    const last = options.quick ? 200_000 : 2_000_000;
    const floods = new Map<Peer, Flood[]>(peers.map((peer) => [peer, []]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const peer of peers) {
        options.log(`flood: ${peer.name}, round ${round + 1} of ${ROUNDS}`);
        await unlessOther(peer, options, async () => {
          await using shared = await peer.share(SHELL, "counted");
          floods.get(peer)!.push(await run(shared, last));
        });
      }
    }
    return rows(floods, rawBytes(last));
  },
};

async function run({ presenter, viewer, proxy }: Shared, last: number): Promise<Flood> {
  const times = await Deno.makeTempFile({ prefix: "collab-flood-" });
  try {
    presenter.keep = viewer.keep = false;
    const before = proxy?.bytesDown ?? viewer.bytes;
    const timed = `s=$EPOCHREALTIME; seq 1 ${last}; echo $s $EPOCHREALTIME > ${times}`;
    await presenter.type(`${timed}\r`);
    let written = "";
    while ((written = await Deno.readTextFile(times)) === "") await delay(10);
    const [start, end] = written.split(" ").map(Number);
    presenter.keep = viewer.keep = true;
    await presenter.type("echo fin''ished\r");
    await viewer.waitFor(/finished/, 60_000);
    await viewer.quiet();
    return { seconds: end! - start!, bytes: (proxy?.bytesDown ?? viewer.bytes) - before };
  } finally {
    await Deno.remove(times);
  }
}

/** What `seq 1 last` writes to a terminal: digits, and CR LF. */
function rawBytes(last: number): number {
  let bytes = 0;
  for (let from = 1, digits = 1; from <= last; from *= 10, digits++) {
    bytes += (Math.min(last, from * 10 - 1) - from + 1) * (digits + 2);
  }
  return bytes;
}

function rows(floods: Map<Peer, Flood[]>, raw: number): Row[] {
  const median = (peer: Peer, of: (flood: Flood) => number): number =>
    quantile(floods.get(peer)!.map(of), 0.5);
  const bare = median(barePty, ({ seconds }) => seconds);
  const peers = [...floods.keys()].filter((peer) => floods.get(peer)!.length > 0);
  const isOurs = (peer: Peer): boolean => peer.name === "collab watch";
  return [
    ...peers.map((peer): Row => ({
      what: "producer's time",
      who: peer.name,
      value: median(peer, ({ seconds }) => seconds) * 1000,
      unit: "ms",
      ...(isOurs(peer) &&
        { bar: { atMost: bare * 1000 * MAX_RATIO, because: `${MAX_RATIO} × bare` } }),
    })),
    ...peers.filter((peer) => peer !== barePty).map((peer): Row => ({
      what: "bytes to the viewer",
      who: peer.name,
      value: median(peer, ({ bytes }) => bytes) / raw * 100,
      unit: "%",
      ...(isOurs(peer) &&
        { bar: { atMost: MAX_BYTES * 100, because: `of ${(raw / 1e6).toFixed(1)} MB` } }),
      note: counted(peer),
    })),
  ];
}

/** Where a peer's bytes are counted. */
export function counted(peer: Peer): string {
  return ["collab watch", "tty-share"].includes(peer.name) ? "on its socket" : "on its terminal";
}
