import assert from "node:assert/strict";
import { FULL_CAPABILITIES } from "./capabilities.ts";
import { FakeDevice, settled } from "./fakes.ts";
import { LocalTerminal, openTerminal, RESET_MODES, type TerminalEvents } from "./terminal.ts";

const ENTER = "\x1b[?1049h\x1b[22;0t";
const LEAVE = `${RESET_MODES}\x1b[?1049l\x1b[23;0t`;

function open(device: FakeDevice): LocalTerminal {
  return openTerminal({ device, capabilities: FULL_CAPABILITIES });
}

function listen(terminal: LocalTerminal, extra: Partial<TerminalEvents> = {}): string[] {
  const log: string[] = [];
  terminal.listen({
    input: (bytes) => log.push(new TextDecoder().decode(bytes)),
    resize: ({ cols, rows }) => log.push(`${cols}x${rows}`),
    stale: () => log.push("stale"),
    gone: () => log.push("gone"),
    ...extra,
  });
  return log;
}

Deno.test("a terminal is taken over with the first write and given back as it was", async () => {
  const device = new FakeDevice();
  {
    await using terminal = open(device);
    assert.ok(device.raw);
    assert.equal(device.output, "");
    await terminal.write("hello");
    assert.ok(device.output.startsWith(ENTER) && device.output.endsWith("hello"));
    await terminal.write("again");
    assert.equal(device.output.split("\x1b[?1049h").length, 2);
  }
  assert.ok(device.output.endsWith(LEAVE));
  assert.deepEqual([device.raw, device.closed, device.held], [false, true, 0]);
});

Deno.test("a terminal that nothing was written to is not written to on leaving either", async () => {
  const device = new FakeDevice();
  await open(device).close();
  assert.deepEqual([device.output, device.raw], ["", false]);
});

Deno.test("a terminal is given back when the one who holds it throws", async () => {
  const device = new FakeDevice();
  await assert.rejects(async () => {
    await using terminal = open(device);
    await terminal.write("x");
    throw new Error("boom");
  }, /boom/);
  assert.ok(device.output.endsWith(LEAVE) && !device.raw);
});

Deno.test("writes that the terminal takes in parts arrive whole", async () => {
  const device = new FakeDevice();
  device.writeBytes = 7;
  await using terminal = open(device);
  const text = "0123456789".repeat(5_000);
  await terminal.write(text);
  assert.ok(device.output.endsWith(text));
});

Deno.test("one write is in flight at a time", async () => {
  const device = new FakeDevice();
  device.writeBytes = 0;
  await using terminal = open(device);
  const write = terminal.write("x");
  assert.ok(terminal.busy);
  assert.throws(() => terminal.write("y"), /in flight/);
  await device.unstall();
  await write;
  assert.ok(!terminal.busy);
});

Deno.test("leaving a stalled terminal takes a bounded time and does not wait for its mode", async () => {
  const device = new FakeDevice();
  device.writeBytes = 0;
  const terminal = open(device);
  void terminal.write("x");
  let closed = false;
  void terminal.close().then(() => closed = true);
  await device.advance(399);
  assert.ok(!closed);
  await device.advance(1);
  assert.ok(closed && device.raw && device.held === 0);
  await device.unstall();
});

Deno.test("leaving cuts a long write short, and what was cut does not swallow the rest", async () => {
  const device = new FakeDevice();
  device.writeBytes = 0;
  const terminal = open(device);
  void terminal.write("x".repeat(1_000_000));
  const closed = terminal.close();
  await device.unstall();
  await closed;
  assert.ok(device.output.length < 40_000);
  assert.ok(device.output.endsWith(LEAVE));
  assert.ok(device.output.includes("x\x18\x1b\\"));
});

Deno.test("a signal gives the terminal back before the process ends by it", async () => {
  for (const [name, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
    const device = new FakeDevice();
    const terminal = open(device);
    listen(terminal);
    await terminal.write("x");
    await device.signal(name);
    assert.ok(device.output.endsWith(LEAVE) && !device.raw, name);
    assert.equal(device.exited?.code, code);
  }
});

Deno.test("an owner can take a signal on itself", async () => {
  const device = new FakeDevice();
  const seen: string[] = [];
  await using terminal = open(device);
  listen(terminal, { signal: (name) => seen.push(name) > 0 });
  await device.signal("SIGTERM");
  assert.deepEqual([seen, device.exited, device.raw], [["SIGTERM"], undefined, true]);
});

Deno.test("an error nothing caught is told after the terminal was given back", async () => {
  const device = new FakeDevice();
  const terminal = open(device);
  await terminal.write("x");
  await device.crash(new Error("boom"));
  assert.ok(device.output.endsWith(LEAVE) && !device.raw);
  assert.equal(device.exited?.code, 70);
  assert.match(device.exited?.message ?? "", /boom/);
});

Deno.test("the process's exit gives the terminal back at once, unless a write is stuck", async () => {
  const device = new FakeDevice();
  await open(device).write("x");
  device.exit(3);
  assert.ok(device.output.endsWith(LEAVE) && !device.raw);

  const stuck = new FakeDevice();
  stuck.writeBytes = 0;
  void open(stuck).write("x");
  stuck.exit(3);
  assert.deepEqual([stuck.output, stuck.raw], ["", false]);
  await stuck.unstall();
});

Deno.test("input, another size and the end arrive as events", async () => {
  const device = new FakeDevice();
  await using terminal = open(device);
  const log = listen(terminal);
  await device.type("ab");
  await device.signal("SIGWINCH"); // no other size: no event
  device.window = { cols: 100, rows: 30 };
  await device.signal("SIGWINCH");
  assert.deepEqual(terminal.size, { cols: 100, rows: 30 });
  await device.type("c");
  await device.type(null);
  assert.deepEqual(log, ["ab", "100x30", "c", "gone"]);
  await terminal.write("nobody sees this");
  assert.equal(device.output, "");
});

Deno.test("a write that fails means the terminal is gone, told once", async () => {
  const device = new FakeDevice();
  device.writeBytes = -1;
  await using terminal = open(device);
  const log = listen(terminal);
  await terminal.write("x");
  await terminal.write("y");
  await device.type(null);
  assert.deepEqual(log, ["gone"]);
});

Deno.test("after a stop and a continue the screen is taken over anew", async () => {
  const device = new FakeDevice();
  await using terminal = open(device);
  const log = listen(terminal);
  await terminal.write("x");
  device.raw = false;
  device.output = "";
  await device.signal("SIGCONT");
  assert.deepEqual([device.raw, log], [true, ["stale"]]);
  await terminal.write("y");
  assert.ok(device.output.startsWith("\x1b[?1049l\x1b[?1049h") && device.output.endsWith("y"));
});

Deno.test("a terminal that is closed continues its process, and is gone", async () => {
  const device = new FakeDevice();
  const terminal = open(device);
  const log = listen(terminal);
  device.setRaw = () => {
    throw new Error("EIO: I/O error");
  };
  await device.signal("SIGCONT");
  await device.type(null);
  assert.deepEqual(log, ["gone"]);
  await terminal.close();
});

Deno.test("nothing is delivered after the terminal was given back", async () => {
  const device = new FakeDevice();
  const terminal = open(device);
  const log = listen(terminal);
  await terminal.close();
  await device.type("late");
  await terminal.write("late");
  await settled();
  assert.deepEqual([log, device.output], [[], ""]);
});
