import assert from "node:assert/strict";
import { join } from "node:path";
import { utf8 } from "../wire/bytes.ts";
import { type Clock, systemClock } from "./clock.ts";
import { readLines } from "./ctl_lines.ts";
import { type CtlRequest, encodeLine, REQUEST_MAX_BYTES } from "./ctl_protocol.ts";
import { type Ctl, startCtl } from "./ctl_socket.ts";
import { FakeClock } from "./testing/clock.ts";
import { FakeTarget, leaveSocket, SESSION } from "./testing/ctl_target.ts";

const WHO: CtlRequest = { kind: "who" };
const TAKE: CtlRequest = { kind: "act", action: { kind: "take" } };

/** A control socket in a folder of its own. */
class Fixture implements AsyncDisposable {
  readonly target = new FakeTarget();
  readonly dir: string = Deno.makeTempDirSync({ prefix: "collab-ctl-" });
  readonly ctl: Ctl;

  constructor(clock: Clock = systemClock) {
    this.ctl = startCtl({
      clock,
      target: this.target,
      about: this.target.about(),
      place: { env: { XDG_RUNTIME_DIR: this.dir }, uid: Deno.uid() },
    });
  }

  async connect(): Promise<Client> {
    return new Client(await Deno.connect({ transport: "unix", path: this.ctl.path }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.ctl.close();
    await Deno.remove(this.dir, { recursive: true });
  }
}

class Client implements Disposable {
  readonly #connection: Deno.UnixConn;
  readonly #lines: AsyncGenerator<string | symbol, void>;

  constructor(connection: Deno.UnixConn) {
    this.#connection = connection;
    this.#lines = readLines(connection, 1 << 20);
  }

  async send(bytes: Uint8Array): Promise<void> {
    while (bytes.length > 0) bytes = bytes.subarray(await this.#connection.write(bytes));
  }

  /** The next answer; `undefined` when the host hangs up. */
  async answer(): Promise<{ readonly kind: string; readonly code?: string } | undefined> {
    const { value } = await this.#lines.next();
    return typeof value === "string" ? JSON.parse(value) : undefined;
  }

  async ask(request: CtlRequest): Promise<{ readonly kind: string } | undefined> {
    await this.send(encodeLine(request));
    return await this.answer();
  }

  async closeWrite(): Promise<void> {
    await this.#connection.closeWrite();
  }

  [Symbol.dispose](): void {
    this.#connection.close();
  }
}

const mode = (path: string): string => (Deno.lstatSync(path).mode! & 0o777).toString(8);

Deno.test("the socket and its folder are their owner's alone", async () => {
  await using fixture = new Fixture();
  assert.equal(fixture.ctl.path, join(fixture.dir, "collab", `${SESSION}.sock`));
  assert.equal(mode(fixture.ctl.path), "600");
  assert.equal(mode(join(fixture.dir, "collab")), "700");
  assert.deepEqual([...Deno.readDirSync(join(fixture.dir, "collab"))].length, 1);
});

Deno.test("requests on a connection are answered one by one, however they come", async () => {
  await using fixture = new Fixture();
  using client = await fixture.connect();
  assert.equal((await client.ask(WHO))?.kind, "who");
  const both = new Uint8Array([
    ...encodeLine({ kind: "status" }),
    ...encodeLine({ kind: "links" }),
  ]);
  await client.send(both.subarray(0, 30));
  await client.send(both.subarray(30));
  assert.equal((await client.answer())?.kind, "status");
  assert.equal((await client.answer())?.kind, "links");
});

Deno.test("who says all it has to say, without a last newline too, gets its answer", async () => {
  await using fixture = new Fixture();
  using client = await fixture.connect();
  await client.send(utf8(`{"kind":"who"}`));
  await client.closeWrite();
  assert.equal((await client.answer())?.kind, "who");
  assert.equal(await client.answer(), undefined);
});

Deno.test("what is no request is told so, and the connection closed; others go on", async () => {
  await using fixture = new Fixture();
  using other = await fixture.connect();
  for (const odd of ["hello\n", "\n", "{}\n", "x".repeat(REQUEST_MAX_BYTES + 1)]) {
    using client = await fixture.connect();
    await client.send(utf8(odd));
    assert.equal((await client.answer())?.code, "ctl-request-invalid");
    assert.equal(await client.answer(), undefined);
  }
  assert.equal((await other.ask(WHO))?.kind, "who");
});

Deno.test("an answer that takes long keeps nobody else waiting", async () => {
  await using fixture = new Fixture();
  const { promise, resolve } = Promise.withResolvers<{ kind: "done" }>();
  fixture.target.outcome = () => promise;
  using slow = await fixture.connect();
  const waiting = slow.ask(TAKE);
  using quick = await fixture.connect();
  assert.equal((await quick.ask(WHO))?.kind, "who");
  resolve({ kind: "done" });
  assert.equal((await waiting)?.kind, "done");
});

Deno.test("one connection too many is told so; when one is gone there is room again", async () => {
  await using fixture = new Fixture();
  const clients: Client[] = [];
  try {
    for (let i = 0; i < 64; i++) {
      const client = await fixture.connect();
      clients.push(client);
      assert.equal((await client.ask(WHO))?.kind, "who");
    }
    using refused = await fixture.connect();
    assert.equal((await refused.answer())?.code, "ctl-busy");
    clients.pop()![Symbol.dispose]();
    let room = false;
    for (let i = 0; i < 1_000 && !room; i++) {
      using client = await fixture.connect();
      room = (await client.ask(WHO).catch(() => undefined))?.kind === "who";
    }
    assert.ok(room);
  } finally {
    for (const client of clients) client[Symbol.dispose]();
  }
});

Deno.test("closing removes the socket, answers who waits, and lets go who does not", async () => {
  await using fixture = new Fixture(new FakeClock());
  const { ctl, target } = fixture;
  using idle = await fixture.connect();
  assert.equal((await idle.ask(WHO))?.kind, "who");
  const { promise: ended, resolve } = Promise.withResolvers<{ kind: "done" }>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  target.outcome = () => {
    begin();
    return ended;
  };
  using stopping = await fixture.connect();
  const stopped = stopping.ask({ kind: "act", action: { kind: "stop" } });
  await begun;
  const closed = ctl.close();
  assert.throws(() => Deno.lstatSync(ctl.path), Deno.errors.NotFound);
  assert.equal(await idle.answer(), undefined);
  resolve({ kind: "done" });
  assert.equal((await stopped)?.kind, "done");
  assert.equal(await stopping.answer(), undefined);
  await closed;
  await ctl.close();
});

Deno.test("closing does not wait forever for an answer", async () => {
  const clock = new FakeClock();
  await using fixture = new Fixture(clock);
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  fixture.target.outcome = () => {
    begin();
    return new Promise(() => {});
  };
  using client = await fixture.connect();
  await client.send(encodeLine(TAKE));
  await begun;
  const closed = fixture.ctl.close();
  clock.advance(500);
  await closed;
  assert.equal(await client.answer(), undefined);
});

Deno.test("what a killed host left is replaced, and its socket removed by the next host", async () => {
  await using first = new Fixture();
  const dir = join(first.dir, "collab");
  const left = join(dir, `${"B".repeat(22)}.sock`);
  leaveSocket(left);
  Deno.removeSync(first.ctl.path);
  leaveSocket(first.ctl.path);
  const second = startCtl({
    target: first.target,
    about: first.target.about(),
    place: { env: { XDG_RUNTIME_DIR: first.dir }, uid: Deno.uid() },
  });
  using client = new Client(await Deno.connect({ transport: "unix", path: second.path }));
  assert.equal((await client.ask(WHO))?.kind, "who");
  await second.close();
  assert.throws(() => Deno.lstatSync(left), Deno.errors.NotFound);
});

Deno.test("where the folder is not the owner's alone there is no socket", async () => {
  await using fixture = new Fixture();
  const dir = join(fixture.dir, "collab");
  Deno.chmodSync(dir, 0o750);
  const { target } = fixture;
  const place = { env: { XDG_RUNTIME_DIR: fixture.dir }, uid: Deno.uid() };
  const about = target.about({ session: "C".repeat(22) });
  assert.throws(() => startCtl({ target, about, place }), { code: "ctl-unavailable" });
  Deno.chmodSync(dir, 0o700);
  Deno.mkdirSync(join(dir, `${"C".repeat(22)}.sock`));
  assert.throws(() => startCtl({ target, about, place }), { code: "ctl-unavailable" });
  assert.deepEqual([...Deno.readDirSync(dir)].filter(({ name }) => name.endsWith(".new")), []);
});
