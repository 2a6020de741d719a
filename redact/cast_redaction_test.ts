import assert from "node:assert/strict";
import { keyframe } from "../format/delta.ts";
import type { CastEvent } from "../format/events.ts";
import type { Frame } from "../format/frame.ts";
import { rowText } from "../format/row.ts";
import { CastReplay } from "./cast_replay.ts";
import { UNSEEN_RULE } from "./cast_learning.ts";
import { CastVerification } from "./cast_verify.ts";
import { output, outputOf, recording, redactCast, type Written } from "./testing/casts.ts";
import { DEFAULT_RULES } from "./rules.ts";

const TOKEN = "ghp_aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5";

const redact = (events: readonly CastEvent[], header = {}): ReturnType<typeof redactCast> =>
  redactCast(recording(events, header), DEFAULT_RULES);

/** The rows of the last screen that are not empty. */
function lastScreen(written: Written): string[] {
  using replay = new CastReplay(written);
  let { frame } = replay;
  for (const step of replay.steps()) if (step.kind === "frame") ({ frame } = step);
  return frame.lines.map(rowText).filter((text) => text !== "");
}

/** Keys, and their echo. */
function typed(text: string, echo = true): CastEvent[] {
  return [...text].flatMap((char): CastEvent[] => [
    { kind: "input", data: char },
    ...echo ? output(char === "\r" ? "\r\n" : char) : [],
  ]);
}

/** All that was typed, as it is written. */
function inputOf({ events }: Written): string {
  return events.map(({ event }) => event.kind === "input" ? event.data : "").join("");
}

Deno.test("what is known in the end to be secret is masked from its first character on", () => {
  const secret = "correct-Horse-7";
  const { written } = redact(output("it is ", ...secret, `\r\n`, `DB_PASSWORD=${secret}\r\n`));
  const seen = outputOf(written);
  for (let length = 1; length <= secret.length; length++) {
    assert.ok(!seen.includes(`it is ${secret.slice(0, length)}`), secret.slice(0, length));
  }
  assert.deepEqual(lastScreen(written), [
    `it is ${"•".repeat(15)}`,
    `DB_PASSWORD=${"•".repeat(15)}`,
  ]);
});

Deno.test("it is masked beneath the alternate screen too, which keyframes have", () => {
  const secret = "correct-Horse-7", half = secret.slice(0, 4);
  const { redaction } = redact(
    output(`it is ${half}`, "\x1b[?1049h\x1b[Hmenu", "\x1b[?1049l", `${secret.slice(4)}\r\n`),
  );
  redaction.insist("test", secret, 0);
  for (const _ of redaction.place());
  const seen: string[] = [];
  const look = (frame: Frame): void => void seen.push(keyframe(frame));
  for (const _ of redaction.write({ frame: look, event: () => {} }));
  assert.equal(seen.length, 4);
  for (const text of seen) assert.ok(!text.includes("is c"), text);
});

Deno.test("a word that is a password in one place stays a word in others", () => {
  const { written } = redact(output("admin@db\r\n", "PGPASSWORD=admin psql\r\n"));
  assert.deepEqual(lastScreen(written), ["admin@db", "PGPASSWORD=••••• psql"]);
});

Deno.test("what was masked while it grew and is no secret is none elsewhere", () => {
  const { written, redaction } = redact(
    output(..."const token = readToken1(", "0);\r\n", "readToken1 is a function\r\n"),
  );
  assert.deepEqual(lastScreen(written).at(-1), "readToken1 is a function");
  assert.deepEqual(redaction.secrets, []);
});

Deno.test("what is typed a key at a time is masked from its first key on", () => {
  const { written } = redact([...output("$ "), ...typed("curl -u ada:hunter2xyz example.com\r")]);
  assert.equal(inputOf(written), "curl -u ada:•••••••••• example.com\r");
});

Deno.test("a key that was typed by mistake in a secret is masked with it", () => {
  const { written } = redact([
    ...output("$ "),
    ...typed("export API_TOKEN=abX"),
    { kind: "input", data: "\x7f" },
    ...output("\b \b"),
    ...typed("c123def\r"),
  ]);
  assert.equal(inputOf(written), "export API_TOKEN=•••\x7f•••••••\r");
});

