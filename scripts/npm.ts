/**
 * Builds the typed client (`mod.ts`) as an npm package for Node, in `dist/npm`: one ES module with everything in it, and
 * the types of what it exports.
 *
 * ```sh
 * deno task npm
 * ```
 *
 * @module
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, posix, resolve } from "node:path";
import deno from "../deno.json" with { type: "json" };
import { writeImportMap } from "./import_map.ts";

const ROOT = resolve(import.meta.dirname!, "..");
/** Where the package goes. */
export const OUTPUT = join(ROOT, "dist", "npm");
/** What the package is called. */
export const PACKAGE = "collab-session";
/** The oldest Node that it runs on; `tests/npm_test.ts` runs it there. */
const NODE = "20";
/** The language of that Node: `using` is younger. */
const TARGET = "es2022";
/**
 * What puts it into that language, and writes declarations. It has a lock of its own: in the program's, packages that can
 * make use of it would all bring it along.
 */
export const TYPESCRIPT = "npm:typescript@5.9.3/tsc";
const LOCK = "scripts/npm.lock";
const ENTRY = "mod.ts";

/** Functions that are younger than the oldest Node, and what stands in for them. Nothing global is changed. */
const YOUNG: readonly { readonly call: string; readonly name: string; readonly source: string }[] =
  [
    {
      call: "Promise.withResolvers()",
      name: "promiseWithResolvers()",
      source: `function promiseWithResolvers() {
  let resolve, reject;
  const promise = new Promise((...both) => [resolve, reject] = both);
  return { promise, resolve, reject };
}
`,
    },
  ];
