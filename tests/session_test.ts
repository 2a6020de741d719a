import assert from "node:assert/strict";
import {
  eventually,
  fromSource,
  Lines,
  ownHome,
  run,
  startHeadless,
  startHost,
  startWatch,
  TestDir,
  untilFile,
} from "./harness.ts";
import { testWith } from "./needs.ts";

Deno.test("a shell is hosted, watched, recorded and replayed", async () => {
  await using dir = new TestDir();
  const cast = dir.file("incident.cast");
  await using host = startHost({ args: ["--record", cast, "--title", "incident"], rows: 25 });
  await using viewer = startWatch(await host.link(), { rows: 25 });
  await viewer.waitForText("$");
  await host.type("echo what $((6 * 7)) is\r");
  await host.waitForText("what 42 is");
  await viewer.waitForText("what 42 is");
  await host.type("exit 3\r");
  assert.equal((await host.exited).code, 3);
  await viewer.waitForText(/ended/i);
  await viewer.type("q");
  await viewer.exited;

  const shown = await run("replay", [cast, "--screen-at", "10:00:00"]);
  assert.equal(shown.stderr, "");
  assert.equal(shown.code, 0);
  assert.match(shown.stdout, /what 42 is/);
  const [header] = (await Deno.readTextFile(cast)).split("\n");
  assert.equal(JSON.parse(header!).version, 3);
});

Deno.test("a viewer who comes late sees the screen as it is", async () => {
  await using host = startHost({ rows: 25 });
  await host.type("for i in {1..200}; do echo line $i; done; printf '\\e[31mred\\e[m end\\n'\r");
  await host.waitForText("red end");
  await using viewer = startWatch(await host.link(), { rows: 25 });
  await viewer.waitForText("red end");
  await viewer.waitForText("line 200");
});

Deno.test("what a viewer prints as a stream is a recording", async () => {
  await using dir = new TestDir();
  await using host = startHeadless({
    command: ["bash", "-c", `${untilFile(dir.file("go"))}; echo 'the last words'`],
  });
  const link = await host.link();
  await using stream = new Lines<unknown>(fromSource("watch", "--cast", link));
  await stream.waitFor(Array.isArray, "the first event");
  await Deno.writeTextFile(dir.file("go"), "");
  assert.equal(await host.exited, 0);
  assert.equal(await stream.exited, 0);
  const cast = stream.all.map((line) => JSON.stringify(line)).join("\n") + "\n";
  const shown = await run("replay", ["-", "--screen-at", "1:00:00"], { stdin: cast });
  assert.equal(shown.stderr, "");
  assert.match(shown.stdout, /the last words/);
});

Deno.test("the host's exit code is the command's, and a signal's is 128 more", async () => {
  await using failing = startHeadless({ command: ["bash", "-c", "exit 7"] });
  assert.equal(await failing.exited, 7);
  assert.deepEqual(failing.all.at(-1), { event: "exit", code: 7 });
  await using killed = startHeadless({ command: ["bash", "-c", "kill -KILL $$"] });
  assert.equal(await killed.exited, 137);
});

Deno.test("100 KB pasted arrive whole and in order", async () => {
  await using host = startHost({ rows: 25 });
  await using viewer = startWatch(await host.link(), { rows: 25 });
  const text = Array.from(
    { length: 100_000 },
    (_, i) => "abcdefghijklmnopqrstuvwxyz0123456789"[(i * 7) % 36],
  ).join("");
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const wanted = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  await host.type("stty raw -echo; echo READY; head -c 100000 | sha256sum; stty sane\r");
  await host.waitForText(/^\s*READY/m);
  await host.type(text);
  await host.waitForText(wanted);
  await viewer.waitForText(wanted);
});

Deno.test("the presenter's size is the program's, also after it changes", async () => {
  await using host = startHost({ cols: 90, rows: 30 });
  await using viewer = startWatch(await host.link(), { cols: 100, rows: 40 });
  await host.type("stty size\r");
  await viewer.waitForText("29 90");
  host.resize(70, 20);
  // The key may be there before the size.
  await host.type("until [[ $(stty size) = '19 70' ]]; do sleep 0.05; done; clear; stty size\r");
  await viewer.waitForText("19 70");
});

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(`${signal} ends a host, its session and its viewers, and gives the terminal back`, async () => {
    await using host = startHost({
      command: ["bash", "-c", "echo pid=$$; echo shown; exec sleep 1000"],
      rows: 25,
    });
    await using viewer = startWatch(await host.link(), { rows: 25 });
    await viewer.waitForText("shown");
    const child = Number(/pid=(\d+)/.exec(host.text)![1]);
    host.kill(signal);
    await host.exited;
    assertRestored(host);
    await viewer.waitForText(/ended|gone|reconnect/i);
    await eventually(() => alive(child) ? undefined : true, "the command to end");
  });
}

