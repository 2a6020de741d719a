import assert from "node:assert/strict";
import type { TmuxOutput, TmuxRunner } from "./process.ts";
import { findTarget, isRunning, type TmuxWish } from "./target.ts";

const WISH: TmuxWish = { name: "work", server: {}, command: [], headless: false };
const ABSENT: TmuxOutput = { ok: false, out: "", err: "can't find session: work" };

/** A tmux that answers by the name of the command. */
function runner(answers: Readonly<Record<string, string | TmuxOutput>>): TmuxRunner {
  return {
    run: (args) => {
      const name = args.find((word) => /^(?:-V|[a-z]+-[a-z]+)$/.test(word)) ?? "";
      const answer = { "-V": "tmux 3.3a", ...answers }[name] ?? ABSENT;
      return Promise.resolve(
        typeof answer === "string" ? { ok: true, out: answer, err: "" } : answer,
      );
    },
    start: () => {
      throw new Error("not here");
    },
  };
}

const find = (
  answers: Parameters<typeof runner>[0],
  wish: Partial<TmuxWish> = {},
  env: Readonly<Record<string, string>> = {},
): ReturnType<typeof findTarget> => findTarget({ ...WISH, ...wish }, runner(answers), env);

Deno.test("a session that is not there is made, one that is there is attached to", async () => {
  const made = await find({}, { command: ["vim", "a b"], server: { name: "dev" } });
  assert.deepEqual([made.exists, made.session], [false, "=work"]);
  assert.deepEqual(made.command.slice(0, 4), ["tmux", "-L", "dev", "-u"]);
  assert.deepEqual(made.command.slice(-7), [
    "new-session",
    "-A",
    "-s",
    "work",
    "--",
    "vim",
    "a b",
  ]);
  const found = await find({ "list-panes": "12 $4 %0\n12 $4 %1\n" }, { headless: true });
  assert.deepEqual([found.exists, found.session], [true, "$4"]);
  assert.deepEqual(found.command.slice(-5), ["attach-session", "-t", "=work", "-f", "ignore-size"]);
  for (const err of ["no server running on /tmp/x", "error connecting to /tmp/x (No such file)"]) {
    assert.equal((await find({ "list-panes": { ok: false, out: "", err } })).exists, false);
  }
});

Deno.test("the size is that of the client that was used last, and of no client in control mode", async () => {
  const clients = "100 80 24 0\n300 9 9 1\n200 120 40 0\n";
  const target = await find({ "list-panes": "12 $4 %0", "list-clients": clients });
  assert.deepEqual(target.size, { cols: 120, rows: 40 });
  assert.equal((await find({ "list-panes": "12 $4 %0", "list-clients": "" })).size, undefined);
});

Deno.test("versions are read as tmux writes them, and older ones refused", async () => {
  for (const version of ["tmux 3.2", "tmux 3.3a", "tmux next-3.5", "tmux 4.0-rc", "tmux master"]) {
    await find({ "-V": version });
  }
  await find({ "-V": "tmux openbsd-7.0" });
  for (const version of ["tmux 3.1c", "tmux 2.9", "tmux 1.8"]) {
    await assert.rejects(find({ "-V": version }), { code: "tmux-too-old" });
  }
});

Deno.test("the session around this process is refused, others of its server and other servers are not", async () => {
  const env = { TMUX: "/tmp/tmux-0/default,12,0", TMUX_PANE: "%1" };
  const panes = { "list-panes": "12 $4 %0\n12 $4 %1" };
  await assert.rejects(find(panes, {}, env), { code: "tmux-inside" });
  await find({ "list-panes": "12 $4 %5" }, {}, env);
  await find({ "list-panes": "99 $4 %1" }, {}, env);
});

Deno.test("what tmux says is wrong is told", async () => {
  const denied = { ok: false, out: "", err: "error connecting to /x (Permission denied)" };
  await assert.rejects(find({ "list-panes": denied }), {
    code: "tmux-failed",
    message: /Permission denied/,
  });
  await assert.rejects(find({ "list-panes": "12 $4 %0" }, { command: ["true"] }), {
    code: "tmux-session-exists",
  });
  assert.equal(await isRunning({ session: "=work", server: [] }, runner({})), false);
  assert.equal(
    await isRunning({ session: "=work", server: [] }, runner({ "has-session": "" })),
    true,
  );
});
