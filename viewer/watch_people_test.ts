// deno-lint-ignore-file no-control-regex -- what is written to a terminal is made of them
import assert from "node:assert/strict";
import { PERSON_COLORS } from "../format/person_colors.ts";
import { PASTE_MAX_LENGTH } from "../wire/limits.ts";
import { settled } from "./fakes.ts";
import { WatchBench as Bench } from "./watch_bench.ts";

const ESCAPE = "\x1b";
const MENU = "\x1d";

/** A viewer in control, in a window of this size. */
function inControl(options: ConstructorParameters<typeof Bench>[0] = {}): Bench {
  const bench = new Bench({ cols: 80, rows: 24, ...options });
  bench.join().grant("p1", 3);
  return bench;
}

/** A key that could begin another one is one by itself after a while. */
async function pressEscape(bench: Bench): Promise<void> {
  bench.terminal.type(ESCAPE);
  await bench.wait(200);
}

Deno.test("r asks for control, the status says so, and r takes that back", async () => {
  using bench = new Bench({ cols: 80, rows: 7 });
  bench.join();
  bench.terminal.type("r");
  assert.deepEqual(bench.takeSent(), [{ kind: "request" }]);
  bench.control({ kind: "request", id: "p1" }).control({ kind: "request", id: "p2" });
  assert.match(await bench.statusLine(), /Grace drives · asking… · 2 asking/);
  bench.terminal.type("r");
  assert.deepEqual(bench.takeSent(), [{ kind: "withdraw" }]);
  bench.control({ kind: "withdraw", id: "p1" });
  assert.match(await bench.statusLine(), /Grace drives · 1 asking/);
});

Deno.test("a box asks for control with a time and a word", async () => {
  using bench = new Bench({ cols: 80, rows: 24 });
  bench.join();
  bench.terminal.type("R");
  assert.match((await bench.shows()).join("\n"), /Ask for control[^]*1 min +5 min +15 min +any/);
  bench.terminal.type("\x1b[C", "let me q", "\x1b[200~uit\nvim\x1b[201~", "!", "\x7f", "\r");
  assert.deepEqual(bench.takeSent(), [
    { kind: "request", forMs: 15 * 60_000, note: "let me quit vim" },
  ]);
  bench.terminal.type(MENU, "r", "\x1b[Z", "\r");
  assert.deepEqual(bench.takeSent(), [{ kind: "request", forMs: 60_000 }]);
  bench.terminal.type(MENU, "r");
  await pressEscape(bench);
  assert.deepEqual(bench.takeSent(), []);
  assert.doesNotMatch((await bench.shows()).join("\n"), /Ask for control/);
});

Deno.test("control is given back with a note", async () => {
  using bench = inControl();
  bench.terminal.type(MENU, "n", "all green q", "\x1b[200~uit\n\x1b[201~");
  assert.match((await bench.shows()).join("\n"), /Give control back: a note[^]*│ all green quit/);
  bench.terminal.type("\r");
  assert.deepEqual(bench.takeSent(), [{ kind: "yield", note: "all green quit" }]);
  bench.terminal.type(MENU, "n", "\r");
  assert.deepEqual(bench.takeSent(), [{ kind: "yield" }]);
  bench.terminal.type(MENU, "n", "x");
  await pressEscape(bench);
  assert.deepEqual(bench.takeSent(), []);
});

Deno.test("a note to who gets control stays until it was read, and the key goes to the session", async () => {
  using bench = new Bench({ cols: 80, rows: 24 });
  bench.join();
  const note = "The tests fail since the last change of parse.ts: have a look at line 12, please";
  bench.control({
    kind: "grant",
    id: "p1",
    by: "host",
    note,
    mode: "participant",
    holder: "p1",
    turn: 3,
  });
  const shown = (await bench.shows()).join("\n");
  assert.match(shown, /You drive now/);
  assert.match(shown, /│ look at line 12, please/);
  bench.terminal.type("l");
  assert.deepEqual(bench.takeSent(), [
    { kind: "input", turn: 3, parts: [{ kind: "text", text: "l" }] },
  ]);
  assert.doesNotMatch((await bench.shows()).join("\n"), /line 12/);
});

