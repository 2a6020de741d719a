import assert from "node:assert/strict";
import { proxyOf } from "./http_proxy.ts";

function proxyFor(url: string, env: Readonly<Record<string, string>>): unknown {
  return proxyOf(new URL(url), (name) => env[name]);
}

const PROXY = { hostname: "proxy.example", port: 3128 };
const HTTP_PROXY = "http://proxy.example:3128";

Deno.test("a proxy is taken from the variable for the address's scheme, in either case, or from the one for all", () => {
  assert.deepEqual(proxyFor("ws://a.example/", { http_proxy: HTTP_PROXY }), PROXY);
  assert.deepEqual(proxyFor("wss://a.example/", { HTTPS_PROXY: "proxy.example:3128" }), PROXY);
  assert.deepEqual(proxyFor("wss://a.example/", { ALL_PROXY: HTTP_PROXY }), PROXY);
  assert.deepEqual(proxyFor("ws://a.example/", { HTTP_PROXY: "http://[::2]" }), {
    hostname: "::2",
    port: 80,
  });
  assert.equal(proxyFor("wss://a.example/", { HTTP_PROXY }), undefined);
  assert.equal(proxyFor("ws://a.example/", { HTTP_PROXY: "" }), undefined);
});

Deno.test("a name and a password are shown to the proxy", () => {
  const env = { HTTP_PROXY: "http://ada:g%C3%BCnter@proxy.example:3128" };
  const authorization = `Basic ${
    btoa(String.fromCharCode(...new TextEncoder().encode("ada:günter")))
  }`;
  assert.deepEqual(proxyFor("ws://a.example/", env), { ...PROXY, authorization });
});

Deno.test("this machine and what is excepted are reached without a proxy", () => {
  for (const host of ["localhost", "127.0.0.1", "127.1.2.3", "[::1]"]) {
    assert.equal(proxyFor(`ws://${host}:80/`, { HTTP_PROXY }), undefined, host);
  }
  const without = (NO_PROXY: string): boolean =>
    proxyFor("ws://box.lab.example:8080/", { HTTP_PROXY, NO_PROXY }) === undefined;
  for (
    const list of [
      "*",
      "lab.example",
      "a, .Lab.example ,b",
      "*.lab.example",
      "box.lab.example:8080",
    ]
  ) {
    assert.ok(without(list), list);
  }
  for (const list of ["", "b.example", "ab.example", ",", "ox.lab.example"]) {
    assert.ok(!without(list), list);
  }
});

Deno.test("a proxy of another kind is said to be one", () => {
  for (
    const HTTP_PROXY of [
      "socks5://proxy.example",
      "https://proxy.example",
      "http://%",
      "http://%zz@p",
    ]
  ) {
    assert.equal(proxyFor("ws://a.example/", { HTTP_PROXY }), "other", HTTP_PROXY);
  }
});
