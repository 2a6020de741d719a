import assert from "node:assert/strict";
import { socketPath } from "./ctl_paths.ts";
import { chooseSession, runningSessions } from "./ctl_sessions.ts";
import { leaveSocket } from "./testing/ctl_target.ts";

const ADA = "ada".padEnd(22, "0"), ABE = "abe".padEnd(22, "0"), BOB = "-bob".padEnd(22, "0");

Deno.test("the session that is meant is the one of the flag, else of the shell, else the only one", () => {
  const choose = (running: string[], prefix?: string, own?: string): string =>
    chooseSession(running, { prefix, own }, "/run");
  assert.equal(choose([ADA]), ADA);
  assert.equal(choose([ADA], undefined, ""), ADA);
  assert.equal(choose([ADA, BOB], undefined, BOB), BOB);
  assert.equal(choose([ABE, ADA, BOB], "ad", BOB), ADA);
  assert.equal(choose([ABE, ADA, BOB], "-"), BOB);
  assert.equal(choose([ABE, ADA, BOB], ABE), ABE);
});

Deno.test("when it is not clear which one is meant, that is a misuse that names them", () => {
  const error = { name: "UsageError", code: "which-session" };
  assert.throws(() => chooseSession([ABE, ADA], {}, "/run"), {
    ...error,
    message: `Cannot tell which session is meant: add --session with one of ${ABE}, ${ADA}`,
  });
  assert.throws(() => chooseSession([ABE, ADA, BOB], { prefix: "a" }, "/run"), {
    ...error,
    message: new RegExp(`begins with "a": add --session with one of ${ABE}, ${ADA}$`),
  });
  const many = Array.from({ length: 9 }, (_, i) => `${i}`.padEnd(22, "x"));
  assert.throws(() => chooseSession(many, {}, "/run"), { ...error, message: /and 4 more$/ });
});

Deno.test("when the session is not running, another is not taken for it", () => {
  const error = { name: "CollabError", code: "no-session" };
  assert.throws(() => chooseSession([], {}, "/run"), { ...error, message: /in "\/run"$/ });
  assert.throws(() => chooseSession([ADA], { prefix: "b" }, "/run"), error);
  assert.throws(() => chooseSession([ADA], { own: BOB }, "/run"), {
    ...error,
    message: /this shell/,
  });
});

Deno.test("a socket that nobody listens at is removed; what answers or is no socket stays", async () => {
  const dir = await Deno.makeTempDir({ prefix: "collab-ctl-" });
  try {
    assert.deepEqual(await runningSessions(dir), []);
    using listener = Deno.listen({ transport: "unix", path: socketPath(dir, ADA) });
    leaveSocket(socketPath(dir, ABE));
    await Deno.writeTextFile(`${dir}/notes.txt`, "");
    assert.deepEqual(await runningSessions(dir), [ADA]);
    const left = [...Deno.readDirSync(dir)].map(({ name }) => name).sort();
    assert.deepEqual(left, [`${ADA}.sock`, "notes.txt"]);
    assert.ok(listener);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("where there is no folder there is no session", async () => {
  assert.deepEqual(await runningSessions("/tmp/collab-there-is-no-such-folder"), []);
});