Deno.test("a link to watch with does not ask", async () => {
  using bench = new Bench({ cols: 80, rows: 24, role: "view" });
  bench.join();
  bench.terminal.type("r");
  assert.deepEqual(bench.takeSent(), []);
  assert.match(await bench.statusLine(), /Your link does not allow this/);
  bench.terminal.type(MENU);
  assert.match((await bench.shows()).join("\n"), /Ask for control +your link does not allow it/);
});

Deno.test("what cannot be sent is told, and not sent later", async () => {
  using bench = inControl();
  bench.connected = false;
  bench.terminal.type("ls\r");
  assert.match(await bench.statusLine(), /Not sent: there is no connection/);
  bench.connected = true;
  bench.terminal.type("a");
  assert.deepEqual(bench.takeSent(), [
    { kind: "input", turn: 3, parts: [{ kind: "text", text: "a" }] },
  ]);
});

Deno.test("in control all keys go to the session, in the turn that was seen", async () => {
  using bench = inControl();
  bench.terminal.type("ls -l\r", "\x1b[A", "\x03", "q?rp ");
  await pressEscape(bench);
  const key = (key: string): unknown => ({ kind: "key", key });
  assert.deepEqual(bench.takeSent(), [
    { kind: "input", turn: 3, parts: [{ kind: "text", text: "ls -l" }, key("enter")] },
    { kind: "input", turn: 3, parts: [key("up")] },
    { kind: "input", turn: 3, parts: [key("ctrl+c")] },
    { kind: "input", turn: 3, parts: [{ kind: "text", text: "q?rp " }] },
    { kind: "input", turn: 3, parts: [key("escape")] },
  ]);
  bench.control({
    kind: "grant",
    id: "p1",
    by: "host",
    mode: "participant",
    holder: "p1",
    turn: 9,
  });
  bench.terminal.type("x");
  assert.deepEqual(bench.takeSent(), [
    { kind: "input", turn: 9, parts: [{ kind: "text", text: "x" }] },
  ]);
});

Deno.test("the menu key typed twice goes to the session, and with y gives control back", () => {
  using bench = inControl();
  bench.terminal.type(MENU, MENU);
  assert.deepEqual(bench.takeSent(), [
    { kind: "input", turn: 3, parts: [{ kind: "key", key: "ctrl+]" }] },
  ]);
  bench.terminal.type(MENU, "y");
  assert.deepEqual(bench.takeSent(), [{ kind: "yield" }]);
  bench.revoke("p1", 4, "yielded");
  bench.terminal.type("r");
  assert.deepEqual(bench.takeSent(), [{ kind: "request" }]);
});

Deno.test("another menu key leaves Ctrl-] to the session", async () => {
  using bench = inControl({ menuKey: "ctrl+x" });
  assert.match(await bench.statusLine(), /Ctrl-x menu/);
  bench.terminal.type(MENU);
  assert.deepEqual(bench.takeSent(), [
    { kind: "input", turn: 3, parts: [{ kind: "key", key: "ctrl+]" }] },
  ]);
  bench.terminal.type("\x18", "y");
  assert.deepEqual(bench.takeSent(), [{ kind: "yield" }]);
});

Deno.test("who drives and how long still counts down, as a warning at the end", async () => {
  using bench = new Bench({ cols: 80, rows: 7 });
  bench.join().grant("p1", 3, 300_000);
  assert.match(await bench.statusLine(), /You drive now for 5 min/);
  await bench.wait(28_000);
  assert.match(await bench.statusLine(), /incident · you drive 4:32/);
  await bench.wait(100);
  assert.match(await bench.statusLine(), /you drive 4:32/);
  await bench.wait(900);
  assert.match(await bench.statusLine(), /you drive 4:31/);
  bench.grant("p2", 4, 100_000);
  await bench.wait(4_000);
  assert.match(await bench.statusLine(), /Bob \(agent\) drives 1:36/);
});

Deno.test("the countdown goes on while the program prints without a pause", async () => {
  using bench = new Bench({ cols: 80, rows: 7 });
  bench.join().grant("p2", 3, 100_000);
  await bench.wait(4_000);
  for (let i = 0; i < 40; i++) {
    bench.out("x");
    await settled();
    await bench.wait(50);
  }
  assert.match(await bench.statusLine(), /drives 1:34/);
});

