/**
 * Panes of one's own in a real tmux: people who type at once, and all the ways in which that ends.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { PaneEnd } from "../host/panes.ts";
import type { ViewerCommandJson } from "../wire/connection.ts";
import type { InputPart } from "../wire/input.ts";
import { eventually } from "./harness.ts";
import { testWith } from "./needs.ts";
import { type Guest, Session, until } from "./people.ts";
import { TmuxServer } from "./tmux.ts";

/** A session that is shared with panes, and the tmux that it is in. */
class Room implements AsyncDisposable {
  readonly tmux = new TmuxServer();
  session!: Session;

  static async open(
    { paneEnd = "close", ...options }: { paneEnd?: PaneEnd; confirmPaste?: boolean } = {},
  ): Promise<Room> {
    const room = new Room();
    await room.tmux.start("work");
    const tmux = await room.tmux.share("work", { paneEnd });
    room.session = new Session(options, tmux);
    await room.session.live;
    return room;
  }

  /** Somebody joins, and has a pane. */
  async join(name: string): Promise<Typist> {
    const guest = await this.session.join(name);
    assert.equal(await this.session.act({ kind: "grant", id: guest.id, pane: true }), "done");
    const typist = new Typist(guest);
    await typist.open();
    return typist;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.session[Symbol.asyncDispose]();
    await this.tmux[Symbol.asyncDispose]();
  }
}

/** Somebody who types into a pane of their own. */
class Typist {
  readonly guest: Guest;

  constructor(guest: Guest) {
    this.guest = guest;
  }

  get pane(): string {
    return this.guest.facts.panes.get(this.guest.id)!.pane;
  }

  get turn(): number {
    return this.guest.facts.panes.get(this.guest.id)!.turn;
  }

  async open(): Promise<void> {
    await until(() => this.guest.facts.panes.has(this.guest.id), "the pane");
  }

  async closed(): Promise<void> {
    await until(() => !this.guest.facts.panes.has(this.guest.id), "the end of the pane");
  }

  input(...parts: InputPart[]): ViewerCommandJson {
    return { kind: "input", turn: this.turn, parts, pane: true };
  }

  type(text: string): void {
    this.guest.say(this.input({ kind: "text", text }));
  }

  keys(...keys: string[]): void {
    this.guest.say(this.input(...keys.map((key) => ({ kind: "key" as const, key }))));
  }

  paste(text: string): void {
    this.guest.say(this.input({ kind: "paste", text }));
  }
}

async function contents(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch {
    return "";
  }
}

