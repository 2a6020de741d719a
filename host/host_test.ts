import assert from "node:assert/strict";
import { PRESENTER_ID } from "../format/session_data.ts";
import { connect, type ConnectionEvent } from "../wire/connection.ts";
import { parseLink } from "../wire/link.ts";
import { systemClock } from "./clock.ts";
import type { HostEvent } from "./events.ts";
import { HeadlessStage } from "./headless.ts";
import { Host } from "./host.ts";
import type { Live } from "./live.ts";
import type { HostOptions } from "./options.ts";
import { HEADLESS } from "./testing/options.ts";

/** A host in this process, on a real terminal and a real port. */
class Run {
  readonly events: HostEvent[] = [];
  readonly host: Host;
  readonly code: Promise<number>;
  readonly live = Promise.withResolvers<Live>();
  readonly #waiting = new Set<() => void>();

  constructor(
    options: Partial<HostOptions>,
    stdin?: AsyncIterable<Uint8Array>,
    now: () => number = Date.now,
  ) {
    this.host = new Host({ ...HEADLESS, ...options }, {
      env: { PATH: Deno.env.get("PATH") ?? "", SHELL: "/bin/sh", USER: "ada" },
      pid: Deno.pid,
      now,
      clock: systemClock,
      machine: () => "box",
      addresses: () => ["127.0.0.1", "192.0.2.7", "fe80::1"],
      version: Deno.version.deno,
      tell: () => {},
      agentLaunch: { command: "collab", args: ["mcp"] },
    });
    const reporter = {
      report: (event: HostEvent): void => {
        this.events.push(event);
        for (const look of [...this.#waiting]) look();
      },
    };
    const stage = new HeadlessStage({
      size: { cols: 80, rows: 24 },
      reporter,
      stdin,
      flush: () => Promise.resolve(),
    });
    const begin = stage.begin.bind(stage);
    stage.begin = (live) => {
      begin(live);
      this.live.resolve(live);
    };
    this.code = this.host.run(stage);
    this.code.catch(() => {});
  }

  async event<K extends HostEvent["event"]>(kind: K): Promise<Extract<HostEvent, { event: K }>> {
    const found = (): HostEvent | undefined => this.events.find(({ event }) => event === kind);
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = (): void => void (found() !== undefined && resolve());
    this.#waiting.add(look);
    look();
    await Promise.race([promise, this.code]);
    return found() as Extract<HostEvent, { event: K }>;
  }

  get kinds(): string[] {
    return this.events.map(({ event }) => event);
  }
}

/** What a viewer of a link gets, all lines together; resolves when the session is over. */
async function watch(url: string): Promise<{ readonly lines: string; readonly end: unknown }> {
  let lines = "";
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const connection = connect(parseLink(url), {
    name: "bob",
    onEvent: (event: ConnectionEvent) => {
      if (event.kind === "status" && event.status.kind === "ended") resolve(event.status.end);
      if (event.kind !== "state" && event.kind !== "lines") return;
      lines += event.lines;
      connection.painted(event.seq);
    },
  });
  return { end: await promise, lines };
}

Deno.test("the exit code is the command's, and 128 and its number for a signal", async () => {
  assert.equal(await new Run({ command: ["sh", "-c", "exit 7"] }).code, 7);
  assert.equal(await new Run({ command: ["sh", "-c", "kill -TERM $$"] }).code, 143);
});

Deno.test("it tells what happens: ready first, the exit last", async () => {
  const run = new Run({ command: ["sh", "-c", "read x; exit 3"] });
  const { url, session, pid, cols, rows } = await run.event("ready");
  assert.deepEqual([new URL(url).pathname, pid, cols, rows], [`/s/${session}`, Deno.pid, 80, 24]);
  const watching = watch(url);
  assert.equal((await run.event("join")).name, "bob");
  run.host.hangUp();
  assert.equal(await run.code, 129);
  assert.deepEqual((await watching).end, { code: "ended", status: 129 });
  assert.deepEqual(run.kinds, ["ready", "join", "exit"]);
  assert.deepEqual(run.events.at(-1), { event: "exit", code: 129, signal: "SIGHUP" });
});

Deno.test("with --agent there is a link that lets in one agent, and what its client wants", async () => {
  const run = new Run({ command: ["sh", "-c", "read x"], agent: "vscode" });
  const { url, link, client, text } = await run.event("agent");
  assert.deepEqual([client, JSON.parse(text).servers.collab.env], ["vscode", { COLLAB_LINK: url }]);
  const invite = await run.event("invite");
  assert.deepEqual([invite.link, invite.role, invite.once], [link, "agent", true]);
  run.host.hangUp();
  await run.code;
  const watched = new Run({ command: ["sh", "-c", "read x"], agent: "json", readOnly: true });
  await watched.event("agent");
  assert.equal((await watched.event("invite")).role, "view");
  watched.host.hangUp();
  await watched.code;
});

Deno.test("what a viewer gets is what the command showed, and what the recording has", async () => {
  const path = await Deno.makeTempFile({ prefix: "collab-test-", suffix: ".cast" });
  try {
    const run: Run = new Run({
      command: ["sh", "-c", "read x; echo hello $x"],
      record: path,
      overwrite: true,
      title: "incident",
    }, typed(["world\n"], () => run.event("join")));
    const { lines } = await watch((await run.event("ready")).url);
    assert.equal(await run.code, 0);
    assert.match(lines, /hello world/);
    const [header, ...events] = (await Deno.readTextFile(path)).trimEnd().split("\n");
    assert.equal(JSON.parse(header!).title, "incident");
    assert.match(events.join("\n"), /hello world/);
    assert.match(events.at(-1)!, /^\[[\d.]+,"x","0"\]$/);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("standard input waits while it may not be typed, and its end with it", async () => {
  const command = ["sh", "-c", 'read x; cat >/dev/null; [ "$x" = hello ] && exit 5'];
  const run = new Run({ command, mode: "paused" }, typed(["hello\n"], () => Promise.resolve()));
  const live = await run.live.promise;
  await run.event("ready");
  await live.act(PRESENTER_ID, { kind: "mode", mode: "presenter" });
  assert.equal(await run.code, 5);
});

Deno.test("standard input that breaks off has ended, and the session goes on", async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode("x\n");
    await run.event("ready");
    throw new Error("Input/output error (os error 5)");
  }
  const run: Run = new Run({ command: ["sh", "-c", "cat >/dev/null; exit 4"] }, broken());
  assert.equal(await run.code, 4);
});

Deno.test("a command that ignores the hang-up is killed", async () => {
  const run = new Run({ command: ["sh", "-c", "trap '' HUP; echo; read x; read x; sleep 60"] });
  await run.event("ready");
  run.host.hangUp();
  assert.ok([129, 137].includes(await run.code));
});

Deno.test("what cannot begin is one error, and leaves nothing behind", async () => {
  const dir = await Deno.makeTempDir({ prefix: "collab-test-" });
  const path = `${dir}/there`, record = `${dir}/a.cast`, audit = `${dir}/a.jsonl`;
  await Deno.writeTextFile(path, "mine");
  try {
    const faults: readonly [Partial<HostOptions>, string][] = [
      [{ command: ["no-such-command"], record, audit }, "command-not-found"],
      [{ record: path }, "recording-exists"],
      [{ audit: path, record }, "audit-exists"],
      [
        { listen: { hostname: "0.0.0.0", port: 0 }, cert: "no-such.pem", key: path },
        "certificate-unreadable",
      ],
      [{ cert: path }, "bad-flags"],
      [{ clientCa: "no-such.pem" }, "certificate-unreadable"],
      [{ sshHost: { host: "box" }, tls: true }, "bad-flags"],
    ];
    for (const [options, code] of faults) {
      const run = new Run({ command: ["true"], ...options });
      await assert.rejects(run.code, { code });
      assert.deepEqual(run.events, []);
      assert.deepEqual([...Deno.readDirSync(dir)].map(({ name }) => name), ["there"]);
      assert.equal(await Deno.readTextFile(path), "mine");
    }
    // Nor is what was to be written over removed.
    const run = new Run({ command: ["no-such-command"], record: path, overwrite: true });
    await assert.rejects(run.code, { code: "command-not-found" });
    await Deno.stat(path);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("an address that stands for all is a link with this machine's name", async () => {
  const run = new Run({
    command: ["true"],
    listen: { hostname: "0.0.0.0", port: 0 },
    insecure: true,
  });
  assert.equal(new URL((await run.event("ready")).url).hostname, "box");
  assert.equal(await run.code, 0);
});

Deno.test("a link that has expired lets nobody in", async () => {
  const anHourAgo = (): number => Date.now() - 3_600_000;
  const run = new Run({ command: ["sh", "-c", "read x"], expiresMs: 60_000 }, undefined, anHourAgo);
  const { end } = await watch((await run.event("ready")).url);
  assert.deepEqual(end, { code: "token-expired" });
  run.host.hangUp();
  await run.code;
  assert.deepEqual(run.kinds, ["ready", "refused", "exit"]);
});

/** Standard input that waits for something first. */
async function* typed(
  parts: readonly string[],
  first: () => Promise<unknown>,
): AsyncIterable<Uint8Array> {
  await first();
  for (const part of parts) yield new TextEncoder().encode(part);
}
