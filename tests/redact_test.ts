/**
 * `collab redact`, end to end: recordings of real programs, scrubbed, and looked through byte by byte.
 *
 * @module
 */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { openRecording } from "../record/reader.ts";
import { type Ran, run, startHeadless, startHost, Terminal, TestDir } from "./harness.ts";
import { testWith } from "./needs.ts";

const TOKEN = "ghp_aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5";
const PASSWORD = "correct-Horse-7";
const TYPED = "Tr0ub4dor-9x";

/** Nothing of these in what is left: neither the beginning behind what a token begins with, nor any other part. */
const PARTS: readonly string[] = [TOKEN.slice(4), PASSWORD, TYPED].flatMap((secret) =>
  Array.from({ length: secret.length - 5 }, (_, i) => secret.slice(i, i + 6))
);

/** What a shell prints: at once, slowly, in prose before it is known, wrapped, in colours, in a title. */
const SCRIPT = `
slowly() { for ((i = 0; i < \${#1}; i++)); do printf %s "\${1:i:1}"; sleep 0.004; done; }
T=${TOKEN} P=${PASSWORD}
echo "token: $T"
printf '%s %s\\n' "$(printf 'x%.0s' {1..60})" "$T"
slowly "it is $P, said somebody"; echo
slowly "$T"; echo
printf '\\e[31m%s\\e[32m%s\\e[m\\n' "\${T:0:20}" "\${T:20}"
echo "DB_PASSWORD=$P"
for i in {1..40}; do echo "line $i $T"; done
printf '\\e]2;deploy %s\\a' "$T"; sleep 0.05; printf '\\e]2;done\\a'
`;

/** The bytes of a file as text, and that nothing secret is in them. */
async function cleanText(path: string): Promise<string> {
  const text = await Deno.readTextFile(path);
  for (const part of PARTS) assert.ok(!text.includes(part), `${part} is in ${path}`);
  return text;
}

/** The last screen of a recording. */
async function lastScreen(path: string): Promise<string> {
  const { stdout, code } = await run("replay", [path, "--screen-at", "99h"]);
  assert.equal(code, 0);
  return stdout.trim();
}

function ok({ code, stdout, stderr }: Ran): string {
  assert.equal(stderr, "");
  assert.equal(code, 0);
  return stdout;
}

Deno.test("a recording of ours is scrubbed", async () => {
  await using dir = new TestDir();
  const raw = dir.file("raw.cast"), clean = dir.file("clean.cast");
  const command = ["bash", "--norc", "--noprofile", "-c", `${SCRIPT}echo the end; exit 3`];
  const args = ["--record", raw, "--no-default-redactions", "--no-config"];
  await using host = startHeadless({ args, command });
  assert.equal(await host.exited, 3);
  assert.ok((await Deno.readTextFile(raw)).includes(PASSWORD));

  const said = JSON.parse(ok(await run("redact", ["--json", raw, clean])));
  assert.equal(said.verified, true);
  assert.ok(said.total >= 2 && said.counts.password >= 2, JSON.stringify(said.counts));
  await cleanText(clean);
  assert.match(await lastScreen(clean), /^line 40 •{40}\nthe end$/m);

  const [before, after] = await Promise.all(
    [raw, clean].map((path) => openRecording({ kind: "file", path })),
  );
  assert.ok(Math.abs(before!.durationMs - after!.durationMs) < 1);
  assert.deepEqual(after!.eventAt(after!.length - 1), { kind: "exit", status: 3 });
  const again = ok(await run("redact", ["--check", clean]));
  assert.equal(again, `Nothing to mask in ${clean}\n`);
});