testWith(
  ["tmux"],
  "two participants and the presenter type at once, each only in their own pane",
  async () => {
    await using room = await Room.open();
    const { session, tmux } = room;
    const [ada, bot] = [await room.join("Ada"), await room.join("bot")];
    const files = ["presenter", "ada", "bot"].map((name) => tmux.file(name));
    const start = (file: string): string => `stty -echo; echo READY; cat > ${file}\n`;
    await session.type(start(files[0]!).replace("\n", "\r"));
    ada.type(start(files[1]!));
    bot.type(start(files[2]!));
    for (const pane of ["%0", ada.pane, bot.pane]) await tmux.shows(pane, /READY$/m);
    const typed = ["", "", ""];
    const write = [
      (text: string): Promise<void> => session.type(text.replaceAll("\n", "\r")),
      (text: string): void => ada.type(text),
      (text: string): void => bot.type(text),
    ];
    for (let i = 0; i < 600; i++) {
      const who = Math.floor(Math.random() * 3);
      const letter = "PAB"[who]!;
      const text = `${letter}${i}é${letter.repeat(Math.floor(Math.random() * 20))}${
        Math.random() < 0.3 ? "\n" : " "
      }`;
      typed[who] += text;
      await write[who]!(text);
      if (Math.random() < 0.05) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    for (let who = 0; who < 3; who++) {
      typed[who] += "end\n";
      await write[who]!("end\n");
      await write[who]!("\x04");
    }
    for (let who = 0; who < 3; who++) {
      await eventually(
        async () => (await contents(files[who]!)).endsWith("end\n") || undefined,
        "it",
      );
      assert.equal(await contents(files[who]!), typed[who]);
    }
  },
);

testWith(
  ["tmux"],
  "a pane has its owner's name and colour, however they are called, and everybody sees it",
  async () => {
    await using room = await Room.open();
    const { session, tmux } = room;
    const trap = `/tmp/c${Deno.pid}`;
    const name = `#(>${trap})#[x]'";`;
    const eve = await room.join(name), bob = await session.join("bob");
    await bob.sees(name);
    await eve.open();
    const color = await tmux.run("display-message", "-p", "-t", eve.pane, "#{@collab_color}");
    assert.match(color, /^#[0-9a-f]{6}$/);
    eve.type("echo in $((6*7))\n");
    await bob.sees(/^in 42$/m);
    assert.ok(!await Deno.stat(trap).then(() => true, () => false), "a name was run as a command");
  },
);

testWith(
  ["tmux"],
  "a secret that is wrapped in one of two panes side by side is masked in both",
  async () => {
    await using room = await Room.open();
    const { session, tmux } = room;
    const bob = await session.join("bob", "view");
    await tmux.run("split-window", "-d", "-h", "-t", "%0");
    const secret = "ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";
    const file = tmux.file("secret");
    await Deno.writeTextFile(file, `token: ${" ".repeat(15)}${secret}\nEND\n`);
    for (const pane of ["%0", "%1"]) {
      await tmux.run("send-keys", "-t", pane, `clear; cat ${file}`, "Enter");
    }
    await bob.sees(/^END +│END$/m);
    assert.match(bob.text, /ghp_•{14,}│token: +ghp_•{13,}\n•{20,} +│•{20,}/);
    assert.doesNotMatch(bob.text, /P6q7R8|J0k1/);
  },
);

testWith(
  ["tmux", "vim"],
  "arrows, function keys and modes are as the program in the pane wants them",
  async () => {
    await using room = await Room.open();
    const ada = await room.join("Ada"), file = room.tmux.file("text");
    ada.type(`vim -u NONE -N ${file}\n`);
    await room.tmux.shows(ada.pane, "~");
    ada.type("ione\ntwo\nthree");
    ada.keys("up", "home", "right", "delete", "end");
    ada.type("!");
    ada.keys("down", "ctrl+home", "end");
    ada.type("?");
    ada.keys("escape");
    ada.type(":wq\n");
    await eventually(async () => (await contents(file)) !== "" || undefined, "the file");
    assert.equal(await contents(file), "one?\nto!\nthree\n");
  },
);

testWith(
  ["tmux"],
  "a paste is bracketed where the program asked for it, whole, and no command to tmux",
  async () => {
    await using room = await Room.open();
    const { tmux } = room;
    const ada = await room.join("Ada");
    ada.type("stty -echo raw; printf '\\033[?2004hREADY\\r\\n'; cat -v\n");
    await tmux.shows(ada.pane, /READY$/m);
    ada.paste('one\ntwo"; kill-server; $HOME #{pid} \\n é');
    await tmux.shows(ada.pane, '^[[200~one^Mtwo"; kill-server; $HOME #{pid} \\n M-CM-)^[[201~');
    const bob = await room.join("bob");
    bob.type("stty -echo raw; printf '\\033[?2004lREADY\\r\\n'; head -c 100000 | md5sum; cat -v\n");
    await tmux.shows(bob.pane, /READY$/m);
    // A piece of it that begins with a dash is no flag of a command.
    const text = "-123456789".repeat(10_000);
    bob.paste(text);
    await tmux.shows(bob.pane, createHash("md5").update(text).digest("hex"));
  },
);

testWith(
  ["tmux"],
  "who has scrolled a pane back does not turn its owner's keys into commands of tmux",
  async () => {
    await using room = await Room.open();
    const ada = await room.join("Ada");
    ada.type("echo one\n");
    await room.tmux.shows(ada.pane, /^one$/m);
    await room.tmux.run("copy-mode", "-t", ada.pane);
    ada.type("echo q:two\n");
    await room.tmux.shows(ada.pane, /^q:two$/m);
  },
);

testWith(
  ["tmux"],
  "panes whose input tmux keeps in step do not take in a participant's",
  async () => {
    await using room = await Room.open();
    const { tmux } = room;
    const ada = await room.join("Ada");
    await tmux.run("set-option", "-w", "-t", "work", "synchronize-panes", "on");
    ada.type("echo only $((6*7)) here\n");
    await tmux.shows(ada.pane, "only 42 here");
    await room.session.type("echo mine\r");
    await tmux.shows("%0", /^mine$/m);
    assert.doesNotMatch(await tmux.screen("%0"), /only/);
    assert.doesNotMatch(await tmux.screen(ada.pane), /mine/);
  },
);

testWith(
  ["tmux"],
  "when it is taken, paused or its owner is removed in the middle of what is typed, nothing follows but the piece that tmux was given before",
  async () => {
    await using room = await Room.open({ paneEnd: "keep" });
    const { session, tmux } = room;
    const stops: readonly (readonly [string, (id: string) => Promise<unknown>, boolean])[] = [
      ["taken", () => session.act({ kind: "take" }), true],
      ["paused", () => session.act({ kind: "pause" }), false],
      ["no-input", () => session.act({ kind: "mode", mode: "paused" }), false],
      ["removed", (id) => session.act({ kind: "kick", id }), true],
    ];
    const live = await session.live;
    const server = Number(await tmux.run("display-message", "-p", "#{pid}"));
    for (const [how, stop, ends] of stops) {
      const ada = await room.join(`Ada-${how}`), file = tmux.file(how);
      const { pane } = ada;
      ada.type(`stty -echo raw; echo READY; cat > ${file}\n`);
      await tmux.shows(pane, /READY$/m);
      // While tmux stands still, all but the first piece waits in the host.
      Deno.kill(server, "SIGSTOP");
      const passed = (): number => live.measure().inputBytes.participant;
      const before = passed();
      for (let i = 0; i < 100; i++) ada.type("x".repeat(1_024));
      await until(() => passed() - before === 100 * 1_024, "what is typed");
      await stop(ada.guest.id);
      if (ends) assert.ok(!live.control.panes.rights.has(ada.guest.id));
      Deno.kill(server, "SIGCONT");
      await eventually(async () => (await contents(file)).length > 0 || undefined, "a first byte");
      const { length } = await settled(file);
      assert.ok(length <= 1_024, `${length} bytes`);
      if (how !== "removed") {
        for (let i = 0; i < 10; i++) {
          ada.guest.say({
            kind: "input",
            turn: 1,
            parts: [{ kind: "text", text: "late" }],
            pane: true,
          });
        }
        const refused = /^(?:no-pane|input-paused|out-of-turn)$/;
        await until(() => ada.guest.notices.some((code) => refused.test(code)), "the refusal");
      }
      await session.act({ kind: "resume" });
      await session.act({ kind: "mode", mode: "presenter" });
      await tmux.run("display-message", "-p", "-t", pane, "");
      assert.equal((await settled(file)).length, length, how);
      assert.doesNotMatch(await contents(file), /late/);
    }
  },
);

/** A file that no more is written to: what tmux has taken, the pane's program has. */
async function settled(file: string): Promise<string> {
  for (let before = await contents(file), same = 0;;) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const now = await contents(file);
    same = now === before ? same + 1 : 0;
    if (same === 15) return now;
    before = now;
  }
}

testWith(
  ["tmux"],
  "a program that ends takes its pane with it, and its owner is told",
  async () => {
    await using room = await Room.open();
    const ada = await room.join("Ada"), bob = await room.join("bob");
    ada.type("exit\n");
    await ada.closed();
    await until(() => !bob.guest.facts.panes.has(ada.guest.id), "the end, seen by others");
    ada.guest.say({ kind: "input", turn: 1, parts: [{ kind: "text", text: "x" }], pane: true });
    await ada.guest.isTold("no-pane");
    bob.type("echo still $((6*7))\n");
    await room.tmux.shows(bob.pane, "still 42");
  },
);

testWith(["tmux"], "a pane is asked for, granted, given up, and opened anew", async () => {
  await using room = await Room.open();
  const { session, tmux } = room;
  const guest = await session.join("Ada"), ada = new Typist(guest);
  guest.say({ kind: "request", pane: true, note: "run the tests" });
  await until(() => guest.facts.requests.length === 1, "the request");
  assert.deepEqual(guest.facts.requests, [{ id: guest.id, pane: true, note: "run the tests" }]);
  assert.equal(await session.act({ kind: "grant", id: "Ada" }), "done");
  await ada.open();
  assert.equal(guest.facts.turn.mode, "presenter");
  const first = ada.pane;
  guest.say({ kind: "yield", pane: true });
  await ada.closed();
  await eventually(async () => !(await tmux.panes()).includes(first) || undefined, "its end");
  await session.act({ kind: "grant", id: "Ada", pane: true });
  await ada.open();
  assert.notEqual(ada.pane, first);
  const late = await session.join("late");
  assert.equal(late.facts.panes.get(guest.id)?.pane, ada.pane);
});

testWith(
  ["tmux"],
  "what is taken goes on, and is its owner's again when they are granted a pane",
  async () => {
    await using room = await Room.open();
    const { session, tmux } = room;
    const ada = await room.join("Ada"), { pane } = ada;
    ada.type("x=kept; echo set\n");
    await tmux.shows(pane, /^set$/m);
    await session.act({ kind: "take" });
    await ada.closed();
    assert.ok((await tmux.panes()).includes(pane));
    await session.act({ kind: "grant", id: ada.guest.id, pane: true });
    await ada.open();
    assert.equal(ada.pane, pane);
    ada.type("echo $x\n");
    await tmux.shows(pane, /^kept$/m);
  },
);

testWith(
  ["tmux"],
  "with keep, the pane of somebody who has left stays, with its name, until it is closed",
  async () => {
    await using room = await Room.open({ paneEnd: "keep" });
    const { session, tmux } = room;
    const ada = await room.join("Ada"), { pane } = ada, live = await session.live;
    ada.guest.leave();
    await until(() => live.participants.list.length === 0, "the end of Ada");
    assert.deepEqual(live.panes, [{ pane, id: ada.guest.id, name: "Ada" }]);
    assert.equal(await tmux.run("display-message", "-p", "-t", pane, "#{@collab_name}"), "Ada");
    assert.equal(await session.act({ kind: "close-pane", id: "ada" }), "done");
    await eventually(async () => !(await tmux.panes()).includes(pane) || undefined, "its end");
    assert.equal(await session.act({ kind: "close-pane", id: "ada" }), "no-pane");
  },
);

testWith(
  ["tmux"],
  "where there is no room, who asked is told, and the session goes on",
  async () => {
    await using room = await Room.open();
    const { session } = room;
    const codes: string[] = [];
    await room.tmux.run("resize-window", "-t", "work", "-x", "20", "-y", "6");
    for (let i = 0; i < 10; i++) {
      const guest = await session.join(`g${i}`);
      codes.push(await session.act({ kind: "grant", id: guest.id, pane: true }));
      if (codes.at(-1) !== "done") await guest.isTold("pane-failed");
    }
    assert.equal(codes[0], "done");
    assert.equal(codes.at(-1), "pane-failed");
    const file = room.tmux.file("on");
    await session.type(`echo on > ${file}\r`);
    await eventually(async () => (await contents(file)) === "on\n" || undefined, "the session");
  },
);

for (const all of [false, true]) {
  const who = all ? "all clients at once" : "the host's client";
  testWith(["tmux"], `detaching ${who} ends the sharing, and leaves tmux as it was`, async () => {
    await using tmux = new TmuxServer();
    await tmux.start("work");
    await leavesNothing(
      tmux,
      (client) => tmux.run("detach-client", ...(all ? ["-s", "work"] : ["-t", client])),
    );
  });
}

async function leavesNothing(
  tmux: TmuxServer,
  detach: (client: string) => Promise<unknown>,
): Promise<void> {
  await tmux.run("set-option", "-w", "-t", "work", "pane-border-style", "fg=green");
  const before = await tmux.run("show-options", "-w", "-t", "work");
  {
    await using session = new Session({}, await tmux.share("work"));
    const ada = await session.join("Ada");
    await session.act({ kind: "grant", id: "Ada", pane: true });
    await until(() => ada.facts.panes.size === 1, "the pane");
    assert.notEqual(await tmux.run("show-options", "-w", "-t", "work"), before);
    const client = await eventually(async () => {
      const clients = await tmux.run("list-clients", "-F", "#{client_control_mode} #{client_name}");
      return /^0 (.*)$/m.exec(clients)?.[1];
    }, "the host's client");
    await detach(client);
    await until(() => session.reported.some(({ event }) => event === "exit"), "the end");
    const end = session.reported.find((event) => event.event === "tmux");
    assert.ok(end?.event === "tmux" && end.how === "detached", JSON.stringify(end));
    assert.deepEqual(end.kept, []);
    await until(() => ada.ended === "ended", "Ada to be told");
  }
  assert.deepEqual(await tmux.panes(), ["%0"]);
  assert.equal(await tmux.run("show-options", "-w", "-t", "work"), before);
  assert.equal(await tmux.run("show-options", "-p", "-t", "%0"), "");
  assert.equal(await tmux.run("list-clients"), "");
}

testWith(["tmux"], "tmux killed underneath is a clear end, also when it hangs before", async () => {
  for (const signals of [["SIGKILL"], ["SIGSTOP", "SIGKILL"]] as const) {
    await using tmux = new TmuxServer();
    await tmux.start("work");
    await using session = new Session({}, await tmux.share("work"));
    const ada = await session.join("Ada");
    await session.act({ kind: "grant", id: "Ada", pane: true });
    await until(() => ada.facts.panes.size === 1, "the pane");
    const pid = Number(await tmux.run("display-message", "-p", "#{pid}"));
    for (const signal of signals) {
      Deno.kill(pid, signal);
      const turn = ada.facts.panes.get(ada.id)?.turn ?? 0;
      ada.say({ kind: "input", turn, parts: [{ kind: "text", text: "x" }], pane: true });
    }
    await until(() => session.reported.some(({ event }) => event === "exit"), "the end");
    const end = session.reported.find((event) => event.event === "tmux");
    assert.ok(end?.event === "tmux" && end.how === "lost", JSON.stringify(end));
    await until(() => ada.ended === "ended", "Ada to be told");
  }
});

testWith(
  ["tmux"],
  "when the presenter's own shell ends, so do the panes beside it and the session",
  async () => {
    await using room = await Room.open();
    await room.join("Ada");
    await room.session.type("exit\r");
    await until(() => room.session.reported.some(({ event }) => event === "exit"), "the end");
    const end = room.session.reported.find((event) => event.event === "tmux");
    assert.ok(end?.event === "tmux" && end.how === "ended", JSON.stringify(end));
  },
);

testWith(
  ["tmux"],
  "the audit log has what is typed in tmux, but not what one of its panes hides",
  async () => {
    await using tmux = new TmuxServer();
    await tmux.start("work");
    const audit = tmux.file("audit.jsonl");
    {
      await using session = new Session({ audit }, await tmux.share("work"));
      const ada = new Typist(await session.join("Ada"));
      await session.act({ kind: "grant", id: "Ada", pane: true });
      await ada.open();
      // Before the panes are known, all counts as hidden.
      await eventually(async () => {
        await session.type(": probe\r");
        return (await contents(audit)).includes(": probe") || undefined;
      }, "the panes to be known");
      await session.type("echo one $((6*7))\r");
      await tmux.shows("%0", "one 42");
      ada.type("echo two $((6*7)); read -rsp 'secret? ' x; echo; echo \"${#x} taken\"\n");
      await tmux.shows(ada.pane, /^secret\?/m);
      ada.type("hunter2xyz\n");
      await tmux.shows(ada.pane, "10 taken");
      ada.type("echo three\n");
      await tmux.shows(ada.pane, /^three$/m);
    }
    const log = await Deno.readTextFile(audit);
    assert.match(log, /"text":"echo one \$\(\(6\*7\)\)/);
    assert.match(log, /"text":"echo two/);
    assert.match(log, /"text":"echo three/);
    assert.match(log, /"event":"pane"[^\n]*"open":true/);
    assert.doesNotMatch(log, /hunter2/);
    assert.match(log, /"length":10,"tookMs":\d+,"why":"hidden"/);
  },
);

testWith(
  ["tmux"],
  "a pane opens in the window that all see, and goes on when tmux lets the host's second client go",
  async () => {
    await using room = await Room.open();
    const { session, tmux } = room;
    const ada = await room.join("Ada"), bob = await session.join("bob");
    await tmux.run("new-window", "-t", "work");
    await session.act({ kind: "grant", id: "bob", pane: true });
    await until(() => bob.facts.panes.has(bob.id), "the pane");
    const windows = await tmux.panes("#{window_index} #{pane_id}");
    assert.deepEqual(windows, ["0 %0", `0 ${ada.pane}`, "1 %2", "1 %3"]);
    const clients = await tmux.run("list-clients", "-F", "#{client_control_mode} #{client_name}");
    const first = /^1 (.*)$/m.exec(clients)![1]!;
    await tmux.run("detach-client", "-t", first);
    await eventually(async () => {
      const now = await tmux.run("list-clients", "-F", "#{client_control_mode} #{client_name}");
      return /^1 /m.test(now) && !now.includes(first) || undefined;
    }, "another client");
    ada.type("echo still $((6*7))\n");
    await tmux.shows(ada.pane, "still 42");
    ada.type("exit\n");
    await ada.closed();
  },
);
