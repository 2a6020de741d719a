/**
 * Programs in a session, through the client that they have: a real host, a real shell, real sockets.
 */
import assert from "node:assert/strict";
import {
  AgentError,
  type AgentSession,
  joinSession,
  type RunResult,
  type SessionEvent,
} from "../mod.ts";
import { testWith } from "./needs.ts";
import { Session, until } from "./people.ts";
import { Proxy } from "./proxy.ts";

/** Joins as an agent, and has the shell's prompt before it. */
async function join(session: Session, url?: string): Promise<AgentSession> {
  const agent = await joinSession(url ?? (await session.link("agent")).url, { name: "bot" });
  await agent.waitFor({ pattern: /^\$/ });
  return agent;
}

/** Joins as an agent that was given control. */
async function joinInControl(session: Session, url?: string): Promise<AgentSession> {
  const agent = await join(session, url);
  assert.equal(await session.act({ kind: "grant", id: agent.you.id, forMs: null }), "done");
  await agent.requestControl();
  return agent;
}

/** The next event of a kind. */
async function next<K extends SessionEvent["kind"]>(
  events: AsyncIterableIterator<SessionEvent>,
  kind: K,
): Promise<SessionEvent & { readonly kind: K }> {
  for (;;) {
    const { value, done } = await events.next();
    assert.ok(done !== true, `the session ended before ${kind}`);
    if (value.kind === kind) return value as SessionEvent & { readonly kind: K };
  }
}

const hasCode = (code: string) => (error: unknown): boolean =>
  error instanceof AgentError && error.code === code;

Deno.test("a program sees the screen, the output with what has scrolled off, and who is there", async () => {
  await using session = new Session();
  await using agent = await join(session);
  const output = agent.output();
  const since = agent.end;
  await session.type("seq 1 50; printf '\\033[1;31mred\\033[m end\\n'\r");
  await agent.waitFor({ pattern: /^red end$/ });
  await agent.waitFor({ promptReturns: true });
  const { lines } = agent.read(since);
  assert.deepEqual(lines.slice(1, 51), Array.from({ length: 50 }, (_, i) => String(i + 1)));
  assert.deepEqual(lines.slice(51), ["red end", "$"]);
  assert.deepEqual(agent.tail(3).lines, ["50", "red end", "$"]);
  assert.deepEqual(agent.read(since, { maxLines: 2 }).missing, 51);
  const screen = agent.screen();
  assert.equal(screen.lines.length, 24);
  assert.match(screen.text, /50\nred end\n\$$/);
  assert.deepEqual(screen.cursor, { x: 2, y: 23, visible: true });
  assert.deepEqual(agent.styled()[22], [{ text: "red", color: 1, bold: true }, { text: " end" }]);
  assert.deepEqual(agent.people.map(({ name, type }) => [name, type]), [
    ["presenter", "person"],
    ["bot", "agent"],
  ]);
  const seen: string[] = [];
  while (seen.at(-1) !== "red end") seen.push(...(await output.next()).value.lines);
  assert.deepEqual(seen, lines.slice(0, -1));
});

Deno.test("a program asks, is given control, runs commands, and gives it back with a word", async () => {
  await using session = new Session();
  await using agent = await join(session);
  const events = agent.events();
  await assert.rejects(agent.type("x"), (error) => {
    assert.ok(error instanceof AgentError && error.code === "not-in-control");
    assert.equal(error.holder?.person?.id, "host");
    assert.match(error.message, /the presenter .*has control; call requestControl\(\)/);
    return true;
  });
  await session.type("echo meanwhile\r");
  await agent.waitFor({ pattern: /^meanwhile$/ });
  const asked = agent.requestControl({ reason: "run the tests", forMs: 90_000 });
  assert.equal((await next(events, "request")).note, "run the tests");
  await session.act({ kind: "grant", id: "bot", note: "go on" });
  const grant = await asked;
  assert.ok(grant.forMs! > 80_000 && grant.forMs! <= 90_000, `${grant.forMs}`);
  assert.equal(grant.note, "go on");
  assert.match(grant.missed.text, /\$ echo meanwhile\nmeanwhile/);
  assert.equal(agent.holder.you, true);
  const ran = await agent.run("false; echo hi");
  assert.deepEqual([ran.output, ran.finished, ran.missing], ["hi", true, 0]);
  await agent.yieldControl({ note: "it says hi" });
  const { holder, why, note } = await next(events, "control").then(() => next(events, "control"));
  assert.deepEqual([holder.mode, why, note], ["presenter", "yielded", "it says hi"]);
  await assert.rejects(agent.run("echo no"), hasCode("not-in-control"));
  await assert.rejects(agent.yieldControl(), hasCode("not-in-control"));
});

