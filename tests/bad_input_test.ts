import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { run, TestDir } from "./harness.ts";

const HEADER = '{"version":3,"term":{"cols":80,"rows":24}}\n';

/** What a file holds, and what the line that refuses it says. */
const FILES: Readonly<Record<string, readonly [content: string | Uint8Array, wanted: RegExp]>> = {
  "an empty file": ["", /empty/],
  "a header that is not JSON": ["hello\n", /line 1/],
  "an unknown version": ['{"version":9,"width":80,"height":24}\n', /line 1.*version/s],
  "a size of nothing": ['{"version":2,"width":0,"height":24}\n', /line 1/],
  "an absurd size": ['{"version":2,"width":100000,"height":100000}\n', /line 1/],
  "an event that is not an array": [`${HEADER}[0.1,"o","x"]\n{"time":1}\n`, /line 3/],
  "a negative interval": [`${HEADER}[-1,"o","x"]\n`, /line 2/],
  "an absurd interval": [`${HEADER}[1e300,"o","x"]\n`, /line 2/],
  "bytes that are not UTF-8": [new Uint8Array([0xff, 0xfe, 0x00, 0x80, 0x0a]), /line 1/],
  "a gzip cut short": [gzipSync(HEADER).subarray(0, 12), /compressed|gzip|cut/],
};

for (const [what, [content, wanted]] of Object.entries(FILES)) {
  Deno.test(`replay says in one line why it cannot play ${what}`, async () => {
    await using dir = new TestDir();
    const path = dir.file("bad.cast");
    await Deno.writeFile(
      path,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
    await assertRefused([path, "--screen-at", "0"], wanted);
  });
}

Deno.test("replay says in one line that a path is no file", async () => {
  await using dir = new TestDir();
  await assertRefused([dir.path, "--screen-at", "0"], /directory/);
  await assertRefused([dir.file("missing.cast"), "--screen-at", "0"], /no such file/);
});

Deno.test("replay reads a line of 100 MB with bounded memory, and says which it is", async () => {
  const line = new Uint8Array(100 << 20).fill(0x61);
  const head = new TextEncoder().encode(HEADER);
  const input = new Uint8Array(head.length + line.length);
  input.set(head);
  input.set(line, head.length);
  const { code, stderr } = await run("replay", ["-", "--screen-at", "0"], { stdin: input });
  assert.equal(code, 1);
  assert.match(stderr, /line 2/);
  assert.ok(stderr.length < 500, stderr.slice(0, 500));
});

for (
  const [what, args] of Object.entries({
    "an unknown verb": ["hots"],
    "an unknown flag": ["host", "--recrod", "x"],
    "a watch without a link": ["watch"],
  })
) {
  Deno.test(`misuse is one line and exit code 2: ${what}`, async () => {
    const { code, stderr, stdout } = await run(args[0]!, args.slice(1));
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.doesNotMatch(stderr, /\n\s+at /);
    assert.notEqual(stderr, "");
  });
}

async function assertRefused(args: readonly string[], wanted: RegExp): Promise<void> {
  const { code, stdout, stderr } = await run("replay", args);
  assert.match(stderr, wanted);
  assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
  assert.equal(stdout, "");
  assert.equal(code, 1);
}
