/**
 * What opens the transports of a link: plain ones, or what it takes for a link that asks for more. That is loaded only
 * then.
 *
 * @module
 */
import { UsageError } from "../format/errors.ts";
import type { Link } from "../wire/link.ts";
import type { Dial } from "../wire/socket.ts";
import type { ClientCertificate } from "../wire/tls_dial.ts";

/** How the viewer may connect. */
export interface DialOptions {
  /** Files with the certificate that is shown to a host that asks for one, and with its key. */
  readonly certificate?: { readonly cert: string; readonly key: string } | undefined;
  /** A line for whoever started this, before anything else is shown. */
  tell(line: string): void;
  /** The version of Deno that this is. */
  readonly version: string;
  /** What opens them for a link that asks for nothing more. */
  readonly plain: Dial;
}

/**
 * What opens the transports of a link. Over SSH the first one is opened here, for `ssh` may have questions.
 *
 * @throws {CollabError} `bad-flags`, `pin-unsupported`, and what files and SSH may fail with
 */
export async function dialerFor(link: Link, options: DialOptions): Promise<Dial> {
  const { certificate, tell, version, plain } = options;
  const { pin, ssh } = link;
  if (certificate !== undefined && !link.origin.startsWith("https:")) {
    throw new UsageError(
      "bad-flags",
      "Cannot show a client certificate: the link does not begin with https://",
    );
  }
  if (ssh !== undefined) return await (await import("./ssh.ts")).dialerOverSsh(link, ssh, { tell });
  if (pin === undefined && certificate === undefined) return plain;
  const { needWholeTls } = await import("../wire/tls_runtime.ts");
  needWholeTls("pin-unsupported", "check the host's certificate", version);
  const [{ dialTls }, shown] = await Promise.all([
    import("../wire/tls_dial.ts"),
    read(certificate),
  ]);
  return dialTls({ pin, certificate: shown });
}

async function read(files: DialOptions["certificate"]): Promise<ClientCertificate | undefined> {
  if (files === undefined) return undefined;
  const { readClientCertificate } = await import("./client_certificate.ts");
  return await readClientCertificate(files.cert, files.key);
}
