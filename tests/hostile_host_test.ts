/**
 * A host that has the session's keys, and uses them against who watches: what it says is bounded, whatever it is.
 */
import assert from "node:assert/strict";
import { dialNodeWebSocket } from "../agent/node_dial.ts";
import { parseLink, socketUrl } from "../wire/link.ts";
import { HostileHost } from "./hostile_host.ts";
import { eventually, startWatch, type Terminal } from "./harness.ts";

/** What is sent at a time. */
const SOME = new Uint8Array(64 * 1_024);
const MB = 1_024 * 1_024;
/** How much more memory a viewer may take than before: less than what is sent. */
const MEMORY_MB = 150;
const SENT_MB = 400;

/** The first frame of a binary message: all of it is to come in this frame, or none of it. */
const HEADS = {
  "as one frame": Uint8Array.of(0x82, 127, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff),
  "in pieces without end": Uint8Array.of(0x02, 0),
} as const;
/** The head of another piece, of {@link SOME}. */
const PIECE = Uint8Array.of(0x00, 127, 0, 0, 0, 0, 0, 1, 0, 0);

/** A viewer's memory, the most it has ever had, in megabytes. */
function peakMb({ pid }: Terminal): number {
  return Number(/VmHWM:\s+(\d+)/.exec(Deno.readTextFileSync(`/proc/${pid}/status`))![1]) / 1_024;
}

/** Sends {@link SENT_MB} of a message that does not end. Resolves to whether the viewer hung up before that. */
async function sendUnfinished(host: HostileHost, how: keyof typeof HEADS): Promise<boolean> {
  const socket = host.sockets.at(-1)!;
  await host.write(HEADS[how], socket);
  for (let sent = 0; sent < SENT_MB * MB; sent += SOME.length) {
    if (how === "in pieces without end" && !await host.write(PIECE, socket)) return true;
    if (!await host.write(SOME, socket)) return true;
  }
  return false;
}

for (const how of Object.keys(HEADS) as (keyof typeof HEADS)[]) {
  Deno.test(`a host whose message never ends, ${how}, is hung up on, takes no memory, and its viewer can leave`, async () => {
    await using host = await HostileHost.start();
    await using viewer = startWatch(await host.link(), { rows: 25 });
    await viewer.waitForText("LIVE");
    const before = peakMb(viewer);
    assert.ok(await sendUnfinished(host, how), "all of it was taken");
    await eventually(() => host.sockets.length > 1 ? true : undefined, "another attempt");
    assert.ok(peakMb(viewer) - before < MEMORY_MB, `${peakMb(viewer)} after ${before} MB`);
    await viewer.waitForText("LIVE");
    await viewer.type("\x1d");
    await viewer.waitForText(/leave/i);
  });
}

Deno.test("the client for Node hangs up on such a host as well, by the same name", async () => {
  await using host = await HostileHost.start();
  const url = socketUrl(parseLink(await host.link()));
  const socket = await dialNodeWebSocket(url, new AbortController().signal);
  const closed = Promise.withResolvers<[number, string]>();
  socket.onclose = (...why) => closed.resolve(why);
  assert.ok(await sendUnfinished(host, "in pieces without end"), "all of it was taken");
  assert.deepEqual(await closed.promise, [4032, "message-too-large"]);
});

Deno.test("a few bytes that would be a million events are refused before they are made", async () => {
  await using host = await HostileHost.start();
  await using viewer = startWatch(await host.link(), { rows: 25 });
  await viewer.waitForText("LIVE");
  const before = peakMb(viewer);
  host.say('[0,"o",""]\n'.repeat(1_000_000));
  await eventually(() => host.sockets.length > 1 ? true : undefined, "another attempt");
  assert.ok(peakMb(viewer) - before < MEMORY_MB, `${peakMb(viewer)} after ${before} MB`);
});

Deno.test("people without end, with names, pointers and requests as long as may be, leave a viewer to be used", async () => {
  await using host = await HostileHost.start();
  await using viewer = startWatch(await host.link(), { rows: 25 });
  await viewer.waitForText("LIVE");
  const before = peakMb(viewer);
  for (let i = 0; i < 50; i++) {
    const id = `${i}`.padEnd(60_000, "x");
    const kinds = [
      ["p", { kind: "join", id, name: id, role: id, type: "person", color: 1 }],
      ["u", { id, x: 1, y: 1 }],
      ["c", { kind: "request", id, note: id }],
      ["c", { kind: "pane", id, open: true, pane: id, turn: 1 }],
      ["m", id],
    ] as const;
    const lines = kinds.map(([code, data]) =>
      `[0,"${code}",${JSON.stringify(typeof data === "string" ? data : JSON.stringify(data))}]\n`
    );
    host.say(...lines);
  }
  host.say('[0,"o","still here"]\n');
  await viewer.waitForText("still here");
  assert.ok(peakMb(viewer) - before < MEMORY_MB, `${peakMb(viewer)} after ${before} MB`);
  assert.doesNotMatch(viewer.text, /asking|has a pane/);
});
