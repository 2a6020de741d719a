import assert from "node:assert/strict";
import { MemorySocket, until } from "../../wire/test_support.ts";
import { Meter, type MeterSources } from "./meter.ts";

const SOURCES: MeterSources = {
  active: true,
  participants: { list: [] },
  session: { frames: 0, outputBytes: 0, echoLatency: { count: 0, sumSeconds: 0, buckets: [] } },
  stream: {
    deltas: { all: 0, one: 0 },
    framesSkipped: 0,
    count: 0,
    lag: { viewers: 0, bytes: 0, maxBytes: 0 },
  },
  redactions: new Map(),
  inputWaitingBytes: 0,
  recordingWaitingBytes: 0,
};

Deno.test("who comes and goes is counted by role; who is only away has not left", () => {
  const meter = new Meter();
  meter.presence("join", "view");
  meter.presence("join", "admin");
  meter.presence("join", "view");
  meter.presence("away", "view");
  meter.presence("back", "view");
  meter.presence("leave", "admin");
  const list = [{ role: "view" }, { role: "view" }] as const;
  const measured = meter.measure({ ...SOURCES, participants: { list } });
  assert.deepEqual(measured.joins, { view: 2, control: 0, agent: 0, admin: 1 });
  assert.deepEqual(measured.participants, { view: 2, control: 0, agent: 0, admin: 0 });
  assert.deepEqual([measured.rejoins, measured.leaves], [1, 1]);
});

Deno.test("what is typed is counted by who types", () => {
  const meter = new Meter();
  meter.typed("host", 1, undefined);
  meter.typed("p1", 10, "person");
  meter.typed("p2", 100, "agent");
  // Gone in the meantime.
  meter.typed("p3", 1_000, undefined);
  assert.deepEqual(meter.measure(SOURCES).inputBytes, {
    presenter: 1,
    participant: 1_010,
    agent: 100,
  });
});

Deno.test("refusals are counted by reason, handoffs by what they are", () => {
  const meter = new Meter();
  meter.refused("token-invalid");
  meter.refused("token-invalid");
  meter.refused("join-timeout");
  const common = { event: "control", mode: "presenter", by: "host" } as const;
  meter.reported({ ...common, change: "grant" });
  meter.reported({ ...common, change: "revoke" });
  meter.reported({ ...common, change: "revoke" });
  meter.reported({ event: "pause", by: "host" });
  const { refusals, handoffs } = meter.measure(SOURCES);
  assert.deepEqual(refusals, { "token-invalid": 2, "join-timeout": 1 });
  assert.deepEqual(handoffs, { grant: 1, revoke: 2, mode: 0 });
});

Deno.test("what is saved is the program's output, for those who watched while it came, less what was sent", async () => {
  const meter = new Meter();
  const [theirs, ours] = MemorySocket.pair();
  const counted = meter.counted(ours);
  let received = "";
  counted.onmessage = (message) => received += message.length;
  theirs.send(new Uint8Array(7));
  await until(() => received === "7");
  counted.send(new Uint8Array(30));
  // Nobody watched the first 1,000 bytes; one watched 100, then two watched 10.
  meter.watching(0, 1_000);
  meter.watching(1, 1_100);
  const at = (outputBytes: number, count: number): number => {
    const { session, stream } = SOURCES;
    const measured = meter.measure({
      ...SOURCES,
      session: { ...session, outputBytes },
      stream: { ...stream, count },
    });
    assert.deepEqual([measured.receivedBytes, measured.sentBytes], [7, 30]);
    return measured.savedBytes;
  };
  assert.equal(at(1_110, 2), 100 + 20 - 30);
  // Asking changes nothing.
  assert.equal(at(1_110, 2), 100 + 20 - 30);
});

Deno.test("a socket that is counted passes on what closes it, from either side", async () => {
  const [theirs, ours] = MemorySocket.pair();
  const counted = new Meter().counted(ours);
  let closed = 0;
  counted.onclose = (code) => closed = code;
  theirs.close(4001, "kicked");
  await until(() => closed !== 0);
  assert.equal(closed, 4001);
  const [their, our] = MemorySocket.pair();
  new Meter().counted(our).close(4002, "superseded");
  assert.deepEqual(our.closed, { code: 4002, reason: "superseded" });
  await until(() => their.closed?.code === 4002);
});