Deno.test("what happens to one's control is told and rings", async () => {
  const told: [string, (bench: Bench) => void, RegExp, boolean][] = [
    ["p1", (bench) => bench.revoke("p1", 4, "taken"), /Grace has taken control back/, true],
    ["p1", (bench) => bench.revoke("p1", 4, "expired"), /Your time is over/, true],
    ["p1", (bench) => bench.control({ kind: "deny", id: "p1", by: "host" }), /Grace says no/, true],
    ["p1", (bench) => bench.control({ kind: "warn", id: "p1", leftMs: 30_000 }), /30 s left/, true],
    ["p2", (bench) => bench.revoke("p2", 4, "yielded"), /Bob \(agent\) has given/, false],
    ["p2", (bench) => bench.control({ kind: "warn", id: "p2", leftMs: 30_000 }), /drives/, false],
    ["p1", (bench) => bench.emit({ kind: "notice", code: "input-slowed" }), /You type fas/, true],
  ];
  for (const [holder, happen, text, rings] of told) {
    using bench = new Bench({ cols: 80, rows: 7 });
    bench.join().grant(holder, 3);
    await bench.wait(5_000);
    const bells = (): number =>
      bench.terminal.output.replaceAll(/\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)/g, "").split("\x07")
        .length;
    const before = bells();
    happen(bench);
    await settled();
    assert.equal(bells() > before, rings, `${text}`);
    assert.match(await bench.statusLine(), text);
  }
});

Deno.test("who is still typing when control goes away does nothing else by it", async () => {
  using bench = inControl();
  bench.terminal.type("rm -r");
  bench.takeSent();
  bench.revoke("p1", 4, "taken");
  for (const key of "rpr p\r") {
    bench.terminal.type(key);
    await bench.wait(300);
  }
  assert.deepEqual(bench.takeSent(), []);
  assert.match(await bench.statusLine(), /LIVE/);
  await bench.wait(1_000);
  bench.terminal.type("r");
  assert.deepEqual(bench.takeSent(), [{ kind: "request" }]);
});

Deno.test("who begins to type as control goes away does nothing by it either", async () => {
  using bench = inControl();
  await bench.wait(60_000);
  bench.revoke("p1", 4, "expired");
  await bench.wait(900);
  bench.terminal.type("r");
  assert.deepEqual(bench.takeSent(), []);
  assert.match(await bench.statusLine(), /Your time is over/);
});

Deno.test("when everyone may type, those do whose role allows it", async () => {
  using bench = new Bench({ cols: 80, rows: 7 });
  bench.join().control({ kind: "mode", by: "host", mode: "collaborative", turn: 5 });
  assert.match(await bench.statusLine(), /Everyone may type/);
  bench.terminal.type("a");
  assert.deepEqual(bench.takeSent(), [
    { kind: "input", turn: 5, parts: [{ kind: "text", text: "a" }] },
  ]);
  using other = new Bench({ cols: 80, rows: 7, role: "view" });
  other.join().control({ kind: "mode", by: "host", mode: "collaborative", turn: 5 });
  other.terminal.type("a");
  assert.deepEqual(other.takeSent(), []);
  await other.wait(5_000);
  assert.match(await other.statusLine(), /everyone may type/);
  other.control({ kind: "mode", by: "host", mode: "paused", turn: 6 });
  await other.wait(5_000);
  assert.match(await other.statusLine(), /input is paused/);
});

Deno.test("a paste is one part, whatever the session's program expects", () => {
  using bench = inControl();
  bench.terminal.type("\x1b[200~echo 1\r", "echo 2\x1b[A", "\x1b[201~a");
  assert.deepEqual(bench.takeSent(), [{
    kind: "input",
    turn: 3,
    parts: [{ kind: "paste", text: "echo 1\necho 2\x1b[A" }, { kind: "text", text: "a" }],
  }]);
});

Deno.test("a paste that is too long is refused with a word", async () => {
  using bench = inControl();
  bench.terminal.type(`\x1b[200~${"x".repeat(PASTE_MAX_LENGTH + 1)}\x1b[201~`);
  assert.deepEqual(bench.takeSent(), []);
  assert.match(await bench.statusLine(), /Not pasted: it is too long/);
});

