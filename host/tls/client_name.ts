/**
 * What a client's certificate calls its owner.
 *
 * @module
 */

/** A certificate as `node:tls` shows it, as far as it is used here. */
export interface PeerCertificate {
  readonly subject?: { readonly CN?: string | string[] };
  /** As `DNS:box.example, email:ada@example.org`. */
  readonly subjectaltname?: string;
  readonly fingerprint256?: string;
}

/**
 * The common name; where there is none the first alternative name, and where there is none either, the beginning of the
 * fingerprint: never what the client says of itself.
 */
export function certificateName(certificate: PeerCertificate | undefined): string {
  const common = [certificate?.subject?.CN ?? []].flat()[0]?.trim();
  if (common) return common;
  const alternative = certificate?.subjectaltname?.split(", ")[0]?.replace(/^[\w ]+:/, "").trim();
  if (alternative) return alternative;
  const fingerprint = certificate?.fingerprint256?.replaceAll(":", "").slice(0, 8).toLowerCase();
  return fingerprint ? `certificate ${fingerprint}` : "certificate";
}
