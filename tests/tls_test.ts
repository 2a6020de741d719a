import assert from "node:assert/strict";
import { connect } from "node:tls";
import { parseLink } from "../wire/link.ts";
import { Browser } from "./browser.ts";
import { Authority, fingerprintOf } from "./certificates.ts";
import {
  fromSource,
  Lines,
  run,
  startHeadless,
  startHost,
  startWatch,
  TestDir,
} from "./harness.ts";
import { testWith } from "./needs.ts";
import { toBase64Url } from "../wire/bytes.ts";

/** A shell that says something, and again on every line it gets. */
const GREETS = ["bash", "-c", "echo hello $((40 + 2)); read"];

/** The certificate that a server shows, in PEM. */
async function shownBy(host: string): Promise<string> {
  const { hostname, port } = new URL(`https://${host}`);
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
  await new Promise((resolve) => socket.once("secureConnect", resolve));
  const { raw } = socket.getPeerCertificate();
  await new Promise<void>((resolve) => socket.destroy().once("close", () => resolve()));
  const base64 = btoa(String.fromCharCode(...raw)).replace(/.{64}/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
}

/** What a viewer prints who is refused: one line, and the exit code 1. */
async function refusal(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run("watch", ["--cast", ...args]);
  assert.equal(stdout, "");
  assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
  assert.equal(code, 1, stderr);
  return stderr;
}

/** Another pin. */
function withPin(link: string, pin: string): string {
  return link.replace(/[\w-]+$/, pin);
}

Deno.test("with --tls a session is watched with nothing but its link, which names the certificate", async () => {
  await using host = startHost({ rows: 25, args: ["--tls"] });
  const link = await host.link();
  const { pin, origin } = parseLink(link);
  assert.match(origin, /^https:\/\/127\.0\.0\.1:\d+$/);
  const certificate = await shownBy(new URL(link).host);
  assert.deepEqual(pin, await fingerprintOf(certificate));
  await using viewer = startWatch(link, { rows: 25 });
  await viewer.waitForText("$");
  await host.type("echo over $((40 + 2)) tls\r");
  await viewer.waitForText("over 42 tls");
  using client = Deno.createHttpClient({ caCerts: [certificate] });
  for (const name of ["127.0.0.1", "localhost"]) {
    const url = new URL(link);
    url.hostname = name;
    const page = await fetch(url, { client });
    assert.match(await page.text(), /^<!doctype html>/i);
    assert.equal(page.status, 200, "the certificate is good for the name");
  }
});

Deno.test("on an address that others can reach there is TLS without being asked for, and plain HTTP only with --insecure", async () => {
  await using host = startHeadless({ args: ["--listen", "0.0.0.0"], command: GREETS });
  const link = new URL(await host.link());
  assert.equal(link.protocol, "https:");
  link.hostname = "127.0.0.1";
  assert.ok(parseLink(link.href).pin !== undefined);
  await using viewer = new Lines<unknown>(fromSource("watch", "--cast", link.href));
  await viewer.waitFor((line) => JSON.stringify(line).includes("hello 42"), "the greeting");
  await assert.rejects(fetch(`http://${link.host}/`));
  await using plain = startHeadless({ args: ["--listen", "0.0.0.0", "--insecure"] });
  assert.equal(new URL(await plain.link()).protocol, "http:");
});

Deno.test("another certificate than the link's is refused in one line, and the host hears of nothing", async () => {
  await using host = startHeadless({ args: ["--tls"], command: GREETS });
  await using other = startHeadless({ args: ["--tls"], command: GREETS });
  const link = await host.link();
  const url = new URL(link);
  url.host = new URL(await other.link()).host;
  const wrong = [withPin(link, "A".repeat(43)), url.href];
  for (const each of wrong) {
    const said = await refusal([each]);
    assert.match(
      said,
      /^collab: The server's certificate is not the one in the link.*\[certificate-wrong\]\n$/,
    );
  }
  const { stderr } = await run("watch", ["--cast", link.slice(0, -1)]);
  assert.match(stderr, /fingerprint, is cut.*\[/);
  for (const { all } of [host, other]) assert.deepEqual(all.map(({ event }) => event), ["ready"]);
});

Deno.test("a certificate of one's own is used, under a name that it has, and pinned as well", async () => {
  await using dir = new TestDir();
  const authority = await Authority.create("Own authority");
  const pair = await authority.issue({ dns: ["*.lab.example", "box.example"] });
  await Deno.writeTextFile(dir.file("cert.pem"), pair.cert + authority.cert);
  await Deno.writeTextFile(dir.file("key.pem"), pair.key);
  const files = ["--cert", dir.file("cert.pem"), "--key", dir.file("key.pem")];
  await using host = startHeadless({ args: files, command: GREETS });
  const link = new URL(await host.link());
  assert.equal(link.hostname, "box.example");
  assert.match(link.hash, new RegExp(`\\.${toBase64Url(await fingerprintOf(pair.cert))}$`));
  link.hostname = "127.0.0.1";
  await using viewer = new Lines<unknown>(fromSource("watch", "--cast", link.href));
  await viewer.waitFor((line) => JSON.stringify(line).includes("hello 42"), "the greeting");
});

Deno.test("flags that do not go together, and files that are no certificates, are misuse in one line", async () => {
  await using dir = new TestDir();
  const authority = await Authority.create("Own authority");
  const [pair, other] = [
    await authority.issue({ name: "a" }),
    await authority.issue({ name: "b" }),
  ];
  for (const [name, text] of Object.entries({ cert: pair.cert, key: pair.key, other: other.key })) {
    await Deno.writeTextFile(dir.file(`${name}.pem`), text);
  }
  const cert = ["--cert", dir.file("cert.pem")], key = ["--key", dir.file("key.pem")];
  const cases: readonly [args: readonly string[], code: string, exit: number][] = [
    [cert, "bad-flags", 2],
    [key, "bad-flags", 2],
    [["--tls", "--insecure"], "bad-flags", 2],
    [[...cert, ...key, "--insecure"], "bad-flags", 2],
    [["--ssh-host", "box", "--tls"], "bad-flags", 2],
    [["--ssh-relay", "box", "--listen", "0.0.0.0"], "bad-flags", 2],
    [["--ssh-host=-oProxyCommand=id"], "bad-arguments", 2],
    [["--per-address", "0"], "bad-arguments", 2],
    [[...cert, "--key", dir.file("other.pem")], "certificate-unusable", 1],
    [[...cert, "--key", dir.file("cert.pem")], "certificate-unreadable", 1],
    [["--cert", dir.file("none.pem"), ...key], "certificate-unreadable", 1],
  ];
  for (const [args, code, exit] of cases) {
    const ran = await run("host", ["--headless", ...args, "--", "true"]);
    assert.match(ran.stderr, new RegExp(`\\[${code}\\]\\n$`), args.join(" "));
    assert.equal(ran.stderr.trimEnd().split("\n").length, 1, ran.stderr);
    assert.equal(ran.code, exit, args.join(" "));
  }
});

testWith(
  ["chromium"],
  "the page works over TLS, once the browser's warning is passed",
  async () => {
    await using host = startHost({ rows: 25, args: ["--tls"] });
    const link = await host.link();
    await using browser = await Browser.start();
    await assert.rejects(browser.open(link, { name: "Ada" }), /ERR_CERT_AUTHORITY_INVALID/);
    const ada = await browser.open(link, { name: "Ada", anyCertificate: true });
    await ada.waitForText("$");
    await host.type("echo over $((40 + 2)) tls\r");
    await ada.waitForText("over 42 tls");
  },
);
