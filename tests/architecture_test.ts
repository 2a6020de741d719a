import assert from "node:assert/strict";
import { join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import deno from "../deno.json" with { type: "json" };

const ROOT = resolve(import.meta.dirname!, "..");

/** The folders, lowest first: a folder imports from its own layer and from those before it. */
const LAYERS = [
  ["format"],
  ["redact", "record", "wire"],
  ["host", "viewer", "agent", "relay"],
  ["main.ts", "mod.ts"],
];

/** One file of the project imports another, or a package (`npm:…`). */
type Import = readonly [from: string, to: string];

const layerOf = (file: string): number =>
  LAYERS.findIndex((layer) => layer.includes(file.split("/")[0]!));
const folderOf = (file: string): string => file.split("/")[0]!;

/** What is wrong with a set of imports, a line each. */
function violations(imports: readonly Import[]): string[] {
  const wrong: string[] = [];
  const folders = new Map<string, Set<string>>();
  for (const [from, to] of imports) {
    if (to.startsWith("npm:")) {
      if (/^npm:\/?@xterm\//.test(to) && !knowsXterm(from, to)) {
        wrong.push(
          `${from} imports ${to}: only format/ knows the emulator, and the page the display`,
        );
      }
      continue;
    }
    if (layerOf(to) > layerOf(from)) wrong.push(`${from} imports ${to}: from a layer above it`);
    if (layerOf(to) < 0 && layerOf(from) >= 0) {
      wrong.push(`${from} imports ${to}: not a part of it`);
    }
    if (folderOf(from) === folderOf(to)) continue;
    const known = folders.get(folderOf(from)) ?? new Set<string>();
    folders.set(folderOf(from), known.add(folderOf(to)));
  }
  for (const [folder, known] of folders) {
    for (const other of known) {
      if (folders.get(other)?.has(folder) && folder < other) {
        wrong.push(`${folder}/ and ${other}/ import each other`);
      }
    }
  }
  wrong.push(...sealedFromRelay(imports));
  return wrong;
}

/** Whether a file may import a package of xterm's: the emulator is format's, the display the browser page's. */
function knowsXterm(from: string, to: string): boolean {
  const display = /@xterm\/(?:xterm|addon-webgl)@/.test(to);
  return display ? from.startsWith("viewer/web/") : folderOf(from) === "format";
}

/** The relay must not be able to read: nothing it reaches is the seal, the handshake or a key. */
function sealedFromRelay(imports: readonly Import[]): string[] {
  const reached = new Set(
    imports.map(([from]) => from).filter((file) => folderOf(file) === "relay"),
  );
  const wrong: string[] = [];
  for (const file of reached) {
    for (const [from, to] of imports) {
      if (from !== file || reached.has(to) || to.startsWith("npm:")) continue;
      const allowed = ["relay", "format"].includes(folderOf(to)) ||
        ["wire/envelope.ts", "wire/token.ts"].includes(to) ||
        (folderOf(from) === "wire" && !/seal|handshake|secret/.test(to));
      if (!allowed) wrong.push(`${from} imports ${to}: the relay must not be able to read`);
      reached.add(to);
    }
  }
  return wrong;
}

/** Every import between the project's own files, tests left out. */
async function projectImports(): Promise<Import[]> {
  const files = ["main.ts", "mod.ts"];
  for (const folder of LAYERS.flat().filter((name) => !name.endsWith(".ts"))) {
    files.push(...await sources(folder));
  }
  const dir = await Deno.makeTempDir({ prefix: "collab-imports-" });
  try {
    const root = join(dir, "all.ts");
    const lines = files.map((file) => `import "${pathToFileURL(join(ROOT, file)).href}";\n`);
    await Deno.writeTextFile(root, lines.join(""));
    const info = JSON.parse(await denoOutput(["info", "--json", "--config", "deno.json", root]));
    return importsOf(info.modules, pathToFileURL(root).href);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

interface InfoModule {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly code?: { readonly specifier?: string };
    readonly type?: { readonly specifier?: string };
  }[];
}

function importsOf(modules: readonly InfoModule[], root: string): Import[] {
  const name = (url: string): string =>
    url.startsWith("file:") ? relative(ROOT, new URL(url).pathname) : url;
  return modules
    .filter((module) => module.specifier.startsWith("file:") && module.specifier !== root)
    .flatMap((module) =>
      (module.dependencies ?? []).flatMap(({ code, type }) => {
        const to = code?.specifier ?? type?.specifier;
        return to === undefined || /^node:|\.json$/.test(to)
          ? []
          : [[name(module.specifier), name(to)] as const];
      })
    );
}

async function sources(folder: string): Promise<string[]> {
  const found: string[] = [];
  if (!await exists(join(ROOT, folder))) return found; // nothing of that part is written yet
  for await (const entry of Deno.readDir(join(ROOT, folder))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) found.push(...await sources(path));
    else if (/\.tsx?$/.test(entry.name) && !/_test\.tsx?$/.test(entry.name)) found.push(path);
  }
  return found.sort();
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}

async function denoOutput(args: string[]): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  });
  const { success, stdout, stderr } = await command.output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("imports point one way", async () => {
  const imports = await projectImports();
  assert.ok(imports.length > 20, "the walk found hardly any imports");
  assert.deepEqual(violations(imports), []);
});

