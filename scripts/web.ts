/**
 * Builds the browser's page into `dist/web`: its program, its style and the page itself, with names that hold the hash
 * of what is in them. Does nothing when nothing that goes into it has changed.
 *
 * ```sh
 * deno task web
 * ```
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { writeImportMap } from "./import_map.ts";

/** The most that the page may weigh in all, compressed. */
export const MAX_GZIP_BYTES = 250_000;

const ROOT = resolve(import.meta.dirname!, "..");
const SOURCE = join(ROOT, "viewer", "web");
/** Where the page goes. */
export const OUTPUT = join(ROOT, "dist", "web");
/** What the page is made of. */
const INPUTS = [
  "viewer",
  "format",
  "wire",
  "record",
  "scripts/web.ts",
  "scripts/import_map.ts",
  "deno.json",
  "deno.lock",
];
const ENTRY = "main.js";
/** Styles, in the order in which they count. */
const PACKAGE_STYLE = "@xterm/xterm/css/xterm.css";

/** One file of the page. */
export interface WebFile {
  readonly path: string;
  readonly type: string;
  readonly bytes: number;
  readonly gzipBytes: number;
}

/** What {@link buildWeb} made: `manifest.json`. */
export interface Manifest {
  /** A hash of all that went into it. */
  readonly inputs: string;
  readonly files: readonly WebFile[];
}

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html",
  js: "text/javascript",
  css: "text/css",
  svg: "image/svg+xml",
};

/**
 * Builds the page unless it is there already.
 *
 * @returns what it made, or `undefined` when there was nothing to do
 * @throws {Error} when the bundler fails, or the page has become too large.
 */
export async function buildWeb(output: string = OUTPUT): Promise<Manifest | undefined> {
  const inputs = hashInputs();
  if (readManifest(output)?.inputs === inputs) return undefined;
  const work = await Deno.makeTempDir({ prefix: "collab-web-" });
  try {
    const contents = new Map<string, Uint8Array>();
    const script = await bundle(work, contents);
    const style = addHashed(contents, "style", "css", styles(await xtermStyle(work)));
    const icon = addHashed(contents, "icon", "svg", readFileSync(join(SOURCE, "icon.svg")));
    const page = fill(readFileSync(join(SOURCE, "page.html"), "utf8"), {
      PAGE_SCRIPT: `/a/${script}`,
      PAGE_STYLE: `/a/${style}`,
      PAGE_ICON: `/a/${icon}`,
      "<!-- PAGE_CHUNKS -->": preloads(contents.get(script)!),
    });
    contents.set("index.html", new TextEncoder().encode(page));
    const manifest = { inputs, files: [...contents].map(([path, data]) => describe(path, data)) };
    const total = gzipTotal(manifest);
    if (total > MAX_GZIP_BYTES) {
      throw new Error(`The page is too large: ${kilobytes(total)} of ${kilobytes(MAX_GZIP_BYTES)}`);
    }
    await install(output, contents, manifest);
    return manifest;
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

/** Puts what was built into the page. */
function fill(page: string, parts: Readonly<Record<string, string>>): string {
  let filled = page;
  for (const [place, part] of Object.entries(parts)) {
    if (!filled.includes(place)) throw new Error(`"page.html" has no ${place}`);
    filled = filled.replace(place, part);
  }
  return filled;
}

/** Lets the browser load what the first file imports together with it. */
function preloads(script: Uint8Array): string {
  const imports = new TextDecoder().decode(script).matchAll(/from"\.\/([\w.-]+\.js)"/g);
  return [...imports].map(([, name]) => `<link rel="modulepreload" href="/a/${name}">`).join(
    "\n    ",
  );
}

/** The weight of the whole page, compressed. */
export function gzipTotal({ files }: Manifest): number {
  return files.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0);
}

function hashInputs(): string {
  const hash = createHash("sha256").update(Deno.version.deno);
  for (const input of INPUTS) {
    for (const path of filesIn(input)) {
      hash.update(`\0${path}\0`).update(readFileSync(join(ROOT, path)));
    }
  }
  return hash.digest("hex");
}

/** A file itself, or the files in a folder that can be part of the page. */
function filesIn(path: string): string[] {
  if (/\.\w+$/.test(path)) return [path];
  const found: string[] = [];
  for (const entry of readdirSync(join(ROOT, path), { withFileTypes: true })) {
    const inside = `${path}/${entry.name}`;
    if (entry.isDirectory()) found.push(...filesIn(inside));
    else if (/\.(?:ts|css|html|svg|json)$/.test(entry.name) && !/_test\.ts$/.test(entry.name)) {
      found.push(inside);
    }
  }
  return found.sort();
}

function readManifest(output: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(join(output, "manifest.json"), "utf8"));
  } catch {
    return undefined; // It was not built yet.
  }
}

