/**
 * `collab ctl` against real hosts without a terminal.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { learn, NO_FACTS, type SessionFacts } from "../viewer/session_facts.ts";
import { StreamEvents } from "../viewer/stream_events.ts";
import { connect, type Connection, type ConnectionEvent } from "../wire/connection.ts";
import { parseLink } from "../wire/link.ts";
import {
  DEADLINE_MS,
  type HeadlessHost,
  type HostOptions,
  type Ran,
  run,
  startHeadless,
  TestDir,
} from "./harness.ts";

/** A runtime folder of its own, so that the sessions in it are the test's. */
class Place implements AsyncDisposable {
  readonly dir = new TestDir();
  readonly env = { XDG_RUNTIME_DIR: this.dir.path };

  get sockets(): string {
    return this.dir.file("collab");
  }

  host(options: HostOptions = {}): HeadlessHost {
    return startHeadless({ ...options, env: { ...options.env, ...this.env } });
  }

  /** Runs `collab ctl`. */
  async try(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
    return await run("ctl", args, { env: { ...env, ...this.env } });
  }

  /** Runs `collab ctl`, which has to work; returns what it prints. */
  async ctl(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.try(args);
    assert.deepEqual([code, stderr], [0, ""], `ctl ${args.join(" ")}`);
    assert.ok(stdout.endsWith("\n"));
    return stdout.trimEnd();
  }

  // deno-lint-ignore no-explicit-any -- what a script gets
  async json(...args: string[]): Promise<any> {
    return JSON.parse(await this.ctl(...args, "--json"));
  }

  /** Runs `collab ctl`, which has to fail in one line with this code. */
  async refused(args: readonly string[], code: string, env?: Record<string, string>): Promise<Ran> {
    const ran = await this.try(args, env);
    assert.equal(ran.stdout, "");
    assert.match(ran.stderr, new RegExp(`^collab: [^\\n]+ \\[${code}\\]\\n$`));
    assert.equal(ran.code, code === "which-session" ? 2 : 1);
    return ran;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dir[Symbol.asyncDispose]();
  }
}

/** Somebody who watches through the real client, in this process. */
class Viewer implements Disposable {
  facts: SessionFacts = NO_FACTS;
  /** All that was drawn. */
  text = "";
  id = "";
  ended: string | undefined;
  readonly notices: string[] = [];
  readonly #stream = new StreamEvents();
  readonly #connection: Connection;
  readonly #looking = new Set<() => void>();

  constructor(link: string, name: string) {
    this.#connection = connect(parseLink(link), { name, onEvent: (event) => this.#take(event) });
  }

