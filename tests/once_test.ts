/**
 * Links that let in one participant: their viewers as real processes, behind a network that is cut.
 */
import assert from "node:assert/strict";
import { run, startHeadless, startHost, startWatch, TestDir } from "./harness.ts";
import { Proxy } from "./proxy.ts";

/** The link lets nobody else in: one line, exit code 1. */
async function assertSpent(link: string): Promise<void> {
  const { code, stdout, stderr } = await run("watch", ["--cast", link]);
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, /^collab: [^\n]*works once and has been used[^\n]* \[token-spent\]\n$/);
}

Deno.test("with --once the first who comes is in, comes back after a cut, and nobody else comes in", async () => {
  await using host = startHost({ args: ["--once"], rows: 25 });
  const link = await host.link();
  await using proxy = new Proxy(new URL(link).host);
  await using viewer = startWatch(proxy.link(link), { rows: 25, args: ["--name", "ada"] });
  await viewer.waitForText("$");
  await assertSpent(link);
  proxy.refuse();
  await viewer.waitForText(/reconnect/i);
  await assertSpent(link);
  await host.type("echo while $((40 + 2)) away\r");
  await host.waitForText("while 42 away");
  proxy.flow();
  await viewer.waitForText("while 42 away");
  await viewer.waitFor(() => !/reconnect/i.test(viewer.text), "the viewer to be live again");
  await assertSpent(link);
  await host.type("echo still $((6 * 7)) here\r");
  await viewer.waitForText("still 42 here");
});

Deno.test("an invite for one lets in one, and whoever left does not come back with it", async () => {
  await using dir = new TestDir();
  const env = { XDG_RUNTIME_DIR: dir.path };
  await using host = startHeadless({ env });
  await host.link();
  const { stdout } = await run("ctl", ["invite", "--once"], { env });
  const link = stdout.trim();
  {
    await using viewer = startWatch(link, { args: ["--name", "ada"] });
    await viewer.waitForText("$");
    await assertSpent(link);
  }
  await host.waitFor(({ event }) => event === "leave", "ada to have left");
  await assertSpent(link);
  const refused = host.all.filter(({ event }) => event === "refused");
  assert.deepEqual(refused[0], { event: "refused", code: "token-spent", address: "127.0.0.1" });
});
