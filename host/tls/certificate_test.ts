import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { Authority, fingerprintOf } from "../../tests/certificates.ts";
import { isFor, makeCertificate, readAuthorities, readCertificate } from "./certificate.ts";

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2031, 4, 6);

/** Files that are there while `run` runs. */
async function withFiles(
  files: Readonly<Record<string, string>>,
  run: (path: (name: string) => string) => Promise<void>,
): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "collab-test-" });
  const path = (name: string): string => `${dir}/${name}`;
  try {
    for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(path(name), text);
    await run(path);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("a made certificate is for the names it was made for, for a while, and issues nothing", async () => {
  const names = ["box.example", "localhost", "192.0.2.7", "::1"];
  const made = await makeCertificate(names, { nowMs: NOW_MS, untilMs: NOW_MS + 3 * DAY_MS });
  const certificate = new X509Certificate(made.cert);
  assert.equal(
    certificate.subjectAltName,
    "DNS:box.example, DNS:localhost, IP Address:192.0.2.7, IP Address:::1",
  );
  assert.equal(certificate.ca, false);
  assert.ok(Date.parse(certificate.validFrom) < NOW_MS - 3_600_000, certificate.validFrom);
  assert.ok(Date.parse(certificate.validTo) > NOW_MS + 4 * DAY_MS, certificate.validTo);
  assert.ok(Date.parse(certificate.validTo) < NOW_MS + 30 * DAY_MS, certificate.validTo);
  assert.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, "prime256v1");
  assert.deepEqual(made.fingerprint, await fingerprintOf(made.cert));
  assert.deepEqual(made.names, names);
});

Deno.test("no two made certificates have the same number, key or fingerprint", async () => {
  const options = { nowMs: NOW_MS, untilMs: NOW_MS };
  const all = await Promise.all(
    Array.from({ length: 20 }, () => makeCertificate(["localhost"], options)),
  );
  for (
    const of of [
      ({ cert }) => new X509Certificate(cert).serialNumber,
      ({ key }) => key,
      ({ fingerprint }) => fingerprint.join(),
    ] satisfies ((made: typeof all[number]) => string)[]
  ) assert.equal(new Set(all.map(of)).size, all.length);
});

Deno.test("a certificate that is read tells its names and its fingerprint", async () => {
  const authority = await Authority.create("Some authority");
  const pair = await authority.issue({
    name: "not a name",
    dns: ["box.example", "*.lab.example"],
    ips: ["192.0.2.7"],
  });
  const chain = pair.cert + "\n" + authority.cert;
  await withFiles({ "cert.pem": chain, "key.pem": pair.key }, async (path) => {
    const read = await readCertificate(path("cert.pem"), path("key.pem"), Date.now());
    assert.deepEqual(read, {
      cert: chain,
      key: pair.key,
      fingerprint: await fingerprintOf(pair.cert),
      names: ["box.example", "*.lab.example", "192.0.2.7"],
    });
    assert.equal(await readAuthorities(path("cert.pem")), chain);
  });
});

Deno.test("what cannot be used as a certificate is said in one line that shows nothing of it", async () => {
  const authority = await Authority.create("Some authority");
  const good = await authority.issue({ name: "good" });
  const files = {
    "cert.pem": good.cert,
    "key.pem": good.key,
    "empty.pem": "",
    "broken.pem": good.cert.replace(/\n[\w+/]{10}/, "\nAAAAAAAAAA"),
    "locked.pem": good.key.replaceAll("PRIVATE", "ENCRYPTED PRIVATE"),
    "old.pem": (await authority.issue({ name: "old", untilMs: -1 })).cert,
    "early.pem": (await authority.issue({ name: "early", fromMs: DAY_MS / 2 })).cert,
  };
  const wrong: readonly [cert: string, key: string, code: string, why: RegExp][] = [
    ["none.pem", "key.pem", "certificate-unreadable", /none\.pem": there is no such file$/],
    ["", "key.pem", "certificate-unreadable", /it cannot be read$/],
    [
      "empty.pem",
      "key.pem",
      "certificate-unreadable",
      /empty\.pem": it has no certificate in PEM$/,
    ],
    ["key.pem", "key.pem", "certificate-unreadable", /it has no certificate in PEM$/],
    ["broken.pem", "key.pem", "certificate-unreadable", /it is no certificate$/],
    ["cert.pem", "cert.pem", "certificate-unreadable", /cert\.pem": it has no private key/],
    ["cert.pem", "locked.pem", "certificate-unreadable", /that is not encrypted$/],
    ["old.pem", "key.pem", "certificate-expired", /it is good from .* to /],
    ["early.pem", "key.pem", "certificate-expired", /it is good from .* to /],
  ];
  await withFiles(files, async (path) => {
    for (const [cert, key, code, message] of wrong) {
      const read = readCertificate(path(cert), path(key), Date.now());
      await assert.rejects(read, { code, message }, `${cert} ${key}`);
    }
    for (const name of ["none.pem", "empty.pem", "broken.pem"]) {
      await assert.rejects(readAuthorities(path(name)), { code: "certificate-unreadable" });
    }
  });
});

Deno.test("a certificate is for the names it has, for one label in the place of a star, and for no others", () => {
  const names = ["Box.example", "*.lab.example", "192.0.2.7", "*.0.2.7"];
  for (const host of ["box.example", "BOX.example", "a.lab.example", "192.0.2.7"]) {
    assert.ok(isFor(names, host), host);
  }
  for (
    const host of ["a.box.example", "lab.example", "a.b.lab.example", "192.0.2.8", "10.0.2.7", ""]
  ) assert.ok(!isFor(names, host), host);
});
