import assert from "node:assert/strict";
import { WatchBench as Bench } from "./watch_bench.ts";

const MENU = "\x1d";
const STATE = { kind: "state", requests: [], mode: "presenter", turn: 2 } as const;

/** A viewer in a session with panes. */
function watching(options: ConstructorParameters<typeof Bench>[0] = {}): Bench {
  const bench = new Bench({ cols: 80, rows: 24, ...options });
  bench.join().control({ ...STATE, panes: [] });
  return bench;
}

function given(bench: Bench, turn = 1): Bench {
  return bench.control({ kind: "pane", id: "p1", open: true, by: "host", pane: "%1", turn });
}

Deno.test("a pane is asked for in the menu, where there are any to be had", async () => {
  using bench = watching();
  bench.terminal.type(MENU);
  assert.match((await bench.shows()).join("\n"), /o +Ask for a pane of your own/);
  bench.terminal.type("o");
  assert.deepEqual(bench.takeSent(), [{ kind: "request", pane: true }]);
  using other = new Bench({ cols: 80, rows: 24 });
  other.join().terminal.type(MENU);
  assert.doesNotMatch((await other.shows()).join("\n"), /pane of your own/);
});

Deno.test("who has a pane types into it, whoever drives, and the status says so", async () => {
  using bench = given(watching());
  assert.match(await bench.statusLine(), /You have a pane: your keys go there now/);
  await bench.wait(10_000);
  assert.match(await bench.statusLine(), /you type in your pane/);
  bench.terminal.type("ls\r");
  bench.terminal.type("\x1b[200~a\nb\x1b[201~");
  assert.deepEqual(bench.takeSent(), [
    {
      kind: "input",
      turn: 1,
      pane: true,
      parts: [{ kind: "text", text: "ls" }, { kind: "key", key: "enter" }],
    },
    { kind: "input", turn: 1, pane: true, parts: [{ kind: "paste", text: "a\nb" }] },
  ]);
  bench.control({ kind: "mode", mode: "paused", turn: 3, by: "host" });
  await bench.wait(10_000);
  assert.match(await bench.statusLine(), /your pane waits/);
});

Deno.test("the mouse does nothing in a pane, whose place is not known, and that is said", async () => {
  using bench = given(watching());
  await bench.wait(10_000);
  for (const report of ["\x1b[<35;40;12M", "\x1b[<0;40;12m"]) bench.terminal.type(report);
  assert.doesNotMatch(await bench.statusLine(), /mouse/);
  bench.terminal.type("\x1b[<0;40;12M");
  assert.deepEqual(bench.takeSent(), []);
  assert.match(await bench.statusLine(), /The mouse does nothing in your own pane/);
});

Deno.test("with control, keys go to the session, and after it to the pane, but nothing that was begun before", async () => {
  using bench = given(watching());
  bench.terminal.type("a");
  bench.grant("p1", 3);
  bench.terminal.type("b");
  await bench.wait(1_500);
  bench.terminal.type("c");
  bench.control({
    kind: "revoke",
    id: "p1",
    by: "host",
    why: "expired",
    mode: "presenter",
    turn: 4,
  });
  bench.terminal.type("d", "e");
  await bench.wait(1_500);
  bench.terminal.type("f");
  const sent = bench.takeSent().map((command) =>
    command.kind === "input" ? [command.pane ?? false, command.turn, command.parts] : command.kind
  );
  assert.deepEqual(sent, [
    [true, 1, [{ kind: "text", text: "a" }]],
    [false, 3, [{ kind: "text", text: "c" }]],
    [true, 1, [{ kind: "text", text: "f" }]],
  ]);
});

Deno.test("a pane is given up in the menu, and then keys are the viewer's again", async () => {
  using bench = given(watching());
  bench.terminal.type(MENU, "o");
  assert.deepEqual(bench.takeSent(), [{ kind: "yield", pane: true }]);
  bench.control({ kind: "pane", id: "p1", open: false, by: "p1", pane: "%1" });
  assert.match(await bench.statusLine(), /Your pane is closed/);
  bench.terminal.type("w");
  assert.match((await bench.shows()).join("\n"), /Who is here/);
});

Deno.test("when a pane is taken, what is typed in that moment does nothing", async () => {
  using bench = given(watching());
  bench.control({ kind: "pane", id: "p1", open: false, by: "host", pane: "%1" });
  assert.match(await bench.statusLine(), /Your pane is not yours any more/);
  bench.terminal.type("w");
  assert.doesNotMatch((await bench.shows()).join("\n"), /Who is here/);
  assert.deepEqual(bench.takeSent(), []);
});
