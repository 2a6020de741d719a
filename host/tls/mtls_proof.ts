/**
 * Shows that a server refuses clients without a certificate of the right authority: a runtime that does not check says so
 * to nobody.
 *
 * @module
 */
import { connect } from "node:tls";
import { CollabError } from "../../format/errors.ts";
import type { Address } from "../listen.ts";
import { makeCertificate } from "./certificate.ts";

/** How long the server may take to refuse. */
const TIMEOUT_MS = 5_000;

/**
 * Connects without a certificate, and with one that nobody has issued, and asks for a page. Anything but an end without a
 * byte is no proof.
 *
 * @throws {CollabError} `mtls-unproven`
 */
export async function proveRefusal(address: Address, session: string): Promise<void> {
  const nowMs = Date.now();
  const foreign = await makeCertificate(["foreign"], { nowMs, untilMs: nowMs });
  for (const shown of [undefined, foreign]) {
    const got = await ask(address, session, shown);
    if (got === "refused") continue;
    throw new CollabError(
      "mtls-unproven",
      `Refuse to listen: a client ${
        shown === undefined ? "without a certificate" : "with a foreign certificate"
      } ${
        got === "answered" ? "was answered" : "was not refused in time"
      }, so that this runtime does not check certificates`,
    );
  }
}

/** What becomes of a client. */
function ask(
  { hostname, port }: Address,
  session: string,
  shown: { readonly cert: string; readonly key: string } | undefined,
): Promise<"refused" | "answered" | "silence"> {
  const { promise, resolve } = Promise.withResolvers<"refused" | "answered" | "silence">();
  const host = hostname === "0.0.0.0" ? "127.0.0.1" : hostname === "::" ? "::1" : hostname;
  let connected = false;
  const socket = connect({
    host,
    port,
    servername: "",
    // It is our own server that is asked.
    rejectUnauthorized: false,
    ...(shown !== undefined && { cert: shown.cert, key: shown.key }),
  });
  const timer = setTimeout(() => resolve("silence"), TIMEOUT_MS);
  socket.once("connect", () => connected = true);
  socket.once("secureConnect", () => {
    socket.write(`GET /s/${session} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  });
  socket.once("data", () => resolve("answered"));
  socket.on("error", () => {});
  // Who was not reached has refused nobody.
  socket.once("close", () => resolve(connected ? "refused" : "silence"));
  return promise.finally(() => {
    clearTimeout(timer);
    socket.destroy();
  });
}
