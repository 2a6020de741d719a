import assert from "node:assert/strict";
import { join } from "node:path";
import type { Leftover } from "../redact/cast_verify.ts";
import { DEFAULT_RULES } from "../redact/rules.ts";
import { type RedactPhase, redactRecording, verifyRecording } from "./redact_recording.ts";

const CAST = [
  { version: 2, width: 80, height: 24 },
  [1, "o", "export API_TOKEN=s3cret-word-9\r\n"],
  [2, "o", "the word is other\r\n"],
].map((line) => JSON.stringify(line) + "\n").join("");

const source = (text = CAST): { kind: "bytes"; stream: ReadableStream<Uint8Array> } => ({
  kind: "bytes",
  stream: new Blob([text]).stream(),
});

async function inTempDir(run: (path: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "collab-redact-test-" });
  try {
    await run(join(dir, "out.cast"));
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

const LEFT: Leftover = { rule: "test", text: "the word", atMs: 2000 };

Deno.test("what is found in the result is masked in another round", async () => {
  await inTempDir(async (path) => {
    let rounds = 0;
    const result = await redactRecording({
      source: source(),
      rules: DEFAULT_RULES,
      path,
      verify: async (path, options) =>
        rounds++ === 0 ? [LEFT] : await verifyRecording(path, options),
    });
    assert.equal(rounds, 2);
    assert.deepEqual(result.maskings.map(({ rule }) => rule), ["password", "test"]);
    const text = await Deno.readTextFile(path);
    assert.ok(text.includes(" is other") && !text.includes("word"), text);
  });
});

Deno.test("what is found again and again is an error that does not tell it", async () => {
  await inTempDir(async (path) => {
    let rounds = 0;
    // deno-lint-ignore require-await
    const verify = async (): Promise<Leftover[]> => {
      rounds++;
      return [{ ...LEFT, text: `the word ${rounds}` }];
    };
    const redacted = redactRecording({ source: source(), rules: DEFAULT_RULES, path, verify });
    await assert.rejects(redacted, (error: Error & { code?: string }) => {
      assert.equal(error.code, "redaction-incomplete");
      assert.ok(!error.message.includes("word"));
      return true;
    });
    assert.equal(rounds, 3);
  });
});

Deno.test("a secret is found in a file's bytes, also as JSON has it and across pieces", async () => {
  await inTempDir(async (path) => {
    const secret = 'say "hello" twice';
    const filler = '{"version":3,"term":{"cols":80,"rows":24},"pad":"PAD"}\n';
    const options = { rules: [], onProgress: (): void => {} };
    for (const length of [0, (1 << 20) - filler.length - 20]) {
      const header = filler.replace("PAD", "x".repeat(Math.min(length, 500_000)));
      const comment = `# ${"y".repeat(Math.max(0, length - 500_000))}\n`;
      await Deno.writeTextFile(path, `${header}${comment}# ${JSON.stringify(secret)}\n`);
      const found = await verifyRecording(path, { ...options, secrets: [secret] });
      assert.equal(found.length, 1, `${length}`);
      assert.deepEqual(
        await verifyRecording(path, { ...options, secrets: ["something else"] }),
        [],
      );
    }
  });
});

Deno.test("phases are told in order", async () => {
  await inTempDir(async (path) => {
    const phases: RedactPhase[] = [];
    const events = Array.from({ length: 4000 }, (_, i) => `[0.1,"o","line ${i}\\r\\n"]\n`).join("");
    const text = `{"version":3,"term":{"cols":200,"rows":60}}\n${events}`;
    await redactRecording({
      source: source(text),
      rules: DEFAULT_RULES,
      path,
      onProgress: (phase, part) => {
        assert.ok(part >= 0 && part <= 1);
        if (phases.at(-1) !== phase) phases.push(phase);
      },
    });
    assert.deepEqual(phases, ["reading", "looking", "writing", "checking"]);
  });
});

Deno.test("a result that cannot be written is an error", async () => {
  await inTempDir(async (path) => {
    const redacted = redactRecording({
      source: source(),
      rules: DEFAULT_RULES,
      path: join(path, "no", "such"),
    });
    await assert.rejects(redacted, { code: "recording-no-directory" });
  });
});
