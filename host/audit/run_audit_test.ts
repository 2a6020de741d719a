import assert from "node:assert/strict";
import { CollabError } from "../../format/errors.ts";
import { main } from "../../main.ts";
import { bytes, KEYS, linesOf, OTHER_KEYS, TestLog } from "./testing/logs.ts";
import { type AuditArguments, type AuditOutput, runAudit } from "./run_audit.ts";

interface Ran {
  readonly code: number | string;
  readonly out: string;
  readonly err: string;
}

/** Runs the command on a file; the code of a `CollabError` is the code. */
async function run(
  verb: "verify" | "show",
  file: string,
  options: Partial<AuditArguments> & { readonly colors?: boolean } = {},
): Promise<Ran> {
  let out = "", err = "";
  const { colors = false, ...args } = options;
  const output: AuditOutput = {
    // deno-lint-ignore require-await
    out: { write: async (text) => void (out += text) },
    note: (text) => void (err += text),
    colors,
  };
  try {
    const code = await runAudit({ verb, file, json: false, ...args }, output);
    return { code, out, err };
  } catch (error) {
    assert.ok(error instanceof CollabError, String(error));
    return { code: error.code, out, err: `${err}${error.message}\n` };
  }
}

/** A log of lines, and a short name for it. */
async function written(log: TestLog, lines: readonly string[]): Promise<string> {
  await Deno.writeTextFile(log.path, lines.map((line) => `${line}\n`).join(""));
  return log.path;
}

/** Takes the path out of what is said of a file. */
function unnamed({ code, out, err }: Ran): Ran {
  const plain = (text: string): string => text.replaceAll(/"\/[^"]*"/g, "FILE");
  return { code, out: plain(out), err: plain(err) };
}

Deno.test("verify tells a log that is whole from one without its end, and from one that was changed", async () => {
  await using log = new TestLog();
  const lines = await linesOf(["one", null, "two"]);
  const file = await written(log, lines);
  const about = `session ${KEYS.session}, 2026-11-21T14:03:01.000Z to 2026-11-21T14:03:0`;
  assert.deepEqual(unnamed(await run("verify", file)), {
    code: 0,
    out: `FILE: whole and signed: 5 lines, ${about}5.000Z\n`,
    err: "",
  });
  await written(log, lines.slice(0, -1));
  assert.deepEqual(unnamed(await run("verify", file)), {
    code: 3,
    out:
      `FILE: whole, but not closed: it ends at line 4, signed up to line 3 and not proved after it; ${about}4.000Z\n`,
    err: "",
  });
  await Deno.writeTextFile(file, "{", { append: true });
  assert.match(
    (await run("verify", file)).out,
    /it ends at line 4, signed up to line 3 and not proved after it, and line 5 is cut off; /,
  );
  await written(log, lines.with(3, lines[3]!.replace("two", "2")));
  assert.deepEqual(unnamed(await run("verify", file)), {
    code: "audit-changed",
    out: "",
    err: "Cannot trust audit log FILE: line 4 was changed; up to line 3 it is signed\n",
  });
});

Deno.test("verify tells a script as much", async () => {
  await using log = new TestLog();
  const lines = await linesOf(["one"]);
  const file = await written(log, lines);
  const json = { json: true };
  const ask = async (): Promise<readonly unknown[]> => {
    const { code, out } = await run("verify", file, json);
    return [code, JSON.parse(out).kind, JSON.parse(out).line];
  };
  assert.deepEqual(await ask(), [0, "closed", undefined]);
  await written(log, lines.slice(0, 2));
  assert.deepEqual(await ask(), [3, "open", undefined]);
  await written(log, lines.slice(1));
  assert.deepEqual(await ask(), [1, "broken", 1]);
});

Deno.test("a session that is asked for is insisted on", async () => {
  await using log = new TestLog();
  const file = await written(log, await linesOf(["one"]));
  for (const verb of ["verify", "show"] as const) {
    assert.equal((await run(verb, file, { session: KEYS.session })).code, 0);
    const { code, out } = await run(verb, file, { session: OTHER_KEYS.session });
    assert.deepEqual([code, out], ["audit-foreign-session", ""]);
  }
});

Deno.test("what cannot be read is told in a line with a code", async () => {
  await using log = new TestLog();
  const missing = await run("verify", log.path);
  assert.equal(missing.code, "audit-not-found");
  assert.match(missing.err, /^Cannot read audit log ".*": there is no such file\n$/);
  assert.equal((await run("show", log.path)).code, "audit-not-found");
  assert.equal((await run("verify", "/")).code, "audit-is-directory");
  assert.equal((await run("show", "/")).code, "audit-is-directory");
  assert.equal((await run("show", "/dev/null")).code, "audit-not-a-file");
  assert.deepEqual(await run("show", "-"), {
    code: "audit-not-a-file",
    out: "",
    err: "Cannot show audit log from standard input: it is read twice, and is not a file\n",
  });
  await Deno.writeTextFile(log.path, '{"version":3}\n');
  assert.equal((await run("verify", log.path)).code, "audit-not-a-log");
  assert.equal((await run("show", log.path)).code, "audit-not-a-log");
});

