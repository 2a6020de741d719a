/**
 * Commands that an agent runs in a pane of its own, in a real tmux.
 */
import assert from "node:assert/strict";
import { AgentError, type AgentPane, type AgentSession, joinSession } from "../mod.ts";
import { join } from "node:path";
import { ROOT } from "./harness.ts";
import { testWith } from "./needs.ts";
import { Session, until } from "./people.ts";
import { Proxy } from "./proxy.ts";
import { TmuxServer } from "./tmux.ts";

/** A tmux session that is shared, and an agent with a pane. */
class Room implements AsyncDisposable {
  readonly tmux = new TmuxServer();
  session!: Session;
  agent!: AgentSession;
  pane!: AgentPane;

  /** @param command what new panes run; empty for tmux's own shell, which can mark */
  static async open(command: string, shell = "/bin/bash"): Promise<Room> {
    const room = new Room();
    const { tmux } = room;
    await tmux.start("work");
    await tmux.run("set-option", "-g", "default-command", command);
    await tmux.run("set-option", "-g", "default-shell", shell);
    room.session = new Session({}, await tmux.share("work"));
    room.agent = await joinSession((await room.session.link("agent")).url, { name: "bot" });
    assert.equal(
      await room.session.act({ kind: "grant", id: room.agent.you.id, pane: true }),
      "done",
    );
    room.pane = await room.agent.openPane();
    return room;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.agent.leave();
    await this.session[Symbol.asyncDispose]();
    await this.tmux[Symbol.asyncDispose]();
  }
}

const hasCode = (code: string) => (error: unknown): boolean =>
  error instanceof AgentError && error.code === code;

const WORDS = "abc ".repeat(60).trimEnd();
/** Commands, what they write, and their status. */
const COMMANDS: readonly (readonly [command: string, output: string, status: number])[] = [
  ["echo hi", "hi", 0],
  ["printf 'é x'", "é x", 0],
  ["false", "", 1],
  ["seq 100", Array.from({ length: 100 }, (_, i) => String(i + 1)).join("\n"), 0],
  [`echo ${WORDS}`, WORDS, 0],
  ["sleep 0.3; echo later; exit_status() { return 3; }; exit_status", "later", 3],
  ["clear", "", 0],
  ["cd /tmp && pwd", "/tmp", 0],
];

for (
  const { shell, by } of [
    { shell: "bash", by: "marks" },
    { shell: "zsh", by: "marks" },
    { shell: "fish", by: "marks" },
    { shell: "bash", by: "prompt" },
  ] as const
) {
  testWith(
    ["tmux", shell],
    `an agent has what commands write in its pane, in ${shell}, by the shell's ${by}`,
    async () => {
      const command = by === "marks" ? "" : "bash --norc --noprofile";
      await using room = await Room.open(command, `/usr/bin/${shell}`);
      for (const [command, output, status] of COMMANDS) {
        if (shell === "fish" && command.includes("exit_status")) continue;
        const ran = await room.pane.run(command);
        assert.deepEqual(
          { output: ran.output, status: ran.status, finished: ran.finished, by: ran.by },
          { output, status: by === "marks" ? status : undefined, finished: true, by },
          command,
        );
      }
    },
  );
}

testWith(
  ["tmux"],
  "a pane is read while the others see another window, and nothing of it while sharing is paused",
  async () => {
    await using room = await Room.open("");
    const { tmux, pane, session, agent } = room;
    await tmux.run("new-window", "-t", "work");
    const ran = await pane.run("seq 3");
    assert.deepEqual([ran.output, ran.status], ["1\n2\n3", 0]);
    assert.doesNotMatch(agent.screen().text, /^2$/m);
    assert.match(pane.screen().text, /^1\n2\n3$/m);
    assert.deepEqual(pane.read(ran.from, { maxLines: 3 }).missing, 1);

    await session.act({ kind: "pause" });
    await until(() => agent.screen().sharingPaused, "the pause");
    await assert.rejects(pane.run("echo no"), hasCode("input-paused"));
    await tmux.run("send-keys", "-t", pane.name, "clear; echo un''seen", "Enter");
    await tmux.shows(pane.name, "unseen");
    await session.act({ kind: "resume" });
    await pane.waitFor({ text: "unseen" });
    await tmux.run("send-keys", "-t", pane.name, "clear; echo hid''den", "Enter");
    await pane.waitFor({ text: "hidden" });
  },
);

