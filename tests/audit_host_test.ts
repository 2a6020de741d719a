/**
 * A host's audit log, end to end: who did and typed what, masked, whole and signed.
 */
import assert from "node:assert/strict";
import { run, startHost, TestDir } from "./harness.ts";

Deno.test("a host writes who typed what to an audit log that proves itself whole", async () => {
  await using dir = new TestDir();
  const path = dir.file("audit.jsonl");
  await using host = startHost({ rows: 25, args: ["--audit", path, "--name", "Ada"] });
  await host.link();
  await host.waitForText("$");
  await host.type("echo password=hunter2xyz9\r");
  await host.waitForText(/^password=/m);
  await host.type("stty -echo; printf 'Pass''word: '; read -r x; stty echo; echo done\r");
  await host.waitForText("Password:");
  await host.type("swordfish\r");
  await host.waitForText(/Password: done/);
  await host.type("exit 3\r");
  assert.equal((await host.exited).code, 3);
  const text = await Deno.readTextFile(path);
  assert.doesNotMatch(text, /hunter2xyz9|swordfish/);
  assert.match(text, /echo password=•/);
  const verified = await run("audit", ["verify", path]);
  assert.equal(verified.code, 0, verified.stderr);
  const shown = await run("audit", ["show", path]);
  assert.match(shown.stdout, /Ada/);
  await Deno.writeTextFile(path, text.replace("exit 3", "exit 4"));
  const broken = await run("audit", ["verify", path]);
  assert.equal(broken.code, 1);
  assert.match(broken.stderr, /\[[a-z-]+\]\n$/);
});

Deno.test("an audit log is never written over", async () => {
  await using dir = new TestDir();
  const path = dir.file("audit.jsonl");
  await Deno.writeTextFile(path, "mine\n");
  const { code, stderr } = await run("host", ["--headless", "--audit", path, "--", "true"]);
  assert.equal(code, 1);
  assert.match(stderr, /\[audit-exists\]/);
  assert.equal(await Deno.readTextFile(path), "mine\n");
});