  /** Waits until something holds; it is asked after everything that comes. */
  async until(holds: () => boolean, what: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = (): void => void (holds() && resolve());
    this.#looking.add(look);
    const timer = setTimeout(() => {
      reject(new Error(`${DEADLINE_MS} ms went by while waiting for ${what}:\n${this.text}`));
    }, DEADLINE_MS);
    look();
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.#looking.delete(look);
    }
  }

  async joined(): Promise<this> {
    await this.until(() => this.facts.people.has(this.id), "everybody's names");
    return this;
  }

  async mode(mode: string): Promise<void> {
    await this.until(() => this.facts.turn.mode === mode, `the mode ${mode}`);
  }

  async sees(text: string): Promise<void> {
    await this.until(() => this.text.includes(text), text);
  }

  /** Types, having seen the turn as it is now, or another. */
  type(text: string, turn: number = this.facts.turn.turn): void {
    const sent = this.#connection.send({ kind: "input", turn, parts: [{ kind: "text", text }] });
    assert.ok(sent, "there is no connection");
  }

  /** Resolves when the host has heard all that was sent before. */
  async heard(x: number): Promise<void> {
    assert.ok(this.#connection.send({ kind: "point", at: { x, y: 1 } }));
    await this.until(() => this.facts.pointers.get(this.id)?.x === x, "the pointer");
  }

  ask(note: string): void {
    assert.ok(this.#connection.send({ kind: "request", forMs: 60_000, note }));
  }

  [Symbol.dispose](): void {
    this.#connection.close();
  }

  #take(event: ConnectionEvent): void {
    if (event.kind === "status" && event.status.kind === "ended") {
      this.ended = event.status.end.code;
    } else if (event.kind === "notice") this.notices.push(event.code);
    else if (event.kind === "welcome" || event.kind === "state" || event.kind === "lines") {
      const delivery = this.#stream.receive(event);
      if (delivery.kind === "welcome") this.id = delivery.you.id;
      else {
        for (const { event, atMs } of delivery.events) {
          this.facts = learn(this.facts, event, atMs);
          if (event.kind === "output" || event.kind === "keyframe") this.text += event.data;
        }
        this.#connection.painted(delivery.seq);
      }
    }
    for (const look of [...this.#looking]) look();
  }
}

async function sessionOf(host: HeadlessHost): Promise<string> {
  const ready = await host.waitFor(({ event }) => event === "ready", "the host to be ready");
  return ready.session!;
}

const mode = (path: string): string => (Deno.lstatSync(path).mode! & 0o777).toString(8);

Deno.test("who is here and how the session is, for people and for scripts", async () => {
  await using place = new Place();
  await using host = place.host({ args: ["--name", "grace", "--title", "incident"] });
  const session = await sessionOf(host);
  assert.equal(host.all.some(({ event }) => event === "ctl-unavailable"), false);
  using ada = await new Viewer(await host.link(), "Ada").joined();
  const { participants } = await place.json("who");
  assert.deepEqual(
    participants.map((
      { id, name, type, role, drives, asks, connected }: Record<string, unknown>,
    ) => [id, name, type, role, drives, asks, connected]),
    [
      ["host", "grace", "person", "presenter", true, false, true],
      [ada.id, "Ada", "person", "control", false, false, true],
    ],
  );
  assert.match(await place.ctl("who"), /^ID .*NAME.*\nhost .*presenter.*\np1 .*Ada.*control/);
  const status = await place.json("status");
  assert.equal(status.session, session);
  assert.equal(status.pid, host.pid);
  assert.deepEqual(
    [status.title, status.sharing, status.mode, status.driver, status.watching, status.links],
    ["incident", "live", "presenter", { id: "host", name: "grace" }, 1, 1],
  );
  assert.match(await place.ctl("status"), /^watching +1$/m);
  assert.equal(await place.ctl("link"), await host.link());
  assert.equal((await place.json("links")).links[0].url, await host.link());
});

Deno.test("the socket and its folder are their owner's alone, and gone with the session", async () => {
  await using place = new Place();
  await using host = place.host();
  const socket = join(place.sockets, `${await sessionOf(host)}.sock`);
  assert.deepEqual([mode(place.sockets), mode(socket)], ["700", "600"]);
  assert.ok(Deno.lstatSync(socket).isSocket);
  assert.equal(await place.ctl("stop"), "The session ends");
  assert.equal(await host.exited, 129);
  assert.deepEqual([...Deno.readDirSync(place.sockets)], []);
  await place.refused(["status"], "no-session");
});

Deno.test("what a killed host left is removed, and the next one is found", async () => {
  await using place = new Place();
  await using killed = place.host();
  const left = join(place.sockets, `${await sessionOf(killed)}.sock`);
  killed.kill("SIGKILL");
  await killed.exited;
  assert.ok(Deno.lstatSync(left).isSocket);
  await place.refused(["status"], "no-session");
  assert.throws(() => Deno.lstatSync(left), Deno.errors.NotFound);
  await using next = place.host();
  const session = await sessionOf(next);
  assert.equal((await place.json("status")).session, session);
});

Deno.test("a folder that is not the user's own alone is not used, and the session goes on", async () => {
  await using place = new Place();
  Deno.mkdirSync(place.sockets);
  const spoils: [string, () => void][] = [["0755", () => Deno.chmodSync(place.sockets, 0o755)]];
  if (Deno.uid() === 0) {
    spoils.push(["somebody else", () => {
      Deno.chmodSync(place.sockets, 0o700);
      Deno.chownSync(place.sockets, 65_534, 65_534);
    }]);
  }
  for (const [why, spoil] of spoils) {
    spoil();
    await using host = place.host({ command: ["bash", "-c", "exit 5"] });
    const told = await host.waitFor(({ event }) => event === "ctl-unavailable", "the warning");
    assert.match((told as unknown as { message: string }).message, new RegExp(why));
    assert.equal(await host.exited, 5);
    assert.equal(host.all[0]!.event, "ready");
    assert.match((await place.refused(["who"], "ctl-unavailable")).stderr, new RegExp(why));
    assert.deepEqual([...Deno.readDirSync(place.sockets)], []);
  }
});

Deno.test("with two sessions one has to be said, but for a shell that is in one", async () => {
  await using place = new Place();
  await using one = place.host(), two = place.host();
  const first = await sessionOf(one), second = await sessionOf(two);
  const { stderr } = await place.refused(["status"], "which-session");
  assert.ok(stderr.includes(first) && stderr.includes(second));
  for (const session of [first, second]) {
    const status = await place.json(`--session=${session.slice(0, 12)}`, "status");
    assert.equal(status.session, session);
    const inside = await place.try(["status", "--json"], { COLLAB_SESSION: session });
    assert.equal(JSON.parse(inside.stdout).session, session);
  }
  await place.refused(["status"], "no-session", { COLLAB_SESSION: "A".repeat(22) });
  await place.refused(["status", "--session", "nonesuch"], "no-session");
});

Deno.test("an invite lets in with its role, and a single-use one once", async () => {
  await using place = new Place();
  await using host = place.host();
  await host.link();
  using admin = await new Viewer(await place.ctl("invite", "--role", "admin"), "root").joined();
  assert.equal(admin.facts.people.get(admin.id)?.role, "admin");
  const invite = await place.json("invite", "--once", "--expires", "30m");
  assert.deepEqual([invite.role, invite.once], ["control", true]);
  const minutes = (Date.parse(invite.expires) - Date.now()) / 60_000;
  assert.ok(minutes > 29 && minutes <= 30.1, `${minutes}`);
  using ada = await new Viewer(invite.url, "Ada").joined();
  assert.equal(ada.facts.people.get(ada.id)?.role, "control");
  const again = await run("watch", ["--cast", invite.url]);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /\[token-spent\]/);
  assert.match(await place.ctl("links"), /\n\S+ +control .*\n\S+ +admin .*\n\S+ +control .*once/);
  assert.equal(await place.ctl("kick", "ada"), "ada was removed");
  await ada.until(() => ada.ended !== undefined, "the end");
  assert.equal(ada.ended, "kicked");
});

Deno.test("a link is withdrawn by the beginning of its id, or all of them", async () => {
  await using place = new Place();
  await using host = place.host();
  const first = await host.link();
  using ada = await new Viewer(first, "Ada").joined();
  using bob = await new Viewer(await place.ctl("invite"), "Bob").joined();
  const { participants } = await place.json("who");
  const { links } = await place.json("links");
  // deno-lint-ignore no-explicit-any -- what a script gets
  const link = participants.find((person: any) => person.name === "Bob").link;
  assert.equal(link, links[1].id);
  assert.match(await place.ctl("revoke-link", link.slice(0, 8)), /^The link was withdrawn/);
  await bob.until(() => bob.ended !== undefined, "the end");
  assert.deepEqual([bob.ended, ada.ended], ["token-revoked", undefined]);
  await place.refused(["revoke-link", link], "no-such-link");
  const next = await place.ctl("revoke-link", "all");
  await ada.until(() => ada.ended !== undefined, "the end");
  assert.equal(ada.ended, "token-revoked");
  assert.equal(await place.ctl("link"), next);
  const told = await host.waitFor(({ event }) => event === "new-link", "the new link");
  assert.equal(told.url, next);
  const again = await run("watch", ["--cast", first]);
  assert.deepEqual([again.code, again.stdout], [1, ""]);
  assert.match(again.stderr, /^collab: [^\n]*withdrawn this link[^\n]* \[token-revoked\]\n$/);
  using cat = await new Viewer(next, "Cat").joined();
  await place.ctl("revoke-link", (await place.json("link")).id);
  await cat.until(() => cat.ended !== undefined, "the end");
  assert.match(await place.ctl("links"), /^No link lets anyone in/);
  await place.refused(["link"], "token-revoked");
});

Deno.test("a mark is in the recording; sharing pauses and goes on", async () => {
  await using place = new Place();
  const cast = place.dir.file("incident.cast");
  await using host = place.host({ args: ["--record", cast, "--mode", "collaborative"] });
  using ada = await new Viewer(await host.link(), "Ada").joined();
  assert.equal(await place.ctl("mark", "after", "the", "deploy"), "Marker set: after the deploy");
  await place.ctl("pause");
  await ada.until(() => ada.facts.sharingPaused, "the pause");
  assert.equal((await place.json("status")).sharing, "paused");
  await place.ctl("resume");
  await ada.until(() => !ada.facts.sharingPaused, "the end of the pause");
  assert.equal((await place.json("status")).recording, "on");
  await place.ctl("stop");
  await host.exited;
  const events = (await Deno.readTextFile(cast)).trimEnd().split("\n").slice(1)
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    events.filter(([, code, data]) => code === "m" && data !== "").map(([, , data]) => data),
    ["after the deploy"],
  );
});