testWith(
  ["tmux"],
  "what is secret is masked in a pane, also what became known on the screen of all",
  async () => {
    await using room = await Room.open("");
    const { pane, session, tmux } = room;
    const token = "ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";
    const word = "q7Zx9Lm2Vk4Tw8Rb";
    await Deno.writeTextFile(tmux.file("token"), `${token}\n`);
    await Deno.writeTextFile(tmux.file("word"), `${word}\n`);
    const masked = await pane.run(`cat ${tmux.file("token")}`);
    assert.match(masked.output, /^ghp_•+$/);
    await session.type(`export API_KEY=$(cat ${tmux.file("word")}); echo "API_KEY=$API_KEY"\r`);
    await room.agent.waitFor({ pattern: /^API_KEY=•+/ });
    const known = await pane.run(`cat ${tmux.file("word")}`);
    assert.match(known.output, /^•+$/);
    assert.doesNotMatch(pane.tail(100).text, /a1B2c3|q7Zx9L/);
  },
);

testWith(
  ["tmux"],
  "a command in a pane that does not end goes on, can be waited for, and ends with the pane",
  async () => {
    await using room = await Room.open("");
    const { pane, session, agent, tmux } = room;
    const file = tmux.file("go");
    const ran = await pane.run(`until [ -e ${file} ]; do sleep 0.05; done; echo gone on`, {
      timeoutMs: 100,
    });
    assert.deepEqual([ran.finished, ran.status], [false, undefined]);
    await Deno.writeTextFile(file, "");
    assert.equal((await pane.waitFor({ promptReturns: true })).status, 0);
    assert.match(pane.tail(5).text, /^gone on$/m);
    const waiting = pane.run("sleep 100");
    await tmux.shows(pane.name, "sleep 100");
    await session.act({ kind: "take" });
    await assert.rejects(waiting, hasCode("no-pane"));
    assert.equal(pane.isOpen, false);
    assert.equal(agent.pane, undefined);
    await session.act({ kind: "grant", id: agent.you.id, pane: true });
    const again = await agent.openPane();
    assert.equal(again.name, pane.name);
    await again.press("ctrl-c");
    await again.waitFor({ promptReturns: true });
    assert.equal((await again.run("echo back")).output, "back");
  },
);

testWith(
  ["tmux"],
  "a pane is followed through a change of its size, a flood, and when tmux lets the host's clients go",
  async () => {
    await using room = await Room.open("");
    const { pane, tmux } = room;
    await pane.run("echo before");
    await tmux.run("resize-pane", "-t", pane.name, "-y", "4");
    const small = await pane.run("seq 20");
    assert.equal(small.output.split("\n").length, 20);
    assert.equal(pane.screen().rows, 4);
    const flood = await pane.run("seq 300000", { timeoutMs: 60_000 });
    assert.deepEqual([flood.status, flood.output.split("\n").at(-1)], [0, "300000"]);
    const clients = await tmux.run("list-clients", "-F", "#{client_control_mode} #{client_name}");
    for (const [, name] of clients.matchAll(/^1 (.*)$/gm)) {
      await tmux.run("detach-client", "-t", name!);
    }
    await tmux.run("send-keys", "-t", pane.name, "echo there a''gain", "Enter");
    await pane.waitFor({ text: "there again" });
    await pane.waitFor({ promptReturns: true });
    const after = await pane.run("echo after; false");
    assert.deepEqual([after.output, after.status], ["after", 1]);
  },
);

