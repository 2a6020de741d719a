/**
 * What opens the transports of a link, on Deno and on Node.
 *
 * @module
 */
import { dialerFor } from "../viewer/dial.ts";
import type { Link } from "../wire/link.ts";
import type { Dial, WireSocket } from "../wire/socket.ts";
import { dialTcp } from "../wire/tcp_dial.ts";
import { AgentError } from "./errors.ts";
import type { JoinOptions } from "./types.ts";

/** A runtime that is not Deno has a TLS that checks what it is asked to. */
const WHOLE_TLS = "9999.0";

/**
 * What opens a link's transports. It is never the runtime's own WebSocket, which keeps all that comes of a message.
 *
 * @throws {CollabError} what files and SSH may fail with
 */
export async function dialFor(
  link: Link,
  { clientCert, clientKey }: Pick<JoinOptions, "clientCert" | "clientKey">,
): Promise<Dial> {
  if ((clientCert === undefined) !== (clientKey === undefined)) {
    throw new AgentError(
      "bad-options",
      "Cannot use one of clientCert and clientKey without the other",
    );
  }
  if (link.ssh !== undefined && clientCert === undefined && denoVersion() === undefined) {
    return await (await import("./node_ssh.ts")).dialerOverNodeSsh(link, link.ssh);
  }
  const certificate = clientCert !== undefined && clientKey !== undefined
    ? { cert: clientCert, key: clientKey }
    : undefined;
  return await dialerFor(link, {
    certificate,
    tell: () => {},
    version: denoVersion() ?? WHOLE_TLS,
    plain: denoVersion() === undefined ? dialOnNode : dialTcp,
  });
}

async function dialOnNode(url: string, signal: AbortSignal): Promise<WireSocket> {
  return await (await import("./node_dial.ts")).dialNodeWebSocket(url, signal);
}

function denoVersion(): string | undefined {
  const { Deno } = globalThis as {
    readonly Deno?: { readonly version: { readonly deno: string } };
  };
  return Deno?.version.deno;
}