Deno.test("a host whose terminal goes away goes on for its viewers, with nobody typing, until the last one leaves", async () => {
  await using host = startHost({ rows: 25 });
  await using viewer = startWatch(await host.link(), { rows: 25 });
  await viewer.waitForText("$");
  host.kill("SIGHUP");
  await viewer.waitForText("input is paused");
  assertRestored(host);
  await viewer.type("\x03\x03");
  assert.equal((await viewer.exited).code, 0);
  await host.exited;
});

Deno.test("a host whose terminal goes away while nobody watches ends, and its session with it", async () => {
  await using host = startHost({
    command: ["bash", "-c", "echo pid=$$; exec sleep 1000"],
    rows: 25,
  });
  await host.waitForText(/pid=\d+/);
  const child = Number(/pid=(\d+)/.exec(host.text)![1]);
  host.kill("SIGHUP");
  await host.exited;
  await eventually(() => alive(child) ? undefined : true, "the command to end");
});

for (const signal of ["SIGTERM", "SIGHUP", "SIGINT"] as const) {
  Deno.test(`${signal} gives a viewer's terminal back`, async () => {
    await using host = startHost({
      command: ["bash", "-c", "printf '\\e[?1049h\\e[?25l\\e[?1003h\\e[?2004hfull screen'; read"],
      rows: 25,
    });
    await using viewer = startWatch(await host.link(), { rows: 25 });
    await viewer.waitForText("full screen");
    viewer.kill(signal);
    await viewer.exited;
    assertRestored(viewer);
  });
}

Deno.test("a viewer that is told to end has left, and is not waited for", async () => {
  await using host = startHeadless({ command: ["cat"] });
  await using viewer = startWatch(await host.link());
  await viewer.waitForText("LIVE");
  const toldMs = performance.now();
  viewer.kill("SIGTERM");
  await host.waitFor(({ event }) => event === "leave", "the viewer to leave");
  // Who is cut off has five seconds to come back.
  assert.ok(performance.now() - toldMs < 4_000);
  assert.deepEqual(await viewer.exited, { code: 143, signal: null });
});

Deno.test("the command cannot read the link in its environment or in a process's arguments", async () => {
  await using dir = new TestDir();
  const path = dir.file("seen");
  await using host = startHeadless({
    command: [
      "bash",
      "-c",
      `env > ${path}; ps -eo args >> ${path}; echo end >> ${path}; read -t 60 < <(sleep 60)`,
    ],
  });
  const link = await host.link();
  const seen = await eventually(async () => {
    const text = await Deno.readTextFile(path).catch(() => "");
    return text.endsWith("end\n") ? text : undefined;
  }, "the environment to be written");
  assert.match(seen, /COLLAB_SESSION=/);
  const [secret, token] = new URL(link).hash.slice(1).split(/\.(.*)/s) as [string, string];
  assert.equal(seen.includes(secret), false, "the secret is seen");
  assert.equal(seen.includes(token), false, "the token is seen");
});

for (const [shell, args] of [["zsh", ["-f"]], ["fish", ["--no-config"]]] as const) {
  testWith([shell], `${shell} is shared with its line editor`, async () => {
    await using dir = new TestDir();
    await using host = startHost({ command: [shell, ...args], rows: 25, env: ownHome(dir.path) });
    await using viewer = startWatch(await host.link(), { rows: 25 });
    // Typed wrong and corrected, so that the editor has something to do.
    await host.type("echo what-$(math 6 x 7)\x17\x15echo $(expr 40 + 2)-is-what\r");
    await viewer.waitForText(/^42-is-what/m);
    await host.type("exit 3\r");
    assert.equal((await host.exited).code, 3);
  });
}

Deno.test("a host inside a session warns", async () => {
  await using host = startHost({ rows: 25, cols: 100 });
  const [program, ...args] = fromSource("host", "--headless", "--", "true");
  await host.type(`${[program, ...args].join(" ")}\r`);
  await host.waitForText(/inside|nested|already/i);
});

/** The terminal is as a program finds it: main screen, visible cursor, no modes, cooked. */
function assertRestored(
  terminal: { readonly frame: import("../format/frame.ts").Frame; readonly echo: string },
): void {
  const { under, cursor, modes } = terminal.frame;
  assert.equal(under, undefined, "the alternate screen is left");
  assert.equal(cursor.visible, true, "the cursor is shown");
  assert.deepEqual(
    { ...modes },
    {
      applicationCursor: false,
      applicationKeypad: false,
      bracketedPaste: false,
      mouse: "none",
      mouseEncoding: "bytes",
      focusEvents: false,
    },
  );
  assert.equal(terminal.echo, "echo", "the line discipline is cooked");
}

function alive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(Deno.readTextFileSync(`/proc/${pid}/status`));
  } catch {
    return false;
  }
}
