import assert from "node:assert/strict";
import { CollabError } from "../../format/errors.ts";
import { closeAllOnExec } from "./spawn.ts";
import { Libc } from "./libc.ts";
import { spawnPty } from "./mod.ts";
import { platform } from "./platform.ts";
import { readAll, readUntil, start, testEnvironment, type } from "./testing.ts";

/** Uses the C library with some calls replaced, or missing (`null`). */
async function withCalls(
  replaced: (libc: Libc) => Partial<Record<keyof Libc["call"], unknown>>,
  use: (libc: Libc) => Promise<void>,
): Promise<void> {
  const libc = Libc.acquire();
  Object.defineProperty(libc, "call", { value: { ...libc.call, ...replaced(libc) } });
  try {
    await use(libc);
  } finally {
    libc.release();
  }
}

function without(
  names: readonly (keyof Libc["call"])[],
  use: (libc: Libc) => Promise<void>,
): Promise<void> {
  return withCalls(() => Object.fromEntries(names.map((name) => [name, null])), use);
}

Deno.test(
  "where the other end cannot be held open (macOS revokes it), a hung-up terminal is looked at again",
  { ignore: Deno.build.os !== "linux" },
  async () => {
    let master = -1;
    const replaced = ({ call }: Libc): ReturnType<Parameters<typeof withCalls>[0]> => ({
      posix_openpt: (flags: number) => master = call.posix_openpt(flags),
      open: () => call.fcntl(master, 1030, 0n), // F_DUPFD_CLOEXEC: the master once more, instead of the slave
    });
    await withCalls(replaced, async () => {
      const script =
        "echo one; exec 0<&- 1>&- 2>&-; sleep 0.2; (echo two; exec cat) </dev/tty >/dev/tty; exit 6";
      await using pty = start("bash", "-c", script);
      await readUntil(pty, "one\r\n");
      const typed = type(pty, "three\n"); // also while nobody is there
      await readUntil(pty, "three\r\n");
      await typed;
      await type(pty, "\x04");
      assert.match(await readAll(pty), /^(two\r\n)?(three\r\n)?$/);
      assert.deepEqual(await pty.exited, { code: 6, signal: null });
    });
  },
);

Deno.test("output ends after the command's exit, however fast what it left behind writes", async () => {
  let master = -1;
  const endless = ({ call }: Libc): ReturnType<Parameters<typeof withCalls>[0]> => ({
    posix_openpt: (flags: number) => master = call.posix_openpt(flags),
    read: (fd: number, buffer: Uint8Array<ArrayBuffer>, size: bigint) =>
      fd === master ? Number(size) : call.read(fd, buffer, size),
  });
  await withCalls(endless, async () => {
    await using pty = start("true");
    await pty.exited;
    let total = 0;
    for (let chunk = await pty.read(); chunk !== null; chunk = await pty.read()) {
      total += chunk.length;
    }
    assert.ok(total > 0 && total < 2 * 1024 * 1024, `${total}`);
  });
});

Deno.test("without pidfd (macOS, Linux before 5.3) the exit is seen through SIGCHLD", async () => {
  await without(["syscall"], async () => {
    await using quick = start("true");
    assert.deepEqual(await quick.exited, { code: 0, signal: null });
    assert.equal(await quick.read(), null);

    await using left = start("bash", "-c", "(trap '' HUP; exec sleep 1) & echo one; exit 4");
    await using waits = start("cat");
    assert.equal(await readAll(left), "one\r\n");
    assert.deepEqual(await left.exited, { code: 4, signal: null });
    waits.kill("SIGINT");
    assert.deepEqual(await waits.exited, { code: 130, signal: "SIGINT" });
  });
});

Deno.test("without eventfd (macOS) a pipe wakes the poll", async () => {
  await without(["eventfd"], async () => {
    await using one = start("cat");
    const pending = one.read();
    await using two = start("echo", "two");
    assert.equal(await readAll(two), "two\r\n");
    one[Symbol.dispose]();
    assert.equal(await pending, null);
  });
});

Deno.test("without ptsname_r (macOS) and addchdir (old C libraries) a command starts where it should", async () => {
  await without(["ptsname_r", "posix_spawn_file_actions_addchdir_np"], async () => {
    const options = { env: testEnvironment(), cols: 80, rows: 24 };
    await using pty = spawnPty({
      ...options,
      command: ["sh", "-c", 'pwd; echo "$1"; exit 3', "sh", "a b"],
      cwd: "/usr",
    });
    assert.equal(await readAll(pty), "/usr\r\na b\r\n");
    assert.deepEqual(await pty.exited, { code: 3, signal: null });
  });
});

Deno.test("no inherited descriptor reaches the child, with closefrom and without", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  for (const missing of [[], ["posix_spawn_file_actions_addclosefrom_np"]] as const) {
    await without(missing, async (libc) => {
      const inheritable = libc.call.open(new TextEncoder().encode("/dev/null\0"), 0);
      try {
        await using pty = start("sh", "-c", "ls /proc/$$/fd");
        assert.deepEqual((await readAll(pty)).trim().split(/\s+/), ["0", "1", "2"]);
      } finally {
        libc.call.close(inheritable);
      }
      closeAllOnExec(libc); // does no harm to what is open
      await using again = start("cat");
      await type(again, "x\n");
      await readUntil(again, "x");
    });
  }
});

Deno.test("Windows is told that it can watch and replay and not host", () => {
  assert.throws(
    () => platform("windows"),
    (error) =>
      error instanceof CollabError && error.code === "host-unsupported" &&
      /on Windows: hosting needs Linux or macOS. Watching and replaying work here$/.test(
        error.message,
      ),
  );
});

Deno.test("a process that may not call C is told which permission to give", {
  permissions: { ffi: false },
}, () => {
  assert.throws(
    () => spawnPty({ command: ["true"], env: {}, cols: 80, rows: 24 }),
    (error) =>
      error instanceof CollabError && error.code === "ffi-not-allowed" &&
      /--allow-ffi$/.test(error.message),
  );
});
