import assert from "node:assert/strict";
import { bytes, KEYS, redactorOf, TestLog, verdictOn } from "./testing/logs.ts";
import { CHECKPOINT_MS } from "./audit.ts";
import { LINE_MAX_BYTES, parseLine } from "./line.ts";
import { LogTable } from "./show.ts";
import { LONGEST_MS, PASTE_MAX_LENGTH, QUIET_MS } from "./typing.ts";
import { READ_BURST_BYTES, READ_BYTES_PER_SECOND } from "./typist.ts";

const DOC = await Deno.readTextFile(new URL("../../docs/AUDIT.md", import.meta.url));

/** The code block in a language. */
function block(language: string): string {
  const [, text = ""] = new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\``, "m").exec(DOC) ?? [];
  assert.notEqual(text, "", `the page has no ${language}`);
  return text;
}

/** The session that the page has for an example. */
async function example(): Promise<string> {
  await using log = new TestLog();
  const bob = { id: "p1", name: "Bob" };
  const audit = await log.start({
    redactor: redactorOf(/AKIA[0-9A-Z]{16}/g),
    command: "bash",
  });
  log.clock.advance(12_000);
  audit.report({ event: "join", ...bob, role: "control", type: "person", color: 1, watching: 1 });
  log.clock.advance(3_000);
  audit.report({ event: "request", ...bob, note: "the disk is full" });
  log.clock.advance(2_500);
  const grant = { change: "grant", mode: "participant", by: "host", holder: "p1" } as const;
  audit.report({ event: "control", ...grant, name: "Bob", leftMs: 300_000 });
  log.clock.advance(1_000);
  audit.typed("p1", bytes("dg\x7ff -h"), { echo: "editor" });
  log.clock.advance(1_800);
  audit.typed("p1", bytes("\r"), { echo: "editor" });
  audit.typed("p1", bytes("export KEY=\x1b[200~AKIAIOSFODNN7EXAMPLE\x1b[201~\r"), {
    echo: "editor",
  });
  audit.typed("p1", bytes("sudo du -s /*\r"), { echo: "editor" });
  log.clock.advance(2_000);
  audit.typed("p1", bytes("hunter2\r"), { echo: "password" });
  log.clock.advance(CHECKPOINT_MS);
  await new Promise((resolve) => setTimeout(resolve, 0)); // until it is signed
  const revoke = { change: "revoke", mode: "presenter", from: "Bob", why: "yielded" } as const;
  audit.report({ event: "control", ...revoke, by: "p1", note: "it was /var/log" });
  log.clock.advance(1_000);
  audit.note({ event: "redactions", count: 1, rules: { "aws-access-key": 1 } });
  audit.report({ event: "leave", ...bob, watching: 0 });
  audit.report({ event: "exit", code: 0 });
  await audit.close();
  return await log.text();
}

Deno.test("the example in the log's description is what is written, to the byte", async () => {
  const text = block("jsonl");
  assert.equal(text, await example());
  const verdict = await verdictOn(text);
  assert.deepEqual([verdict.kind, "session" in verdict && verdict.session], [
    "closed",
    KEYS.session,
  ]);
});

Deno.test("the example is shown as the description says", () => {
  const table = new LogTable({ colors: false, timeZone: "UTC" });
  const rows = block("jsonl").trimEnd().split("\n").map((line) => table.rows(parseLine(line)!));
  assert.equal(rows.join(""), block("text"));
});

Deno.test("the numbers in the description are those of the code", () => {
  const numbers = [
    `${QUIET_MS / 1_000} seconds`,
    `${LONGEST_MS / 1_000} seconds`,
    `${PASTE_MAX_LENGTH.toLocaleString("en")} UTF-16 units`,
    `${READ_BURST_BYTES / 1_024} KiB`,
    `${READ_BYTES_PER_SECOND / 1_024} KiB`,
    `${LINE_MAX_BYTES / 1_024} KiB`,
  ];
  for (const number of numbers) assert.ok(DOC.includes(number), number);
});

Deno.test("every event and every error of a log is in the description", async () => {
  const source = async (name: string): Promise<string> =>
    await Deno.readTextFile(new URL(name, import.meta.url));
  const found = async (name: string, pattern: RegExp): Promise<string[]> =>
    [...(await source(name)).matchAll(pattern)].map(([, word = ""]) => word);
  const events = (await found("entry.ts", /readonly event: ("[a-z-]+"(?: \| "[a-z-]+")*)/g))
    .flatMap((words) => words.split(" | ").map((word) => word.slice(1, -1)));
  assert.ok(events.length > 15);
  for (const event of [...events, "start", "input", "paste", "checkpoint", "end"]) {
    assert.match(DOC, new RegExp(`^\\|[^|]*\`${event}\`[^|]*\\|`, "m"));
  }
  const faults = await found("verdict.ts", /^ {2}\| "([a-z-]+)"/gm);
  const codes = await found("run_audit.ts", /"audit-([a-z-]+)"/g);
  assert.ok(faults.length === 8 && codes.length > 4);
  for (const code of [...faults, ...codes]) assert.ok(DOC.includes(`\`audit-${code}\``), code);
});

/** The check, as the description has it; the number of the first line that fails, or of the last one. */
async function checkByHand(text: string): Promise<number> {
  const sha256 = async (data: string | Uint8Array): Promise<Uint8Array> => {
    const input = typeof data === "string" ? bytes(data) : data;
    return new Uint8Array(await crypto.subtle.digest("SHA-256", input as BufferSource));
  };
  const base64 = (data: Uint8Array): string =>
    data.toBase64({ alphabet: "base64url" }).replaceAll("=", "");
  const lines = text.trimEnd().split("\n");
  const { key, session } = JSON.parse(lines[0]!);
  const raw = Uint8Array.fromBase64(key, { alphabet: "base64url" });
  if (base64((await sha256(raw)).subarray(0, 16)) !== session) return 1;
  const verifyKey = await crypto.subtle.importKey("raw", raw, "Ed25519", true, ["verify"]);
  let before = session;
  for (const [i, line] of lines.entries()) {
    const { seq, prev, event, sig } = JSON.parse(line);
    if (seq !== i + 1 || prev !== base64(await sha256(before))) return i + 1;
    const signed = bytes(`collab/1 audit line\n${line.replace(/,"sig":"[^"]*"/, "")}`);
    const needed = ["start", "checkpoint", "end"].includes(event);
    const signature = Uint8Array.fromBase64(sig ?? "", { alphabet: "base64url" });
    const data = signed as BufferSource;
    if (needed && !await crypto.subtle.verify("Ed25519", verifyKey, signature, data)) return i + 1;
    before = line;
  }
  return lines.length;
}

Deno.test("the check that is described finds what it says", async () => {
  const text = block("jsonl");
  assert.equal(await checkByHand(text), 15);
  assert.equal(await checkByHand(text.replace("sudo du", "sudo dd")), 10);
  assert.equal(await checkByHand(text.replace('"command":"bash"', '"command":"dash"')), 1);
});
