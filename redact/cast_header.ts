/**
 * A recording's header without what must not be seen.
 *
 * @module
 */
import type { Header, Term } from "../format/header.ts";
import { MASK } from "./masks.ts";
import { nameStrength } from "./names.ts";

/** A header, and what was left out of it. */
export interface SafeHeader {
  readonly header: Header;
  /** Keys that mean nothing to us: what is behind them cannot be looked at. */
  readonly dropped: readonly string[];
}

/**
 * A header with masks in its texts: title, command, environment, tags, the terminal's name. Values of variables whose
 * names say that they are secret are masked whole.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const header = { version: 3, cols: 80, rows: 24, env: { API_TOKEN: "abc" }, extra: {} } as const;
 * assert.deepEqual(safeHeader(header, (text) => text).header.env, { API_TOKEN: "•••" });
 * ```
 */
export function safeHeader(header: Header, safe: (text: string) => string): SafeHeader {
  const { cols, rows, timestampMs, title, command, env, tags, term, idleTimeLimitMs } = header;
  const dropped = [
    ...Object.keys(header.extra),
    ...Object.keys(term?.extra ?? {}).map((key) => `term.${key}`),
  ];
  return {
    header: {
      version: 3,
      cols: Math.max(2, cols),
      rows,
      ...(timestampMs !== undefined && { timestampMs }),
      ...(title !== undefined && { title: safe(title) }),
      ...(command !== undefined && { command: safe(command) }),
      ...(env !== undefined && { env: safeEnv(env, safe) }),
      ...(tags !== undefined && { tags: tags.map(safe) }),
      ...(term !== undefined && { term: safeTerm(term, safe) }),
      ...(idleTimeLimitMs !== undefined && { idleTimeLimitMs }),
      extra: {},
    },
    dropped,
  };
}

/** The texts of a header that something secret may be in. */
export function headerTexts({ title, command, env, tags, term }: Header): readonly string[] {
  return [
    title,
    command,
    ...Object.entries(env ?? {}).map(([name, value]) => `${name}=${value}`),
    ...tags ?? [],
    term?.type,
    term?.version,
  ].filter((text) => text !== undefined);
}

function safeTerm({ type, version, theme }: Term, safe: (text: string) => string): Term {
  return {
    ...(type !== undefined && { type: safe(type) }),
    ...(version !== undefined && { version: safe(version) }),
    ...(theme !== undefined && { theme }),
  };
}

function safeEnv(
  env: Readonly<Record<string, string>>,
  safe: (text: string) => string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => {
      if (nameStrength(name) !== "none") return [safe(name), MASK.repeat([...value].length)];
      // A name makes some values secret that say nothing by themselves.
      const pair = safe(`${name}=${value}`);
      return pair.startsWith(`${name}=`)
        ? [name, safe(pair.slice(name.length + 1))]
        : [safe(name), MASK.repeat([...value].length)];
    }),
  );
}
