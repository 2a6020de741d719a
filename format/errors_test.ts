import assert from "node:assert/strict";
import { bugReport } from "./errors.ts";

const SECRET = "k".repeat(20) + "-_" + "Z9".repeat(10) + "x";
const TOKEN = "eyJhbGciOiJFZERTQSJ9.eyJzaWQiOiJhIn0.c2lnbmF0dXJl";
const FIRST = "collab: this is a bug of collab itself; please report it with what follows\n";

Deno.test("a bug is told with where it is, and with nothing that lets anyone in", () => {
  const link = `http://127.0.0.1:80/s/${"A".repeat(22)}#${SECRET}.${TOKEN}.${SECRET}`;
  const words = [link, `token ${TOKEN}`, `"${SECRET}"`, `#${SECRET.slice(0, 30)}`];
  for (const word of words) {
    const report = bugReport(new TypeError(`Invalid URL: ${word}, twice: ${word}`));
    assert.match(report, new RegExp(`^${FIRST}TypeError: Invalid URL: .*…`));
    assert.match(report, /errors_test\.ts:\d+:\d+/);
    for (const part of [SECRET, ...TOKEN.split(".")]) assert.ok(!report.includes(part), report);
  }
});

Deno.test("what is thrown may be anything, and what is no key stays", () => {
  const words =
    "at Object.#method (file:///a/b-c.ts:1:2) deadbeef 0123456789abcdef0123456789abcdef";
  assert.equal(bugReport(words), FIRST + words);
  assert.equal(bugReport(undefined), `${FIRST}undefined`);
});
