/**
 * Both ends of TLS 1.3 that show a certificate whose key they do not have, as somebody could who once saw the certificate:
 * everything is right but for the one signature that needs the key. Written by hand after RFC 8446, for no library makes
 * such a thing.
 *
 * @module
 */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { x25519 } from "@noble/curves/ed25519.js";
import { p256 } from "@noble/curves/nist.js";
import { concatBytes as join } from "@noble/curves/utils.js";
import { expand, extract } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";

const NOTHING = new Uint8Array(0), ZEROS = new Uint8Array(32);
const RECORD = { changeCipherSpec: 20, alert: 21, handshake: 22, data: 23 } as const;
const X25519 = 29, CHACHA20_POLY1305 = 0x1303, ECDSA_P256_SHA256 = 0x0403, FINISHED = 20;
/** Extensions. */
const SUPPORTED_GROUPS = 10, SIGNATURE_ALGORITHMS = 13, SUPPORTED_VERSIONS = 43, KEY_SHARE = 51;

/** What a server learned of a client: whether it took the certificate, and what it was sent afterwards. */
export interface Outcome {
  readonly taken: boolean;
  /** Bytes that the client sent once it held the connection for secure. */
  readonly sent: string;
}

/** A server. With `key` it is an honest one, which shows that all else is right. */
export class ForgedServer implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #certificate: Uint8Array;
  readonly #key: Uint8Array;
  readonly #outcome = Promise.withResolvers<Outcome>();
  readonly #running: Promise<void>;

  /** @param certificate in DER form @param key the scalar of its P-256 key, or another's */
  constructor(certificate: Uint8Array, key: Uint8Array = p256.utils.randomSecretKey()) {
    this.#certificate = certificate;
    this.#key = key;
    this.#running = this.#serve();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  /** What became of the first client. */
  get outcome(): Promise<Outcome> {
    return this.#outcome.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#running;
  }

  async #serve(): Promise<void> {
    for await (const client of this.#listener) {
      try {
        this.#outcome.resolve(await this.#talk(new Records(client)));
      } catch (error) {
        this.#outcome.reject(error);
      } finally {
        client.close();
      }
    }
  }

  async #talk(records: Records): Promise<Outcome> {
    const clientHello = (await records.read())!.body;
    const { sessionId, share } = parseClientHello(clientHello);
    const secretKey = x25519.utils.randomSecretKey();
    const serverHello = makeServerHello(sessionId, x25519.getPublicKey(secretKey));
    const shared = sharedSecret(x25519.getSharedSecret(secretKey, share));
    const hellos = sha256(join(clientHello, serverHello));
    const ours = derive(shared, "s hs traffic", hellos, 32);
    const flight = this.#flight(join(clientHello, serverHello), ours);
    await records.write(RECORD.handshake, serverHello);
    await records.write(RECORD.changeCipherSpec, Uint8Array.of(1));
    records.sealWith(ours);
    await records.write(RECORD.handshake, flight);
    records.openWith(derive(shared, "c hs traffic", hellos, 32));
    const finished = await records.read();
    if (finished?.type !== RECORD.handshake) return { taken: false, sent: "" };
    const main = mainSecret(shared);
    const all = sha256(join(clientHello, serverHello, flight));
    records.openWith(derive(main, "c ap traffic", all, 32));
    const data = await records.read();
    const sent = data?.type === RECORD.data ? new TextDecoder().decode(data.body) : "";
    return { taken: true, sent };
  }

  /** Encrypted extensions, the certificate, the signature that needs its key, and the end. */
  #flight(hellos: Uint8Array, secret: Uint8Array): Uint8Array {
    const shown = join(message(8, u16(0)), certificateMessage(this.#certificate));
    const proof = verifyMessage("server", join(hellos, shown), this.#key);
    const end = finishedMessage(secret, join(hellos, shown, proof));
    return join(shown, proof, end);
  }
}

/**
 * A client that sends a request, and gives what it got until the end: as text, empty when it was let go without a byte.
 * With the right `key` it is an honest one.
 */
export async function askForged(
  port: number,
  certificate: Uint8Array,
  request: string,
  key: Uint8Array = p256.utils.randomSecretKey(),
): Promise<string> {
  using connection = await Deno.connect({ port });
  const records = new Records(connection);
  const secretKey = x25519.utils.randomSecretKey();
  const clientHello = makeClientHello(x25519.getPublicKey(secretKey));
  await records.write(RECORD.handshake, clientHello);
  const serverHello = (await records.read())!.body;
  const shared = sharedSecret(x25519.getSharedSecret(secretKey, shareOfServer(serverHello)));
  const hellos = sha256(join(clientHello, serverHello));
  records.openWith(derive(shared, "s hs traffic", hellos, 32));
  const flight = await readFlight(records);
  const secret = derive(shared, "c hs traffic", hellos, 32);
  records.sealWith(secret);
  let said = join(clientHello, serverHello, flight);
  const all = sha256(said), main = mainSecret(shared);
  const shown = certificateMessage(certificate);
  const proof = verifyMessage("client", said = join(said, shown), key);
  const end = finishedMessage(secret, said = join(said, proof));
  await records.write(RECORD.handshake, join(shown, proof, end));
  records.sealWith(derive(main, "c ap traffic", all, 32));
  records.openWith(derive(main, "s ap traffic", all, 32));
  await records.write(RECORD.data, utf8ToBytes(request));
  let got = "";
  for (let record; (record = await records.read()) !== undefined;) {
    if (record.type === RECORD.alert) break;
    if (record.type === RECORD.data) got += new TextDecoder().decode(record.body);
  }
  return got;
}

/** What a server says between its hello and its end, both included. */
async function readFlight(records: Records): Promise<Uint8Array> {
  let flight: Uint8Array = NOTHING;
  for (;;) {
    const record = await records.read();
    if (record?.type !== RECORD.handshake) throw new Error("The server does not go on");
    flight = join(flight, record.body);
    for (let at = 0; at + 4 <= flight.length;) {
      const end = at + 4 + (flight[at + 1]! << 16 | flight[at + 2]! << 8 | flight[at + 3]!);
      if (end === flight.length && flight[at] === FINISHED) return flight;
      at = end;
    }
  }
}

/** TLS records over a connection, sealed once there is a key. */
class Records {
  readonly #connection: Deno.TcpConn;
  #received: Uint8Array = NOTHING;
  #out: Cipher | undefined;
  #in: Cipher | undefined;

  constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
  }

  sealWith(secret: Uint8Array): void {
    this.#out = new Cipher(secret);
  }

  openWith(secret: Uint8Array): void {
    this.#in = new Cipher(secret);
  }

  async write(type: number, body: Uint8Array): Promise<void> {
    const data = this.#out?.seal(type, body) ?? join(header(type, body.length), body);
    for (let at = 0; at < data.length;) at += await this.#connection.write(data.subarray(at));
  }

  /** The next record, or `undefined` at the end. */
  async read(): Promise<{ readonly type: number; readonly body: Uint8Array } | undefined> {
    for (;;) {
      const head = this.#received.subarray(0, 5);
      const end = 5 + (head[3]! << 8 | head[4]!);
      if (head.length === 5 && this.#received.length >= end) {
        const body = this.#received.slice(5, end);
        const type = head[0]!;
        this.#received = this.#received.slice(end);
        if (type === RECORD.changeCipherSpec) continue;
        return type === RECORD.data ? this.#in!.open(head, body) : { type, body };
      }
      const buffer = new Uint8Array(16_384);
      const bytes = await this.#connection.read(buffer).catch(() => null);
      if (bytes === null) return undefined;
      this.#received = join(this.#received, buffer.subarray(0, bytes));
    }
  }
}

