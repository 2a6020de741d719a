/**
 * Builds `dist/collab`, one file that needs nothing installed: bundles and minifies `main.ts` (a third less time to
 * start), then compiles the bundle and the browser's page with the permissions below and no more.
 *
 * ```sh
 * deno task compile [--output FILE]
 * ```
 *
 * @module
 */
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { baseRuntime, supported } from "./denort.ts";
import { writeImportMap } from "./import_map.ts";
import { buildWeb, OUTPUT } from "./web.ts";

const ROOT = resolve(import.meta.dirname!, "..");

/**
 * What the program may do, and which part of it needs that. Of other programs it may run `ssh`, for links and relays that go
 * that way, and no others: a session's command is started through libc.
 */
export const PERMISSIONS = [
  "--allow-ffi", // host: the PTY, through libc
  "--allow-read", // replay: recordings; host: /etc/passwd-like facts, the command's path
  "--allow-write", // host: recordings; host, ctl: the control socket
  "--allow-net", // host: listens; watch: connects
  "--allow-env", // host: what the command inherits; watch, replay: TERM, COLORTERM
  "--allow-run=ssh,tmux", // watch: ssh:// links; host: --ssh-relay, --tmux
  "--allow-sys", // host: the machine's and the user's name; ctl: the user's number
] as const;

/** What {@link compile} made. */
export interface Compiled {
  readonly path: string;
  readonly bytes: number;
  /** The version of Deno inside. */
  readonly deno: string;
}

interface Compiler {
  readonly deno: string;
  readonly version: string;
  readonly env: Record<string, string>;
  readonly flags: readonly string[];
}

/**
 * Bundles and compiles the program.
 *
 * @param output the path of the program to write
 * @throws {Error} when a step fails, with what it printed.
 */
export async function compile(output: string): Promise<Compiled> {
  const path = resolve(output);
  await Deno.mkdir(dirname(path), { recursive: true });
  const work = await Deno.makeTempDir({ prefix: "collab-compile-" });
  try {
    const bundle = join(work, "collab.js");
    const map = await writeImportMap(work, "deno");
    await run(Deno.execPath(), [
      "bundle",
      "--quiet",
      "--minify",
      "--import-map",
      map,
      "--output",
      bundle,
      "main.ts",
    ]);
    const page = await copyPage(work);
    const compiler = await findCompiler();
    await run(
      compiler.deno,
      [
        "compile",
        "--quiet",
        "--no-check",
        "--no-config",
        "--no-prompt",
        ...compiler.flags,
        ...PERMISSIONS,
        "--include",
        page,
        "--output",
        path,
        bundle,
      ],
      compiler.env,
    );
    return { path, bytes: (await Deno.stat(path)).size, deno: compiler.version };
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

/** Puts the browser's page beside the bundle, where the program looks for it, and gives its folder. */
async function copyPage(work: string): Promise<string> {
  await buildWeb();
  const page = join(work, "page");
  await Deno.mkdir(page);
  for (const { name } of Deno.readDirSync(OUTPUT)) {
    await Deno.copyFile(join(OUTPUT, name), join(page, name));
  }
  return page;
}

/** This Deno when its base runtime is at hand or can be fetched; otherwise the one made of npm packages. */
async function findCompiler(): Promise<Compiler> {
  const own = { deno: Deno.execPath(), version: Deno.version.deno, env: {}, flags: [] };
  if (Deno.env.has("DENORT_BIN") || await canDownload() || !supported()) return own;
  const { deno, denort } = await baseRuntime(join(ROOT, "tmp", "denort-2.4.2"));
  // Its V8 collects garbage for 20 ms whenever a session is quiet, and a key waits for that; newer ones do not.
  const flags = ["--v8-flags=--no-memory-reducer"];
  return { deno, version: "2.4.2", env: { DENORT_BIN: denort }, flags };
}

async function canDownload(): Promise<boolean> {
  const url = `https://dl.deno.land/release/v${Deno.version.deno}/denort-${Deno.build.target}.zip`;
  try {
    const response = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(5000) });
    return response.ok;
  } catch {
    return false;
  }
}

async function run(
  program: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<void> {
  const command = new Deno.Command(program, {
    args,
    env,
    cwd: ROOT,
    stdout: "piped",
    stderr: "piped",
  });
  const { success, stdout, stderr } = await command.output();
  if (success) return;
  const decoder = new TextDecoder();
  throw new Error(
    `Cannot run "${program} ${args[0]}":\n${decoder.decode(stdout)}${decoder.decode(stderr)}`
      .trimEnd(),
  );
}

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: { output: { type: "string", default: join(ROOT, "dist", "collab") } },
  });
  const { path, bytes, deno } = await compile(values.output);
  // deno-lint-ignore no-console
  console.log(`${path}: ${(bytes / 1e6).toFixed(1)} MB, Deno ${deno}`);
}
