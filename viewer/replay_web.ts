/**
 * `collab replay --web`: a recording on a page of this machine's browser.
 *
 * @module
 */
import { timingSafeEqual } from "node:crypto";
import { CollabError } from "../format/errors.ts";
import { concat, toBase64Url, utf8 } from "../wire/bytes.ts";
import { type Assets, ASSETS_PATH, nothingHere } from "./web_assets.ts";
import { SECURITY_HEADERS, textAnswer, wrongMethod } from "./web_headers.ts";
import { INFO_HEADER, type ReplayInfo } from "./replay_info.ts";

/** A recording that is shown. */
export interface WebReplay {
  readonly info: ReplayInfo;
  /** The recording, decompressed. */
  readonly chunks: readonly Uint8Array<ArrayBuffer>[];
}

/** A page that is served. */
export interface ReplayServer extends AsyncDisposable {
  /** The address of the page, which nobody can guess. What follows the `#` opens the recording. */
  readonly url: string;
}

const LOOPBACK = "127.0.0.1";
const PATH_BYTES = 16, KEY_BYTES = 32;
/** The recording's path, after the page's. */
const RECORDING = "/recording";

/**
 * Serves a recording and the page that plays it, to this machine alone, on a port that is free.
 *
 * @throws {CollabError} `listen-failed`
 */
export function serveReplay(replay: WebReplay, assets: Assets): ReplayServer {
  const path = `/r/${random(PATH_BYTES)}`, key = random(KEY_BYTES);
  const abort = new AbortController();
  const server = listen(abort.signal, (request) => {
    // A site elsewhere may have given its own name this machine's address, to be its origin.
    if (!isOwnHost(request, server.addr.port)) {
      return textAnswer(403, "This is answered under this machine's own address only");
    }
    const { pathname } = new URL(request.url);
    if (pathname === path) return assets.page(request);
    if (pathname === path + RECORDING) return recording(request, replay, key);
    return pathname.startsWith(ASSETS_PATH) ? assets.file(request, pathname) : nothingHere();
  });
  return {
    url: `http://${LOOPBACK}:${server.addr.port}${path}#${key}`,
    async [Symbol.asyncDispose](): Promise<void> {
      // Whoever is still reading has seen enough.
      abort.abort();
      await server.finished;
    },
  };
}

function listen(
  signal: AbortSignal,
  handler: (request: Request) => Response,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve({ hostname: LOOPBACK, port: 0, signal, onListen: () => {}, handler });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CollabError("listen-failed", `Cannot serve the recording: ${why}`, { cause });
  }
}

function random(bytes: number): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(bytes)));
}

function isOwnHost(request: Request, port: number): boolean {
  const host = request.headers.get("host");
  return [LOOPBACK, "localhost", "[::1]"].some((name) => host === `${name}:${port}`);
}

function recording(request: Request, { info, chunks }: WebReplay, key: string): Response {
  const wrong = wrongMethod(request);
  if (wrong !== undefined) return wrong;
  if (!isKey(request.headers.get("authorization"), key)) {
    return textAnswer(403, "Open the whole address, with what follows the #");
  }
  const headers = {
    ...SECURITY_HEADERS,
    "content-type": "application/octet-stream",
    [INFO_HEADER]: encodeURIComponent(JSON.stringify(info)),
  };
  return new Response(request.method === "HEAD" ? null : streamOf(chunks), { headers });
}

function isKey(authorization: string | null, key: string): boolean {
  const given = utf8(authorization ?? ""), wanted = utf8(`Bearer ${key}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** The chunks, one after the other. Each is copied: what is sent may be taken over by who sends it. */
function streamOf(chunks: readonly Uint8Array<ArrayBuffer>[]): ReadableStream<Uint8Array> {
  let next = 0;
  return new ReadableStream({
    pull(controller): void {
      const chunk = chunks[next++];
      if (chunk === undefined) controller.close();
      else controller.enqueue(concat(chunk));
    },
  }, { highWaterMark: 0 });
}
