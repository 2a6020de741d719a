/**
 * The browser's page and its files, as `deno task web` made them, in memory.
 *
 * @module
 */
import { join } from "node:path";
import { SECURITY_HEADERS, textAnswer, wrongMethod } from "./web_headers.ts";

/** One file, ready to be sent. */
interface Asset {
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
  /** The same, compressed. */
  readonly gzip: Uint8Array<ArrayBuffer>;
}

/** The page and its files. */
export interface Assets {
  /** The page itself. */
  page(request: Request): Response;
  /** The file at `/a/NAME`. */
  file(request: Request, pathname: string): Response;
}

/** Gives the page, or `undefined` when it was not built. */
export type LoadAssets = () => Promise<Assets | undefined>;

const TYPES: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  ico: "image/x-icon",
  woff2: "font/woff2",
};
const HTML = "text/html; charset=utf-8";
const INDEX = "index.html";
/** Names have the hash of what is in them: a browser never needs to ask again. */
const FOR_EVER = "public, max-age=31536000, immutable";
/** Compressing so much takes about 2 ms: a session's keys are not to wait for longer than that. */
const PIECE_BYTES = 64 * 1024;

/** Where files are served. */
export const ASSETS_PATH = "/a/";

/** Where the page may be: beside a compiled program's bundle, and where `deno task web` puts it. */
function folders(): string[] {
  const here = import.meta.dirname;
  return here === undefined ? [] : [join(here, "page"), join(here, "..", "dist", "web")];
}

/**
 * What loads the page when it is first asked for, and keeps it. A page that is not there is looked for again the next
 * time.
 */
export function lazyAssets(dirs: readonly string[] = folders()): LoadAssets {
  let loading: Promise<Assets | undefined> | undefined;
  return async () => {
    let assets: Assets | undefined;
    try {
      assets = await (loading ??= loadAssets(dirs));
    } finally {
      if (assets === undefined) loading = undefined;
    }
    return assets;
  };
}

async function loadAssets(dirs: readonly string[]): Promise<Assets | undefined> {
  for (const dir of dirs) {
    const page = await readFile(join(dir, INDEX));
    if (page !== undefined) {
      return new LoadedAssets(await assetOf(HTML, page, join(dir, INDEX)), await loadFiles(dir));
    }
  }
  return undefined;
}

/** The files of a folder that a page can use, by name. The names are fixed from then on: no request reaches a path. */
async function loadFiles(dir: string): Promise<ReadonlyMap<string, Asset>> {
  const files = new Map<string, Asset>();
  for await (const { name, isFile } of Deno.readDir(dir)) {
    const type = TYPES[/^[\w-]+(?:\.[\w-]+)*\.(\w+)$/.exec(name)?.[1] ?? ""];
    if (!isFile || type === undefined) continue;
    const path = join(dir, name);
    const body = await readFile(path);
    if (body !== undefined) files.set(name, await assetOf(type, body, path));
  }
  return files;
}

async function readFile(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return await Deno.readFile(path) as Uint8Array<ArrayBuffer>;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** A file as it is sent. What built it has put it there compressed too; if not, that is done now. */
async function assetOf(
  type: string,
  body: Uint8Array<ArrayBuffer>,
  path: string,
): Promise<Asset> {
  return { type, body, gzip: await readFile(`${path}.gz`) ?? await compressed(body) };
}

async function compressed(body: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const { readable, writable } = new CompressionStream("gzip");
  const all = new Response(readable).arrayBuffer();
  const writer = writable.getWriter();
  for (let at = 0; at < body.length; at += PIECE_BYTES) {
    await writer.write(body.subarray(at, at + PIECE_BYTES));
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  await writer.close();
  return new Uint8Array(await all);
}

class LoadedAssets implements Assets {
  readonly #page: Asset;
  readonly #files: ReadonlyMap<string, Asset>;

  constructor(page: Asset, files: ReadonlyMap<string, Asset>) {
    this.#page = page;
    this.#files = files;
  }

  page(request: Request): Response {
    return answer(request, this.#page, "no-store");
  }

  file(request: Request, pathname: string): Response {
    const asset = this.#files.get(pathname.slice(ASSETS_PATH.length));
    return asset === undefined ? nothingHere() : answer(request, asset, FOR_EVER);
  }
}

/** What is said of any path that has nothing. */
export function nothingHere(): Response {
  return textAnswer(404, "There is nothing here");
}

function answer(request: Request, { type, body, gzip }: Asset, caching: string): Response {
  const wrong = wrongMethod(request);
  if (wrong !== undefined) return wrong;
  const zipped = takesGzip(request.headers.get("accept-encoding") ?? "");
  const data = zipped ? gzip : body;
  const headers: Record<string, string> = {
    ...SECURITY_HEADERS,
    "content-type": type,
    "cache-control": caching,
    "content-length": String(data.length),
    "vary": "accept-encoding",
    ...(zipped && { "content-encoding": "gzip" }),
  };
  return new Response(request.method === "HEAD" ? null : data, { headers });
}

/** Whether an `Accept-Encoding` has gzip, and not only to say no to it (RFC 9110, 12.5.3). */
function takesGzip(accepted: string): boolean {
  return accepted.split(",").some((entry) => {
    const [coding, ...parameters] = entry.split(";").map((part) => part.trim().toLowerCase());
    const refused = parameters.some((parameter) => /^q=0(?:\.0{0,3})?$/.test(parameter));
    return (coding === "gzip" || coding === "*") && !refused;
  });
}
