import assert from "node:assert/strict";
import { ControlClient, MAX_WAITING } from "./control_client.ts";

/** A `tmux -C` whose output the test writes. */
class FakeTmux {
  written = "";
  killed = false;
  readonly stdin: WritableStream<Uint8Array>;
  readonly stdout: ReadableStream<Uint8Array>;
  #out!: ReadableStreamDefaultController<Uint8Array>;
  #over = false;

  constructor() {
    this.stdin = new WritableStream({
      write: (bytes) => void (this.written += new TextDecoder().decode(bytes)),
      close: () => this.end(),
    });
    this.stdout = new ReadableStream({ start: (controller) => void (this.#out = controller) });
  }

  say(...lines: readonly string[]): void {
    this.#out.enqueue(new TextEncoder().encode(lines.map((line) => `${line}\n`).join("")));
  }

  end(): void {
    if (!this.#over) this.#out.close();
    this.#over = true;
  }

  kill(): void {
    this.killed = true;
    this.end();
  }
}

Deno.test("each command gets its own reply, whatever is told in between", async () => {
  const tmux = new FakeTmux(), news: string[] = [];
  const client = new ControlClient(tmux, (name, text) => news.push(`${name} ${text}`));
  tmux.say("%begin 1 1 0", "%end 1 1 0", "%session-changed $0 work");
  await client.attached;
  const first = client.run("one"), second = client.run("two");
  const refused = assert.rejects(second, { code: "tmux-refused", message: /unknown command/ });
  tmux.say("%begin 1 2 1", "a", "%end 1 2 1", "%layout-change @0");
  // Another client's command is answered to nobody here.
  tmux.say("%begin 1 3 0", "b", "%end 1 3 0");
  tmux.say("%begin 1 4 1", "unknown command: two", "%error 1 4 1");
  assert.deepEqual(await first, ["a"]);
  await refused;
  assert.equal(tmux.written, "one\ntwo\n");
  assert.deepEqual(news, ["session-changed $0 work", "layout-change @0"]);
  await client.close();
  assert.ok(client.over);
});

Deno.test("when tmux ends, who waits is told, and who comes later", async () => {
  const tmux = new FakeTmux();
  const client = new ControlClient(tmux, () => {});
  const attached = assert.rejects(client.attached, { code: "tmux-gone" });
  const waiting = assert.rejects(client.run("one"), { code: "tmux-gone" });
  tmux.end();
  await Promise.all([attached, waiting, client.ended]);
  await assert.rejects(client.run("two"), { code: "tmux-gone" });
  await client.close();
});

Deno.test("a tmux that does not answer is asked no more after a while, and can be left", async () => {
  const tmux = new FakeTmux();
  const client = new ControlClient(tmux, () => {});
  client.attached.catch(() => {});
  for (let i = 0; i < MAX_WAITING; i++) client.run("one").catch(() => {});
  await assert.rejects(client.run("two"), { code: "tmux-busy" });
  client.kill();
  await client.ended;
  assert.ok(tmux.killed);
});
