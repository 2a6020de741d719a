/**
 * The server's certificate: read from files, or made for one session.
 *
 * @module
 */
// What follows needs it when it is loaded.
import "reflect-metadata";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { isIP } from "node:net";
import { CollabError } from "../../format/errors.ts";

/** A certificate that a server can show. */
export interface ServerCertificate {
  /** In PEM, with the certificates of those who issued it behind it. */
  readonly cert: string;
  /** The private key, in PEM. */
  readonly key: string;
  /** SHA-256 of the certificate in DER form. */
  readonly fingerprint: Uint8Array;
  /** The names and addresses that it is for. */
  readonly names: readonly string[];
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const HOUR_MS = 3_600_000;
/** A made certificate is good from so long ago: clocks differ. */
const BEFORE_MS = 24 * HOUR_MS;
/** And for so long after the session's links have expired. */
const AFTER_MS = 7 * 24 * HOUR_MS;

/**
 * Makes a certificate that signs itself, with a key of its own (ECDSA, P-256) that is nowhere else.
 *
 * @param names host names and IP addresses
 * @param untilMs until when it is needed at least, in milliseconds since 1970
 */
export async function makeCertificate(
  names: readonly string[],
  options: { readonly nowMs: number; readonly untilMs: number },
): Promise<ServerCertificate> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: randomSerial(),
    name: "CN=collab",
    notBefore: new Date(options.nowMs - BEFORE_MS),
    notAfter: new Date(options.untilMs + AFTER_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      // Not one that could issue others: whoever tells a browser to trust it, trusts this session only.
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(names.map(generalName)),
    ],
  });
  const key = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    cert: certificate.toString("pem"),
    key: PemConverter.encode(key, "PRIVATE KEY"),
    fingerprint: await fingerprintOf(certificate),
    names: [...names],
  };
}

/**
 * Reads a certificate and its key from PEM files.
 *
 * @throws {CollabError} `certificate-unreadable`, `certificate-expired`
 */
export async function readCertificate(
  certPath: string,
  keyPath: string,
  nowMs: number,
): Promise<ServerCertificate> {
  const [cert, key] = await Promise.all([readPem(certPath), readPem(keyPath)]);
  const certificate = parse(cert, certPath);
  if (!/-----BEGIN (?:EC |RSA )?PRIVATE KEY-----/.test(key)) {
    throw unreadable(keyPath, "it has no private key in PEM that is not encrypted");
  }
  const { notBefore, notAfter } = certificate;
  if (nowMs < notBefore.getTime() || nowMs >= notAfter.getTime()) {
    const from = notBefore.toISOString(), to = notAfter.toISOString();
    throw new CollabError(
      "certificate-expired",
      `Cannot use the certificate "${certPath}": it is good from ${from} to ${to}`,
    );
  }
  return { cert, key, fingerprint: await fingerprintOf(certificate), names: namesOf(certificate) };
}

/**
 * Reads the certificates of those who may issue others.
 *
 * @throws {CollabError} `certificate-unreadable`
 */
export async function readAuthorities(path: string): Promise<string> {
  const pem = await readPem(path);
  parse(pem, path);
  return pem;
}

/** Whether a certificate is for a host: by its name, a name with a star for the first label, or its address. */
export function isFor(names: readonly string[], host: string): boolean {
  const wanted = host.toLowerCase();
  const parent = wanted.replace(/^[^.]+\./, "");
  return names.some((name) => {
    const own = name.toLowerCase();
    return own === wanted ||
      (own.startsWith("*.") && isIP(wanted) === 0 && own.slice(2) === parent);
  });
}

async function readPem(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    throw unreadable(
      path,
      cause instanceof Deno.errors.NotFound ? "there is no such file" : "it cannot be read",
      cause,
    );
  }
}

function parse(pem: string, path: string): X509Certificate {
  const first = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/.exec(pem)?.[0];
  if (first === undefined) throw unreadable(path, "it has no certificate in PEM");
  try {
    return new X509Certificate(first);
  } catch (cause) {
    throw unreadable(path, "it is no certificate", cause);
  }
}

function unreadable(path: string, why: string, cause?: unknown): CollabError {
  return new CollabError("certificate-unreadable", `Cannot use "${path}": ${why}`, { cause });
}

function namesOf(certificate: X509Certificate): string[] {
  const extension = certificate.getExtension(SubjectAlternativeNameExtension);
  return (extension?.names.items ?? [])
    .filter(({ type }) => type === "dns" || type === "ip")
    .map(({ value }) => value);
}

function generalName(name: string): JsonGeneralName {
  return { type: isIP(name) === 0 ? "dns" : "ip", value: name };
}

async function fingerprintOf(certificate: X509Certificate): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", certificate.rawData));
}

/** 16 bytes in hexadecimal, positive: browsers refuse two certificates of one issuer with the same number. */
function randomSerial(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[0] = bytes[0]! & 0x7f | 0x40;
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