/** Bundles the program into `contents` and gives the name of its first file. */
async function bundle(work: string, contents: Map<string, Uint8Array>): Promise<string> {
  const map = await writeImportMap(work, "browser");
  const out = join(work, "out");
  await deno([
    "bundle",
    "--quiet",
    "--platform=browser",
    "--minify",
    "--code-splitting",
    `--import-map=${map}`,
    `--outdir=${out}`,
    join(SOURCE, "main.ts"),
  ]);
  const names = readdirSync(out).sort();
  for (const name of names) {
    const data = readFileSync(join(out, name));
    if (name === ENTRY) continue;
    if (data.includes(`/${ENTRY}"`)) throw new Error(`"${name}" imports the first file`);
    contents.set(name, data);
  }
  return addHashed(contents, "app", "js", readFileSync(join(out, ENTRY)));
}

/** Adds a file whose name has the hash of its content, and gives that name. */
function addHashed(
  contents: Map<string, Uint8Array>,
  name: string,
  extension: string,
  data: Uint8Array,
): string {
  const hash = createHash("sha256").update(data).digest("hex").slice(0, 10);
  const path = `${name}-${hash}.${extension}`;
  contents.set(path, data);
  return path;
}

/** The display's own style, then ours, without comments and needless space. */
function styles(xterm: string): Uint8Array {
  const dir = join(SOURCE, "styles");
  const own = readdirSync(dir).sort().map((name) => readFileSync(join(dir, name), "utf8"));
  const text = [xterm, ...own].join("\n")
    .replace(/\/\*[^]*?\*\//g, "")
    .replace(/\s+/g, " ")
    .replace(/ ?([{};,]) ?/g, "$1")
    .replace(/;}/g, "}");
  return new TextEncoder().encode(text.trim());
}

/** The style that comes with the display's package, through the bundler: it alone knows where packages are. */
async function xtermStyle(work: string): Promise<string> {
  const file = join(work, "style.ts");
  const url = JSON.stringify(PACKAGE_STYLE);
  const source = `import style from ${url} with { type: "text" };\nconsole.log(style);\n`;
  await Deno.writeTextFile(file, source);
  return await deno([
    "run",
    "--quiet",
    "--unstable-raw-imports",
    "--allow-read",
    `--import-map=${join(work, "imports.json")}`,
    file,
  ]);
}

function describe(path: string, data: Uint8Array): WebFile {
  const type = TYPES[path.slice(path.lastIndexOf(".") + 1)];
  if (type === undefined) throw new Error(`"${path}" is of no known type`);
  return { path, type, bytes: data.length, gzipBytes: compressed(data).length };
}

function compressed(data: Uint8Array): Uint8Array {
  return gzipSync(Buffer.from(data), { level: 9 });
}

/** Puts a whole page in the place of the last one. */
async function install(
  output: string,
  contents: ReadonlyMap<string, Uint8Array>,
  manifest: Manifest,
): Promise<void> {
  const fresh = `${output}.new-${Deno.pid}`, old = `${output}.old-${Deno.pid}`;
  await Deno.mkdir(fresh, { recursive: true });
  for (const [path, data] of contents) {
    await Deno.writeFile(join(fresh, path), data);
    // So that no session's keys wait for it.
    await Deno.writeFile(join(fresh, `${path}.gz`), compressed(data));
  }
  await Deno.writeTextFile(join(fresh, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
  await moveAway(output, old);
  await Deno.rename(fresh, output);
  await Deno.remove(old, { recursive: true }).catch(() => {});
}

async function moveAway(from: string, to: string): Promise<void> {
  try {
    await Deno.rename(from, to);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function deno(args: string[]): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), { args, cwd: ROOT });
  const { success, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout);
  throw new Error(`Cannot run "deno ${args[0]}":\n${decoder.decode(stderr)}`.trimEnd());
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} KB`;
}

if (import.meta.main) {
  const manifest = await buildWeb();
  if (manifest !== undefined) {
    const total = kilobytes(gzipTotal(manifest));
    // deno-lint-ignore no-console
    console.error(`dist/web: ${total} gzipped, of ${kilobytes(MAX_GZIP_BYTES)} at most`);
  }
}
