import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import {
  fromSource,
  run,
  startHeadless,
  startHost,
  startWatch,
  Terminal,
  TestDir,
  untilFile,
} from "./harness.ts";

const HOME = "\x1b[H", END = "\x1b[F", LEFT = "\x1b[D";
const CLEAR = "\x1b[2J\x1b[H";
const SCREENS: readonly (readonly [number, string])[] = [[1, "the first"], [11, "the second"], [
  21,
  "the third",
]];

/** The same three screens, ten seconds apart, in each version of the format. */
const VERSIONS: Readonly<Record<string, string>> = {
  v1: JSON.stringify({
    version: 1,
    width: 80,
    height: 24,
    duration: 21,
    stdout: SCREENS.map(([at, text], i) => [at - (SCREENS[i - 1]?.[0] ?? 0), CLEAR + text]),
  }),
  v2: [
    { version: 2, width: 80, height: 24 },
    ...SCREENS.map(([at, text]) => [at, "o", CLEAR + text]),
  ].map((line) => JSON.stringify(line) + "\n").join(""),
  v3: [
    { version: 3, term: { cols: 80, rows: 24 } },
    ...SCREENS.map(([at, text], i) => [at - (SCREENS[i - 1]?.[0] ?? 0), "o", CLEAR + text]),
  ].map((line) => JSON.stringify(line) + "\n").join(""),
};

for (const [version, cast] of Object.entries(VERSIONS)) {
  Deno.test(`${version} is replayed from a file, gzip or standard input`, async () => {
    await using dir = new TestDir();
    await Deno.writeTextFile(dir.file("plain.cast"), cast);
    await Deno.writeFile(dir.file("packed.cast.gz"), gzipSync(cast));
    const shown = await Promise.all([
      run("replay", [dir.file("plain.cast"), "--screen-at", "0:12"]),
      run("replay", [dir.file("packed.cast.gz"), "--screen-at", "0:12"]),
      run("replay", ["-", "--screen-at", "0:12"], { stdin: cast }),
    ]);
    for (const { code, stdout, stderr } of shown) {
      assert.equal(stderr, "");
      assert.equal(stdout.trim(), "the second");
      assert.equal(code, 0);
    }
  });
}

Deno.test("a replay seeks, pauses and gives the terminal back", async () => {
  await using dir = new TestDir();
  await Deno.writeTextFile(dir.file("a.cast"), VERSIONS.v3!);
  await using terminal = new Terminal(fromSource("replay", dir.file("a.cast"), "--at", "0:12"), {
    rows: 25,
  });
  await terminal.waitForText("the second");
  await terminal.type(" ");
  await terminal.waitForText(/pause/i);
  await terminal.type(END);
  await terminal.waitForText("the third");
  await terminal.type(LEFT + LEFT + " ");
  await terminal.waitForText("the second");
  await terminal.type(HOME);
  await terminal.waitFor(() => !terminal.text.includes("the "), "the empty screen of the start");
  await terminal.type("q");
  assert.equal((await terminal.exited).code, 0);
  assert.equal(terminal.frame.under, undefined);
  assert.equal(terminal.echo, "echo");
});

Deno.test("a replay follows a recording that is still being written", async () => {
  await using dir = new TestDir();
  const cast = dir.file("live.cast");
  const [on, end] = [dir.file("on"), dir.file("end")];
  await using host = startHeadless({
    args: ["--record", cast],
    command: ["bash", "-c", `echo before; ${untilFile(on)}; echo and after; ${untilFile(end)}`],
  });
  await host.link();
  await using replay = new Terminal(fromSource("replay", "--follow", cast), { rows: 25 });
  await replay.waitForText("before");
  assert.equal(replay.text.includes("after"), false);
  await Deno.writeTextFile(on, "");
  await replay.waitForText("and after");
  await Deno.writeTextFile(end, "");
  assert.equal(await host.exited, 0);
  await replay.type("q");
  assert.equal((await replay.exited).code, 0);
});

Deno.test("a viewer goes back in a live session and returns to the present", async () => {
  await using host = startHost({ rows: 25 });
  await using viewer = startWatch(await host.link(), { rows: 25 });
  await viewer.waitForText("$");
  await host.type("clear; echo the past\r");
  await viewer.waitForText(/^the past/m);
  await host.type("clear; echo the present\r");
  await viewer.waitForText(/^the present/m);
  await viewer.type(" " + HOME);
  await viewer.waitFor(() => !/^the present/m.test(viewer.text), "the past");
  await host.type("clear; echo the future\r");
  await host.waitForText(/^the future/m);
  assert.doesNotMatch(viewer.text, /^the future/m);
  await viewer.type(END);
  await viewer.waitForText(/^the future/m);
});
