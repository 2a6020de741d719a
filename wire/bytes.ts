/**
 * Bytes: joining them, and base64url without padding (RFC 4648, section 5).
 *
 * @module
 */

/** The parts, one after the other. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** UTF-8 bytes of a text. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return ENCODER.encode(text);
}

const ENCODER = new TextEncoder();

/** Encodes bytes as base64url without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * Decodes base64url without padding, or `undefined` when `text` is not the one way to write its bytes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(fromBase64Url("_-8"), new Uint8Array([0xff, 0xef]));
 * assert.equal(fromBase64Url("_-9"), undefined); // bits left over
 * ```
 */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return undefined;
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
  return toBase64Url(bytes) === text ? bytes : undefined;
}

/**
 * Whether two are the same bytes, found out by the same work wherever they differ: how long it takes tells nothing of it.
 * Those of another length are told apart at once.
 */
export function sameBytes(one: ArrayLike<number>, other: ArrayLike<number>): boolean {
  const length = one.length;
  if (other.length !== length) return false;
  let differs = 0;
  for (let i = 0; i < length; i++) differs |= one[i]! ^ other[i]!;
  return differs === 0;
}