Deno.test("show prints the lines that are as they were written, and says where they end", async () => {
  await using log = new TestLog();
  const lines = await linesOf(["one", null, "two", "three"]);
  const file = await written(log, lines);
  const json = { json: true };
  const whole = lines.map((line) => `${line}\n`);
  assert.deepEqual(await run("show", file, json), { code: 0, out: whole.join(""), err: "" });
  await written(log, lines.slice(0, -1));
  const open = await run("show", file, json);
  assert.deepEqual([open.code, open.out], [3, whole.slice(0, -1).join("")]);
  assert.match(open.err, /^collab: .* not closed: it ends at line 5, .*\n$/);
  await written(log, lines.with(3, lines[3]!.replace("two", "2")));
  const changed = await run("show", file, json);
  assert.deepEqual([changed.code, changed.out], ["audit-changed", whole.slice(0, 3).join("")]);
  // Which of the lines since the last signature was changed is not known: none of them is shown.
  const forged = lines.at(-1)!.replace('"status":0', '"status":1');
  await written(log, lines.with(-1, forged));
  const signature = await run("show", file, json);
  assert.deepEqual([signature.code, signature.out], [
    "audit-bad-signature",
    whole.slice(0, 3).join(""),
  ]);
});

Deno.test("a log that is longer than what is read at once is verified and shown", async () => {
  await using log = new TestLog();
  const lines = await linesOf(Array.from({ length: 20_000 }, (_, i) => `marker ${i}`));
  const file = await written(log, lines);
  const { code, out } = await run("show", file);
  assert.equal(code, 0);
  assert.equal(out.trimEnd().split("\n").length, 20_003);
});

Deno.test("the command line says what it wants, in a line with a code", async () => {
  await using log = new TestLog();
  const ran = async (...args: string[]): Promise<readonly [number, string, string]> => {
    let out = "", err = "";
    const code = await main(["audit", ...args], {
      out: (text) => void (out += text),
      err: (text) => void (err += text),
    });
    return [code, out, err];
  };
  for (
    const args of [[], ["verfy", "x"], ["verify"], ["show", "a", "b"], ["verify", "--jsn", "x"]]
  ) {
    const [code, out, err] = await ran(...args);
    assert.deepEqual([code, out], [2, ""], args.join(" "));
    assert.match(err, /^collab: [^\n]+ \[bad-arguments\]$/, args.join(" "));
  }
  const [code, , err] = await ran("verify", log.path);
  assert.equal(code, 1);
  assert.match(
    err,
    /^collab: Cannot read audit log "[^\n]*": there is no such file \[audit-not-found\]$/,
  );
  for (const verb of ["verify", "show"]) {
    const [code, out] = await ran(verb, "--help");
    assert.equal(code, 0);
    assert.match(out, /Examples:/);
  }
});

Deno.test("killed in the middle, a log is whole up to its last second", async () => {
  await using log = new TestLog();
  const script = new URL("./testing/audit_until_killed.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", "--no-check", script, log.path],
    stdout: "piped",
  }).spawn();
  const noted: { readonly atMs: number; readonly lines: number }[] = [];
  let rest = "", killed = false;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      const [atMs = 0, count = 0] = line.split(" ").map(Number);
      noted.push({ atMs, lines: count });
    }
    if (!killed && noted.at(-1)!.atMs - noted[0]!.atMs > 1_600) {
      killed = true;
      child.kill("SIGKILL");
    }
  }
  assert.equal((await child.status).signal, "SIGKILL");
  const { code, out } = await run("verify", log.path, { json: true });
  assert.equal(code, 3);
  const verdict = JSON.parse(out);
  assert.equal(verdict.signed, 1);
  const endMs = noted.at(-1)!.atMs;
  const aSecondBefore = noted.findLast(({ atMs }) => atMs <= endMs - 1_000)!;
  assert.ok(
    verdict.lines - 1 >= aSecondBefore.lines,
    `${verdict.lines} lines are there, and ${aSecondBefore.lines} were a second before the end`,
  );
  const shown = await run("show", log.path, { json: true });
  const { label, text } = JSON.parse(shown.out.trimEnd().split("\n").at(-1)!);
  assert.equal(label ?? /\d+/.exec(text)?.[0], String(verdict.lines - 1));
});

Deno.test("a log that is still written can be looked at", async () => {
  await using log = new TestLog();
  const audit = await log.start();
  audit.typed("host", bytes("ls\r"), { echo: "echo" });
  const { code, out } = await run("verify", log.path);
  assert.equal(code, 3);
  assert.match(out, /whole, but not closed: it ends at line 1, it is signed; /);
  await audit.close();
});
