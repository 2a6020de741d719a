import assert from "node:assert/strict";
import { join } from "node:path";
import { utf8 } from "../wire/bytes.ts";
import { ask, findSocket } from "./ctl_client.ts";
import { encodeLine } from "./ctl_protocol.ts";
import { FakeClock } from "./testing/clock.ts";

/** A host that does with each connection what the test says. */
class FakeHost implements AsyncDisposable {
  readonly dir: string = Deno.makeTempDirSync({ prefix: "collab-ctl-" });
  readonly path: string = join(this.dir, "a.sock");
  readonly #listener: Deno.UnixListener;
  readonly #serving: Promise<void>;

  constructor(serve: (connection: Deno.UnixConn) => Promise<void>) {
    this.#listener = Deno.listen({ transport: "unix", path: this.path });
    this.#serving = this.#serve(serve);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#serving;
    await Deno.remove(this.dir, { recursive: true });
  }

  async #serve(serve: (connection: Deno.UnixConn) => Promise<void>): Promise<void> {
    for await (const connection of this.#listener) {
      await serve(connection);
      connection.close();
    }
  }
}

/** Reads a request and answers with these bytes. */
function saying(answer: Uint8Array): (connection: Deno.UnixConn) => Promise<void> {
  return async (connection) => {
    await connection.read(new Uint8Array(1_000));
    if (answer.length > 0) await connection.write(answer);
  };
}

Deno.test("an answer is the host's", async () => {
  await using host = new FakeHost(saying(encodeLine({ kind: "links", links: [] })));
  assert.deepEqual(await ask(host.path, { kind: "links" }), { kind: "links", links: [] });
});

Deno.test("what a host refuses is an error with the host's code and words", async () => {
  const answer = {
    kind: "error",
    code: "no-request",
    message: "There is no such request",
  } as const;
  await using host = new FakeHost(saying(encodeLine(answer)));
  const asked = ask(host.path, { kind: "act", action: { kind: "deny", id: "p1" } });
  await assert.rejects(asked, {
    name: "CollabError",
    code: "no-request",
    message: "There is no such request",
  });
});

Deno.test("a host that hangs up, says nonsense or is gone is an error of its own", async () => {
  const faults: readonly [string, string][] = [
    ["", "ctl-lost"],
    ["nonsense\n", "ctl-answer-invalid"],
    [`{"kind":"who"}\n`, "ctl-answer-invalid"],
  ];
  for (const [answer, code] of faults) {
    await using host = new FakeHost(saying(utf8(answer)));
    await assert.rejects(ask(host.path, { kind: "who" }), { name: "CollabError", code });
  }
  await assert.rejects(ask("/tmp/there-is-no-such.sock", { kind: "who" }), { code: "ctl-lost" });
});

Deno.test("a host that does not answer is given up on after ten seconds", async () => {
  const clock = new FakeClock();
  await using host = new FakeHost(async (connection) => {
    await connection.read(new Uint8Array(1_000));
    clock.advance(10_000);
    assert.equal(await connection.read(new Uint8Array(1)), null);
  });
  await assert.rejects(ask(host.path, { kind: "who" }, clock), { code: "ctl-silent" });
});

Deno.test("sockets are not looked for where others could have put them", async () => {
  const dir = await Deno.makeTempDir({ prefix: "collab-ctl-" });
  try {
    const place = { env: { XDG_RUNTIME_DIR: dir }, uid: Deno.uid() };
    await assert.rejects(findSocket(place, {}), { code: "no-session" });
    await Deno.mkdir(join(dir, "collab"), { mode: 0o755 });
    await assert.rejects(findSocket(place, {}), { code: "ctl-unavailable" });
    await Deno.chmod(join(dir, "collab"), 0o700);
    const session = "a".repeat(22), path = join(dir, "collab", `${session}.sock`);
    using _listener = Deno.listen({ transport: "unix", path });
    assert.equal(await findSocket(place, {}), path);
    assert.equal(await findSocket(place, { prefix: "aa" }), path);
    await assert.rejects(findSocket(place, { own: "b".repeat(22) }), { code: "no-session" });
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
