/**
 * Opens transports over TLS where the runtime's own WebSocket cannot: to the one certificate that a link names, or showing
 * one of the viewer's. It is loaded for such links only.
 *
 * @module
 */
import { isIP } from "node:net";
import { connect, type TLSSocket } from "node:tls";
// @ts-types="@types/ws"
import WebSocket from "ws";
import { PeerError } from "./closing.ts";
import { MESSAGE_MAX_BYTES } from "./limits.ts";
import { fromNodeWebSocket } from "./node_socket.ts";
import type { Dial, WireSocket } from "./socket.ts";

/** A certificate and its key, in PEM. */
export interface ClientCertificate {
  /** With the certificates of those who issued it behind it, if need be. */
  readonly cert: string;
  readonly key: string;
}

/** How to connect. */
export interface TlsDialOptions {
  /** SHA-256 of the server's certificate in DER form. Without it the certificate is checked as on the web. */
  readonly pin?: Uint8Array | undefined;
  /** What is shown to a server that asks. */
  readonly certificate?: ClientCertificate | undefined;
}

/**
 * What opens `wss:` addresses. A transport is open only after the server has proved to have the key of its certificate,
 * and the certificate is the right one; before that it was sent nothing. It rejects with a `PeerError`:
 * `certificate-wrong`, `certificate-required` or `certificate-refused`.
 */
export function dialTls(options: TlsDialOptions): Dial {
  return async (url, signal) => {
    const connection = await connectTls(new URL(url), options, signal);
    try {
      return await openWebSocket(url, connection, signal);
    } catch (error) {
      throw error instanceof CutError ? await whyCut(url, options, error, signal) : error;
    }
  };
}

/** The connection ended before the server had answered. */
class CutError extends Error {}

/** How long a server may take to say what it has against who says nothing. */
const WHY_MS = 2_000;

/**
 * Why a server hung up after the handshake. With TLS 1.3 it looks at the client's certificate when the client already takes
 * the connection for open and sends its request; hanging up on that request, it can wipe out what it had said. To who says
 * nothing it can always tell.
 */
async function whyCut(
  url: string,
  options: TlsDialOptions,
  error: CutError,
  signal: AbortSignal,
): Promise<Error> {
  const late = AbortSignal.timeout(WHY_MS);
  try {
    const connection = await connectTls(new URL(url), options, AbortSignal.any([signal, late]));
    const why = await lastWord(connection, AbortSignal.any([signal, late]));
    connection.destroy();
    // Some servers do not like a certificate and say nothing of it.
    const code = why === "silence" ? options.certificate && "certificate-refused" : why;
    return code === undefined ? error : new PeerError(code, undefined, { cause: error });
  } catch (found) {
    return found instanceof PeerError ? found : error;
  }
}

/** What a server says that hangs up on who says nothing: an alert, or nothing; `undefined` when it does not hang up. */
function lastWord(
  connection: TLSSocket,
  signal: AbortSignal,
): Promise<ReturnType<typeof ofAlert> | "silence"> {
  const { promise, resolve } = Promise.withResolvers<ReturnType<typeof ofAlert> | "silence">();
  signal.addEventListener("abort", () => resolve(undefined), { once: true });
  // The runtime tells an alert, and forgets it: afterwards the connection has no error.
  connection.once("error", (error) => resolve(ofAlert(codeOf(error)) ?? "silence"));
  connection.once("close", () => resolve("silence"));
  connection.resume();
  if (connection.destroyed) resolve(ofAlert(codeOf(connection.errored)) ?? "silence");
  return promise;
}

function connectTls(url: URL, options: TlsDialOptions, signal: AbortSignal): Promise<TLSSocket> {
  const { pin, certificate } = options;
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const socket = connect({
    host,
    port: Number(url.port || 443),
    servername: isIP(host) === 0 ? host : "",
    minVersion: "TLSv1.3",
    ALPNProtocols: ["http/1.1"],
    // With a pin it does not matter who issued the certificate. That the server has its key is checked all the same:
    // `tests/tls_test.ts` holds the runtime to it.
    rejectUnauthorized: pin === undefined,
    ...(certificate !== undefined && { cert: certificate.cert, key: certificate.key }),
  });
  const abort = (): void => void socket.destroy(new Error("The attempt was given up"));
  signal.addEventListener("abort", abort, { once: true });
  // Stays on, so that an error that comes later is not uncaught: a close follows it.
  socket.on("error", (error) => reject(ofHandshake(error)));
  socket.once("close", () => reject(new Error("The connection was closed")));
  socket.once("secureConnect", () => {
    if (pin === undefined || isPinned(socket, pin)) return resolve(socket);
    reject(new PeerError("certificate-wrong"));
    socket.destroy();
  });
  return promise.finally(() => signal.removeEventListener("abort", abort));
}

/** Whether the certificate that the server has shown, and proved to have the key of, is the one. */
function isPinned(socket: TLSSocket, pin: Uint8Array): boolean {
  const wanted = Array.from(pin, (byte) => byte.toString(16).padStart(2, "0")).join(":");
  return socket.getPeerCertificate()?.fingerprint256?.toLowerCase() === wanted;
}

function openWebSocket(
  url: string,
  connection: TLSSocket,
  signal: AbortSignal,
): Promise<WireSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<WireSocket>();
  // The connection is encrypted already, and `ws:` makes no second one.
  const socket = new WebSocket(url.replace(/^wss/, "ws"), {
    createConnection: () => connection,
    perMessageDeflate: false,
    followRedirects: false,
    maxPayload: MESSAGE_MAX_BYTES,
    headers: { host: new URL(url).host },
  });
  const abort = (): void => socket.terminate();
  signal.addEventListener("abort", abort, { once: true });
  let answered = false;
  const fail = (error: Error): void => {
    const alert = ofAlert(codeOf(error));
    if (alert !== undefined) return reject(new PeerError(alert, undefined, { cause: error }));
    reject(answered ? error : new CutError(error.message, { cause: error }));
  };
  // A server may refuse before `ws` looks: the connection itself always tells.
  connection.on("error", fail);
  connection.once(
    "close",
    () => fail(connection.errored ?? new Error("The connection was closed")),
  );
  if (connection.destroyed) fail(connection.errored ?? new Error("The connection was closed"));
  socket.once("upgrade", () => answered = true);
  socket.once("unexpected-response", (_, { statusCode }) => {
    reject(new Error(`Cannot open a WebSocket: answered with ${statusCode}`));
    socket.terminate();
  });
  socket.once("open", () => resolve(fromNodeWebSocket(socket)));
  socket.on("error", fail);
  return promise.finally(() => signal.removeEventListener("abort", abort));
}

/** What a failure before any byte of HTTP means. */
function ofHandshake(error: Error): Error {
  const code = codeOf(error);
  const alert = ofAlert(code);
  if (alert !== undefined) return new PeerError(alert, undefined, { cause: error });
  return /CERT|SIGNATURE|ISSUER|ALTNAME/.test(code)
    ? new PeerError("certificate-wrong", undefined, { cause: error })
    : error;
}

function ofAlert(code: string): "certificate-required" | "certificate-refused" | undefined {
  if (/ALERT_CERTIFICATE_REQUIRED/.test(code)) return "certificate-required";
  return /ALERT_.*(?:CERT|UNKNOWN_CA|ACCESS_DENIED)/.test(code) ? "certificate-refused" : undefined;
}

function codeOf(error: Error | null): string {
  return error !== null && "code" in error && typeof error.code === "string" ? error.code : "";
}
