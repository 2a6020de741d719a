import assert from "node:assert/strict";
import { checkAddress, isLoopback, originOf, parseAddress } from "./listen.ts";

Deno.test("addresses are read in every usual form", () => {
  const forms: readonly [string, string, number][] = [
    ["127.0.0.1:8080", "127.0.0.1", 8080],
    ["0.0.0.0:1", "0.0.0.0", 1],
    [":8080", "127.0.0.1", 8080],
    ["8080", "127.0.0.1", 8080],
    ["localhost", "localhost", 0],
    ["[::1]:8080", "::1", 8080],
    ["[::]", "::", 0],
    ["box-1.example.org:80", "box-1.example.org", 80],
  ];
  for (const [text, hostname, port] of forms) {
    assert.deepEqual(parseAddress(text), { hostname, port }, text);
  }
});

Deno.test("what is no address is a misuse", () => {
  for (const text of ["", "::1:80", "a b", "localhost:99999", "http://localhost", "a:b", "::1"]) {
    assert.throws(() => parseAddress(text), { code: "bad-address" }, text);
  }
});

Deno.test("only loopback is listened on in the clear", () => {
  for (const text of ["127.0.0.1", "127.1.2.3:1", "localhost", "[::1]"]) {
    checkAddress(parseAddress(text), { insecure: false });
  }
  for (const text of ["0.0.0.0", "[::]", "192.168.1.2", "example.org", "127.evil.example"]) {
    assert.ok(!isLoopback(parseAddress(text)));
    assert.throws(() => checkAddress(parseAddress(text), { insecure: false }), {
      code: "listen-insecure",
    });
    checkAddress(parseAddress(text), { insecure: true });
  }
});

Deno.test("a link names an address that others can use", () => {
  assert.equal(originOf({ hostname: "::1", port: 80 }, "box"), "http://[::1]:80");
  assert.equal(originOf({ hostname: "0.0.0.0", port: 80 }, "box"), "http://box:80");
  assert.equal(originOf({ hostname: "127.0.0.1", port: 80 }, "box"), "http://127.0.0.1:80");
});
