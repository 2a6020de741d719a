/**
 * What redaction leaves alone: real texts in which nothing is secret, drawn on a screen.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Frame } from "../format/frame.ts";
import { type Row, rowText } from "../format/row.ts";
import { Screen } from "../format/screen.ts";
import { MASK } from "../redact/masks.ts";
import { createRedactor } from "../redact/redactor.ts";
import { DEFAULT_RULES } from "../redact/rules.ts";
import { randomFrom, randomText } from "../redact/testing/samples.ts";
import { testWith } from "./needs.ts";

const ROOT = join(import.meta.dirname!, "..");
const COLS = 120, ROWS = 40;
/** Fewer masked spans than this in so many lines. */
const MAX_SPANS = 1, IN_LINES = 1_000;

/** Masked spans of a row that was there before they were masked. */
function spansOf(raw: Row, safe: Row): number {
  if (raw === safe) return 0;
  const runs = (row: Row): number => rowText(row).match(new RegExp(`${MASK}+`, "g"))?.length ?? 0;
  return Math.max(0, runs(safe) - runs(raw));
}

/** Draws lines, as many as fit at a time, and counts what is masked of the screen and of what scrolls off it. */
function maskedSpans(lines: readonly string[]): string[] {
  using screen = new Screen({ cols: COLS, rows: ROWS, scrollback: 1_000 });
  const redactor = createRedactor(DEFAULT_RULES), history = redactor.history(screen.history);
  const found: string[] = [];
  let top = 0, frame: Frame = screen.frame();
  const look = (raw: Row | undefined, safe: Row | undefined): void => {
    if (raw === undefined || safe === undefined) return;
    for (let i = spansOf(raw, safe); i > 0; i--) found.push(rowText(safe));
  };
  for (let at = 0; at < lines.length; at += ROWS * 5) {
    screen.write(lines.slice(at, at + ROWS * 5).map((line) => `${line}\r\n`).join(""));
    frame = screen.frame();
    redactor.frame(frame);
    for (; top < frame.top; top++) look(screen.history(top), history(top));
  }
  const safe = redactor.frame(frame);
  frame.lines.forEach((row, y) => look(row, safe.lines[y]));
  return found;
}

function assertFew(text: string): void {
  // deno-lint-ignore no-control-regex -- what would move the cursor is no text
  const lines = text.replace(/[\x00-\x09\x0b-\x1f]/g, " ").split("\n");
  const found = maskedSpans(lines);
  assert.ok(
    found.length < Math.max(1, lines.length / IN_LINES) * MAX_SPANS,
    `${found.length} in ${lines.length} lines:\n${found.slice(0, 20).join("\n")}`,
  );
}

function generated(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => line(i)).join("\n");
}

async function output(command: string, ...args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command(command, { args, cwd: ROOT, stderr: "null" }).output();
  return new TextDecoder().decode(stdout);
}

const random = randomFrom(11);
const hex = (length: number): string => randomText(random, length, "0123456789abcdef");

Deno.test("hashes, ids and images in base64 are left alone", () => {
  assertFew(generated(3_000, (i) => `${hex(64)}  dist/chunk-${i}.js`));
  assertFew(generated(3_000, (i) => `${hex(7)} ${hex(40)} commit ${i}`));
  assertFew(generated(3_000, () => `${crypto.randomUUID()} ${crypto.randomUUID()}`));
  const image = crypto.getRandomValues(new Uint8Array(60_000));
  const base64 = btoa(Array.from(image, (byte) => String.fromCharCode(byte)).join(""));
  assertFew(base64.match(/.{1,76}/g)!.join("\n"));
  assertFew(`<img src="data:image/png;base64,${base64}">`);
});

Deno.test("logs are left alone", () => {
  assertFew(
    generated(
      3_000,
      (i) =>
        `2026-05-01T12:34:${10 + i % 50}.${100 + i % 900}Z INFO request id=${
          hex(16)
        } path=/api/users/` +
        `${i * 7919} status=200 ms=${i % 97} bytes=${i * 13 % 9973} trace=${hex(32)}-${hex(16)}-01`,
    ),
  );
  assertFew(
    generated(
      3_000,
      (i) =>
        `10.0.${i % 256}.${i % 199} - - [01/May/2026:12:34:${
          10 + i % 50
        } +0000] "GET /token?page=${i} ` +
        `HTTP/1.1" 200 ${i * 31 % 99_991} "-" "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101"`,
    ),
  );
  assertFew(
    generated(
      3_000,
      (i) =>
        `May  1 12:${10 + i % 50}:07 box sshd[${
          1000 + i
        }]: Accepted publickey for ada from 10.0.0.7 ` +
        `port ${40_000 + i} ssh2: ED25519 SHA256:${randomText(random, 43)}`,
    ),
  );
  assertFew(generated(3_000, (i) => `token ${i} of ${i * 2}: parsed key "name" password ok`));
});

testWith(["git"], "this project's sources and its history are left alone", async () => {
  const files = (await output("git", "ls-files")).split("\n").filter((file) =>
    /\.(?:ts|css|html|json|lock|sh)$/.test(file) &&
    // What is about secrets has some.
    !/_test\.ts$|^redact\/|^bench\/redact|^host\/.*redact|testdata|vectors/.test(file)
  );
  const texts = await Promise.all(files.map((file) => Deno.readTextFile(join(ROOT, file))));
  assertFew(texts.join("\n"));
  assertFew(await output("git", "log", "--stat", "-n", "300"));
});

testWith(["ls", "ps"], "listings of files and processes are left alone", async () => {
  assertFew((await output("ls", "-lR", "/usr/share/doc", "/etc")).slice(0, 500_000));
  assertFew(await output("ps", "-eo", "pid,ppid,user,pcpu,pmem,etime,comm"));
});
