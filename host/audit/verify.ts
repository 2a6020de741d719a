/**
 * Finds out whether an audit log is as it was written; if not, which line is the first that is not, and why.
 *
 * @module
 */
import { fromBase64Url } from "../../wire/bytes.ts";
import { identityOf, type SessionIdentity } from "../../wire/token.ts";
import { AUDIT_VERSION } from "./entry.ts";
import { explain } from "./explain.ts";
import { type AuditLine, encodeLine, hashOf, parseJson, parseLine, signedBytes } from "./line.ts";
import { type RawLine, readLines } from "./read_lines.ts";
import type { Broken, Fault, Verdict } from "./verdict.ts";

/** A line that is written as lines are. */
export interface GoodLine extends AuditLine {
  readonly kind: "good";
  /** Its bytes as text. */
  readonly text: string;
  readonly hash: string;
}

/** A line of the file. */
export type ReadLine =
  | GoodLine
  | {
    readonly kind: "bad";
    readonly fault: Extract<Fault, "changed" | "not-json">;
    readonly what: string;
  }
  /** Without a newline: what is there of it says nothing. */
  | { readonly kind: "cut-off" };

const STRICT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Checks a log while it is read, in constant memory. Yields each line when the one after it vouches for it; returns the
 * verdict.
 */
export async function* checkLog(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<GoodLine, Verdict> {
  const rest = parsedLines(chunks);
  const log = new CheckedLog();
  try {
    let line = await next(rest);
    if (line === undefined) return log.broken("not-a-log", 1, "is missing: there is nothing in it");
    while (line !== undefined && line.kind !== "cut-off") {
      const following = await next(rest);
      const fault = await log.faultOf(line, following);
      if (fault === "explain") return await explain(log, { line, following, rest });
      if (fault !== undefined) return fault;
      if (log.last !== undefined) yield log.last;
      log.accept(line as GoodLine);
      line = following;
    }
    if (log.last === undefined) return log.broken("not-a-log", 1, "is cut off");
    if (log.last.event === "end" && line !== undefined) return log.afterEnd();
    yield log.last;
    return log.verdict(line !== undefined);
  } finally {
    await rest.return(undefined);
  }
}

async function next(lines: AsyncGenerator<ReadLine>): Promise<ReadLine | undefined> {
  const { value, done } = await lines.next();
  return done ? undefined : value;
}

async function* parsedLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ReadLine> {
  for await (const raw of readLines(chunks)) yield parseRaw(raw);
}

function parseRaw({ bytes, ended, tooLong }: RawLine): ReadLine {
  if (!ended) return { kind: "cut-off" };
  const notJson = { kind: "bad", fault: "not-json", what: "is not JSON" } as const;
  if (tooLong) return { kind: "bad", fault: "changed", what: "is longer than any line of a log" };
  let text: string;
  try {
    text = STRICT.decode(bytes);
  } catch {
    return notJson;
  }
  const line = parseLine(text);
  if (line !== undefined) return { kind: "good", ...line, text, hash: hashOf(bytes) };
  return parseJson(text) === undefined
    ? notJson
    : { kind: "bad", fault: "changed", what: "is not written as lines of a log are" };
}

/** The lines that were found to be good. */
export class CheckedLog {
  /** The last of them, and the one before it. */
  last: GoodLine | undefined;
  before: GoodLine | undefined;
  /** The last one that is signed. */
  signed = 0;
  #identity: SessionIdentity | undefined;
  #firstAt = "";

  /** How many there are. */
  get length(): number {
    return this.last?.seq ?? 0;
  }

  /** Whose log it is; `undefined` before the first line. */
  get session(): string | undefined {
    return this.#identity?.session;
  }

  /** What is wrong with the next line; `"explain"` when that takes a look at what comes after it. */
  async faultOf(
    line: Exclude<ReadLine, { kind: "cut-off" }>,
    following: ReadLine | undefined,
  ): Promise<Broken | "explain" | undefined> {
    if (this.last === undefined) {
      const fault = await this.#startFault(line);
      if (fault !== undefined) return fault;
    }
    if (this.last?.event === "end" && (line.kind === "bad" || line.event !== "start")) {
      return this.afterEnd();
    }
    if (line.kind === "bad" || !this.follows(line)) return "explain";
    const number = this.length + 1;
    if (await this.isSigned(line) !== false) return undefined;
    if (following?.kind === "good" && following.prev !== line.hash) {
      return this.broken("changed", number, "was changed");
    }
    const where = this.signed + 1 < number
      ? `does not fit: it, or a line from ${this.signed + 1} on, was changed`
      : "does not fit: it was changed";
    return this.broken("bad-signature", number, `has a signature that ${where}`);
  }

  accept(line: GoodLine): void {
    this.before = this.last;
    this.last = line;
    if (this.before === undefined) this.#firstAt = line.at;
    if (line.sig !== undefined) this.signed = line.seq;
  }

  /** Whether a line is the next one, as far as its number and its hash say. */
  follows(line: ReadLine | undefined): boolean {
    if (line?.kind !== "good") return false;
    const { last } = this;
    if (last !== undefined) return line.seq === last.seq + 1 && line.prev === last.hash;
    const { session } = line.members;
    return line.event === "start" && line.seq === 1 && typeof session === "string" &&
      line.prev === hashOf(session);
  }

  /** Whether a line's signature is good; `undefined` when it has none and needs none. */
  async isSigned(line: GoodLine, prev = line.prev): Promise<boolean | undefined> {
    const { at, event, members, seq, sig } = line;
    if (sig === undefined) {
      return ["start", "checkpoint", "end"].includes(event) ? false : undefined;
    }
    const signature = fromBase64Url(sig);
    if (signature === undefined || this.#identity === undefined) return false;
    const bytes = signedBytes(encodeLine({ seq, at, prev }, members));
    return await crypto.subtle.verify("Ed25519", this.#identity.verifyKey, signature, bytes);
  }

  broken(fault: Fault, line: number, what: string): Broken {
    return { kind: "broken", fault, line, signed: this.signed, what: `line ${line} ${what}` };
  }

  /** There is something after the last line. */
  afterEnd(): Broken {
    return this.broken("inserted", this.length + 1, "comes after the end of the session");
  }

  verdict(cutOff: boolean): Verdict {
    const { last, signed } = this;
    const about = {
      lines: this.length,
      session: this.#identity!.session,
      from: this.#firstAt,
      to: last!.at,
    };
    return last!.event === "end"
      ? { kind: "closed", ...about }
      : { kind: "open", ...about, signed, cutOff };
  }

  /** Learns from the first line whose log it is. */
  async #startFault(line: Exclude<ReadLine, { kind: "cut-off" }>): Promise<Broken | undefined> {
    if (line.kind !== "good" || line.event !== "start" || line.seq !== 1) return undefined;
    const { key, session, version } = line.members;
    if (version !== AUDIT_VERSION) {
      return this.broken("not-a-log", 1, "is of another version of the format");
    }
    const raw = typeof key === "string" ? fromBase64Url(key) : undefined;
    const identity = raw?.length === 32 ? await identityOf(raw).catch(() => undefined) : undefined;
    if (identity === undefined || identity.session !== session) {
      return this.broken("foreign-session", 1, "has a key that is not the session's");
    }
    this.#identity = identity;
    return undefined;
  }
}