/** One direction (RFC 8446, section 5.2). */
class Cipher {
  readonly #key: Uint8Array;
  readonly #iv: Uint8Array;
  #count = 0;

  constructor(secret: Uint8Array) {
    this.#key = derive(secret, "key", NOTHING, 32);
    this.#iv = derive(secret, "iv", NOTHING, 12);
  }

  seal(type: number, body: Uint8Array): Uint8Array {
    const head = header(RECORD.data, body.length + 17);
    return join(
      head,
      chacha20poly1305(this.#key, this.#nonce(), head).encrypt(join(body, Uint8Array.of(type))),
    );
  }

  open(head: Uint8Array, body: Uint8Array): { readonly type: number; readonly body: Uint8Array } {
    const inner = chacha20poly1305(this.#key, this.#nonce(), head).decrypt(body);
    return { type: inner.at(-1)!, body: inner.subarray(0, -1) };
  }

  #nonce(): Uint8Array {
    const nonce = this.#iv.slice();
    nonce[11] = nonce[11]! ^ this.#count++;
    return nonce;
  }
}

function parseClientHello(
  hello: Uint8Array,
): { readonly sessionId: Uint8Array; readonly share: Uint8Array } {
  const number = (at: number): number => hello[at]! << 8 | hello[at + 1]!;
  let at = 4 + 2 + 32;
  const sessionId = hello.slice(at + 1, at + 1 + hello[at]!);
  at += 1 + hello[at]!;
  at += 2 + number(at);
  at += 1 + hello[at]! + 2;
  for (; at < hello.length; at += 4 + number(at + 2)) {
    if (number(at) !== KEY_SHARE) continue;
    for (let share = at + 6; share < at + 4 + number(at + 2); share += 4 + number(share + 2)) {
      if (number(share) === X25519) return { sessionId, share: hello.slice(share + 4, share + 36) };
    }
  }
  throw new Error("The client offers no X25519 key");
}

/** The server's X25519 key, which is in the one extension that is long enough. */
function shareOfServer(hello: Uint8Array): Uint8Array {
  let at = 4 + 2 + 32 + 1 + hello[38]! + 2 + 1 + 2;
  for (; at < hello.length; at += 4 + (hello[at + 2]! << 8 | hello[at + 3]!)) {
    if ((hello[at]! << 8 | hello[at + 1]!) === KEY_SHARE) return hello.slice(at + 8, at + 40);
  }
  throw new Error("The server has no X25519 key");
}

function makeClientHello(publicKey: Uint8Array): Uint8Array {
  const extensions = join(
    ...[u16(SUPPORTED_VERSIONS), u16(3), Uint8Array.of(2), u16(0x0304)],
    ...[u16(SUPPORTED_GROUPS), u16(4), u16(2), u16(X25519)],
    ...[u16(SIGNATURE_ALGORITHMS), u16(4), u16(2), u16(ECDSA_P256_SHA256)],
    ...[u16(KEY_SHARE), u16(38), u16(36), u16(X25519), u16(32), publicKey],
  );
  return message(
    1,
    join(
      u16(0x0303),
      crypto.getRandomValues(new Uint8Array(32)),
      Uint8Array.of(0),
      ...[u16(2), u16(CHACHA20_POLY1305)],
      Uint8Array.of(1, 0),
      u16(extensions.length),
      extensions,
    ),
  );
}

/** Shows a certificate. */
function certificateMessage(certificate: Uint8Array): Uint8Array {
  const entry = join(u24(certificate.length), certificate, u16(0));
  return message(11, join(Uint8Array.of(0), u24(entry.length), entry));
}

/** Proves to have the certificate's key, with whatever key there is. */
function verifyMessage(
  side: "client" | "server",
  said: Uint8Array,
  key: Uint8Array,
): Uint8Array {
  const signed = join(
    new Uint8Array(64).fill(0x20),
    utf8ToBytes(`TLS 1.3, ${side} CertificateVerify\0`),
    sha256(said),
  );
  const signature = p256.sign(signed, key, { format: "der" });
  return message(15, join(u16(ECDSA_P256_SHA256), u16(signature.length), signature));
}

function finishedMessage(secret: Uint8Array, said: Uint8Array): Uint8Array {
  return message(FINISHED, hmac(sha256, derive(secret, "finished", NOTHING, 32), sha256(said)));
}

/** The handshake secret (RFC 8446, section 7.1). */
function sharedSecret(exchanged: Uint8Array): Uint8Array {
  const early = extract(sha256, ZEROS, ZEROS);
  return extract(sha256, exchanged, derive(early, "derived", sha256(NOTHING), 32));
}

function mainSecret(shared: Uint8Array): Uint8Array {
  return extract(sha256, ZEROS, derive(shared, "derived", sha256(NOTHING), 32));
}

function makeServerHello(sessionId: Uint8Array, publicKey: Uint8Array): Uint8Array {
  const extensions = join(
    ...[u16(SUPPORTED_VERSIONS), u16(2), u16(0x0304)],
    ...[u16(KEY_SHARE), u16(36), u16(X25519), u16(32), publicKey],
  );
  return message(
    2,
    join(
      u16(0x0303),
      crypto.getRandomValues(new Uint8Array(32)),
      Uint8Array.of(sessionId.length),
      sessionId,
      u16(CHACHA20_POLY1305),
      Uint8Array.of(0),
      u16(extensions.length),
      extensions,
    ),
  );
}

/** `HKDF-Expand-Label` (RFC 8446, section 7.1). */
function derive(
  secret: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
): Uint8Array {
  const name = utf8ToBytes(`tls13 ${label}`);
  const info = join(u16(length), vector(name), vector(context));
  return expand(sha256, secret, info, length);
}

function header(type: number, length: number): Uint8Array {
  return join(Uint8Array.of(type, 3, 3), u16(length));
}

function message(type: number, body: Uint8Array): Uint8Array {
  return join(Uint8Array.of(type), u24(body.length), body);
}

function vector(bytes: Uint8Array): Uint8Array {
  return join(Uint8Array.of(bytes.length), bytes);
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff);
}

function u24(value: number): Uint8Array {
  return join(Uint8Array.of(value >> 16), u16(value & 0xffff));
}
