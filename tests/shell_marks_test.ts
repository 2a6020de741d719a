import assert from "node:assert/strict";
import { type CastEvent, EventDecoder } from "../format/events.ts";
import { rowText } from "../format/row.ts";
import { Screen } from "../format/screen.ts";
import type { ShellMark } from "../format/session_data.ts";
import { shellMarkOf } from "../format/shell_mark.ts";
import { fromSource, type Host, Lines, ownHome, run, startHost, TestDir } from "./harness.ts";
import { testWith } from "./needs.ts";

/** A command that ran in a session: its output as a viewer's own screen has it, and its status. */
interface Ran {
  readonly output: string;
  readonly status: number | undefined;
}

/** Plays event lines as a viewer does, and cuts them where the shell said that commands begin and end. */
function commandsIn(
  header: { readonly term: { cols: number; rows: number } },
  lines: string,
): Ran[] {
  using screen = new Screen({ ...header.term, scrollback: 1_000 });
  const ran: Ran[] = [];
  let began: { readonly line: number; readonly x: number } | undefined;
  for (const { event } of new EventDecoder().decodeAll(lines)) {
    draw(screen, event);
    const mark = event.kind === "shell" ? shellMarkOf(event.data) : undefined;
    if (mark === undefined) continue;
    const own = { line: screen.frame().top + mark.line - mark.top, x: mark.x };
    if (mark.kind === "output") began = own;
    if (mark.kind !== "done") continue;
    assert.ok(began !== undefined, "a command ended that never began");
    ran.push({ output: textBetween(screen, began, own), status: mark.status });
    began = undefined;
  }
  return ran;
}

function draw(screen: Screen, event: CastEvent): void {
  if (event.kind === "output") screen.write(event.data);
  if (event.kind === "resize") screen.resize(event.cols, event.rows);
}

type Place = Pick<ShellMark, "line" | "x">;

function textBetween(screen: Screen, from: Place, to: Place): string {
  const frame = screen.frame();
  let text = "";
  for (let line = from.line; line <= to.line; line++) {
    const row = line < frame.top ? screen.history(line)! : frame.lines[line - frame.top]!;
    const end = line === to.line ? to.x : Infinity;
    text += rowText(row).slice(line === from.line ? from.x : 0, end).trimEnd();
    if (line < to.line) text += "\n";
  }
  return text;
}

/** A real shell in a session that marks, with a home of its own and a viewer that prints what it gets. */
class Marked implements AsyncDisposable {
  readonly #dir = new TestDir();
  readonly cast = this.#dir.file("a.cast");
  #host: Host | undefined;
  #seen: Lines<unknown> | undefined;
  /** Marks that the viewer has been told of. */
  #told = 0;

