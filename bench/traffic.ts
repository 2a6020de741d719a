/**
 * Bytes to a viewer while full-screen programs run, over the bytes those programs wrote.
 *
 * @module
 */
import { join } from "node:path";
import { which } from "../tests/needs.ts";
import { counted } from "./flood.ts";
import {
  barePty,
  collabPeer,
  installed,
  type Peer,
  type Shared,
  SHELL,
  unlessOther,
} from "./peers.ts";
import type { Measurement, Row, RunOptions } from "./report.ts";
import { delay, type Terminal } from "./terminal.ts";

const MAX_RATIO = 1;

/** A program and what its user does with it. */
export interface Workload {
  readonly name: string;
  readonly tool: string;
  readonly command: string;
  use(terminal: Terminal, quick: boolean): Promise<void>;
}

/** htop for 15 seconds, at two screens a second. */
const htop: Workload = {
  name: "htop",
  tool: "htop",
  command: "htop --delay=5",
  use: async (terminal, quick) => {
    await delay(quick ? 3000 : 15_000);
    await terminal.type("q");
  },
};

/** A short edit in vim: moving about, typing, searching, deleting, scrolling. */
const vim: Workload = {
  name: "vim",
  tool: "vim",
  command: `vim -u NONE -N -c 'set hlsearch ruler showcmd' ${
    join(import.meta.dirname!, "terminal.ts")
  }`,
  use: async (terminal, quick) => {
    const edits = [
      "jjjjjjjj",
      "oconst answer = 42; // typed at a person's pace\x1b",
      "wwwwbbb",
      "dd",
      "\x06\x06",
      "p",
      "\x02",
      "u",
    ];
    await delay(500);
    for (let round = 0; round < (quick ? 1 : 4); round++) {
      for (const key of edits.join("") + "/Terminal\rnnn" + "gg\x06ddddG") {
        await terminal.type(key);
        await delay(40);
      }
    }
    await terminal.type(":q!\r");
  },
};

/** The full-screen programs that are measured. */
export const WORKLOADS: readonly Workload[] = [htop, vim];

/** htop and vim, beside the others. */
export const traffic: Measurement = {
  name: "traffic",
  title: "Bytes to a viewer over the bytes the program wrote",
  run: async (options: RunOptions): Promise<Row[]> => {
    const rows: Row[] = [];
    for (const workload of WORKLOADS.filter(({ tool }) => which(tool) !== undefined)) {
      for (const peer of [collabPeer(options.collab), barePty, ...installed()]) {
        if (peer.name === "script") continue; // passes on what it gets: the bare PTY once more
        options.log(`traffic: ${workload.name}, ${peer.name}`);
        await unlessOther(peer, options, async () => {
          await using shared = await peer.share(SHELL, "counted");
          rows.push(await measure(peer, workload, shared, options.quick));
        });
      }
    }
    return rows;
  },
};

async function measure(
  peer: Peer,
  workload: Workload,
  shared: Shared,
  quick: boolean,
): Promise<Row> {
  const { presenter, viewer, proxy } = shared;
  const tee = await Deno.makeTempFile({ prefix: "collab-traffic-" });
  try {
    const seen = (): number => proxy?.bytesDown ?? viewer.bytes;
    await presenter.type(" clear\r");
    await viewer.quiet(500);
    const before = seen();
    await presenter.type(` script -q -f -c "${workload.command}" ${tee}; echo fin''ished\r`);
    await workload.use(presenter, quick);
    await viewer.waitFor(/finished/);
    await viewer.quiet();
    const bytes = seen() - before;
    const raw = await teed(tee);
    return {
      what: workload.name,
      who: peer.name,
      value: bytes / raw,
      unit: "",
      ...(peer.name === "collab watch" &&
        { bar: { atMost: MAX_RATIO, because: "of the raw bytes" } }),
      note: `${bytes} of ${raw} bytes, ${counted(peer)}`,
    };
  } finally {
    await Deno.remove(tee);
  }
}

/** What the program wrote: the tee's file without the lines that `script` adds. */
async function teed(path: string): Promise<number> {
  const text = new TextDecoder("latin1").decode(await Deno.readFile(path));
  return text.replace(/^Script started on .*\n/, "").replace(/\nScript done on .*\n$/, "").length;
}
