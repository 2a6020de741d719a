/**
 * A host's audit log, end to end: who did and typed what, masked, whole and signed.
 */
import assert from "node:assert/strict";
import { eventually, run, startHeadless, startHost, TestDir } from "./harness.ts";

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

Deno.test("what is not shown is told by its length, also where a program reads key by key", async () => {
  await using dir = new TestDir();
  const path = dir.file("audit.jsonl");
  await using host = startHost({ rows: 25, args: ["--audit", path] });
  await host.link();
  await host.waitForText("$");
  const hidden = async (): Promise<number[]> =>
    (await Deno.readTextFile(path)).split("\n").slice(0, -1).map((line) => JSON.parse(line))
      .filter(({ why }) => why === "hidden").map(({ length }) => length);
  await host.type("read -s -n 7 -p 'Pass''word: ' x; echo done\r");
  await host.waitForText("Password:");
  await host.type("hunter2");
  await host.waitForText(/^Password: done/m);
  await host.type("stty -echo; echo off\r");
  await host.waitForText(/^off/m);
  await host.type("swordfish");
  await eventually(async () => (await hidden()).length === 2 || undefined, "a second length");
  await host.type("\rexit\r");
  await host.exited;
  assert.deepEqual((await hidden()).slice(0, 2), [7, 9]);
  assert.doesNotMatch(await Deno.readTextFile(path), /hunter2|swordfish/);
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

Deno.test("what is done with ctl or over the admin API is written down as done there", async () => {
  await using dir = new TestDir();
  const path = dir.file("audit.jsonl");
  const env = { XDG_RUNTIME_DIR: dir.path };
  const args = ["--audit", path, "--name", "Ada", "--admin-api", "0", "--mode", "collaborative"];
  await using host = startHeadless({ args, env, command: ["cat"] });
  await host.link();
  const ctl = async (...words: string[]): Promise<string> => {
    const ran = await run("ctl", words, { env });
    assert.equal(ran.code, 0, ran.stderr);
    return ran.stdout.trim();
  };
  await ctl("mark", "from ctl");
  const link = await ctl("invite", "--role", "admin");
  const { apiUrl } = JSON.parse(await ctl("status", "--json"));
  const response = await fetch(`${apiUrl}/mode`, {
    method: "POST",
    headers: {
      "authorization": `Bearer ${link.slice(link.indexOf("#") + 1)}`,
      "content-type": "application/json",
    },
    body: '{"mode":"paused"}',
  });
  assert.equal(response.status, 200, await response.text());
  await ctl("stop");
  await host.exited;
  const deeds = (await Deno.readTextFile(path)).trimEnd().split("\n")
    .map((line) => JSON.parse(line)).filter(({ by }) => by !== undefined);
  const invite = deeds.find(({ event }) => event === "invite");
  assert.deepEqual(deeds.map(({ event, by }) => [event, by.id]), [
    ["start", "host"],
    ["marker", "ctl"],
    ["invite", "ctl"],
    ["mode", `api:${invite.link}`],
    ["stop", "ctl"],
  ]);
  const shown = await run("audit", ["show", path]);
  assert.match(shown.stdout, /collab ctl +marker: from ctl/);
  assert.match(shown.stdout, new RegExp(`admin API ${invite.link.slice(0, 8)} +said who may type`));
});
