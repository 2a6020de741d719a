import assert from "node:assert/strict";
import { DEFAULT_RULES } from "../redact/rules.ts";
import { userRules } from "../redact/user_rules.ts";
import { textJson, textReport } from "./redact_report.ts";
import { maskText } from "./redact_text.ts";

const TOKEN = "ghp_aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5";

Deno.test("every place of a secret is told, also of one that comes again", () => {
  const { maskings, counts } = maskText(`${TOKEN}\na ${TOKEN} ${TOKEN}\n`, DEFAULT_RULES);
  assert.deepEqual(maskings, [
    { rule: "github", line: 1, column: 5, length: 36 },
    { rule: "github", line: 2, column: 7, length: 36 },
    { rule: "github", line: 2, column: 48, length: 36 },
  ]);
  assert.deepEqual([...counts], [["github", 3]]);
});

Deno.test("columns are characters, whatever their width", () => {
  const rules = userRules({ name: "word", find: { literal: "日本語日本語" } });
  const { lines, maskings } = maskText("é😀 日本語日本語!", rules);
  assert.deepEqual(maskings, [{ rule: "word", line: 1, column: 4, length: 6 }]);
  assert.deepEqual(lines, [["é😀 ", "•".repeat(12), "!"]]);
});

Deno.test("the lines of a private key are masked by its rule", () => {
  const body = "MIICXAIBAAKBgQCqGKukO1De7zhZj6+H0qtjTkVxwTCpvKe4eCZ0";
  const text = `-----BEGIN RSA PRIVATE KEY-----\n${body}\n-----END RSA PRIVATE KEY-----`;
  const { maskings } = maskText(text, DEFAULT_RULES);
  assert.deepEqual(maskings, [{ rule: "private-key", line: 2, column: 1, length: body.length }]);
});

Deno.test("masks that were there are no maskings", () => {
  const { maskings } = maskText("password=•••••• next", DEFAULT_RULES);
  assert.deepEqual(maskings, []);
});

Deno.test("what is said of a text has the text with masks, the places and the counts", () => {
  const masked = maskText(`ok\ncurl -u ada:hunter2xyz x\n`, DEFAULT_RULES);
  assert.equal(
    textReport(masked, false),
    [
      "ok",
      "curl -u ada:•••••••••• x",
      "",
      "  command-line  2:13  10 characters",
      "1 secret would be masked: command-line 1",
    ].join("\n"),
  );
  assert.ok(textReport(masked, true).includes("\x1b[7m••••••••••\x1b[27m x"));
  assert.deepEqual(JSON.parse(textJson(masked)), {
    lines: 2,
    total: 1,
    counts: { "command-line": 1 },
    maskings: [{ rule: "command-line", line: 2, column: 13, length: 10 }],
    text: "ok\ncurl -u ada:•••••••••• x\n",
  });
});

Deno.test("of a text without secrets it is said that there is nothing", () => {
  assert.equal(
    textReport(maskText("ok\n", DEFAULT_RULES), false),
    "ok\n\nNothing would be masked",
  );
});

Deno.test("a type in code is no secret, and nothing like it is one then", () => {
  const code = "readonly #authorization: Promise<Uint8Array>;\nclose(): Promise<void> {";
  assert.deepEqual(maskText(code, DEFAULT_RULES).maskings, []);
});