Deno.test("a secret that was typed and erased is one wherever it is shown", () => {
  const { written } = redact([
    ...output("$ "),
    ...typed("PGPASSWORD=Wr0ngpass", false),
    ...Array.from({ length: 9 }, (): CastEvent => ({ kind: "input", data: "\x7f" })),
    ...typed("x\r", false),
    ...output("\r\nWr0ngpass\r\n"),
  ]);
  assert.deepEqual(lastScreen(written), ["$", "•••••••••"]);
});

Deno.test("what the terminal did not show while it was typed is masked", () => {
  const { written, redaction } = redact([
    ...output("Password: "),
    ...typed("Tr0ub4dor", false),
    { kind: "input", data: "\r" },
    ...output("\r\nwelcome\r\n"),
    ...output("Tr0ub4dor is in the log\r\n"),
  ]);
  assert.equal(inputOf(written), "•••••••••\r");
  assert.deepEqual(redaction.maskings.map(({ rule, cells }) => [rule, cells]), [[UNSEEN_RULE, 9]]);
  assert.ok(lastScreen(written).includes("••••••••• is in the log"));
});

Deno.test("what is typed and shown stays", () => {
  const { written } = redact([...output("$ "), ...typed("ls -la\r"), ...output("total 0\r\n$ ")]);
  assert.equal(inputOf(written), "ls -la\r");
});

Deno.test("what a terminal answered, which may be the clipboard, is masked", () => {
  const { written, redaction } = redact([
    { kind: "input", data: "\x1b]52;c;aGVsbG8=\x1b\\\x1b[?1;2c\x1b[A" },
    ...output("\x1b[m"),
  ]);
  assert.equal(inputOf(written), `\x1b]${"•".repeat(13)}\x1b\\\x1b[?1;2c\x1b[A`);
  assert.deepEqual(redaction.maskings, []);
});

Deno.test("keys of a program on the whole screen that it shows stay, others go", () => {
  const { written, redaction } = redact([
    ...output("\x1b[?1049h\x1b[H"),
    ...typed("hello there"),
    { kind: "input", data: "\x1b" },
    { kind: "input", data: "dd" },
    { kind: "input", data: "\r" },
    ...output("\x1b[2;1H"),
  ]);
  assert.equal(inputOf(written), "hello there\x1b••\r");
  assert.deepEqual(redaction.maskings, []);
  assert.equal(redaction.unseenKeys, 2);
});

Deno.test("times, sizes, markers and the exit are kept", () => {
  const events: CastEvent[] = [
    ...output(`${TOKEN}\r\n`),
    { kind: "resize", cols: 100, rows: 30 },
    { kind: "marker", label: `rotate ${TOKEN}` },
    ...output(""),
    { kind: "exit", status: 3 },
  ];
  const { written } = redactCast(
    recording(events, {}, [250, 1000, 2000, 3000, 3600_000]),
    DEFAULT_RULES,
  );
  const kept = written.events.filter(({ event }) => event.kind !== "output");
  assert.deepEqual(kept, [
    { event: { kind: "resize", cols: 100, rows: 30 }, atMs: 1000 },
    { event: { kind: "marker", label: `rotate ghp_${"•".repeat(36)}` }, atMs: 2000 },
    { event: { kind: "exit", status: 3 }, atMs: 3600_000 },
  ]);
});

Deno.test("a recording that ends with something unseen is as long as before", () => {
  const cast = recording(output("one", "\x1b[m"), {}, [500, 60_000]);
  const { written } = redactCast(cast, DEFAULT_RULES);
  assert.equal(written.durationMs, 60_000);
});

Deno.test("the header is masked, and keys that nobody knows are left out", () => {
  const { redaction } = redact([], {
    title: `fix ${TOKEN}`,
    command: "mysql -phunter2xyz",
    env: { SHELL: "/bin/bash", API_TOKEN: "foo", URL: "redis://:hunter3xyz@cache" },
    tags: ["ops", TOKEN],
    term: { type: "xterm", extra: { secret: TOKEN } },
    extra: { custom: TOKEN },
  });
  const { header, dropped } = redaction.header();
  const token = `ghp_${"•".repeat(36)}`;
  assert.deepEqual(header, {
    ...{ version: 3, cols: 80, rows: 24, title: `fix ${token}`, command: "mysql -p••••••••••" },
    env: { SHELL: "/bin/bash", API_TOKEN: "•••", URL: "redis://:••••••••••@cache" },
    ...{ tags: ["ops", token], term: { type: "xterm" }, extra: {} },
  });
  assert.deepEqual(dropped, ["custom", "term.secret"]);
});

