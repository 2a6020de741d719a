import assert from "node:assert/strict";
import { CastSecrets, isSpecific } from "./cast_secrets.ts";

Deno.test("a secret that grows is one, from when it began", () => {
  const secrets = new CastSecrets();
  const text = "hunter2xyz";
  for (let i = 1; i <= text.length; i++) secrets.add("password", text.slice(0, i), i * 1000);
  assert.deepEqual(secrets.all().map(({ text, atMs }) => [text, atMs]), [[text, 1000]]);
});

Deno.test("the beginning of a secret that is known is no other one", () => {
  const secrets = new CastSecrets();
  secrets.add("github", "aB3dE5fG7h", 0);
  secrets.add("github", "aB3dE5", 5000);
  assert.equal(secrets.size, 1);
});

Deno.test("one that was there long before is another one", () => {
  const secrets = new CastSecrets();
  secrets.add("password", "hunter2", 0);
  secrets.add("password", "hunter2xyz", 600_000);
  assert.equal(secrets.size, 2);
});

Deno.test("a key that is found by its name and by its beginning is told once", () => {
  const secrets = new CastSecrets();
  secrets.add("github", "aB3dE5fG7h", 0);
  secrets.add("password", "ghp_aB3dE5fG7h", 0);
  assert.deepEqual(secrets.distinct().map(({ rule }) => rule), ["password"]);
  assert.equal(secrets.all().length, 2);
});

Deno.test("only what is no word is masked wherever it stands", () => {
  const secrets = new CastSecrets();
  for (const text of ["production", "hunter2", "1234", "48151623"]) {
    secrets.add("password", text, 0);
  }
  assert.deepEqual(secrets.rules().map(({ literal }) => literal), ["hunter2", "48151623"]);
});

Deno.test("what was left over is masked wherever it stands, once", () => {
  const secrets = new CastSecrets();
  secrets.add("password", "production", 0);
  assert.ok(secrets.insist("password", "production", 0));
  assert.ok(!secrets.insist("password", "production", 0));
  assert.ok(!secrets.insist("password", "abc", 0));
  assert.deepEqual(secrets.rules().map(({ literal }) => literal), ["production"]);
});

Deno.test("a secret that was seen earlier than it was known is told with that time", () => {
  const secrets = new CastSecrets();
  secrets.add("password", "hunter2", 5000);
  secrets.seen("hunter2", 1000);
  secrets.seen("hunter2", 3000);
  assert.equal(secrets.all()[0]!.atMs, 1000);
});

for (
  const [text, specific] of [
    ...[["hunter2", true], ["correct horse battery", true], ["admin", false], ["Password", false]],
    ...[["1234567", false], ["ABCDEFGHIJKLM", true], ["••••••••", false], ["a-b-c1", true]],
  ] as const
) {
  Deno.test(`"${text}" is ${specific ? "" : "not "}masked everywhere`, () => {
    assert.equal(isSpecific(text), specific);
  });
}
