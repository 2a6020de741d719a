import assert from "node:assert/strict";
import { utf8 } from "./bytes.ts";
import { PeerError } from "./closing.ts";
import {
  decodeHostMessage,
  decodeViewerMessage,
  encodeHostMessage,
  encodeViewerMessage,
  type HostMessageJson,
} from "./messages.ts";
import { HOST_MESSAGES, VIEWER_MESSAGES } from "./message_samples.ts";

const KEY = "A".repeat(43);
const WELCOME: HostMessageJson = HOST_MESSAGES[0]!;
function codeOf(run: () => unknown): string {
  try {
    run();
    return "good";
  } catch (error) {
    assert.ok(error instanceof PeerError, String(error));
    return error.code;
  }
}

const viewerCode = (json: string): string => codeOf(() => decodeViewerMessage(utf8(json)));
const hostCode = (json: string): string => codeOf(() => decodeHostMessage(utf8(json + "\n")));

Deno.test("messages come back as they were", () => {
  for (const message of VIEWER_MESSAGES) {
    assert.deepEqual(decodeViewerMessage(encodeViewerMessage(message)), message);
  }
  for (const message of HOST_MESSAGES) {
    const { message: back, lines } = decodeHostMessage(encodeHostMessage(message));
    const expected = "key" in message ? { ...message, key: new Uint8Array(32) } : message;
    assert.deepEqual(back, expected);
    assert.equal(lines, "");
  }
});

Deno.test("a state carries event lines, other messages none", () => {
  const lines = '[0,"k","\\u001b[2J"]\n[0,"m","a\\nb"]\n';
  const state = { kind: "state", seq: 1, atMs: 5 } as const;
  assert.deepEqual(decodeHostMessage(encodeHostMessage(state, lines)), { message: state, lines });
  const pong = encodeHostMessage({ kind: "pong", t: 1 }, lines);
  assert.equal(codeOf(() => decodeHostMessage(pong)), "message-malformed");
});

Deno.test("each kind is known by its name only", () => {
  for (const kind of ["welcome", "state", "pong", "bye", "", "constructor", "__proto__"]) {
    assert.equal(viewerCode(JSON.stringify({ kind })), "message-unknown", kind);
  }
  for (const kind of ["join", "ack", "ping", "grant"]) {
    assert.equal(hostCode(JSON.stringify({ kind })), "message-unknown", kind);
  }
});

Deno.test("what is missing, too much or out of bounds is malformed", () => {
  const bad: readonly unknown[] = [
    null,
    1,
    [],
    {},
    { kind: 1 },
    { kind: "ack" },
    { kind: "ack", seq: -1, bytes: 0 },
    { kind: "ack", seq: 2 ** 32, bytes: 0 },
    { kind: "ack", seq: 1.5, bytes: 0 },
    { kind: "ack", seq: 1, bytes: 2 ** 60 },
    { kind: "ack", seq: "1", bytes: 0 },
    { kind: "ack", seq: 1, bytes: 0, more: 1 },
    { kind: "join", name: "x".repeat(257) },
    { kind: "join", name: "x", resume: { ticket: "", seq: 0 } },
    { kind: "join", name: "x", resume: { ticket: "x".repeat(65), seq: 0 } },
    { kind: "join", name: "x", resume: null },
    { kind: "ping", t: null },
    { kind: "leave", why: "x" },
  ];
  for (const message of bad) {
    const json = JSON.stringify(message);
    assert.equal(viewerCode(json), "message-malformed", json);
  }
  for (const key of Object.keys(WELCOME)) {
    const json: string = JSON.stringify({ ...WELCOME, [key]: undefined });
    assert.match(hostCode(json), /^message-malformed$/, key);
  }
  assert.equal(hostCode(JSON.stringify({ ...WELCOME, key: "A".repeat(42) })), "message-malformed");
  assert.equal(
    hostCode(JSON.stringify({ kind: "epoch", epoch: 0, key: KEY })),
    "message-malformed",
  );
});

Deno.test("numbers that JSON cannot say are malformed", () => {
  for (const t of ["1e999", "-0.1", "NaN", "Infinity"]) {
    assert.equal(viewerCode(`{"kind":"ping","t":${t}}`), "message-malformed", t);
  }
});

Deno.test("neither deep nesting nor bad UTF-8 does harm", () => {
  const deep = "[".repeat(60_000);
  assert.equal(viewerCode(deep), "message-malformed");
  assert.equal(viewerCode(deep + "]".repeat(60_000)), "message-malformed");
  assert.equal(
    viewerCode(`{"kind":"ping","t":${deep}${"]".repeat(60_000)}}`),
    "message-malformed",
  );
  const bytes = new Uint8Array([0x22, 0xff, 0x22]);
  assert.equal(codeOf(() => decodeViewerMessage(bytes)), "message-malformed");
  assert.equal(codeOf(() => decodeHostMessage(bytes)), "message-malformed");
});
