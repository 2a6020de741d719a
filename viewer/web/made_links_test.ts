import assert from "node:assert/strict";
import { createSecret, formatLink } from "../../wire/link.ts";
import { createSessionKeys, mintToken } from "../../wire/token.ts";
import { MadeLinks } from "./made_links.ts";

const NOON = new Date(2026, 0, 2, 12, 3);

Deno.test("links that were made are known by what the host knows them by, the latest first", async () => {
  const keys = await createSessionKeys();
  const made = new MadeLinks();
  for (const id of ["one", "two"]) {
    const token = await mintToken(keys, { role: "view", expiresAtMs: Date.now() + 60_000, id });
    const { session } = keys;
    const link = { origin: "http://127.0.0.1:1", session, secret: createSecret(), token };
    made.add(formatLink(link), "view", NOON);
  }
  assert.deepEqual(made.list.map(({ id, time }) => [id, time]), [["two", "12:03"], [
    "one",
    "12:03",
  ]]);
  made.remove(made.list[0]!);
  assert.deepEqual(made.list.map(({ id }) => id), ["one"]);
});

Deno.test("what is no link is shown all the same, and the oldest are forgotten", () => {
  const made = new MadeLinks();
  for (let i = 0; i < 25; i++) made.add(`nonsense ${i}`, "view", NOON);
  assert.equal(made.list.length, 20);
  assert.deepEqual(made.list[0], {
    url: "nonsense 24",
    role: "view",
    id: undefined,
    time: "12:03",
  });
});
