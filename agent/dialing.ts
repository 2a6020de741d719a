/**
 * What opens the transports of a link, on Deno and on Node.
 *
 * @module
 */
import { dialerFor } from "../viewer/dial.ts";
import type { Link } from "../wire/link.ts";
import type { Dial } from "../wire/socket.ts";
import { AgentError } from "./errors.ts";
import type { JoinOptions } from "./types.ts";

/** A runtime that is not Deno has a TLS that checks what it is asked to. */
const WHOLE_TLS = "9999.0";

/**
 * What opens a link's transports; `undefined` where the runtime's own WebSockets do.
 *
 * @throws {CollabError} what files and SSH may fail with
 */
export async function dialFor(
  link: Link,
  { clientCert, clientKey }: Pick<JoinOptions, "clientCert" | "clientKey">,
): Promise<Dial | undefined> {
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
  const special = await dialerFor(link, {
    certificate,
    tell: () => {},
    version: denoVersion() ?? WHOLE_TLS,
  });
  if (special !== undefined || typeof globalThis.WebSocket === "function") return special;
  return (await import("./node_dial.ts")).dialNodeWebSocket;
}

function denoVersion(): string | undefined {
  const { Deno } = globalThis as {
    readonly Deno?: { readonly version: { readonly deno: string } };
  };
  return Deno?.version.deno;
}
