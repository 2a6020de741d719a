import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError } from "../format/errors.ts";
import { toBase64Url } from "./bytes.ts";
import {
  formatLink,
  formatSshTarget,
  type Link,
  pageUrl,
  parseLink,
  parseSshTarget,
  socketUrl,
  type SshTarget,
} from "./link.ts";

const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const port = fc.integer({ min: 1, max: 65_535 });

const targets: fc.Arbitrary<SshTarget> = fc.record({
  user: fc.stringMatching(/^\w[\w.+-]{0,8}$/),
  host: fc.oneof(
    fc.constantFrom("::1", "Box", "host.example"),
    fc.stringMatching(/^\w[\w.-]{0,20}$/),
  ),
  port,
}, { requiredKeys: ["host"], noNullPrototype: true });

const keys = {
  session: bytes(16).map(toBase64Url),
  secret: bytes(32),
  token: fc.array(fc.stringMatching(/^[\w-]{1,40}$/), { minLength: 3, maxLength: 3 })
    .map((parts) => parts.join(".")),
};
const origins = fc.tuple(
  fc.constantFrom("127.0.0.1", "localhost", "[::1]", "host.example", "xn--bcher-kva.example"),
  fc.integer({ min: 1024, max: 65535 }),
).map(([host, port]) => `${host}:${port}`);

const links: fc.Arbitrary<Link> = fc.oneof(
  fc.record({ origin: origins.map((origin) => `http://${origin}`), ...keys }, {
    noNullPrototype: true,
  }),
  fc.record({ origin: origins.map((origin) => `https://${origin}`), ...keys, pin: bytes(32) }, {
    requiredKeys: ["origin", "session", "secret", "token"],
    noNullPrototype: true,
  }),
  fc.record({
    origin: port.map((port) => new URL(`http://127.0.0.1:${port}`).origin),
    ...keys,
    ssh: targets,
  }, { noNullPrototype: true }),
);

Deno.test("a link comes back as it was", () => {
  fc.assert(fc.property(links, (link) => assert.deepEqual(parseLink(formatLink(link)), link)));
});

Deno.test("whom ssh is to call comes back as it was", () => {
  fc.assert(fc.property(targets, (target) => {
    assert.deepEqual(parseSshTarget(formatSshTarget(target)), target);
  }));
});

Deno.test("nobody that ssh is to call looks like one of its options or holds more than a name", () => {
  const wrong = [
    "-oProxyCommand=id",
    "-l@host",
    "user@-oProxyCommand=id",
    "a b",
    "a\nb",
    "a;b",
    "$(id)",
    "",
    "@host",
    "u:p@host",
    "host:0",
    "host:65536",
    "host:",
    "host/x",
    "::1",
    "[host]",
    "%2dhost",
  ];
  for (const text of wrong) assert.equal(parseSshTarget(text), undefined, text);
  fc.assert(fc.property(fc.string(), (text) => {
    const target = parseSshTarget(text);
    if (target === undefined) return;
    for (const word of [target.user ?? "u", target.host]) assert.match(word, /^[\w:][\w.:+-]*$/);
  }));
});

