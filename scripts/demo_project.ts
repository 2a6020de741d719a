/**
 * A small program with a test that fails, and a shell to work in.
 *
 * @module
 */
import { join } from "node:path";

const FILES: Readonly<Record<string, string>> = {
  "total.ts": `/** Adds up the numbers in a text, as in "1, 2, 3". */
export function total(text: string): number {
  let sum = 0;
  for (const part of text.split(",")) {
    sum = Number(part);
  }
  return sum;
}
`,
  "total_test.ts": `import { total } from "./total.ts";

Deno.test("numbers are added up", () => {
  const sum = total("1, 2, 3");
  if (sum !== 6) throw new Error(\`\${sum} !== 6\`);
});

Deno.test("nothing is 0", () => {
  if (total("") !== 0) throw new Error("not 0");
});
`,
};
const BASHRC = `PS1='\\[\\e[1;34m\\]\\w\\[\\e[0m\\] $ '
cd ~/sums
`;

/** A folder that is gone in the end. */
export interface Project extends AsyncDisposable {
  readonly dir: string;
  /** The environment of who works there. */
  readonly env: Readonly<Record<string, string>>;
}

/** Makes the folder, which is its own home. */
export async function makeProject(): Promise<Project> {
  const dir = await Deno.makeTempDir({ prefix: "collab-demo-" });
  for (const name of ["sums", "bin", "run"]) await Deno.mkdir(join(dir, name), { mode: 0o700 });
  for (const [name, text] of Object.entries(FILES)) {
    await Deno.writeTextFile(join(dir, "sums", name), text);
  }
  await Deno.writeTextFile(join(dir, ".bashrc"), BASHRC);
  await Deno.symlink(Deno.execPath(), join(dir, "bin", "deno"));
  return {
    dir,
    env: {
      HOME: dir,
      PATH: `${join(dir, "bin")}:${Deno.env.get("PATH") ?? "/usr/bin:/bin"}`,
      SHELL: "bash",
      TERM: "xterm-256color",
      LANG: "C.UTF-8",
      HISTFILE: "",
      DENO_DIR: await cacheDir(),
      DENO_NO_UPDATE_CHECK: "1",
      XDG_RUNTIME_DIR: join(dir, "run"),
    },
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}

/** Where Deno keeps what it has downloaded: it is not to be fetched again for another home. */
async function cacheDir(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}
