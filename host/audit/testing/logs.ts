/**
 * Audit logs for tests.
 *
 * @module
 */
import { passThroughRedactor, type Redactor } from "../../../redact/redactor.ts";
import { createSessionKeys, type SessionKeys } from "../../../wire/token.ts";
import { FakeClock } from "../../testing/clock.ts";
import { type Audit, type AuditOptions, startAudit } from "../audit.ts";
import { Chain } from "../chain.ts";
import { AUDIT_VERSION } from "../entry.ts";
import { toBase64Url } from "../../../wire/bytes.ts";
import type { Verdict } from "../verdict.ts";
import { checkLog } from "../verify.ts";

/** The time at which logs begin. */
export const BEGIN_MS: number = Date.UTC(2026, 10, 21, 14, 3, 0);
/** Keys that are the same each time. */
export const KEYS: SessionKeys = await createSessionKeys(new Uint8Array(32).fill(7));
/** Those of another session. */
export const OTHER_KEYS: SessionKeys = await createSessionKeys(new Uint8Array(32).fill(8));

const encoder = new TextEncoder();

/** Bytes of a text. */
export function bytes(text: string): Uint8Array {
  return encoder.encode(text);
}

/** A redactor that masks what a pattern matches, and nothing else. */
export function redactorOf(pattern: RegExp): Pick<Redactor, "text"> {
  const { text } = passThroughRedactor();
  return {
    text: (raw) => text(raw.replace(pattern, (secret) => secret.replace(/[^\n]/gu, "•"))),
  };
}

/** An audit log in a folder of its own, and the time that its session has. */
export class TestLog implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly errors: string[] = [];
  readonly path: string;
  readonly #dir: string;

  constructor() {
    this.#dir = Deno.makeTempDirSync({ prefix: "collab-audit-" });
    this.path = `${this.#dir}/audit.jsonl`;
  }

  start(options: Partial<AuditOptions> = {}, path: string = this.path): Promise<Audit> {
    return startAudit(path, {
      keys: KEYS,
      redactor: passThroughRedactor(),
      clock: this.clock,
      now: () => BEGIN_MS + this.clock.now(),
      presenter: "Ada",
      onError: (error) => void this.errors.push(error.code),
      ...options,
    });
  }

  text(): Promise<string> {
    return Deno.readTextFile(this.path);
  }

  /** What the log's lines say, without their places and signatures. */
  async entries(): Promise<Record<string, unknown>[]> {
    return (await this.text()).trimEnd().split("\n").map((line) => {
      const { seq: _seq, at: _at, prev: _prev, sig: _sig, ...members } = JSON.parse(line);
      return members;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#dir, { recursive: true });
  }
}

/** The lines of a log: after its start a line each, a checkpoint where there is none to say, and an end when closed. */
export async function linesOf(
  labels: readonly (string | null)[],
  { closed = true, keys = KEYS }: { readonly closed?: boolean; readonly keys?: SessionKeys } = {},
): Promise<string[]> {
  let nowMs = BEGIN_MS;
  const chain = new Chain(keys, () => nowMs += 1_000);
  const lines: string[] = [];
  chain.onLine = (line) => void lines.push(line.trimEnd());
  const first = await chain.first({
    event: "start",
    version: AUDIT_VERSION,
    session: keys.session,
    key: toBase64Url(keys.publicKey),
  });
  lines.push(first.trimEnd());
  for (const label of labels) {
    if (label === null) await chain.sign({ event: "checkpoint" });
    else chain.add({ event: "marker", label });
  }
  if (closed) await chain.sign({ event: "end", status: 0 });
  return lines;
}

/** Pieces of bytes, cut anywhere. */
async function* chunksOf(all: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < all.length; at += 1_000) {
    yield await Promise.resolve(all.subarray(at, at + 1_000));
  }
}

/** What is found out about a log whose lines, or all of whose text, are given. */
export async function verdictOn(log: readonly string[] | string | Uint8Array): Promise<Verdict> {
  const text = typeof log === "string" || log instanceof Uint8Array
    ? log
    : log.map((line) => `${line}\n`).join("");
  const all = typeof text === "string" ? bytes(text) : text;
  const lines = checkLog(chunksOf(all));
  for (let next = await lines.next();; next = await lines.next()) if (next.done) return next.value;
}