Deno.test("a paste that ends after control has gone is not typed", async () => {
  using bench = inControl();
  bench.terminal.type("\x1b[200~rm -r");
  bench.revoke("p1", 4, "taken");
  bench.terminal.type("f /\r\x1b[201~");
  assert.deepEqual(bench.takeSent(), []);
  assert.match(await bench.statusLine(), /Not typed/);
});

Deno.test("typing in the past goes back to live first", async () => {
  using bench = new Bench({ cols: 60, rows: 7 });
  bench.join();
  for (let i = 1; i <= 9; i++) (await bench.wait(1_000)).out(`\r\nline ${i}`);
  bench.grant("p1", 3);
  bench.terminal.type(MENU, "\x1b[D");
  await bench.wait(4_500);
  assert.match(await bench.statusLine(), /REWOUND .*you drive/);
  bench.terminal.type("x");
  assert.match(await bench.statusLine(), /LIVE/);
  assert.equal(bench.takeSent().length, 1);
});

Deno.test("the mouse goes to the session when its program wants it, by the session's cells", async () => {
  using bench = inControl();
  const mouse = (): string[] => {
    const modes = bench.terminal.output.match(/\x1b\[\?(?:1000|1002|1003|1006)[hl]/g) ?? [];
    bench.terminal.written.splice(0);
    return modes.map((mode) => mode.slice(3));
  };
  await settled();
  mouse();
  bench.out("\x1b[?1002h");
  await settled();
  assert.deepEqual(mouse(), ["1002h", "1006h"]);
  // The session of 60 × 6 stands in the middle of the terminal.
  bench.terminal.type("\x1b[<0;21;12M\x1b[<0;21;12m\x1b[<0;1;1M");
  const at = { kind: "mouse", button: 0, x: 10, y: 3 };
  assert.deepEqual(bench.takeSent(), [
    { kind: "input", turn: 3, parts: [{ ...at, action: "down" }, { ...at, action: "up" }] },
  ]);
  bench.revoke("p1", 4, "taken");
  await settled();
  assert.deepEqual(mouse(), ["1002l", "1006l"]);
});

Deno.test("the mouse of a viewer who only watches stays its own", async () => {
  using bench = new Bench({ cols: 80, rows: 24 });
  bench.join().out("\x1b[?1003h\x1b[?1006h\x1b[?1h");
  await settled();
  assert.doesNotMatch(bench.terminal.output, /\x1b\[\?(?:100[0-6]|1)h/);
});

Deno.test("p points: with the arrows, with the mouse, until Esc", async () => {
  using bench = new Bench({ cols: 62, rows: 9 });
  bench.join();
  await bench.shows();
  bench.terminal.type("p");
  assert.deepEqual(bench.takeSent(), [{ kind: "point", at: { x: 5, y: 0 } }]);
  assert.equal((await bench.shows())[1], "│hello  Ada" + " ".repeat(50) + "│");
  assert.match(await bench.statusLine(), /pointing/);
  await bench.wait(100);
  bench.terminal.type("\x1b[B", "\x1b[1;2C");
  await bench.wait(100);
  assert.deepEqual(bench.takeSent(), [
    { kind: "point", at: { x: 5, y: 1 } },
    { kind: "point", at: { x: 13, y: 1 } },
  ]);
  bench.terminal.type("\x1b[<35;10;4M");
  assert.deepEqual(bench.takeSent(), [{ kind: "point", at: { x: 8, y: 2 } }]);
  await pressEscape(bench);
  assert.deepEqual(bench.takeSent(), [{ kind: "point" }]);
  assert.doesNotMatch((await bench.shows()).join("\n"), /Ada|pointing/);
});

Deno.test("pointing beyond what is seen of a larger session moves the view there", async () => {
  using bench = new Bench({ cols: 30, rows: 7 });
  bench.join().out("\r\n" + "0123456789".repeat(6).slice(0, 58) + "\r");
  await bench.shows();
  bench.terminal.type("p", ...Array(4).fill("\x1b[1;2C"));
  assert.match((await bench.shows())[1]!, / Ada /);
  await bench.wait(100);
  assert.deepEqual(bench.takeSent().at(-1), { kind: "point", at: { x: 32, y: 1 } });
});

Deno.test("being given control ends pointing, and in control the menu points", async () => {
  using bench = new Bench({ cols: 80, rows: 24 });
  bench.join();
  await bench.shows();
  bench.terminal.type("p");
  bench.takeSent();
  bench.grant("p1", 3);
  assert.deepEqual(bench.takeSent(), [{ kind: "point" }]);
  bench.terminal.type("p");
  assert.equal(bench.takeSent()[0]?.kind, "input");
  bench.terminal.type(MENU, "p", "\x1b[A");
  await bench.wait(100);
  assert.deepEqual(bench.takeSent().map(({ kind }) => kind), ["point"]);
});

Deno.test("others' pointers are seen in their colours and fade", async () => {
  using bench = new Bench({ cols: 60, rows: 7 });
  bench.join().pointer({ id: "p2", x: 1, y: 0 });
  assert.equal((await bench.shows())[0], "he Bob");
  const [red, green, blue] = PERSON_COLORS[2]!;
  assert.ok(bench.terminal.output.includes(`38;2;${red};${green};${blue}`));
  await bench.wait(4_999);
  assert.equal((await bench.shows())[0], "he Bob");
  await bench.wait(1);
  assert.equal((await bench.shows())[0], "hello");
  bench.pointer({ id: "p2", x: 0, y: 2 }).pointer({ id: "p2" });
  assert.equal((await bench.shows())[2], "");
});

Deno.test("the past shows who drove and where people pointed then", async () => {
  using bench = new Bench({ cols: 80, rows: 7 });
  bench.join();
  (await bench.wait(1_000)).grant("p2", 3).pointer({ id: "p2", x: 0, y: 0 });
  (await bench.wait(9_000)).revoke("p2", 4, "taken").out("x");
  await bench.wait(5_000);
  assert.match((await bench.shows())[0]!, /hellox/);
  bench.terminal.type("C");
  assert.match(await bench.statusLine(), /REWOUND.*Bob \(agent\) drove/);
  await bench.wait(100);
  bench.terminal.type(" ");
  const lines = await bench.shows();
  assert.match(lines[6]!, /PAUSED.*Bob \(agent\) drove/);
  assert.match(lines[0]!, /│h Bob /);
  bench.terminal.type("w");
  assert.match((await bench.shows()).join("\n"), /Who was here[^]*Bob +agent, drove/);
});

Deno.test("lag is told when answers are slow, the stream is late, or nothing comes", async () => {
  using bench = new Bench({ cols: 80, rows: 7 });
  bench.join().emit({ kind: "latency", latencyMs: 800 });
  assert.match(await bench.statusLine(), /lag 0\.8 s/);
  bench.emit({ kind: "latency", latencyMs: 20 });
  assert.match(await bench.statusLine(), /20 ms/);
  await bench.wait(5_900);
  assert.doesNotMatch(await bench.statusLine(), /lag/);
  await bench.wait(2_100);
  assert.match(await bench.statusLine(), /lag 2\.\d s/);
  bench.out("x");
  await bench.wait(500);
  assert.match(await bench.statusLine(), /20 ms/);
});

Deno.test("a terminal that is too slow is told to lag", async () => {
  using bench = new Bench({ cols: 80, rows: 7 });
  bench.join();
  await settled();
  bench.terminal.stalled = true;
  bench.out("a").out("b");
  await bench.wait(1_500);
  bench.terminal.stalled = false;
  await bench.terminal.drain();
  bench.out("c");
  assert.match(await bench.statusLine(), /lag 1\.5 s/);
  bench.out("d");
  await bench.wait(3_000);
  assert.doesNotMatch(await bench.statusLine(), /lag/);
});

Deno.test("a countdown and a pointer leave no timer behind", () => {
  const bench = inControl();
  bench.grant("p1", 4, 60_000).pointer({ id: "p2", x: 0, y: 0 });
  bench.terminal.type(MENU, "p", "\x1b[A", "\x1b[A");
  bench[Symbol.dispose]();
  assert.equal(bench.clock.pending, 0);
});