Deno.test("addresses of page and socket tell no secret", () => {
  fc.assert(fc.property(links, (link) => {
    for (const url of [pageUrl(link), socketUrl(link)]) {
      assert.ok(!url.includes(toBase64Url(link.secret)) && !url.includes(link.token));
      assert.equal(new URL(url).hash, "");
      assert.ok(!url.startsWith("ssh:"));
    }
    assert.match(socketUrl(link), /^wss?:\/\//);
    assert.equal(socketUrl(link).startsWith("wss:"), link.origin.startsWith("https:"));
  }));
});

const SESSION = "A".repeat(22);
const SECRET = "A".repeat(43);
const GOOD = `http://h:1/s/${SESSION}#${SECRET}.a.b.c`;

const BAD: Readonly<Record<string, string>> = {
  "": "not a URL",
  "h:1/s": "begin with http",
  "ftp://h/s/x": "begin with http",
  "http://h:1/": "path",
  [`http://h:1/x/${SESSION}#${SECRET}.a.b.c`]: "path",
  [`http://h:1/s/${SESSION}x#${SECRET}.a.b.c`]: "path",
  [`http://h:1/s/${SESSION}/more#${SECRET}.a.b.c`]: "path",
  [`http://u:p@h:1/s/${SESSION}#${SECRET}.a.b.c`]: "user name",
  [`http://h:1/s/${SESSION}?q#${SECRET}.a.b.c`]: "query",
  [`http://h:1/s/${SESSION}`]: "quote it",
  [`http://h:1/s/${SESSION}#`]: "quote it",
  [`http://h:1/s/${SESSION}#${SECRET}`]: "secret",
  [`http://h:1/s/${SESSION}#${SECRET.slice(1)}.a.b.c`]: "secret",
  [`http://h:1/s/${SESSION}#${SECRET}.a.b`]: "token",
  [`http://h:1/s/${SESSION}#${SECRET}.a.b.c!`]: "token",
  [`http://h:1/s/${SESSION}#${SECRET}.a.b.${"c".repeat(1100)}`]: "token",
  [`https://h:1/s/${SESSION}#${SECRET}.a.b.c.`]: "fingerprint",
  [`https://h:1/s/${SESSION}#${SECRET}.a.b.c.${SECRET.slice(1)}`]: "fingerprint",
  [`https://h:1/s/${SESSION}#${SECRET}.a.b.c.${SECRET.slice(1)}B`]: "fingerprint",
  [`https://h:1/s/${SESSION}#${SECRET}.a.b.c.${SECRET}.d`]: "fingerprint",
  [`http://h:1/s/${SESSION}#${SECRET}.a.b.c.${SECRET}`]: "certificate",
  [`ssh://h/1/s/${SESSION}#${SECRET}.a.b.c.${SECRET}`]: "certificate",
  [`ssh://h/s/${SESSION}#${SECRET}.a.b.c`]: "PORT",
  [`ssh://h/0/s/${SESSION}#${SECRET}.a.b.c`]: "PORT",
  [`ssh://h/01/s/${SESSION}#${SECRET}.a.b.c`]: "PORT",
  [`ssh://h/65536/s/${SESSION}#${SECRET}.a.b.c`]: "PORT",
  [`ssh://-oProxyCommand=id/1/s/${SESSION}#${SECRET}.a.b.c`]: "ssh://USER@HOST",
  [`ssh://-l@h/1/s/${SESSION}#${SECRET}.a.b.c`]: "ssh://USER@HOST",
  [`ssh://u:p@h/1/s/${SESSION}#${SECRET}.a.b.c`]: "ssh://USER@HOST",
  [`ssh:///1/s/${SESSION}#${SECRET}.a.b.c`]: "ssh://USER@HOST",
  [`ssh://h/1/s/${SESSION}?q#${SECRET}.a.b.c`]: "query",
};

for (const [text, why] of Object.entries(BAD)) {
  Deno.test(`the link "${text.slice(0, 60)}" is refused for its ${why}`, () => {
    assert.throws(() => parseLink(text), (error) => {
      assert.ok(error instanceof UsageError && error.code === "link-invalid");
      assert.ok(error.message.includes(why), error.message);
      assert.ok(!error.message.includes("AAAA"), "it repeats the secret");
      return true;
    });
  });
}

Deno.test("blanks around a pasted link do no harm", () => {
  assert.equal(formatLink(parseLink(` ${GOOD}\n`)), GOOD);
  assert.equal(formatLink(parseLink(GOOD.replace("#", "/#"))), GOOD);
});

Deno.test("no text makes the parser fail in another way", () => {
  const mutated = fc.tuple(fc.nat(GOOD.length), fc.nat(8), fc.string({ maxLength: 6 }))
    .map(([at, count, text]) => GOOD.slice(0, at) + text + GOOD.slice(at + count));
  fc.assert(fc.property(fc.oneof(mutated, fc.string()), (text) => {
    try {
      parseLink(text);
    } catch (error) {
      assert.ok(error instanceof UsageError, String(error));
    }
  }));
});
