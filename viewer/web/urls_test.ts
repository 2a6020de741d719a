import assert from "node:assert/strict";
import { findUrls } from "./urls.ts";

const urls = (text: string): string[] => findUrls(text).map(({ url }) => url);

Deno.test("addresses are found with their places", () => {
  const text = "at http://a.example/x?y=1#z and https://b.example";
  assert.deepEqual(urls(text), ["http://a.example/x?y=1#z", "https://b.example"]);
  for (const { start, end, url } of findUrls(text)) assert.equal(text.slice(start, end), url);
});

Deno.test("what only follows an address is not part of it", () => {
  assert.deepEqual(urls("(https://a.example/b), <https://c.example/>; [https://d.example/[1]]"), [
    "https://a.example/b",
    "https://c.example/",
    "https://d.example/[1]",
  ]);
});

Deno.test("only the web is a link", () => {
  assert.deepEqual(
    urls("javascript:alert(1) file:///etc/passwd ftp://a.example data:text/html,x"),
    [],
  );
  assert.deepEqual(urls("https://"), []);
});
