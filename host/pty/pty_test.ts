import assert from "node:assert/strict";
import { CollabError } from "../../format/errors.ts";
import { MAX_READ_BYTES, spawnPty } from "./mod.ts";
import { readAll, readUntil, start, startBash, testEnvironment, type, until } from "./testing.ts";

Deno.test("a command runs in a terminal of its own, of the size asked for", async () => {
  await using pty = spawnPty({
    command: ["sh", "-c", "tty && stty size && ps -o sid= -p $$ && echo $$"],
    env: testEnvironment(),
    cols: 101,
    rows: 33,
  });
  const [tty, size, session, pid] = (await readAll(pty)).split("\r\n").map((line) => line.trim());
  assert.match(tty!, /^\/dev\/(pts\/|ttys)\d+$/);
  assert.equal(size, "33 101");
  assert.equal(session, pid);
  assert.equal(Number(pid), pty.pid);
  assert.deepEqual(await pty.exited, { code: 0, signal: null });
});

Deno.test("the command gets the directory, the arguments and exactly the environment it was given", async () => {
  const directory = await Deno.makeTempDir({ prefix: "dir with ünicode " });
  try {
    await using pty = spawnPty({
      command: ["sh", "-c", 'pwd; printf "%s|" "$@"; echo; env | sort', "sh", "a b", "", "ü"],
      cwd: directory,
      env: { PATH: "/usr/bin:/bin", ONE: "1 =\t2" },
      cols: 200,
      rows: 24,
    });
    const lines = (await readAll(pty)).trimEnd().split("\r\n");
    assert.equal(lines[0], await Deno.realPath(directory));
    assert.equal(lines[1], "a b||ü|");
    assert.deepEqual(lines.slice(2).filter((line) => !/^(_|PWD|SHLVL|OLDPWD)=/.test(line)), [
      "ONE=1 =\t2",
      "PATH=/usr/bin:/bin",
    ]);
  } finally {
    await Deno.remove(directory);
  }
});

Deno.test("an exit code comes through", async () => {
  await using pty = start("sh", "-c", "exit 7");
  assert.deepEqual(await pty.exited, { code: 7, signal: null });
  assert.equal(await pty.read(), null);
});

Deno.test("a death by signal is 128 + n and its name", async () => {
  await using pty = start("sh", "-c", "kill -TERM $$");
  assert.deepEqual(await pty.exited, { code: 143, signal: "SIGTERM" });
});

Deno.test("signals reach the command, with the handlers a fresh program has", async () => {
  await using pty = start(
    "sh",
    "-c",
    "trap 'exit 3' USR1; echo ready; while :; do sleep 0.01; done",
  );
  await readUntil(pty, "ready");
  pty.kill("SIGUSR1");
  assert.deepEqual(await pty.exited, { code: 3, signal: null });
  pty.kill("SIGKILL"); // nobody there any more
  assert.throws(() => pty.kill("SIGNOPE"), TypeError);
});

Deno.test(
  "the child ignores and blocks no signal",
  { ignore: Deno.build.os !== "linux" },
  async () => {
    await using pty = start("grep", "-E", "Sig(Blk|Ign)", "/proc/self/status");
    assert.match(await readAll(pty), /^SigBlk:\t0{16}\r\nSigIgn:\t0{16}\r\n$/);
  },
);

Deno.test("resize changes the size and sends SIGWINCH", async () => {
  await using pty = start(
    "bash",
    "-c",
    "trap 'stty size; exit' WINCH; echo ready; while :; do sleep 0.01; done",
  );
  await readUntil(pty, "ready");
  pty.resize(132, 50);
  assert.match(await readAll(pty), /^\s*50 132\r\n$/);
  pty.resize(10, 10); // after the end: nothing
});

Deno.test("output comes out whole and in order", async () => {
  await using pty = start("seq", "1", "100000");
  const expected = Array.from({ length: 100_000 }, (_, i) => `${i + 1}\r\n`).join("");
  assert.equal(await readAll(pty), expected);
});

Deno.test("a read is bounded, and two at once are refused", async () => {
  await using pty = start("sh", "-c", "seq 1 20000; exec cat");
  let largest = 0;
  for (let total = 0; total < 100_000;) {
    const chunk = await pty.read();
    assert.ok(chunk);
    largest = Math.max(largest, chunk.length);
    total += chunk.length;
  }
  assert.ok(largest <= MAX_READ_BYTES, `${largest}`);
  await readUntil(pty, "20000\r\n");
  const pending = pty.read();
  await assert.rejects(pty.read(), /another read is pending/);
  await type(pty, "x");
  assert.deepEqual(await pending, new TextEncoder().encode("x"));
});

Deno.test("a reader that is late loses nothing", async () => {
  await using pty = start("sh", "-c", "echo one; echo two");
  await pty.exited;
  assert.equal(await readAll(pty), "one\r\ntwo\r\n");
});

Deno.test("disposing ends a pending read and hangs up", async () => {
  const pty = start("cat");
  const pending = pty.read();
  pty[Symbol.dispose]();
  pty[Symbol.dispose]();
  assert.equal(await pending, null);
  assert.equal(await pty.read(), null);
  assert.deepEqual(await pty.exited, { code: 129, signal: "SIGHUP" });
  assert.equal(pty.echo(), "echo");
  pty.resize(1, 1);
  await pty[Symbol.asyncDispose]();
});

