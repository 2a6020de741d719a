import assert from "node:assert/strict";
import { Screen } from "../format/screen.ts";
import { createRedactor } from "./redactor.ts";
import { DEFAULT_RULES } from "./rules.ts";
import { environmentRules, userRules } from "./user_rules.ts";

/** Patterns over which an engine that goes back takes years, and texts that they nearly match. */
const CATASTROPHIC: readonly (readonly [string, string])[] = [
  ["(a+)+$", "a".repeat(4_000) + "!"],
  ["(a|aa)+$", "a".repeat(4_000) + "!"],
  ["(.*a){20}x", "a".repeat(4_000)],
  ["^(([a-z])+.)+[A-Z]([a-z])+$", "a".repeat(4_000)],
  ["(x+x+)+y", "x".repeat(4_000)],
  ["(?:(?:a*)*)*b", "a".repeat(4_000)],
];
/** What the slowest of them may take, with everything that this machine does beside it. */
const MAX_MS = 3_000;

for (const [pattern, text] of CATASTROPHIC) {
  Deno.test(`the pattern ${pattern} does not stall a session`, () => {
    const redactor = createRedactor(userRules({ name: "bad", find: { pattern } }));
    using screen = new Screen({ cols: 80, rows: 60 });
    const start = performance.now();
    screen.write(text);
    redactor.frame(screen.frame());
    redactor.text(text.repeat(5));
    assert.ok(performance.now() - start < MAX_MS, `${performance.now() - start} ms`);
  });
}

Deno.test("the rules that are always there do not stall on texts made to be slow", () => {
  const redactor = createRedactor(DEFAULT_RULES);
  const start = performance.now();
  for (
    const part of [
      "password=",
      "token: ",
      '"secret": "',
      "--api-key ",
      "https://a:",
      "4111 ",
      "-----BEGIN RSA PRIVATE KEY-----",
      "eyJ.",
      "<token>",
      "set -x ",
      "curl -u ",
      'authorization: "',
      "{[(<`'\"",
    ]
  ) redactor.text(part.repeat(60_000 / part.length));
  assert.ok(performance.now() - start < 20_000, `${performance.now() - start} ms`);
});

Deno.test("what cannot be matched in linear time is refused", () => {
  for (const pattern of ["(?=a)b", "(a)\\1", "(?<!x)y", "(", "[z-a]"]) {
    assert.throws(
      () => userRules({ name: "bad", find: { pattern } }),
      { code: "bad-redaction", message: /^Cannot use redaction "bad": / },
    );
  }
});

Deno.test("what a rule keeps stays readable", () => {
  const masked = (rule: Parameters<typeof userRules>[0], text: string): string =>
    createRedactor(userRules(rule)).text(text);
  const find = { pattern: "ticket-\\d+" };
  assert.equal(masked({ name: "t", find }, "see ticket-123 now"), "see •••••••••• now");
  assert.equal(masked({ name: "t", find, keep: "ticket-" }, "see ticket-123"), "see ticket-•••");
  assert.equal(masked({ name: "t", find, keep: 3 }, "see ticket-123"), "see tic•••••••");
  const group = { pattern: "badge (?P<secret>\\d+)" };
  assert.equal(masked({ name: "b", find: group }, "my badge 77"), "my badge ••");
  assert.equal(
    masked({ name: "l", find: { literal: "purple heron" } }, "a purple heron"),
    "a ••••••••••••",
  );
});

Deno.test("a literal that is too short is refused", () => {
  assert.throws(() => userRules({ name: "x", find: { literal: "ab" } }), { code: "bad-redaction" });
});

Deno.test("the environment's secrets are those whose names say so, and passwords in its URLs", () => {
  const rules = environmentRules({
    GITHUB_TOKEN: "abcd1234efgh",
    DATABASE_URL: "postgres://ada:s3cr%20et-word@db/prod",
    HOME: "/home/ada",
    SSH_AUTH_SOCK: "/tmp/ssh/agent.1",
    TOKEN_COUNT: "123456789",
    API_KEY: "short",
  });
  assert.deepEqual(rules.map(({ name, literal }) => `${name} ${literal}`), [
    "env:GITHUB_TOKEN abcd1234efgh",
    "env:DATABASE_URL s3cr%20et-word",
    "env:DATABASE_URL s3cr%2520et-word",
  ]);
});
