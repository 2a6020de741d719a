/** The local terminal on real pseudo-terminals: an emulator at the outer end, a process that ends in every way. */
import assert from "node:assert/strict";
import { BUG_EXIT_CODE } from "../format/errors.ts";
import { DEFAULT_MODES } from "../format/frame.ts";
import { spawnPty } from "../host/pty/mod.ts";
import { environment, Terminal } from "../tests/terminal.ts";

const MODULE = new URL("./terminal.ts", import.meta.url).href;
/** Everything that a painter could have set on behalf of a session that a presenter shares. */
const MODES =
  "\\x1b[?1h\\x1b=\\x1b[?1003h\\x1b[?1006h\\x1b[?2004h\\x1b[?1004h\\x1b[?25l\\x1b[5 q\\x1b[2;3r\\x1b[31m\\x1b]2;theirs\\x07";

/** A program that takes over its terminal, sets everything, says `ready`, and then does `what`. */
function program(what: string): string[] {
  const source = `
    import { openTerminal } from ${JSON.stringify(MODULE)};
    await using terminal = openTerminal();
    const keys = [];
    const { promise: typed, resolve } = Promise.withResolvers();
    const { promise: stale, resolve: onStale } = Promise.withResolvers();
    terminal.listen({
      input: (bytes) => { keys.push(...bytes); resolve(); },
      resize() {},
      stale: () => onStale(),
    });
    await terminal.write("${MODES}ready");
    ${what}
  `;
  const url = `data:application/typescript,${encodeURIComponent(source)}`;
  return [Deno.execPath(), "run", "--quiet", "--no-check", "--no-prompt", "--allow-all", url];
}

function assertGivenBack(terminal: Terminal): void {
  const { under, cursor, modes, title } = terminal.frame;
  assert.equal(under, undefined);
  assert.deepEqual([cursor.visible, cursor.shape], [true, "default"]);
  assert.deepEqual({ ...modes }, { ...DEFAULT_MODES });
  assert.ok(terminal.raw.includes("\x1b[22;0t") && terminal.raw.includes("\x1b[23;0t"), title);
  assert.equal(terminal.echo, "echo");
}

const WAYS: readonly (readonly [name: string, what: string, code: number, text?: RegExp])[] = [
  ["at the end", "", 0],
  ["by exit", "Deno.exit(4);", 4],
  ["by a throw", "throw new Error('boom');", 1, /boom/],
  [
    "by an error in a callback",
    "setTimeout(() => { throw new Error('boom'); }); await typed;",
    BUG_EXIT_CODE,
    /boom/,
  ],
  ["by a rejection", "Promise.reject(new Error('boom')); await typed;", BUG_EXIT_CODE, /boom/],
  ["in the middle of a write", "void terminal.write('x'.repeat(4e6)); Deno.exit(5);", 5],
];

for (const [name, what, code, text] of WAYS) {
  Deno.test(`a process that ends ${name} gives its terminal back`, async () => {
    // Reading keys keeps a process alive: at its end it has to leave by itself.
    const command = program(what === "" ? "await terminal.close(); Deno.exit(0);" : what);
    await using terminal = new Terminal(command);
    assert.equal((await terminal.exited).code, code);
    if (name === "in the middle of a write") assert.equal(terminal.echo, "echo");
    else assertGivenBack(terminal);
    if (text !== undefined) assert.match(terminal.text, text);
  });
}

for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
  Deno.test(`a process that gets ${signal} gives its terminal back and exits with ${code}`, async () => {
    await using terminal = new Terminal(
      program("await new Promise(() => setTimeout(() => {}, 1e6));"),
    );
    await terminal.waitForText("ready");
    assert.equal(terminal.echo, "editor");
    terminal.kill(signal);
    assert.equal((await terminal.exited).code, code);
    assertGivenBack(terminal);
  });
}

Deno.test("a terminal that is continued after a stop is raw and its own again", async () => {
  const what = "await stale; await terminal.write('again'); await terminal.close(); Deno.exit(0);";
  await using terminal = new Terminal(program(what));
  await terminal.waitForText("ready");
  terminal.kill("SIGCONT");
  await terminal.waitFor(() => terminal.raw.includes("again"), "the second write");
  assert.ok(terminal.raw.includes("\x1b[?1049l\x1b[?1049h"));
  assert.equal((await terminal.exited).code, 0);
});

Deno.test("a terminal that takes no output holds up neither the process nor its end", async () => {
  const path = await Deno.makeTempFile();
  try {
    // Nobody reads the outer end: the kernel's buffer is full after some kilobytes.
    const what = `
      void terminal.write("x".repeat(4e6));
      await new Promise((resolve) => setTimeout(resolve, 50));
      Deno.writeTextFileSync(${JSON.stringify(path)}, "alive " + terminal.busy);
      const before = performance.now();
      await terminal.close();
      Deno.writeTextFileSync(${
      JSON.stringify(path)
    }, "alive " + terminal.busy + " " + (performance.now() - before < 2000));
      Deno.exit(6);
    `;
    await using pty = spawnPty({
      command: program(what),
      env: environment(),
      cols: 80,
      rows: 24,
    });
    assert.equal((await pty.exited).code, 6);
    assert.equal(await Deno.readTextFile(path), "alive true true");
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("keys come from the terminal when standard input is something else", async () => {
  const inner = program(
    "await typed; await terminal.close(); console.log('got', String.fromCharCode(...keys)); Deno.exit(0);",
  )
    .map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  await using terminal = new Terminal(["sh", "-c", `echo not a key | ${inner}`]);
  await terminal.waitForText("ready");
  await terminal.type("k");
  await terminal.waitForText("got k");
  assert.equal((await terminal.exited).code, 0);
});
