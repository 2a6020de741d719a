/**
 * The two clear messages of a handshake, byte for byte.
 *
 * ```text
 *   client hello   envelope 5 │ version 1 │ session id 16 │ X25519 share 32 │ ML-KEM-768 encapsulation key 1184 │ token
 *   host hello     envelope 5 │ X25519 share 32 │ ML-KEM-768 ciphertext 1088 │ Ed25519 public key 32 │ signature 64
 * ```
 *
 * @module
 */
import { concat, toBase64Url, utf8 } from "./bytes.ts";
import { PeerError } from "./closing.ts";
import { ENVELOPE_BYTES, readEnvelope, writeEnvelope } from "./envelope.ts";
import { PROTOCOL_VERSION, TOKEN_MAX_BYTES } from "./limits.ts";
import { SESSION_ID_BYTES, sessionIdBytes } from "./session_id.ts";

const SHARE_BYTES = 32;
const ENCAPSULATION_KEY_BYTES = 1184;
const CIPHERTEXT_BYTES = 1088;
const PUBLIC_KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/** What a viewer says first. */
export interface ClientHello {
  /** The id of the session it wants. */
  readonly session: string;
  /** Its ephemeral X25519 public key. */
  readonly share: Uint8Array;
  /** Its ephemeral ML-KEM-768 encapsulation key. */
  readonly encapsulationKey: Uint8Array;
  readonly token: string;
}

/** What the host answers, before it is signed. */
export interface HostHello {
  /** Its ephemeral X25519 public key. */
  readonly share: Uint8Array;
  /** The ML-KEM-768 ciphertext for the viewer's key. */
  readonly cipherText: Uint8Array;
  /** The session's raw Ed25519 public key. */
  readonly publicKey: Uint8Array;
}

/** Encodes a viewer's hello. */
export function encodeClientHello(hello: ClientHello): Uint8Array {
  const session = sessionIdBytes(hello.session);
  if (session === undefined) throw new Error("Not a session id");
  return withEnvelope(
    "client-hello",
    new Uint8Array([PROTOCOL_VERSION]),
    session,
    hello.share,
    hello.encapsulationKey,
    utf8(hello.token),
  );
}

/** Decodes a viewer's hello. Throws a {@link PeerError} with `version-unsupported` or `hello-malformed`. */
export function decodeClientHello(message: Uint8Array): ClientHello {
  if (readType(message) !== "client-hello") throw new PeerError("hello-malformed");
  const take = taker(message.subarray(ENVELOPE_BYTES));
  const version = take(1)[0];
  if (version !== PROTOCOL_VERSION) {
    throw new PeerError("version-unsupported", `version ${version}`);
  }
  const session = toBase64Url(take(SESSION_ID_BYTES));
  const share = take(SHARE_BYTES);
  const encapsulationKey = take(ENCAPSULATION_KEY_BYTES);
  const token = String.fromCharCode(...take(undefined).subarray(0, TOKEN_MAX_BYTES + 1));
  if (token.length > TOKEN_MAX_BYTES || !/^[\w.-]+$/.test(token)) {
    throw new PeerError("hello-malformed", "its token is not one");
  }
  return { session, share, encapsulationKey, token };
}

/** Encodes a host's hello without its signature, which covers these very bytes. */
export function encodeHostHello(hello: HostHello): Uint8Array {
  return withEnvelope("host-hello", hello.share, hello.cipherText, hello.publicKey);
}

/** Decodes a host's hello. Throws a {@link PeerError} with `hello-malformed`. */
export function decodeHostHello(
  message: Uint8Array,
): { readonly hello: HostHello; readonly signed: Uint8Array; readonly signature: Uint8Array } {
  if (readType(message) !== "host-hello") throw new PeerError("hello-malformed");
  const take = taker(message.subarray(ENVELOPE_BYTES));
  const hello = {
    share: take(SHARE_BYTES),
    cipherText: take(CIPHERTEXT_BYTES),
    publicKey: take(PUBLIC_KEY_BYTES),
  };
  const signature = take(undefined);
  if (signature.length !== SIGNATURE_BYTES) throw new PeerError("hello-malformed", "its length");
  return { hello, signed: message.subarray(0, message.length - SIGNATURE_BYTES), signature };
}

function readType(message: Uint8Array): string {
  try {
    return readEnvelope(message).type;
  } catch (cause) {
    throw new PeerError("hello-malformed", "it has no envelope", { cause });
  }
}

/** Takes fields off the front; `undefined` takes the rest. */
function taker(body: Uint8Array): (length: number | undefined) => Uint8Array {
  let at = 0;
  return (length = body.length - at) => {
    if (at + length > body.length) throw new PeerError("hello-malformed", "it is cut");
    return body.subarray(at, at += length);
  };
}

function withEnvelope(
  type: "client-hello" | "host-hello",
  ...fields: readonly Uint8Array[]
): Uint8Array {
  const message = concat(new Uint8Array(ENVELOPE_BYTES), ...fields);
  writeEnvelope(message, { type, joinable: false, seq: 0 });
  return message;
}