Deno.test("events that nobody knows are left out, keyframes are made anew", () => {
  const { written, redaction } = redact([
    { kind: "keyframe", data: TOKEN },
    { kind: "other", code: "z", data: TOKEN },
    ...output("hi"),
  ]);
  assert.deepEqual(written.events.map(({ event }) => event), output("hi"));
  assert.deepEqual([...redaction.dropped], [["z", 1]]);
});

Deno.test("what people are called and what they note is masked", () => {
  const { written } = redact([
    { kind: "participant", data: { kind: "join", id: "p1", name: TOKEN, role: "view" } },
  ]);
  assert.ok(!outputOf(written).includes("aB3d"));
});

Deno.test("the scrollback is kept, masked", () => {
  const lines = Array.from({ length: 200 }, (_, i) => `line ${i} ${TOKEN}`);
  const { written } = redact(output(lines.join("\r\n")));
  const seen = outputOf(written).split("\n");
  for (let i = 0; i < 200; i++) assert.ok(seen.includes(`line ${i} ghp_${"•".repeat(36)}`), `${i}`);
});

Deno.test("each secret is told once, with the time that it was seen first", () => {
  const { redaction } = redact(output(...`echo ${TOKEN}`, "\r\n", `${TOKEN}\r\n`));
  const [masking, ...rest] = redaction.maskings;
  assert.deepEqual(rest, []);
  assert.deepEqual([masking!.rule, masking!.cells], ["github", 36]);
});

Deno.test("looking through a recording finds what is left, wherever it is", () => {
  const places: CastEvent[][] = [
    output("my s3cret-word here"),
    output("my s3cr", "\x1b[31met-w", "ord here"),
    output("s3cret-word\r\n".repeat(60)),
    output("\x1b]0;s3cret-word\x07"),
    output("\x1b]8;;http://x/s3cret-word\x1b\\link\x1b]8;;\x1b\\"),
    output("\x1b]52;c;s3cret-word\x07"),
    output("s3cret\x1b[m-word\x1b[2J"),
    output("x".repeat(75) + "s3cret-word"),
    [{ kind: "marker", label: "s3cret-word" }],
    [{ kind: "keyframe", data: "s3cret-word" }],
    [{ kind: "other", code: "z", data: { deep: ["s3cret-word"] } }],
    [{ kind: "participant", data: { kind: "join", name: "s3cret-word" } }],
  ];
  for (const events of [[], ...places]) {
    const verification = new CastVerification(recording(events), [], ["s3cret-word"]);
    for (const _ of verification.run());
    const texts = verification.leftovers.map(({ text }) => text);
    assert.deepEqual(texts, events.length === 0 ? [] : ["s3cret-word"], JSON.stringify(events));
  }
  for (
    const [key, value] of Object.entries({ title: "s3cret-word", extra: { a: "s3cret-word" } })
  ) {
    const cast = recording([], { [key]: value });
    const verification = new CastVerification(cast, [], ["s3cret-word"]);
    for (const _ of verification.run());
    assert.equal(verification.leftovers.length, 1, key);
  }
});

Deno.test("looking through a recording finds what a rule does", () => {
  const verification = new CastVerification(recording(output(TOKEN)), DEFAULT_RULES, []);
  for (const _ of verification.run());
  assert.deepEqual(verification.leftovers.map(({ rule }) => rule), ["github"]);
});

Deno.test("what is masked already is nothing to find", () => {
  const { written } = redact(output(...`echo ${TOKEN} `, "PGPASSWORD=hunter2xyz\r\n"));
  const again = redactCast(written, DEFAULT_RULES);
  assert.deepEqual(again.redaction.maskings, []);
  assert.deepEqual(lastScreen(again.written), lastScreen(written));
});
