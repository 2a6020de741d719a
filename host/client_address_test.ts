import assert from "node:assert/strict";
import fc from "fast-check";
import { canonicalAddress, isLoopbackAddress, networkOf } from "./client_address.ts";

Deno.test("an address is written in one way, wherever it comes from", () => {
  for (
    const [text, wanted] of [
      ["192.0.2.7", "192.0.2.7"],
      ["::ffff:192.0.2.7", "192.0.2.7"],
      ["::FFFF:c000:207", "192.0.2.7"],
      ["0:0:0:0:0:ffff:c000:207", "192.0.2.7"],
      ["2001:db8:0:0:0:0:0:1", "2001:db8::1"],
      ["fe80::1%eth0", "fe80::1"],
      ["::1", "::1"],
      ["nonsense:", "nonsense:"],
    ] as const
  ) assert.equal(canonicalAddress(text), wanted);
});

Deno.test("this machine's own addresses are known in both families", () => {
  for (const own of ["127.0.0.1", "127.9.8.7", "::1", canonicalAddress("::ffff:127.0.0.1")]) {
    assert.ok(isLoopbackAddress(own), own);
  }
  for (const other of ["128.0.0.1", "::", "fe80::1", "10.127.0.1", "127.example"]) {
    assert.ok(!isLoopbackAddress(other), other);
  }
});

Deno.test("all addresses of one IPv6 network count as one, however they are written; IPv4 addresses do not", () => {
  const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
  // Not of those that stand for IPv4.
  const groups = fc.array(group, { minLength: 7, maxLength: 7 }).map((rest) => ["2001", ...rest]);
  fc.assert(fc.property(groups, groups, (one, other) => {
    const of = (all: readonly string[]): string => networkOf(canonicalAddress(all.join(":")));
    assert.equal(of(one), of([...one.slice(0, 4), ...other.slice(4)]));
    if (one[3] !== other[3]) assert.notEqual(of(one), of([...one.slice(0, 3), ...other.slice(3)]));
  }));
  assert.notEqual(networkOf("192.0.2.7"), networkOf("192.0.2.8"));
  assert.equal(networkOf("::1"), "0:0:0:0::/64");
});
