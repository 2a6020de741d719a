/**
 * The certificate that a viewer shows, from files.
 *
 * @module
 */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { CollabError } from "../format/errors.ts";
import type { ClientCertificate } from "../wire/tls_dial.ts";

/**
 * Reads a certificate and its key, in PEM.
 *
 * @throws {CollabError} `certificate-unreadable`, `certificate-unusable`
 */
export async function readClientCertificate(
  certPath: string,
  keyPath: string,
): Promise<ClientCertificate> {
  const [cert, key] = await Promise.all([read(certPath), read(keyPath)]);
  const parsed = attempt(certPath, "it has no certificate in PEM", () => new X509Certificate(cert));
  const own = attempt(
    keyPath,
    "it has no private key in PEM that is not encrypted",
    () => createPrivateKey(key),
  );
  if (parsed.checkPrivateKey(own)) return { cert, key };
  throw new CollabError(
    "certificate-unusable",
    `Cannot show the certificate "${certPath}": "${keyPath}" is not its key`,
  );
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    throw unreadable(path, missing ? "there is no such file" : "it cannot be read", cause);
  }
}

function attempt<T>(path: string, why: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    throw unreadable(path, why, cause);
  }
}

function unreadable(path: string, why: string, cause: unknown): CollabError {
  return new CollabError("certificate-unreadable", `Cannot use "${path}": ${why}`, { cause });
}