Deno.test("a program is told that it was denied, and what its link does not allow", async () => {
  await using session = new Session();
  await using agent = await join(session);
  await using watcher = await joinSession((await session.link("view")).url, { name: "eye" });
  await assert.rejects(watcher.requestControl(), hasCode("role-forbids"));
  await assert.rejects(watcher.type("x"), hasCode("role-forbids"));
  await assert.rejects(watcher.mark("here"), hasCode("role-forbids"));
  const events = watcher.events();
  const denied = assert.rejects(agent.requestControl(), hasCode("control-denied"));
  await next(events, "request");
  await session.act({ kind: "deny", id: "bot" });
  await denied;
  const late = assert.rejects(agent.requestControl({ timeoutMs: 20 }), hasCode("timeout"));
  await late;
  await next(events, "request-ended");
  await next(events, "request-ended");
  await agent.mark("here");
  assert.equal((await next(events, "marker")).label, "here");
});

/** Numbers are all there, or it is told where they are not. */
function assertTold({ output, from, missing, gaps }: RunResult, count: number): void {
  const lines = output.split("\n");
  assert.equal(lines.length + missing, count);
  assert.equal(gaps.reduce((sum, gap) => sum + gap.lines, 0), missing);
  assert.ok(missing > 0, "there is nothing to tell");
  const starts = new Set(gaps.map(({ before }) => before - from));
  for (const [i, line] of lines.entries()) {
    const number = Number(line), before = Number(lines[i - 1] ?? 0);
    // A line before a gap is a line's beginning at least.
    if (starts.has(i + 1)) assert.ok(`${before + 1}`.startsWith(line) || starts.has(i), line);
    else if (!starts.has(i)) assert.equal(number, before + 1, `after ${before}`);
  }
}

Deno.test("the output of a command is what it wrote, whatever it did to the screen", async () => {
  await using session = new Session();
  await using agent = await joinInControl(session);
  const outputs = async (command: string): Promise<string> => {
    const { output, finished } = await agent.run(command);
    assert.ok(finished);
    return output;
  };
  assert.equal(await outputs("printf x"), "x");
  assert.equal(await outputs("true"), "");
  assert.equal(await outputs("for i in 1 2\ndo echo line $i\ndone"), "line 1\nline 2");
  for (const word of ["abc,", "abc "]) {
    assert.equal(await outputs(`echo '${word.repeat(50)}'`), word.repeat(50).trimEnd());
  }
  const numbers = Array.from({ length: 100 }, (_, i) => `${i + 1}`).join("\n");
  assert.equal(await outputs("seq 1 100"), numbers);
  const flood = await agent.run("seq 1 3000");
  assert.equal(flood.output.split("\n").at(-1), "3000");
  assert.equal(flood.output.split("\n").length + flood.missing, 3_000);
  assertTold(await agent.run("seq 1 20000", { maxLines: Infinity }), 20_000);
  assert.equal(await outputs("clear"), "");
  assert.match(await outputs("clear; echo done"), /^done$/m);
  assert.equal(await outputs("cd /tmp; pwd"), "/tmp");
  const slow = await agent.run("sleep 30", { timeoutMs: 100 });
  assert.deepEqual([slow.finished, slow.output], [false, ""]);
  await agent.press("ctrl-c");
  await agent.waitFor({ promptReturns: true });
  assert.equal(await outputs("echo over"), "over");
});