/** Others, that nothing may use. */
const TOO_YOUNG =
  /\b(?:Array\.fromAsync|(?:Object|Map)\.groupBy|Promise\.try|RegExp\.escape|URL\.parse|Iterator\.from)\(|\.(?:values|keys|entries)\(\)\.(?:map|filter|some|every|find|toArray|take|drop|reduce|forEach)\(/;

/** What {@link buildNpm} made. */
export interface NpmPackage {
  readonly dir: string;
  /** The files of the package and how many bytes each has. */
  readonly files: ReadonlyMap<string, number>;
}

/**
 * Builds the package.
 *
 * @param output the folder to write, in the place of what is there
 * @throws {Error} when a step fails, or the bundle uses what the oldest Node does not have.
 */
export async function buildNpm(output: string = OUTPUT): Promise<NpmPackage> {
  const work = await Deno.makeTempDir({ prefix: "collab-npm-" });
  try {
    const sources = await bundle(work);
    const files = new Map([
      ["index.js", await forNode(work)],
      ...await declarations(work),
      ["package.json", JSON.stringify(manifest(), null, 2) + "\n"],
      ["README.md", readFileSync(join(ROOT, "scripts", "npm_readme.md"), "utf8")],
      ["LICENSE", readFileSync(join(ROOT, "LICENSE"), "utf8")],
      ["LICENSES-OF-OTHERS.txt", await licenses(sources)],
    ]);
    await install(output, files);
    const encoder = new TextEncoder();
    const sizes = [...files].map(([path, text]) => [path, encoder.encode(text).length] as const);
    return { dir: output, files: new Map(sizes) };
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

/** Bundles the client into `mod.js`, and says which files of others are in it. */
async function bundle(work: string): Promise<readonly string[]> {
  const map = await writeImportMap(work, "deno");
  await run([
    "bundle",
    "--quiet",
    "--platform=deno",
    "--sourcemap=external",
    `--import-map=${map}`,
    `--outdir=${work}`,
    ENTRY,
  ]);
  const { sources } = JSON.parse(readFileSync(join(work, "mod.js.map"), "utf8")) as {
    readonly sources: readonly string[];
  };
  const ours = [`${ROOT}/`, `${work}/`];
  return sources.map((source) => resolve(work, source))
    .filter((source) => !ours.some((dir) => source.startsWith(dir)));
}

/** The bundle in the language of the oldest Node. */
async function forNode(work: string): Promise<string> {
  const out = join(work, "node");
  await tsc(work, join(work, "mod.js"), { allowJs: true, outDir: out });
  let text = readFileSync(join(out, "mod.js"), "utf8");
  const found = TOO_YOUNG.exec(text);
  if (found !== null) throw new Error(`Node ${NODE} has no ${JSON.stringify(found[0])}`);
  for (const { call, name, source } of YOUNG) {
    if (text.includes(call)) text = source + text.replaceAll(call, name);
  }
  return text;
}

/** The declarations that the entry leads to, by their paths in the package. */
async function declarations(work: string): Promise<Map<string, string>> {
  const out = join(work, "types");
  await tsc(work, join(ROOT, ENTRY), {
    allowImportingTsExtensions: true,
    declaration: true,
    emitDeclarationOnly: true,
    stripInternal: true,
    rootDir: ROOT,
    outDir: out,
  });
  const wanted = new Map<string, string>();
  const queue = [ENTRY.replace(/\.ts$/, ".d.ts")];
  for (const path of queue) {
    const { imports, source } = published(readFileSync(join(out, path), "utf8"));
    for (const to of imports) {
      const next = `${posix.join(posix.dirname(path), to)}.d.ts`;
      if (!queue.includes(next)) queue.push(next);
    }
    wanted.set(`types/${path}`, source);
  }
  const entry = `types/${queue[0]}`;
  // Node's own types and older settings may not know `AsyncDisposable`.
  wanted.set(entry, `/// <reference lib="esnext.disposable" />\n${wanted.get(entry)}`);
  return wanted;
}

/** Declarations with the imports that Node's resolution takes, and examples that name the package. */
function published(text: string): { readonly imports: string[]; readonly source: string } {
  const imports: string[] = [];
  const lines = text.split("\n").map((line) =>
    /^\s*\*/.test(line)
      ? line.replace('from "./mod.ts"', `from "${PACKAGE}"`).replace("```ts ignore", "```ts")
      : line.replace(/\b(from |import\()"(\.[^"]+)\.ts"/g, (_, before: string, to: string) => {
        imports.push(to);
        return `${before}"${to}.js"`;
      })
  );
  return { imports, source: lines.join("\n") };
}

function manifest(): Readonly<Record<string, unknown>> {
  return {
    name: PACKAGE,
    version: deno.version,
    description:
      "Join a shared terminal session of collab: see its screen, ask for control, run commands.",
    keywords: ["terminal", "pty", "agent", "collaboration", "asciicast"],
    license: deno.license,
    type: "module",
    engines: { node: `>=${NODE}` },
    sideEffects: false,
    exports: { ".": { types: "./types/mod.d.ts", default: "./index.js" } },
    types: "./types/mod.d.ts",
    files: ["index.js", "types", "LICENSES-OF-OTHERS.txt"],
  };
}

/** Packages that come without their license, and the one that has it: they are built of the same source. */
const WITHOUT_LICENSE: Readonly<Record<string, string>> = {
  "@xterm/headless": "@xterm/xterm",
};

function versionOf(target: string): string {
  return target.slice(target.lastIndexOf("@") + 1);
}

/** The licenses of the packages that are in the bundle. */
async function licenses(sources: readonly string[]): Promise<string> {
  const targets: Readonly<Record<string, string>> = deno.imports;
  const texts: string[] = [];
  const strangers = new Set(sources);
  for (const [name, target] of Object.entries(targets)) {
    const own = sources.find((source) => source.includes(`/${name}/`));
    if (own === undefined) continue;
    const [before = ""] = own.split(`/${name}/`);
    const licensed = WITHOUT_LICENSE[name] ?? name;
    if (licensed !== name) await run(["cache", "--quiet", targets[licensed]!]);
    const dir = join(before, licensed, versionOf(targets[licensed]!));
    texts.push(`${name} ${versionOf(target)}\n\n${licenseIn(dir)}`);
    // A package's own map may name files of a whole that it is a part of.
    const scope = name.startsWith("@xterm/") ? "/@xterm/" : `/${name}/`;
    for (const source of strangers) if (source.includes(scope)) strangers.delete(source);
  }
  if (strangers.size > 0) throw new Error(`Whose is "${[...strangers][0]}"?`);
  const rule = `\n\n${"=".repeat(72)}\n\n`;
  return `This package has in it:${rule}${texts.join(rule)}\n`;
}

function licenseIn(dir: string): string {
  const name = readdirSync(dir).find((name) => /^licen[cs]e(?:\.(?:md|txt))?$/i.test(name));
  if (name === undefined) throw new Error(`There is no license in "${dir}"`);
  return readFileSync(join(dir, name), "utf8").trim();
}

/** Runs TypeScript's compiler on a file. */
async function tsc(
  work: string,
  file: string,
  options: Readonly<Record<string, string | boolean>>,
): Promise<void> {
  const project = join(work, "tsconfig.json");
  const compilerOptions = {
    target: TARGET,
    module: "esnext",
    moduleResolution: "bundler",
    // What Deno has checked needs no second check, without Deno's types.
    noCheck: true,
    types: [],
    ...options,
  };
  await Deno.writeTextFile(project, JSON.stringify({ compilerOptions, files: [file] }));
  const lock = ["--no-config", `--lock=${LOCK}`, "--frozen"];
  await run(["run", "--quiet", "--allow-all", ...lock, TYPESCRIPT, "-p", project]);
}

async function run(args: readonly string[]): Promise<void> {
  const command = new Deno.Command(Deno.execPath(), { args: [...args], cwd: ROOT });
  const { success, stdout, stderr } = await command.output();
  if (success) return;
  const decoder = new TextDecoder();
  const said = `${decoder.decode(stdout)}${decoder.decode(stderr)}`.trimEnd();
  throw new Error(`Cannot run "deno ${args[0]}":\n${said}`);
}

async function install(output: string, files: ReadonlyMap<string, string>): Promise<void> {
  const fresh = `${output}.new-${Deno.pid}`;
  for (const [path, text] of files) {
    const to = join(fresh, path);
    await Deno.mkdir(dirname(to), { recursive: true });
    await Deno.writeTextFile(to, text);
  }
  if (statSync(output, { throwIfNoEntry: false }) !== undefined) {
    await Deno.remove(output, { recursive: true });
  }
  await Deno.rename(fresh, output);
}

if (import.meta.main) {
  const { dir, files } = await buildNpm();
  const bytes = [...files.values()].reduce((sum, size) => sum + size, 0);
  // deno-lint-ignore no-console
  console.error(`${dir}: ${files.size} files, ${(bytes / 1000).toFixed(0)} KB`);
}