Deno.test("disposing hangs up on the foreground job too, and lets a stopped one run to see it", async () => {
  await using pty = startBash();
  await type(pty, `bash -c 'trap "exit 0" HUP; echo job $$ ready; kill -STOP $$; sleep 60'\r`);
  const job = Number(/job (\d+) ready/.exec(await readUntil(pty, " ready\r\n"))![1]);
  await pty[Symbol.asyncDispose]();
  await until(() => !alive(job), "the job is gone");
});

Deno.test("the foreground job hears of the hang-up although the command outlives it", async () => {
  const pty = start("bash", "-c", "set -m; trap : HUP; (echo job runs; exec sleep 60); exit 3");
  await readUntil(pty, "job runs");
  await pty[Symbol.asyncDispose]();
  assert.deepEqual(await pty.exited, { code: 3, signal: null });
});

Deno.test("a stopped command sees a hang-up", async () => {
  await using pty = start("sh", "-c", "echo $$; kill -STOP $$; exit 1");
  await until(() => /^State:\s+T/m.test(processStatus(pty.pid)), "it is stopped");
  pty.kill("SIGHUP");
  assert.deepEqual(await pty.exited, { code: 129, signal: "SIGHUP" });
});

Deno.test("a command that ignores the hang-up is killed after a while", async () => {
  const pty = start("sh", "-c", "trap '' HUP; echo ready; while :; do sleep 0.05; done");
  await readUntil(pty, "ready");
  await pty[Symbol.asyncDispose]();
  assert.deepEqual(await pty.exited, { code: 137, signal: "SIGKILL" });
});

Deno.test("output ends with the command, though a process it left behind holds the terminal", async () => {
  await using pty = start(
    "bash",
    "-c",
    "(trap '' HUP; echo left $BASHPID; exec sleep 60) & seq 1 1000; exit 4",
  );
  const all = await readAll(pty);
  assert.match(all, /\r\n1000\r\n/);
  assert.deepEqual(await pty.exited, { code: 4, signal: null });
  const left = /left (\d+)/.exec(all);
  if (left !== null) Deno.kill(Number(left[1]), "SIGKILL");
});

Deno.test("output ends with the command, though a process it left behind keeps writing", async () => {
  await using pty = start("bash", "-c", "(trap '' HUP; exec yes) & sleep 0.05; exit 5");
  let total = 0;
  for (let chunk = await pty.read(); chunk !== null; chunk = await pty.read()) {
    total += chunk.length;
  }
  assert.ok(total > 0);
  assert.deepEqual(await pty.exited, { code: 5, signal: null });
});

Deno.test("a command that closes its terminal and opens it again goes on", async () => {
  await using pty = start(
    "bash",
    "-c",
    "echo one; exec 0<&- 1>&- 2>&-; sleep 0.05; echo two >/dev/tty; exit 6",
  );
  assert.equal(await readAll(pty), "one\r\ntwo\r\n");
  assert.deepEqual(await pty.exited, { code: 6, signal: null });
});

Deno.test("echo() tells a password prompt from a line editor and from plain input", async () => {
  await using plain = start("sh", "-c", "echo ready; exec cat");
  await readUntil(plain, "ready");
  assert.equal(plain.echo(), "echo");

  await using shell = startBash();
  await readUntil(shell, "$ ");
  assert.equal(shell.echo(), "editor");
  await type(shell, "read -s -p 'Password''> ' answer; echo got=$answer\r");
  await readUntil(shell, "Password> ");
  await until(() => shell.echo() === "password", "the prompt hides what is typed");
  await type(shell, "secret\r");
  const after = await readUntil(shell, "got=secret");
  const beforeAnswer = after.slice(0, after.indexOf("got="));
  assert.ok(!beforeAnswer.includes("secret"), "the password was not echoed");
  await until(() => shell.echo() === "editor", "the shell edits again");
});

Deno.test("Ctrl-C ends the foreground job and not the shell; jobs stop and go on", async () => {
  await using pty = startBash();
  await readUntil(pty, "$ ");
  const startJob = async (): Promise<number> => {
    await type(pty, "(echo job $BASHPID r''uns; exec sleep 60)\r");
    return Number(/job (\d+) runs/.exec(await readUntil(pty, " runs\r\n"))![1]);
  };
  await startJob();
  await type(pty, "\x03");
  await readUntil(pty, "$ ");
  const job = await startJob();
  await type(pty, "\x1a");
  await readUntil(pty, "Stopped");
  await type(pty, "fg\r");
  await until(
    () => /^State:\s+S/m.test(processStatus(job)),
    "the job has the terminal and goes on",
  );
  await type(pty, "\x03");
  await until(() => !alive(job), "the job is gone");
  await type(pty, "echo al''ive; exit 9\r");
  await readUntil(pty, "alive");
  assert.deepEqual(await pty.exited, { code: 9, signal: null });
});

Deno.test("the line discipline erases whole characters", async () => {
  await using pty = start("sh", "-c", 'stty -echo; echo ready; read line; echo "<$line>"');
  await readUntil(pty, "ready\r\n");
  await type(pty, "aü\x7fb\n");
  assert.equal(await readAll(pty), "<ab>\r\n");
});

Deno.test("a size that no terminal has is refused and leaves nothing open", () => {
  for (const [cols, rows] of [[0, 24], [80, 65536], [80.5, 24], [NaN, 24]] as const) {
    assert.throws(
      () => spawnPty({ command: ["true"], env: testEnvironment(), cols, rows }),
      (error) => error instanceof CollabError && error.code === "pty-bad-size",
    );
  }
});

function alive(pid: number): boolean {
  const status = processStatus(pid);
  return status !== "" && !/^State:\s+Z/m.test(status);
}

function processStatus(pid: number): string {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/status`);
  } catch {
    return "";
  }
}
