/**
 * The secrets of a recording, as far as it was looked at.
 *
 * @module
 */
import { MASK } from "./masks.ts";
import { type LiteralRule, MIN_LITERAL } from "./rule.ts";

/** A secret of a recording. Its text is not to leave the process. */
export interface CastSecret {
  readonly rule: string;
  readonly text: string;
  /** When it was seen first, or its beginning, in milliseconds since the start of the session. */
  readonly atMs: number;
}

/** A secret that grows within this time is one secret, and so many are followed at a time. */
const GROWS_MS = 60_000, MAX_OPEN = 16;
/** How much of them secrets are kept by, and how many of one beginning are looked at. */
const BEGINNING = 4, MAX_SEARCHED = 256;
/** Most secrets that are compared with each other. */
const MAX_COMPARED = 2_000;
/** Most secrets that are looked for wherever they stand. */
const MAX_SEEDS = 4_096;

interface Entry extends CastSecret {
  atMs: number;
  lastMs: number;
  /** It is to be masked wherever it stands, whatever it looks like. */
  everywhere: boolean;
}

/** Gathers what is secret in a recording. */
export class CastSecrets {
  readonly #entries = new Map<string, Entry>();
  readonly #byBeginning = new Map<string, string[]>();
  /** The newest ones, which may be growing. */
  #open: Entry[] = [];

  /** How many there are. */
  get size(): number {
    return this.#entries.size;
  }

  /** Adds a secret. One that another has grown to takes its place. */
  add(rule: string, text: string, atMs: number): void {
    const known = this.#entries.get(text);
    if (known !== undefined) {
      known.lastMs = atMs;
      return;
    }
    if (this.#growing(text)) return;
    const before = this.#open.find((open) =>
      text.startsWith(open.text) && atMs - open.lastMs <= GROWS_MS
    );
    if (before !== undefined) {
      this.#entries.delete(before.text);
      this.#open = this.#open.filter((open) => open !== before);
    }
    const entry: Entry = {
      rule,
      text,
      atMs: before?.atMs ?? atMs,
      lastMs: atMs,
      everywhere: before?.everywhere ?? false,
    };
    this.#set(text, entry);
    this.#open.push(entry);
    if (this.#open.length > MAX_OPEN) this.#open.shift();
  }

  /** Whether a text is the beginning of a secret that is known. */
  #growing(text: string): boolean {
    const known = text.length < BEGINNING
      ? this.#open.map(({ text }) => text)
      : this.#byBeginning.get(text.slice(0, BEGINNING)) ?? [];
    return known.some((known) => known.startsWith(text));
  }

  #set(text: string, entry: Entry): void {
    this.#entries.set(text, entry);
    const beginning = text.slice(0, BEGINNING);
    const others = this.#byBeginning.get(beginning);
    if (others === undefined) this.#byBeginning.set(beginning, [text]);
    else if (!others.includes(text) && others.push(text) > MAX_SEARCHED) others.shift();
  }

  /** Adds a secret that is to be masked wherever it stands. Returns whether that is new. */
  insist(rule: string, text: string, atMs: number): boolean {
    const known = this.#entries.get(text);
    if (text.length < MIN_LITERAL || known !== undefined && isSeed(known)) return false;
    this.#set(text, { rule, text, atMs, lastMs: atMs, ...known, everywhere: true });
    return true;
  }

  /** A secret was seen: maybe earlier than it was known to be one. */
  seen(text: string, atMs: number): void {
    const entry = this.#entries.get(text);
    if (entry !== undefined && atMs < entry.atMs) entry.atMs = atMs;
  }

  /** All of them, by the time that they were seen first. */
  all(): readonly CastSecret[] {
    return [...this.#entries.values()].sort((a, b) => a.atMs - b.atMs);
  }

  /** All but those that are parts of others: a key that one rule finds by its name and another by its beginning. */
  distinct(): readonly CastSecret[] {
    const all = this.all();
    // Of more than so many the parts are told as well: to compare all with all would take too long.
    if (all.length > MAX_COMPARED) return all;
    return all.filter(({ text }) =>
      !all.some((other) => other.text.length > text.length && other.text.includes(text))
    );
  }

  /** Those that are secret wherever they stand: the others are words that mean something elsewhere. */
  everywhere(): readonly CastSecret[] {
    return this.all().filter((entry) => isSeed(entry as Entry)).slice(0, MAX_SEEDS);
  }

  /** Rules that mask {@link everywhere}. */
  rules(): readonly LiteralRule[] {
    return this.everywhere().map(({ rule, text }) => ({
      kind: "literal",
      name: rule,
      finds: "a secret of the recording",
      literal: text,
    }));
  }
}

function isSeed({ text, everywhere }: Entry): boolean {
  return everywhere || isSpecific(text);
}

/**
 * Whether a secret says by itself that it is one: `hunter2` and `correct horse` do, `admin` and `1234` are words of
 * many texts.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.ok(isSpecific("hunter2"));
 * assert.ok(!isSpecific("production"));
 * ```
 */
export function isSpecific(text: string): boolean {
  if (text.includes(MASK) || text.trim() !== text) return false;
  if (/^\d+$/.test(text)) return text.length >= 8;
  if (/^(?:[a-z]+|[A-Z]?[a-z]+|[A-Z]+)$/.test(text)) return text.length >= 12;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((kind) => kind.test(text)).length;
  return text.length >= (kinds >= 2 ? 6 : 8);
}