Deno.test("where the shell says what it is at, output and status are exact", async () => {
  await using session = new Session();
  await using agent = await joinInControl(session);
  const events = agent.events();
  // As the shells' own integrations do: done and prompt, input, output.
  await agent.type(
    "PS0='\\e]133;C\\a' PS1='\\[\\e]133;D;$?\\a\\e]133;A\\a\\]$ \\[\\e]133;B\\a\\]'; clear\n",
  );
  await next(events, "shell");
  await agent.waitFor({ promptReturns: true });
  const run = async (command: string): Promise<readonly unknown[]> => {
    const { output, status, finished, by } = await agent.run(command);
    return [output, status, finished, by];
  };
  assert.deepEqual(await run("false"), ["", 1, true, "marks"]);
  assert.deepEqual(await run("printf 'no line break'"), ["no line break", 0, true, "marks"]);
  assert.deepEqual(await run("echo '$ '; sleep 0.3; echo over"), ["$\nover", 0, true, "marks"]);
  assert.deepEqual(await run("(exit 7)"), ["", 7, true, "marks"]);
  assert.deepEqual(await run("seq 60 | tail -3; false"), ["58\n59\n60", 1, true, "marks"]);
  const wide = "0123456789".repeat(20);
  assert.deepEqual(await run(`echo ${wide}`), [wide, 0, true, "marks"]);
  assert.deepEqual(await run("clear; echo done"), ["done", 0, true, "marks"]);
  assert.deepEqual(await run(""), ["", 0, true, "marks"]);
  assert.deepEqual(await run("echo one\necho two; false"), [
    "one\n$ echo two; false\ntwo",
    1,
    true,
    "marks",
  ]);
  await agent.type("false\n");
  assert.equal((await agent.waitFor({ promptReturns: true })).status, 1);
  // What runs in the shell has prompts without marks.
  await agent.type("PS1='inner% ' PS0= bash --norc --noprofile\n");
  await agent.waitFor({ pattern: /^inner%$/ });
  assert.deepEqual(await run("echo inner; false"), ["inner", undefined, true, "prompt"]);
  assert.deepEqual((await agent.run("exit 4")).status, 4);
});

testWith(["vim"], "a program edits a file with an editor", async () => {
  const file = await Deno.makeTempFile({ prefix: "collab-agent-" });
  await using session = new Session();
  await using agent = await joinInControl(session);
  const end = agent.end;
  await agent.type(`vim -u NONE -N ${file}\n`);
  await agent.waitFor({ pattern: /0L, 0B/ });
  assert.equal(agent.screen().fullScreen, true);
  await agent.type("iIt was edited");
  await agent.press("enter", "x", "escape");
  await agent.type(":wq\n");
  await agent.waitFor({ promptReturns: true });
  assert.equal(agent.screen().fullScreen, false);
  assert.equal(await Deno.readTextFile(file), "It was edited\nx\n");
  assert.ok(agent.end - end <= 2, "a program on the whole screen adds no output");
  await Deno.remove(file);
});

