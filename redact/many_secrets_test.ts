import assert from "node:assert/strict";
import { rowText } from "../format/row.ts";
import { Screen } from "../format/screen.ts";
import { type CountingRedactor, createRedactor } from "./redactor.ts";
import type { LiteralRule } from "./rule.ts";
import { DEFAULT_RULES } from "./rules.ts";

const COUNT = 3_000, COLS = 60;
/** More than are looked for one by one, and some of those. */
const CHOSEN = [0, 63, 64, 65, 256, 1_500, COUNT - 1];

/** A secret of 24 characters by its number. */
function secretOf(i: number): string {
  return btoa(`${i}:${Math.imul(i + 7, 0x2c1b3c6d) >>> 0}:x${i}abcdefghij`).slice(0, 24);
}

const literals: LiteralRule[] = Array.from({ length: COUNT }, (_, i) => ({
  kind: "literal",
  name: `literal ${i}`,
  finds: "a text of its own",
  literal: secretOf(i),
}));

/** What is seen of something that is drawn. */
function seen(redactor: CountingRedactor, drawn: string): string {
  using screen = new Screen({ cols: COLS, rows: 8 });
  screen.write(drawn);
  return redactor.frame(screen.frame()).lines.map(rowText).join("\n");
}

/** Draws a text wherever it may be wrapped, in a line of the terminal and in a box. */
function* waysOf(text: string): Generator<string> {
  for (let at = 0; at <= COLS; at++) yield "\r\n" + " ".repeat(at) + text;
  for (let at = 1; at < text.length; at++) {
    const line = (part: string): string => `│${part.padStart(COLS / 2)}│`;
    yield `${line(text.slice(0, at))}\r\n│${text.slice(at).padEnd(COLS / 2)}│`;
  }
}

Deno.test("of thousands of texts to mask, each is masked wherever it is drawn", () => {
  const redactor = createRedactor(literals);
  for (const i of CHOSEN) {
    const secret = secretOf(i);
    for (const drawn of waysOf(secret)) {
      const text = seen(redactor, drawn).replaceAll(/[\s│]/g, "");
      assert.equal(text, "•".repeat(secret.length), drawn);
    }
  }
});

Deno.test("of thousands of secrets that were found, parts are masked wherever they turn up", () => {
  const redactor = createRedactor(DEFAULT_RULES);
  for (let i = 0; i < COUNT; i++) redactor.text(`token: ${secretOf(i)}`);
  for (const i of CHOSEN) {
    const part = secretOf(i).slice(5, 13);
    for (const drawn of waysOf(part)) {
      const text = seen(redactor, drawn).replaceAll(/[\s│]/g, "");
      assert.equal(text, "•".repeat(part.length), drawn);
    }
  }
});

Deno.test("of thousands of texts to mask, one that is typed is masked from its fifth character on", () => {
  const redactor = createRedactor(literals);
  using screen = new Screen({ cols: COLS, rows: 4 });
  for (const char of secretOf(2_000)) {
    screen.write(char);
    const text = rowText(redactor.frame(screen.frame()).lines[0]!);
    assert.match(text, /^(?:[^•]{1,4}|•+)$/);
  }
});

Deno.test("a text is masked that has wide characters near its beginning", () => {
  for (const literal of ["abc日def", "日本語テキスト", "ab日c"]) {
    const redactor = createRedactor([{ ...literals[0]!, literal }]);
    assert.match(seen(redactor, `see ${literal}.`), /^see •+\.\s*$/);
  }
});