Deno.test("who is given control types, and after it is taken back types nothing more", async () => {
  await using place = new Place();
  await using host = place.host({ command: ["cat"] });
  using ada = await new Viewer(await host.link(), "Ada").joined();
  ada.type("EARLY\n");
  await ada.until(() => ada.notices.includes("not-in-control"), "to be told");
  ada.ask("let me look");
  await ada.until(() => ada.facts.requests.length === 1, "the request");
  const { requests } = await place.json("requests");
  assert.deepEqual([requests[0].name, requests[0].forMs, requests[0].note], [
    "Ada",
    60_000,
    "let me look",
  ]);
  assert.match(await place.ctl("grant", "ada", "--for", "until-revoked"), /^May type: Ada$/);
  await ada.mode("participant");
  assert.deepEqual((await place.json("status")).driver, { id: ada.id, name: "Ada" });
  const { turn } = ada.facts.turn;
  ada.type("GIVEN\n", turn);
  await ada.sees("GIVEN");
  await place.ctl("revoke");
  ada.type("STALE\n", turn);
  await ada.until(() => ada.notices.includes("out-of-turn"), "to be told");
  await ada.mode("presenter");
  ada.type("LATE\n");
  await ada.heard(2);
  await place.ctl("mode", "collaborative");
  await ada.mode("collaborative");
  ada.type("TOGETHER\n");
  await ada.sees("TOGETHER");
  assert.doesNotMatch(ada.text, /EARLY|STALE|LATE/);
});

Deno.test("what is refused is one line with its code", async () => {
  await using place = new Place();
  await using host = place.host({ args: ["--read-only"] });
  using ada = await new Viewer(await host.link(), "Ada").joined();
  assert.equal((await place.json("invite")).role, "view");
  await place.refused(["invite", "--role", "control"], "read-only");
  await place.refused(["grant", "nobody"], "no-such-participant");
  await place.refused(["grant", ada.id], "read-only");
  await place.refused(["deny", "ada"], "no-request");
  await place.refused(["paste", "allow"], "no-paste");
});