Deno.test("when control is taken in the middle of typing, nothing more is typed", async () => {
  const dir = await Deno.makeTempDir({ prefix: "collab-agent-" });
  const file = `${dir}/typed`;
  await Deno.writeTextFile(file, "");
  await using session = new Session();
  await using agent = await joinInControl(session);
  await agent.type(`stty raw -echo; echo rea''dy; cat >${file}\n`);
  await agent.waitFor({ text: "ready" });
  const text = "0123456789abcdef".repeat(4_096);
  const typing = assert.rejects(agent.type(text), hasCode("control-lost"));
  await until(() => Deno.statSync(file).size > 0, "the beginning");
  await session.act({ kind: "take" });
  await session.type("END");
  await typing;
  const typed = (): string => Deno.readTextFileSync(file);
  await until(() => typed().includes("END"), "the presenter's own");
  // What was on its way has arrived by the time that the host answers.
  await agent.mark("later");
  const got = typed();
  assert.ok(got.length < text.length, `${got.length}`);
  assert.equal(got, `${text.slice(0, got.length - 3)}END`);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("a command is left when control is taken, and whoever waits sees what goes on", async () => {
  await using session = new Session();
  await using agent = await joinInControl(session);
  const running = agent.run("echo begun; sleep 1; echo it went on");
  await agent.waitFor({ pattern: /^begun$/ });
  await session.act({ kind: "take" });
  await assert.rejects(running, (error) => {
    assert.ok(error instanceof AgentError && error.code === "control-lost");
    assert.equal(error.holder?.person?.id, "host");
    return true;
  });
  await agent.waitFor({ pattern: /^it went on$/ });
});

Deno.test("a program comes back after a cut and has what was written meanwhile", async () => {
  await using session = new Session();
  const link = (await session.link("agent")).url;
  await using proxy = new Proxy(new URL(link).host);
  await using agent = await joinInControl(session, proxy.link(link));
  const events = agent.events();
  const from = agent.end;
  const dir = await Deno.makeTempDir({ prefix: "collab-agent-" });
  await agent.type(`until [ -e ${dir}/go ]; do sleep 0.02; done; echo after the cut\n`);
  const waiting = agent.waitFor({ pattern: /^after the cut$/ });
  proxy.refuse();
  await next(events, "cut");
  await assert.rejects(agent.type("x"), hasCode("cut"));
  await Deno.writeTextFile(`${dir}/go`, "");
  proxy.flow();
  await next(events, "back");
  await waiting;
  assert.match(agent.read(from).text, /^after the cut$/m);
  assert.equal((await agent.run("echo still in control")).output, "still in control");
  await Deno.remove(dir, { recursive: true });
});

Deno.test("a program that was away for long has the newest lines once, and is told that some are missing", async () => {
  await using session = new Session();
  const link = (await session.link("agent")).url;
  await using proxy = new Proxy(new URL(link).host);
  await using agent = await joinInControl(session, proxy.link(link));
  const dir = await Deno.makeTempDir({ prefix: "collab-agent-" });
  const from = agent.end;
  // Others are sent more frames meanwhile than a host keeps for those who come back.
  await session.join("eve", "view");
  await agent.type(
    `until [ -e ${dir}/go ]; do sleep 0.02; done; for i in $(seq 60); do echo n$i; sleep 0.02; done; touch ${dir}/gone\n`,
  );
  const events = agent.events();
  proxy.refuse();
  await next(events, "cut");
  await Deno.writeTextFile(`${dir}/go`, "");
  await until(() => {
    try {
      return Deno.statSync(`${dir}/gone`).isFile;
    } catch {
      return false;
    }
  }, "the end of the command");
  proxy.flow();
  await next(events, "back");
  await agent.waitFor({ promptReturns: true });
  const { lines, missing } = agent.read(from);
  const numbers = lines.filter((line) => /^n\d+$/.test(line));
  assert.deepEqual(numbers.at(-1), "n60");
  assert.deepEqual(numbers, [...new Set(numbers)]);
  assert.ok(numbers.length < 60 && missing > 0, `${numbers.length} and ${missing} missing`);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("while sharing is paused a program sees that, and none of it is output", async () => {
  await using session = new Session();
  await using agent = await joinInControl(session);
  await agent.run("echo before");
  const events = agent.events();
  const end = agent.end;
  await session.act({ kind: "pause" });
  await next(events, "pause");
  assert.equal(agent.screen().sharingPaused, true);
  assert.equal(agent.end, end);
  await assert.rejects(agent.type("x"), hasCode("input-paused"));
  await session.act({ kind: "resume" });
  await next(events, "resume");
  assert.equal((await agent.run("echo again")).output, "again");
  assert.doesNotMatch(agent.read(0).text, /Sharing/);
  assert.match(agent.read(0).text, /before\n\$ echo again\nagain\n\$$/);
});

Deno.test("a program is told how the session ended, and its calls say so", async () => {
  await using session = new Session();
  await using agent = await joinInControl(session);
  const waiting = assert.rejects(agent.waitFor({ text: "never" }), hasCode("ended"));
  const exit = agent.waitFor({ exit: true });
  const events = agent.events();
  const ran = await agent.run("exit 3");
  assert.deepEqual([ran.finished, ran.status], [true, 3]);
  assert.equal((await exit).status, 3);
  await waiting;
  const ended = await agent.ended;
  assert.deepEqual([ended.code, ended.status], ["ended", 3]);
  assert.equal((await next(events, "exit")).status, 3);
  assert.equal((await events.next()).done, true);
  await assert.rejects(agent.type("x"), hasCode("ended"));
});

Deno.test("who cannot join is told why", async () => {
  await using session = new Session();
  const { url } = await session.link("agent", { once: true });
  await using _first = await joinSession(url, { name: "first" });
  await assert.rejects(joinSession(url, { name: "second" }), (error) => {
    assert.ok(error instanceof AgentError);
    assert.deepEqual([error.code, error.reason], ["join-failed", "token-spent"]);
    return true;
  });
  await assert.rejects(joinSession("nonsense", { name: "bot" }), hasCode("bad-link"));
  await assert.rejects(joinSession(url, { name: " " }), hasCode("bad-options"));
  const signal = AbortSignal.abort();
  const { url: another } = await session.link("agent");
  await assert.rejects(joinSession(another, { name: "bot", signal }), hasCode("aborted"));
});
