import assert from "node:assert/strict";
import { command, constant } from "@optique/core/primitives";
import { map } from "@optique/core/modifiers";
import deno from "./deno.json" with { type: "json" };
import { CollabError, UsageError } from "./format/errors.ts";
import { type Command, COMMANDS, main } from "./main.ts";
import { ownHome } from "./tests/harness.ts";
import { testWith } from "./tests/needs.ts";
import { Terminal } from "./tests/terminal.ts";

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(
  args: readonly string[],
  { commands, cols }: { readonly commands?: typeof COMMANDS; readonly cols?: number | undefined } =
    {},
): Promise<Ran> {
  const out: string[] = [], err: string[] = [];
  const code = await main(args, {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    cols,
  }, commands);
  return { code, out: out.join("\n"), err: err.join("\n") };
}

Deno.test("the version is the project's", async () => {
  assert.deepEqual(await run(["--version"]), { code: 0, out: deno.version, err: "" });
});

Deno.test("the help lists every command, and every command's help has examples", async () => {
  const { code, out } = await run(["--help"]);
  assert.equal(code, 0);
  for (const name of Object.keys(COMMANDS)) {
    assert.match(out, new RegExp(`^  ${name}\\b`, "m"));
    for (const args of [[name, "--help"], ["help", name], [name, "-h"]]) {
      const help = await run(args);
      assert.equal(help.code, 0);
      assert.match(help.out, new RegExp(`Examples:\\n  collab ${name}`), args.join(" "));
    }
  }
});

Deno.test("help is as wide as the terminal, says in a line how a command is called, and ends no line with blanks", async () => {
  for (const cols of [undefined, 20, 72, 300]) {
    for (const name of ["", ...Object.keys(COMMANDS)]) {
      const { out } = await run([...(name === "" ? [] : [name]), "--help"], { cols });
      const [about = "", examples = ""] = out.split("Examples:");
      const widest = Math.max(...about.split("\n").map((line) => line.length));
      if ((cols ?? 80) >= 80) {
        for (const line of examples.split("\n")) assert.match(line, /^( .*)?$/);
      }
      assert.ok(widest <= Math.min(100, Math.max(60, cols ?? 80)), `${name}: ${widest}`);
      assert.doesNotMatch(about + examples, / $/m);
      if (name !== "audit") {
        assert.match(about, new RegExp(`^Usage: collab ?${name} [^ ].*\n\n`, "m"));
      }
    }
  }
});

Deno.test("nothing at all is answered with the help, as a misuse", async () => {
  const { code, out, err } = await run([]);
  assert.deepEqual([code, out], [2, ""]);
  assert.match(err, /^Usage: collab/m);
});

Deno.test("what is misspelt is one line with what was meant", async () => {
  const slips: readonly [string[], RegExp][] = [
    [["hots"], /Did you mean `host`/],
    [["reply", "a.cast"], /Did you mean `replay`/],
    [["host", "--recrod", "a.cast"], /Did you mean `--record`/],
    [["watch"], /LINK/],
    [["host", "--size", "big"], /80x24/],
    [["host", "--listen"], /HOST:PORT/],
    [["completions", "tcsh"], /bash.*fish|fish.*bash/],
  ];
  for (const [args, wanted] of slips) {
    const { code, out, err } = await run(args);
    assert.deepEqual([code, out], [2, ""], args.join(" "));
    assert.match(err, wanted);
    assert.equal(err.split("\n").length, 1, err);
  }
});

/** A command that does what the test says. */
function failing(error: unknown): typeof COMMANDS {
  const fail = map(constant(0), () => () => Promise.reject(error));
  const other = command("other", map(constant(0), () => () => Promise.resolve(0)));
  return {
    fail: () => Promise.resolve(command("fail", fail) as Command),
    other: () => Promise.resolve(other as Command),
  };
}

Deno.test("failures, misuses and bugs have exit codes of their own", async () => {
  const failure = await run(["fail"], {
    commands: failing(new CollabError("x", "Cannot do it: no")),
  });
  assert.deepEqual(failure, { code: 1, out: "", err: "collab: Cannot do it: no [x]" });
  const misuse = await run(["fail"], {
    commands: failing(new UsageError("x", "Cannot do it: no")),
  });
  assert.deepEqual(misuse, { code: 2, out: "", err: "collab: Cannot do it: no [x]" });
  const bug = await run(["fail"], { commands: failing(new TypeError("oops")) });
  assert.equal(bug.code, 70);
  assert.match(bug.err, /bug of collab.*\nTypeError: oops\n/);
});

/** How each shell is started without its user's files, and told of the completions. */
const SHELLS: Readonly<Record<string, { readonly command: string[]; readonly load: string }>> = {
  bash: {
    command: ["bash", "--norc", "--noprofile", "-i"],
    load: `eval "$(collab completions bash)"`,
  },
  zsh: {
    command: ["zsh", "-f", "-i"],
    load: `autoload -Uz compinit && compinit -D -u && eval "$(collab completions zsh)"`,
  },
  fish: {
    command: ["fish", "--no-config", "-i"],
    load: "collab completions fish | source",
  },
};

for (const [shell, { command, load }] of Object.entries(SHELLS)) {
  testWith([shell], `${shell} completes commands, flags and recordings`, async () => {
    const dir = await Deno.makeTempDir({ prefix: "collab-test-" });
    try {
      const program = [Deno.execPath(), "run", "-A", "--quiet", `${import.meta.dirname}/main.ts`];
      await Deno.writeTextFile(`${dir}/collab`, `#!/bin/sh\nexec ${program.join(" ")} "$@"\n`);
      await Deno.chmod(`${dir}/collab`, 0o755);
      await Deno.writeTextFile(`${dir}/incident.cast`, "");
      const PATH = `${dir}:${Deno.env.get("PATH")}`;
      const env = { PATH, PS1: "$ ", ...ownHome(dir), ZDOTDIR: dir, HISTFILE: "" };
      await using terminal = new Terminal(command, { cwd: dir, env });
      await terminal.type(`${load}; echo lo''aded\r`);
      await terminal.waitForText(/^loaded/m);
      await terminal.type("\x15collab rep\t");
      await terminal.waitForText(/collab replay ?$/m);
      await terminal.type("\x15collab host --headl\t");
      await terminal.waitForText(/collab host --headless ?$/m);
      await terminal.type("\x15collab host --record inc\t");
      await terminal.waitForText(/--record incident\.cast ?$/m);
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  });
}