for (
  const [what, imports] of Object.entries<Import[]>({
    "a lower layer that imports a higher one": [["format/screen.ts", "host/session.ts"]],
    "folders that import each other": [["record/a.ts", "wire/a.ts"], ["wire/b.ts", "record/b.ts"]],
    "a second user of the emulator": [["viewer/a.ts", "npm:@xterm/headless@6.0.0"]],
    "a display outside the page": [["viewer/a.ts", "npm:@xterm/xterm@6.0.0"]],
    "product code that imports a test's": [["host/a.ts", "tests/harness.ts"]],
    "a relay that can read": [["relay/room.ts", "wire/seal.ts"]],
    "a relay that can read through others": [
      ["relay/room.ts", "wire/envelope.ts"],
      ["wire/envelope.ts", "wire/seal.ts"],
    ],
  })
) {
  Deno.test(`the walk notices ${what}`, () => assert.equal(violations(imports).length, 1));
}

Deno.test("the browser's page needs nothing that only Deno has", async () => {
  const files = ["viewer/web/main.ts"];
  const imports = await projectImports();
  for (const file of files) {
    // Examples are for tests.
    const source = (await Deno.readTextFile(join(ROOT, file))).replaceAll(/^ \*.*$/gm, "");
    assert.doesNotMatch(source, /\bDeno\.|from "node:/, file);
    for (const [from, to] of imports) {
      if (from === file && !to.startsWith("npm:") && !files.includes(to)) files.push(to);
    }
  }
  for (const part of ["wire/connection.ts", "format/screen.ts", "viewer/web/replay/main.ts"]) {
    assert.ok(files.includes(part), `the walk did not come to ${part}`);
  }
});

Deno.test("format and redact compile without Deno", async () => {
  const files = [...await sources("format"), ...await sources("redact")];
  await checkPure(files.map((file) => join(ROOT, file)));
});

Deno.test("the check for purity notices Deno", async () => {
  const dir = await Deno.makeTempDir({ prefix: "collab-impure-" });
  try {
    const impure = join(dir, "impure.ts");
    await Deno.writeTextFile(impure, "export const pid: number = Deno.pid;\n");
    await assert.rejects(checkPure([impure]), /Deno/);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

/** Type-checks with the names a browser has, and no others. */
async function checkPure(files: string[]): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "collab-pure-" });
  try {
    const config = join(dir, "deno.json");
    const compilerOptions = {
      ...deno.compilerOptions,
      lib: ["es2024", "esnext.disposable", "dom", "dom.iterable"],
    };
    const imports = deno.imports;
    await Deno.writeTextFile(
      config,
      JSON.stringify({ nodeModulesDir: "none", imports, compilerOptions }),
    );
    await denoOutput(["check", "--no-lock", "--config", config, ...files]);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("every file that the description names is there", async () => {
  const text = await Deno.readTextFile(join(ROOT, "docs", "ARCHITECTURE.md"));
  const named = [...text.matchAll(/`((?:[\w-]+\/)+[\w.-]+)`/g)].map(([, path = ""]) => path);
  assert.ok(named.length > 60, `only ${named.length} are named`);
  const here = await Promise.all(
    named.map((path) => Deno.stat(join(ROOT, path)).then(() => true, () => path === "dist/web")),
  );
  assert.deepEqual(named.filter((_, i) => !here[i]), []);
});
