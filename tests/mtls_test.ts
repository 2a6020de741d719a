import assert from "node:assert/strict";
import { connect } from "node:tls";
import { Authority, derOf, type Issue, type Pair } from "./certificates.ts";
import { askForged } from "./forged_tls.ts";
import {
  fromSource,
  type HeadlessHost,
  type HostEvent,
  Lines,
  run,
  startHeadless,
  startHost,
  startWatch,
  TestDir,
} from "./harness.ts";

/** A team's authority, its members' certificates in files, and what starts hosts for them. */
class Team implements AsyncDisposable {
  readonly dir = new TestDir();
  readonly authority: Authority;

  private constructor(authority: Authority) {
    this.authority = authority;
  }

  static async create(): Promise<Team> {
    const team = new Team(await Authority.create("Team"));
    await Deno.writeTextFile(team.dir.file("ca.pem"), team.authority.cert);
    return team;
  }

  /** What a host is called with. */
  get host(): string[] {
    return ["--client-ca", this.dir.file("ca.pem")];
  }

  /** Issues a certificate, and gives what a viewer is called with. */
  async member(issue: Issue, authority = this.authority): Promise<string[]> {
    return await this.files(await authority.issue(issue));
  }

  async files(pair: Pair): Promise<string[]> {
    const name = crypto.randomUUID();
    const cert = this.dir.file(`${name}.pem`), key = this.dir.file(`${name}.key`);
    await Deno.writeTextFile(cert, pair.cert);
    await Deno.writeTextFile(key, pair.key);
    return ["--client-cert", cert, "--client-key", key];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dir[Symbol.asyncDispose]();
  }
}

const WAITS = ["bash", "-c", "echo hello $((40 + 2)); read"];

function joined(host: HeadlessHost, from = 0): Promise<HostEvent & { readonly name?: string }> {
  return host.waitFor(({ event }) => event === "join", "somebody to join", from);
}

Deno.test("who has a certificate of the team gets in, and is called what it says, whatever they say", async () => {
  await using team = await Team.create();
  await using host = startHeadless({ args: team.host, command: WAITS });
  const link = await host.link();
  assert.match(link, /^https:\/\/127\.0\.0\.1:/);
  const ada = await team.member({ name: "Ada Lovelace" });
  await using one = new Lines<unknown>(
    fromSource("watch", "--cast", "--name", "Mallory", ...ada, link),
  );
  await one.waitFor((line) => JSON.stringify(line).includes("hello 42"), "the greeting");
  assert.equal((await joined(host)).name, "Ada Lovelace");
  const bob = await team.member({ emails: ["bob@example.org"] });
  await using two = new Lines<unknown>(fromSource("watch", "--cast", ...bob, link));
  await two.waitFor((line) => JSON.stringify(line).includes("hello 42"), "the greeting");
  assert.ok(host.all.some((event) => "name" in event && event.name === "bob@example.org"));
});

Deno.test("a participant with a certificate watches in a terminal, and comes with it under the same name", async () => {
  await using team = await Team.create();
  await using host = startHost({ rows: 25, args: team.host });
  const link = await host.link();
  await using viewer = startWatch(link, {
    rows: 25,
    args: await team.member({ name: "Ada Lovelace" }),
  });
  await viewer.waitForText("$");
  await host.waitForText("Ada Lovelace joined");
  await host.type("echo for $((40 + 2)) members\r");
  await viewer.waitForText("for 42 members");
});

Deno.test("who has none, or not a good one, is refused in one line, and nobody joins", async () => {
  await using team = await Team.create();
  await using host = startHeadless({ args: team.host, command: WAITS });
  const link = await host.link();
  const impostor = await Authority.create("Team");
  const cases: readonly [args: readonly string[], code: string][] = [
    [[], "certificate-required"],
    [await team.member({ name: "Ada", untilMs: -60_000 }), "certificate-refused"],
    [await team.member({ name: "Ada", fromMs: 3_600_000 }), "certificate-refused"],
    [await team.member({ name: "Ada" }, impostor), "certificate-refused"],
  ];
  for (const [args, code] of cases) {
    const ran = await run("watch", ["--cast", ...args, link]);
    assert.match(ran.stderr, new RegExp(`^collab: .*\\[${code}\\]\\n$`));
    assert.equal(ran.stdout, "");
    assert.equal(ran.code, 1);
  }
  const kinds = new Set(host.all.map(({ event, code }) => `${event} ${code ?? ""}`.trim()));
  assert.deepEqual(kinds, new Set(["ready", "refused certificate-refused"]));
});

Deno.test("who has no certificate does not get a byte of the page, nor does who only saw one", async () => {
  await using team = await Team.create();
  await using host = startHeadless({ args: team.host, command: WAITS });
  const url = new URL(await host.link());
  const port = Number(url.port);
  const request = `GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: close\r\n\r\n`;
  const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false });
  let bytes = 0;
  socket.on("data", (data: Uint8Array) => bytes += data.length);
  socket.on("error", () => {});
  const over = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  await new Promise((resolve) => socket.once("secureConnect", resolve));
  socket.write(request);
  await over;
  assert.equal(bytes, 0);
  const seen = await team.authority.issue({ name: "Ada" });
  assert.equal(await askForged(port, derOf(seen.cert), request), "");
});

Deno.test("a certificate and another's key, or a link without TLS, are one line before anything is sent", async () => {
  await using team = await Team.create();
  await using host = startHeadless({ args: team.host, command: WAITS });
  await using plain = startHeadless({ command: WAITS });
  const [link, plainLink] = [await host.link(), await plain.link()];
  const ada = await team.authority.issue({ name: "Ada" });
  const { key } = await team.authority.issue({ name: "Bob" });
  const good = await team.files(ada);
  const cases: readonly [args: readonly string[], code: string, exit: number][] = [
    [[...await team.files({ cert: ada.cert, key }), link], "certificate-unusable", 1],
    [[...await team.files({ cert: ada.cert, key: "" }), link], "certificate-unreadable", 1],
    [[...good.slice(0, 2), link], "bad-flags", 2],
    [[...good, plainLink], "bad-flags", 2],
  ];
  for (const [args, code, exit] of cases) {
    const ran = await run("watch", ["--cast", ...args]);
    assert.match(ran.stderr, new RegExp(`^collab: .*\\[${code}\\]\\n$`));
    assert.equal(ran.code, exit);
  }
  assert.deepEqual(host.all.map(({ event }) => event), ["ready"]);
});

Deno.test("a client's certificate is asked for on any address, with the host's own as well", async () => {
  await using team = await Team.create();
  const pair = await team.authority.issue({ dns: ["box.example"] });
  await Deno.writeTextFile(team.dir.file("cert.pem"), pair.cert);
  await Deno.writeTextFile(team.dir.file("key.pem"), pair.key);
  const own = ["--cert", team.dir.file("cert.pem"), "--key", team.dir.file("key.pem")];
  await using host = startHeadless({
    args: [...team.host, ...own, "--listen", "0.0.0.0"],
    command: WAITS,
  });
  const link = new URL(await host.link());
  assert.equal(link.hostname, "box.example");
  link.hostname = "127.0.0.1";
  const ada = await team.member({ name: "Ada" });
  await using viewer = new Lines<unknown>(fromSource("watch", "--cast", ...ada, link.href));
  await viewer.waitFor((line) => JSON.stringify(line).includes("hello 42"), "the greeting");
});
