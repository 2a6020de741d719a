import assert from "node:assert/strict";
import { isLoopback, originOf, parseAddress } from "./listen.ts";

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

Deno.test("loopback is what only this machine can reach", () => {
  for (const text of ["127.0.0.1", "127.1.2.3:1", "localhost", "[::1]"]) {
    assert.ok(isLoopback(parseAddress(text)), text);
  }
  for (const text of ["0.0.0.0", "[::]", "192.168.1.2", "example.org", "127.evil.example"]) {
    assert.ok(!isLoopback(parseAddress(text)), text);
  }
});

Deno.test("a link names an address that others can use", () => {
  for (
    const [hostname, port, scheme, wanted] of [
      ["::1", 81, "http", "http://[::1]:81"],
      ["0.0.0.0", 81, "http", "http://box:81"],
      ["::", 81, "https", "https://box:81"],
      ["127.0.0.1", 81, "https", "https://127.0.0.1:81"],
      ["box.example", 443, "https", "https://box.example"],
      ["box.example", 80, "http", "http://box.example"],
    ] as const
  ) assert.equal(originOf({ hostname, port }, scheme, "box"), wanted);
});
