/**
 * The client's half of how an HTTP/1.1 connection becomes a WebSocket (RFC 6455, section 4), and of how a proxy makes one a
 * tunnel (RFC 9110, section 9.3.6).
 *
 * @module
 */
import { concat, sameBytes, utf8 } from "./bytes.ts";
import { ANSWER_MAX_BYTES } from "./limits.ts";
import type { ByteStream } from "./stream_socket.ts";

/** What the server hashes together with the key. */
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const KEY_BYTES = 16;
const CHUNK_BYTES = 4_096;

/**
 * Asks for a WebSocket. Resolves to what came after the answer; rejects when the answer is another, or longer than any
 * that is.
 */
export async function upgrade(stream: ByteStream, url: URL): Promise<Uint8Array> {
  const key = toBase64(crypto.getRandomValues(new Uint8Array(KEY_BYTES)));
  await writeAll(stream, [
    `GET ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    `Sec-WebSocket-Key: ${key}`,
  ]);
  const { status, headers, rest } = await readAnswer(stream);
  if (status !== 101) throw new Error(`Cannot open a WebSocket: answered with ${status}`);
  const digest = await crypto.subtle.digest("SHA-1", utf8(key + GUID));
  const wanted = utf8(toBase64(new Uint8Array(digest)));
  if (
    headers.get("upgrade")?.toLowerCase() !== "websocket" ||
    !/(?:^|[\s,])upgrade(?:$|[\s,])/i.test(headers.get("connection") ?? "") ||
    !sameBytes(wanted, utf8(headers.get("sec-websocket-accept") ?? "")) ||
    headers.has("sec-websocket-extensions") || headers.has("sec-websocket-protocol")
  ) {
    throw new Error("Cannot open a WebSocket: the answer is not the one to what was asked");
  }
  return rest;
}

/**
 * Asks a proxy for a tunnel to a host. Rejects when there is none.
 *
 * @param to such as `host.example:443`
 * @param authorization what the proxy is shown, if anything
 */
export async function tunnel(
  stream: ByteStream,
  to: string,
  authorization: string | undefined,
): Promise<void> {
  await writeAll(stream, [
    `CONNECT ${to} HTTP/1.1`,
    `Host: ${to}`,
    ...(authorization === undefined ? [] : [`Proxy-Authorization: ${authorization}`]),
  ]);
  const { status, rest } = await readAnswer(stream);
  if (status < 200 || status > 299) throw new Error(`The proxy answered with ${status}`);
  if (rest.length > 0) throw new Error("The proxy said something of its own");
}

async function writeAll(stream: ByteStream, lines: readonly string[]): Promise<void> {
  const bytes = utf8(lines.join("\r\n") + "\r\n\r\n");
  for (let at = 0; at < bytes.length;) at += await stream.write(bytes.subarray(at));
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** What came after it. */
  readonly rest: Uint8Array;
}

async function readAnswer(stream: ByteStream): Promise<Answer> {
  let all = new Uint8Array();
  const chunk = new Uint8Array(CHUNK_BYTES);
  while (all.length < ANSWER_MAX_BYTES) {
    const count = await stream.read(chunk);
    if (count === null) throw new Error("The connection was closed before there was an answer");
    all = concat(all, chunk.subarray(0, count));
    const text = new TextDecoder("latin1").decode(all);
    const end = text.indexOf("\r\n\r\n");
    if (end >= 0) return { ...parse(text.slice(0, end)), rest: all.subarray(end + 4) };
  }
  throw new Error("The answer to the request for a WebSocket is too long");
}

function parse(text: string): Omit<Answer, "rest"> {
  const [first = "", ...lines] = text.split("\r\n");
  // Many a proxy answers as of HTTP/1.0.
  const status = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(first)?.[1];
  if (status === undefined) throw new Error("The other side does not speak HTTP/1");
  const headers = new Headers();
  for (const line of lines) {
    const colon = line.indexOf(":");
    // Throws at what is no header.
    headers.append(line.slice(0, Math.max(0, colon)), line.slice(colon + 1).trim());
  }
  return { status: Number(status), headers };
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
