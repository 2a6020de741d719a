import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError } from "../format/errors.ts";
import { toBase64Url } from "./bytes.ts";
import { formatLink, type Link, pageUrl, parseLink, socketUrl } from "./link.ts";

const links: fc.Arbitrary<Link> = fc.record({
  origin: fc.tuple(
    fc.constantFrom("http:", "https:"),
    fc.constantFrom("127.0.0.1", "localhost", "[::1]", "host.example", "xn--bcher-kva.example"),
    fc.integer({ min: 1024, max: 65535 }),
  ).map(([scheme, host, port]) => `${scheme}//${host}:${port}`),
  session: fc.uint8Array({ minLength: 16, maxLength: 16 }).map(toBase64Url),
  secret: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  token: fc.array(fc.stringMatching(/^[\w-]{1,40}$/), { minLength: 3, maxLength: 3 })
    .map((parts) => parts.join(".")),
}, { noNullPrototype: true });

Deno.test("a link comes back as it was", () => {
  fc.assert(fc.property(links, (link) => assert.deepEqual(parseLink(formatLink(link)), link)));
});

Deno.test("addresses of page and socket tell no secret", () => {
  fc.assert(fc.property(links, (link) => {
    for (const url of [pageUrl(link), socketUrl(link)]) {
      assert.ok(!url.includes(toBase64Url(link.secret)) && !url.includes(link.token));
      assert.equal(new URL(url).hash, "");
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