  /** Starts it, with the user's own files. */
  async start(command: readonly string[], files: Readonly<Record<string, string>>): Promise<void> {
    const home = this.#dir.path;
    await Deno.mkdir(`${home}/tmp`);
    for (const [name, text] of Object.entries(files)) {
      await Deno.mkdir(`${home}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.writeTextFile(`${home}/${name}`, text);
    }
    this.#host = startHost({
      command,
      args: ["--shell-marks", "--record", this.cast],
      env: { ...ownHome(home), TMPDIR: `${home}/tmp`, XDG_CONFIG_HOME: `${home}/.config` },
    });
    this.#seen = new Lines(fromSource("watch", "--cast", await this.#host.link()));
    await this.#mark("input");
  }

  /** Types a line and waits until the shell asks for the next one. */
  async type(line: string): Promise<void> {
    await this.#host!.type(`${line}\r`);
    await this.#mark("done");
    await this.#mark("input");
  }

  /** Ends the shell; returns the commands that ran, as the recording and as the viewer has them. */
  async end(): Promise<{ readonly recorded: Ran[]; readonly watched: Ran[] }> {
    await this.#host!.type("exit\r");
    await this.#host!.exited;
    await this.#seen!.exited;
    const [header, ...lines] = (await Deno.readTextFile(this.cast)).split("\n");
    const [first, ...events] = this.#seen!.all;
    return {
      recorded: commandsIn(JSON.parse(header!), lines.join("\n")),
      watched: commandsIn(
        first as Parameters<typeof commandsIn>[0],
        events.map((event) => `${JSON.stringify(event)}\n`).join(""),
      ),
    };
  }

  /** What is left in the folder for temporary files. */
  leftovers(): string[] {
    return [...Deno.readDirSync(`${this.#dir.path}/tmp`)].map(({ name }) => name)
      .filter((name) => name.startsWith("collab"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#seen?.[Symbol.asyncDispose]();
    await this.#host?.[Symbol.asyncDispose]();
    await this.#dir[Symbol.asyncDispose]();
  }

  async #mark(kind: ShellMark["kind"]): Promise<void> {
    const isMark = (line: unknown): boolean =>
      Array.isArray(line) && line[1] === "h" && JSON.parse(line[2]).kind === kind;
    await this.#seen!.waitFor(isMark, `the mark ${kind}`, this.#told);
    this.#told = this.#seen!.all.findIndex((line, i) => i >= this.#told && isMark(line)) + 1;
  }
}

/** What every shell runs, and what comes of it. */
const SAME: readonly (readonly [line: string, ran: Ran])[] = [
  ["echo one two", { output: "one two\n", status: 0 }],
  ["ls /nowhere 2>/dev/null", { output: "", status: 2 }],
  ["seq 100", {
    output: Array.from({ length: 100 }, (_, i) => `${i + 1}\n`).join(""),
    status: 0,
  }],
  ["printf 'a\\nb\\n'", { output: "a\nb\n", status: 0 }],
];

/** What a shell runs whose files have an alias `hi`, and note in `last` how a command ended. */
const WITH_OWN_FILES: typeof SAME = [
  ...SAME,
  ["hi", { output: "hello\n", status: 0 }],
  ["sh -c 'exit 42'", { output: "", status: 42 }],
  ["echo $last", { output: "42\n", status: 0 }],
  ["env | grep -c COLLAB", { output: "1\n", status: 0 }],
];

async function runAll(marked: Marked, lines: readonly (readonly [string, Ran])[]): Promise<void> {
  for (const [line] of lines) await marked.type(line);
  const { recorded, watched } = await marked.end();
  const wanted = lines.map(([, ran]) => ran);
  // Fish says that `exit` has ended, too.
  assert.deepEqual(recorded.slice(0, wanted.length), wanted);
  assert.deepEqual(watched, recorded);
  assert.deepEqual(marked.leftovers(), []);
}

testWith(["bash"], "bash marks its commands, with the user's own prompt and settings", async () => {
  await using marked = new Marked();
  await marked.start(["bash"], {
    ".bashrc": `
      case $- in *i*) ;; *) return ;; esac
      PS1='\\u says\\n> ' PS0='(begins)\\n' PROMPT_COMMAND='last=$?'
      alias hi='echo hello'
    `,
  });
  await runAll(marked, WITH_OWN_FILES);
});

testWith(
  ["bash"],
  "a login bash reads what a login shell reads, and marks under any options",
  async () => {
    await using marked = new Marked();
    await marked.start(["bash", "-l"], {
      ".bash_profile": "set -u; PS1='$(echo \"[$?]\") '; . ~/.bashrc",
      ".bashrc": "PROMPT_COMMAND=('a=$?' 'b=$?'); from=profile",
    });
    await runAll(marked, [
      ...SAME,
      ["echo $from; (exit 3)", { output: "profile\n", status: 3 }],
      ["echo $a $b", { output: "3 3\n", status: 0 }],
      ["printf 'no newline'", { output: "no newline", status: 0 }],
    ]);
  },
);

testWith(
  ["zsh"],
  "zsh marks its commands, with the user's own files, wherever they are",
  async () => {
    await using marked = new Marked();
    await marked.start(["zsh"], {
      ".zshenv": "export ZDOTDIR=$HOME/.config/zsh",
      ".config/zsh/.zshrc": `
      setopt prompt_subst ksh_arrays
      precmd() { last=$? }
      autoload -Uz add-zsh-hook
      themed() { PS1='%n says'$'\\n''> ' }
      add-zsh-hook precmd themed
      alias hi='echo hello'
    `,
    });
    await runAll(marked, [
      ...SAME,
      ["hi", { output: "hello\n", status: 0 }],
      ["(exit 42)", { output: "", status: 42 }],
      ["echo $last", { output: "42\n", status: 0 }],
      ["echo ${ZDOTDIR#$HOME}", { output: "/.config/zsh\n", status: 0 }],
      ["env | grep -c COLLAB", { output: "1\n", status: 0 }],
    ]);
  },
);

testWith(["zsh"], "a zsh without any files of the user's marks too", async () => {
  await using marked = new Marked();
  await marked.start(["zsh", "-i"], { ".zshrc": "" });
  await runAll(marked, SAME);
});

testWith(["fish"], "fish marks its commands, with the user's own prompt", async () => {
  await using marked = new Marked();
  await marked.start(["fish"], {
    ".config/fish/config.fish": `
      set -g fish_greeting
      alias hi='echo hello'
      function fish_prompt; set -g last $status; echo 'fish says'; echo -n '> '; end
    `,
  });
  await runAll(marked, WITH_OWN_FILES);
});

Deno.test("a command that is no shell to type into is not started with --shell-marks", async () => {
  for (const command of [["sh"], ["bash", "-c", "echo"], ["vim"]]) {
    const ran = await run("host", ["--headless", "--shell-marks", "--", ...command]);
    assert.equal(ran.code, 2);
    assert.match(ran.stderr, /^collab: Cannot have ".*" mark its commands: .*\n$/);
  }
});
