/**
 * A message of each kind, for tests.
 *
 * @module
 */
import { toBase64Url } from "./bytes.ts";
import type { HostMessageJson, ViewerMessageJson } from "./messages.ts";

const KEY = toBase64Url(new Uint8Array(32));

/** A message of each kind that a viewer sends, with all that may be in it. */
export const VIEWER_MESSAGES: readonly ViewerMessageJson[] = [
  { kind: "join", name: "Ada", agent: true, resume: { ticket: "t", seq: 3 } },
  { kind: "join", name: "" },
  { kind: "ack", seq: 1, bytes: 100 },
  { kind: "ping", t: 1.25, latencyMs: 3 },
  { kind: "ping", t: 0 },
  { kind: "follow" },
  { kind: "request", forMs: 60_000, note: "the logs" },
  { kind: "request", pane: true },
  { kind: "withdraw" },
  { kind: "yield" },
  { kind: "yield", note: "done", pane: true },
  {
    kind: "input",
    turn: 4,
    parts: [
      { kind: "text", text: "ls\n" },
      { kind: "key", key: "ctrl+c" },
      { kind: "paste", text: "日本\n語" },
      { kind: "mouse", action: "down", button: 0, x: 3, y: 4, shift: true },
    ],
  },
  { kind: "input", turn: 0, parts: [{ kind: "key", key: "enter" }], pane: true },
  { kind: "point", at: { x: 1, y: 2 } },
  { kind: "point" },
  { kind: "act", action: { kind: "grant", id: "p1", forMs: null, note: "go" } },
  { kind: "act", action: { kind: "invite", role: "admin", expiresMs: 1_000, once: true } },
  { kind: "act", action: { kind: "revoke-link", id: "4fT" } },
  { kind: "leave" },
];
/** The same of a host. */
export const HOST_MESSAGES: readonly HostMessageJson[] = [
  {
    kind: "welcome",
    you: { id: "p1", name: "Ada", role: "view" },
    ticket: "t",
    expiresAtMs: 1_700_000_000_000,
    epoch: 1,
    key: KEY,
    seq: 0,
    atMs: 1.5,
    header: '{"version":3}',
  },
  { kind: "state", seq: 7, atMs: 0 },
  { kind: "pane", seq: 8, atMs: 0.5 },
  { kind: "pane", seq: 9 },
  { kind: "epoch", epoch: 2, key: KEY },
  { kind: "notice", code: "link-expires-soon" },
  { kind: "link", role: "view", url: "http://127.0.0.1:1/s/x#y" },
  { kind: "pong", t: 1 },
  { kind: "bye", code: "token-revoked", status: 130 },
  { kind: "bye", code: "kicked" },
];