testWith(
  ["asciinema", "vim"],
  "a recording by asciinema is scrubbed, with what was typed",
  async () => {
    await using dir = new TestDir();
    const raw = dir.file("raw.cast"), clean = dir.file("clean.cast");
    await Deno.writeTextFile(dir.file("script"), SCRIPT);
    await Deno.writeTextFile(dir.file("env"), `first line\nAPI_TOKEN=${TYPED}\n`);
    const shell = "bash --norc --noprofile";
    await using terminal = new Terminal(
      ["asciinema", "rec", "--stdin", "--quiet", "-c", shell, raw],
      { cols: 70, rows: 24, env: { PS1: "$ ", HISTFILE: "", HOME: dir.path }, cwd: dir.path },
    );
    await terminal.waitForText(/^\$$/m);
    await terminal.type("source ./script; clear; echo rea''dy\r");
    await terminal.waitForText("ready");
    await terminal.type("read -rsp 'Password: ' secret; echo th''anks\r");
    await terminal.waitForText(/^Password:$/m);
    for (const key of `${TYPED}\r`) await terminal.type(key);
    await terminal.waitForText("thanks");
    await terminal.type("vim -u NONE env\r");
    await terminal.waitForText("first line");
    await terminal.type("GxA0\x1b:q!\r");
    await terminal.waitForText(/vim -u NONE env\n\$$/m);
    await terminal.type("exit\r");
    await terminal.exited;
    assert.ok((await Deno.readTextFile(raw)).includes('"version": 2'));

    const said = ok(await run("redact", [raw, clean]));
    assert.match(said, /^ +0:\d\d\.\d {2}password +40 cells$/m);
    assert.match(said, /^ {2}besides, \d+ keys that the terminal did not show$/m);
    assert.match(said, /none of them is in it\n$/);
    const text = await cleanText(clean);
    assert.match(text, /^\{"version":3,/);
    const typed = (await openRecordingEvents(clean)).filter((event) => event.kind === "input")
      .map((event) => event.data).join("");
    assert.ok(typed.includes("rea''dy\r") && typed.includes("vim -u NONE env\r"), typed);
    assert.ok(typed.includes(`${"•".repeat(TYPED.length)}\r`), typed);
  },
);

async function openRecordingEvents(
  path: string,
): Promise<ReturnType<Awaited<ReturnType<typeof openRecording>>["eventAt"]>[]> {
  const log = await openRecording({ kind: "file", path });
  return Array.from({ length: log.length }, (_, i) => log.eventAt(i));
}

const CAST = [
  { version: 2, width: 80, height: 24, title: `about ${TOKEN}` },
  [0.5, "o", `token ${TOKEN}\r\n`],
  [1, "o", "ticket-4711\r\n"],
].map((line) => JSON.stringify(line) + "\n").join("");

Deno.test("recordings of every version come from gzip and pipes, and go into pipes", async () => {
  await using dir = new TestDir();
  const packed = dir.file("a.cast.gz"), clean = dir.file("b.cast");
  await Deno.writeFile(packed, gzipSync(CAST));
  ok(await run("redact", [packed, clean]));
  const piped = await run("redact", ["-", "-"], { stdin: CAST });
  assert.equal(piped.code, 0);
  assert.match(piped.stderr, /1 secret masked\. What was written was read again/);
  assert.equal(piped.stdout, await cleanText(clean));
  assert.match(await lastScreen(clean), /^token ghp_•{36}\nticket-4711$/);
  const v1 = { version: 1, width: 80, height: 24, duration: 1, stdout: [[0.5, `${TOKEN}\r\n`]] };
  const first = await run("redact", ["-", "-"], { stdin: JSON.stringify(v1) });
  assert.match(first.stdout, /^\{"version":3,/);
  assert.ok(!first.stdout.includes(TOKEN.slice(4, 10)), first.stdout);
});

Deno.test("rules come from flags, files and the configuration", async () => {
  await using dir = new TestDir();
  const raw = dir.file("a.cast"), texts = dir.file("texts"), config = dir.file("config.toml");
  await Deno.writeTextFile(raw, CAST);
  await Deno.writeTextFile(texts, "ticket-4711\n");
  await Deno.writeTextFile(config, "[[redact]]\npattern = 'ticket-\\d+'\nkeep = 7\n");
  const masked = async (...args: string[]): Promise<string> => {
    const clean = dir.file("b.cast");
    ok(await run("redact", ["--overwrite", ...args, raw, clean]));
    return await lastScreen(clean);
  };
  const token = `token ghp_${"•".repeat(36)}`;
  assert.equal(await masked("--redact", "ticket-\\d+"), `${token}\n•••••••••••`);
  assert.equal(await masked("--redact-file", texts), `${token}\n•••••••••••`);
  assert.equal(await masked("--config", config), `${token}\nticket-••••`);
  const only = await masked("--no-default-redactions", "--redact", "4711");
  assert.equal(only, `token ${TOKEN}\nticket-••••`);
});

Deno.test("nothing is written over unless it is told, and never the recording itself", async () => {
  await using dir = new TestDir();
  const raw = dir.file("a.cast"), other = dir.file("b.cast"), link = dir.file("c.cast");
  await Deno.writeTextFile(raw, CAST);
  await Deno.writeTextFile(other, "mine\n");
  await Deno.link(raw, link);
  for (
    const [args, code, name] of [
      [[raw, other], 1, "output-exists"],
      [["--overwrite", raw, raw], 2, "same-file"],
      [["--overwrite", raw, link], 2, "same-file"],
      [[raw, dir.path], 1, "output-is-directory"],
      [[raw, dir.file("no/such/dir.cast")], 1, "output-no-directory"],
      [[raw], 2, "bad-arguments"],
      [[raw, other, link], 2, "bad-arguments"],
      [["--config", dir.file("no.toml"), raw, other], 2, "bad-config"],
      [["--redact", "(?=a)", raw, dir.file("d")], 2, "bad-redaction"],
    ] as const
  ) {
    const { code: ended, stdout, stderr } = await run("redact", [...args]);
    assert.equal(ended, code, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, new RegExp(`^collab: [^\\n]+ \\[${name}\\]\\n$`));
  }
  assert.equal(await Deno.readTextFile(other), "mine\n");
  assert.equal(await Deno.readTextFile(raw), CAST);
  ok(await run("redact", ["--overwrite", raw, other]));
  await cleanText(other);
  assert.deepEqual([...Deno.readDirSync(dir.path)].map(({ name }) => name).sort(), [
    ...["a.cast", "b.cast", "c.cast"],
  ]);
});

Deno.test("a result that still has something secret is deleted, and that is an error", async () => {
  await using dir = new TestDir();
  const raw = dir.file("a.cast"), clean = dir.file("b.cast");
  // A word of the format itself, which cannot be masked without making the event another one.
  await Deno.writeTextFile(
    raw,
    [
      { version: 3, term: { cols: 80, rows: 24 } },
      [0, "o", "collaborative"],
      [0, "c", JSON.stringify({ kind: "mode", mode: "collaborative", by: "host", turn: 1 })],
    ].map((line) => JSON.stringify(line) + "\n").join(""),
  );
  const { code, stdout, stderr } = await run("redact", ["--redact", "collaborative", raw, clean]);
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /^collab: Cannot redact the recording: [^\n]+ \[redaction-incomplete\]\n$/);
  assert.ok(!stderr.includes("collaborative"), stderr);
  assert.deepEqual([...Deno.readDirSync(dir.path)].map(({ name }) => name), ["a.cast"]);
});

Deno.test("what cannot be read is said in one line, and nothing is written", async () => {
  await using dir = new TestDir();
  const clean = dir.file("b.cast");
  for (
    const [content, code] of [
      ["", "recording-empty"],
      ["hello\n", "recording-bad-header"],
      ['{"version":2,"width":80,"height":24}\n[0,"o"]\n', "recording-bad-event"],
      [gzipSync(CAST).subarray(0, 12), "recording-bad-gzip"],
    ] as const
  ) {
    const { code: ended, stderr } = await run("redact", ["-", clean], { stdin: content });
    assert.equal(ended, 1);
    assert.match(stderr, new RegExp(`^collab: [^\\n]+ \\[${code}\\]\\n$`));
  }
  const cut = `${CAST}[2,"o","half of`;
  const { code, stderr } = await run("redact", ["-", clean], { stdin: cut });
  assert.equal(code, 0);
  assert.match(stderr, /^collab: standard input: line 4 was cut off and is left out\n$/);
});

Deno.test("a recording is looked at without writing anything", async () => {
  await using dir = new TestDir();
  const raw = dir.file("a.cast");
  await Deno.writeTextFile(raw, CAST);
  const { code, stdout } = await run("redact", ["--check", "--json", raw]);
  assert.equal(code, 3);
  assert.deepEqual(JSON.parse(stdout).maskings, [{ atMs: 0, rule: "github", cells: 36 }]);
  assert.deepEqual([...Deno.readDirSync(dir.path)].map(({ name }) => name), ["a.cast"]);
});

Deno.test("a text shows what would be masked of it", async () => {
  const stdin = `\x1b[31mtoken\x1b[m ${TOKEN}\r\nfine\n`;
  const shown = await run("redact", ["--test"], { stdin });
  assert.equal(
    ok(shown),
    `token ghp_${"•".repeat(36)}\nfine\n\n  github  1:11  36 characters\n` +
      "1 secret would be masked: github 1\n",
  );
  const checked = await run("redact", ["--test", "--check", "--json"], { stdin });
  assert.equal(checked.code, 3);
  assert.deepEqual(JSON.parse(checked.stdout).counts, { github: 1 });
  assert.equal((await run("redact", ["--test", "--check"], { stdin: "fine\n" })).code, 0);
  assert.match((await run("redact", ["--test", "/no/such"])).stderr, /\[text-not-found\]\n$/);
});

Deno.test("a host masks and does what its configuration says", async () => {
  await using dir = new TestDir();
  const raw = dir.file("raw.cast");
  await Deno.mkdir(dir.file("collab"));
  await Deno.writeTextFile(
    dir.file("collab/config.toml"),
    "[[redact]]\nliteral = 'operation heron'\n[host]\nsize = '100x30'\n",
  );
  const command = ["bash", "-c", "echo it is operation heron"];
  const env = { XDG_CONFIG_HOME: dir.path };
  await using host = startHeadless({ args: ["--record", raw], command, env });
  assert.equal(await host.exited, 0);
  assert.equal(await lastScreen(raw), `it is ${"•".repeat(15)}`);
  const { header } = await openRecording({ kind: "file", path: raw });
  assert.deepEqual([header.cols, header.rows], [100, 30]);

  const other = dir.file("other.cast");
  const args = ["--record", other, "--no-config", "--size", "90x20"];
  await using plain = startHeadless({ args, command, env });
  assert.equal(await plain.exited, 0);
  assert.equal(await lastScreen(other), "it is operation heron");
});

Deno.test("a host with a bad configuration does not begin", async () => {
  await using dir = new TestDir();
  const config = dir.file("config.toml");
  await Deno.writeTextFile(config, "[host]\nmode = 'none'\n");
  await using host = startHost({ args: ["--config", config] });
  assert.equal((await host.exited).code, 2);
  assert.match(host.raw, /line 2: host\.mode: expected [^\n]* \[bad-config\]/);
});