testWith(
  ["tmux"],
  "the example of the client's documentation runs a command in a pane",
  async () => {
    await using room = await Room.open("");
    const text = await Deno.readTextFile(join(ROOT, "docs", "CLIENT.md"));
    const code = /^```ts pane\n([^]*?)^```/m.exec(text)![1]!.replace("make test", "echo ok; false");
    const Program = (async () => {}).constructor as new (
      ...args: string[]
    ) => (session: AgentSession, console: { log(...said: unknown[]): void }) => Promise<void>;
    const said: unknown[] = [];
    await new Program("session", "console", code)(room.agent, {
      log: (...all) => said.push(...all),
    });
    const [output, status, screen, tail] = said;
    assert.deepEqual([output, status], ["ok", 1]);
    assert.match(String(screen), /^ok$/m);
    assert.match(String(tail), /^ok$/m);
    await until(() => room.agent.pane === undefined, "the pane to be closed");
  },
);

testWith(
  ["tmux"],
  "a command in a pane is waited for through a cut, and the next one is as before",
  async () => {
    await using room = await Room.open("");
    const { session, tmux } = room;
    const { url } = await session.link("agent");
    await using proxy = new Proxy(new URL(url).host);
    const agent = await joinSession(proxy.link(url), { name: "away" });
    assert.equal(await session.act({ kind: "grant", id: agent.you.id, pane: true }), "done");
    const pane = await agent.openPane(), file = tmux.file("go");
    const waiting = pane.run(`until [ -e ${file} ]; do sleep 0.02; done; echo after the cut`);
    await pane.waitFor({ text: "after the cut" });
    const events = agent.events();
    proxy.refuse();
    for (let event = await events.next(); event.value.kind !== "cut";) event = await events.next();
    await Deno.writeTextFile(file, "");
    await tmux.shows(pane.name, /^after the cut$/m);
    proxy.flow();
    const { finished, output } = await waiting;
    assert.deepEqual([finished, output], [true, "after the cut"]);
    const next = await pane.run("echo still there; false");
    assert.deepEqual([next.output, next.status, next.by], ["still there", 1, "marks"]);
    await agent.leave();
  },
);

testWith(
  ["tmux"],
  "who has no pane follows none, and who asks again and again is shown it once",
  async () => {
    await using room = await Room.open("");
    const { session, tmux } = room;
    const eve = await session.join("eve"), ada = await session.join("Ada");
    eve.say({ kind: "follow" });
    await eve.isTold("no-pane");
    await session.act({ kind: "grant", id: ada.id, pane: true });
    await until(() => ada.facts.panes.has(ada.id), "the pane");
    for (let i = 0; i < 100; i++) ada.say({ kind: "follow" });
    const { pane, turn } = ada.facts.panes.get(ada.id)!;
    const parts = [{ kind: "text", text: "echo in $((6*7))\n" }] as const;
    ada.say({ kind: "input", turn, parts: [...parts], pane: true });
    await tmux.shows(pane, "in 42");
    await until(() => ada.shown.some((lines) => lines.includes("in 42")), "the pane's lines");
    assert.equal(ada.shown.filter((lines) => lines.includes("\\u001bc")).length, 1);
    assert.deepEqual(eve.shown, []);
  },
);

testWith(
  ["tmux"],
  "panes that are flooded and closed while others open leave tmux as it is",
  async () => {
    await using room = await Room.open("");
    const { session, tmux } = room;
    const server = await tmux.run("display-message", "-p", "#{pid}");
    await session.type("while :; do seq 5000; sleep 0.05; done\r");
    const { url } = await session.link("agent");
    const other = await joinSession(url, { name: "other" });
    const agents = [room.agent, other];
    for (let round = 0; round < 4; round++) {
      await Promise.all(agents.map(async (agent) => {
        const granted = await session.act({ kind: "grant", id: agent.you.id, pane: true });
        assert.match(granted, /^(?:done|pane-open)$/);
        const pane = await agent.openPane();
        assert.equal((await pane.run("seq 5000; false")).status, 1);
        await pane.type("yes\n");
        await pane.waitFor({ pattern: /^y$/ });
        await pane.close();
        await until(() => agent.pane === undefined, "the end of the pane");
      }));
    }
    assert.equal(await tmux.run("display-message", "-p", "#{pid}"), server);
    await other.leave();
  },
);
