/**
 * What the wire costs: `deno bench --allow-all wire/`.
 *
 * @module
 */
import { ClientHandshake } from "./client_handshake.ts";
import { pack } from "./compress.ts";
import { unpack } from "./decompress.ts";
import { decodeClientHello } from "./hello.ts";
import { answerHello } from "./host_handshake.ts";
import { createSecret, type Link } from "./link.ts";
import { decodeViewerMessage, encodeViewerMessage } from "./messages.ts";
import { decodeRecords, encodeRecords } from "./records.ts";
import { Opener, Sealer } from "./seal.ts";
import { StreamSealer } from "./stream.ts";
import { createSessionKeys, mintToken, verifyToken } from "./token.ts";

const keys = await createSessionKeys();
const secret = createSecret();
const token = await mintToken(keys, { role: "view", expiresAtMs: Date.now() + 3_600_000 });
const link: Link = { origin: "http://h:1", session: keys.session, secret, token };
const client = new ClientHandshake(link);
const { hello } = client;
const answer = await answerHello(hello, decodeClientHello(hello), { keys, secret });

Deno.bench("handshake, host: token and answer", { group: "handshake" }, async () => {
  const decoded = decodeClientHello(hello);
  await verifyToken(keys, decoded.token, Date.now());
  await answerHello(hello, decoded, { keys, secret });
});
Deno.bench("handshake, viewer: hello", { group: "handshake" }, () => {
  new ClientHandshake(link);
});
Deno.bench("handshake, viewer: check and keys", { group: "handshake" }, () => {
  client.finish(answer.message);
});

const use = { kind: "to-host" } as const;
const key = new Uint8Array(32);
const plaintext = crypto.getRandomValues(new Uint8Array(200));
const sealer = new Sealer(key, use);
const sealed = new Sealer(key, use).seal(plaintext);
Deno.bench("seal 200 bytes", { group: "seal" }, () => {
  sealer.seal(plaintext);
});
Deno.bench("open 200 bytes", { group: "seal" }, () => {
  new Opener(key, use).open(sealed);
});
Deno.bench("open and check an ack", { group: "seal" }, () => {
  new Opener(key, use).open(ack);
  decodeViewerMessage(encoded);
});
const encoded = encodeViewerMessage({ kind: "ack", seq: 123_456, bytes: 12_345_678 });
const ack = new Sealer(key, use).seal(encoded);

const echo = '[0.102,"o","l"]\n';
let screen = "";
for (let row = 1; row <= 24; row++) {
  screen += `\\u001b[${row};1H\\u001b[38;5;${row * 7}mrow ${row} of ${Math.sin(row)}\\u001b[39m`;
}
const frame = `[0.016,"o","${screen}"]\n`;
for (const [name, lines] of [["an echoed key", echo], ["a screen of 1 KB", frame]] as const) {
  const stream = new StreamSealer();
  const packed = pack(encodeRecords(lines));
  Deno.bench(`${name}: lines to sealed`, { group: name }, () => {
    stream.seal(lines);
  });
  Deno.bench(`${name}: opened to lines`, { group: name }, () => {
    decodeRecords(unpack(packed));
  });
}
