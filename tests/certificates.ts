/**
 * Certificates for tests: authorities, and what they issue.
 *
 * @module
 */
import "reflect-metadata";
import {
  BasicConstraintsExtension,
  type Extension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { fromBase64Url } from "../wire/bytes.ts";

/** A certificate and its key, in PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** What a certificate says. */
export interface Issue {
  /** The common name; absent for none. */
  readonly name?: string;
  readonly dns?: readonly string[];
  readonly emails?: readonly string[];
  readonly ips?: readonly string[];
  /** From and until when it is good, in milliseconds from now. */
  readonly fromMs?: number;
  readonly untilMs?: number;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY_MS = 86_400_000;

/** Somebody who issues certificates. */
export class Authority {
  readonly #certificate: X509Certificate;
  readonly #keys: CryptoKeyPair;

  private constructor(certificate: X509Certificate, keys: CryptoKeyPair) {
    this.#certificate = certificate;
    this.#keys = keys;
  }

  static async create(name: string): Promise<Authority> {
    const keys = await newKeys();
    const certificate = await X509CertificateGenerator.createSelfSigned({
      name: `CN=${name}`,
      notBefore: new Date(Date.now() - DAY_MS),
      notAfter: new Date(Date.now() + DAY_MS),
      signingAlgorithm: ALGORITHM,
      keys,
      extensions: [new BasicConstraintsExtension(true, undefined, true)],
    });
    return new Authority(certificate, keys);
  }

  /** Its own certificate, in PEM. */
  get cert(): string {
    return this.#certificate.toString("pem");
  }

  async issue(
    { name, dns = [], emails = [], ips = [], fromMs = -DAY_MS, untilMs = DAY_MS }: Issue,
  ): Promise<Pair> {
    const keys = await newKeys();
    const names = [
      ...dns.map((value) => ({ type: "dns", value }) as const),
      ...emails.map((value) => ({ type: "email", value }) as const),
      ...ips.map((value) => ({ type: "ip", value }) as const),
    ];
    const extensions: Extension[] = [new BasicConstraintsExtension(false, undefined, true)];
    if (names.length > 0) extensions.push(new SubjectAlternativeNameExtension(names));
    const certificate = await X509CertificateGenerator.create({
      subject: name === undefined ? "O=Nobody" : `CN=${name}`,
      issuer: this.#certificate.subject,
      notBefore: new Date(Date.now() + fromMs),
      notAfter: new Date(Date.now() + untilMs),
      signingAlgorithm: ALGORITHM,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      extensions,
    });
    const key = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
    return { cert: certificate.toString("pem"), key: PemConverter.encode(key, "PRIVATE KEY") };
  }
}

/** A certificate in DER form. */
export function derOf(pem: string): Uint8Array {
  return new Uint8Array(new X509Certificate(pem).rawData);
}

/** Its SHA-256. */
export async function fingerprintOf(pem: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", Uint8Array.from(derOf(pem))));
}

function newKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

/** The number that a P-256 key is. */
export async function scalarOf(pem: string): Promise<Uint8Array> {
  const [pkcs8] = PemConverter.decode(pem) as [ArrayBuffer];
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, ALGORITHM, true, ["sign"]);
  const { d } = await crypto.subtle.exportKey("jwk", key);
  return fromBase64Url(d!)!;
}
