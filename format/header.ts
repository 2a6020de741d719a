/**
 * The header of a recording: asciicast v1, v2 and v3 are read, v3 is written.
 *
 * @module
 */
import { isJsonObject, isShallow, type JsonObject, type JsonValue } from "./json.ts";
import { isValidSize, MAX_CELLS, MAX_SIDE } from "./limits.ts";
import { LineError, quote } from "./line_error.ts";

/** Colours of the recorded terminal, each as `#rrggbb`. */
export interface Theme {
  readonly fg: string;
  readonly bg: string;
  /** The 16 named colours, or the first 8 of them. */
  readonly palette: readonly string[];
}

/** What is known of the recorded terminal. */
export interface Term {
  /** Such as `xterm-256color`. */
  readonly type?: string;
  /** As XTVERSION reports it. */
  readonly version?: string;
  readonly theme?: Theme;
  /** Keys not listed here, kept as they were. */
  readonly extra?: JsonObject;
}

/** What is said about a session before its first event. */
export interface Header {
  /** The version that was read; written is always 3. */
  readonly version: 1 | 2 | 3;
  readonly cols: number;
  readonly rows: number;
  /** When the session began, in milliseconds since 1970; written in whole seconds. */
  readonly timestampMs?: number;
  readonly title?: string;
  readonly command?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
  readonly term?: Term;
  /** A player should shorten waits to this. */
  readonly idleTimeLimitMs?: number;
  /** Keys not listed here (and listed ones of another type), kept as they were. */
  readonly extra: JsonObject;
}

/** Parses a header line. Throws a {@link LineError}. */
export function parseHeader(line: string): Header {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new LineError("recording-bad-header", "is not a header: expected a JSON object", {
      cause,
    });
  }
  return headerOf(value);
}

/** Makes a header of a parsed one; of v1, the whole file is one object and its events are left out. */
export function headerOf(value: unknown): Header {
  if (!isJsonObject(value)) {
    throw new LineError("recording-bad-header", "is not a header: expected a JSON object");
  }
  if (!isShallow(value)) {
    throw new LineError("recording-bad-header", "is not a header: expected it nested less deeply");
  }
  const keys = new Keys(value);
  const version = keys.take("version");
  switch (version) {
    case 1:
      keys.take("stdout");
      return { version, ...flat(keys) };
    case 2:
      return { version, ...flat(keys) };
    case 3:
      return { version, ...nested(keys) };
    default:
      throw new LineError(
        "recording-bad-version",
        version === undefined
          ? "is not a header: expected a version"
          : `is not a header of a known version: expected 1, 2 or 3, not ${
            quote(typeof version === "string" ? version : JSON.stringify(version))
          }`,
      );
  }
}

/** v1 and v2: the terminal's size and colours are at the top level. */
function flat(keys: Keys): Omit<Header, "version"> {
  const size = checkSize(keys.take("width"), keys.take("height"));
  const theme = keys.takeAs("theme", themeOf);
  const common = commonKeys(keys);
  const type = common.env?.TERM;
  const term: Term = { ...(type !== undefined && { type }), ...(theme && { theme }) };
  return {
    ...size,
    ...common,
    ...(Object.keys(term).length > 0 && { term }),
    extra: keys.rest(),
  };
}

function nested(keys: Keys): Omit<Header, "version"> {
  const value = keys.take("term");
  if (!isJsonObject(value)) {
    throw new LineError("recording-bad-header", "is not a header: expected an object as its term");
  }
  const inner = new Keys(value);
  const size = checkSize(inner.take("cols"), inner.take("rows"));
  const type = inner.takeAs("type", stringOf);
  const version = inner.takeAs("version", stringOf);
  const theme = inner.takeAs("theme", themeOf);
  const extra = inner.rest();
  const term: Term = {
    ...(type !== undefined && { type }),
    ...(version !== undefined && { version }),
    ...(theme && { theme }),
    ...(Object.keys(extra).length > 0 && { extra }),
  };
  return {
    ...size,
    ...commonKeys(keys),
    ...(Object.keys(term).length > 0 && { term }),
    extra: keys.rest(),
  };
}

function commonKeys(keys: Keys): Pick<
  Header,
  "timestampMs" | "title" | "command" | "env" | "tags" | "idleTimeLimitMs"
> {
  const timestamp = keys.takeAs("timestamp", secondsOf);
  const idle = keys.takeAs("idle_time_limit", secondsOf);
  const title = keys.takeAs("title", stringOf);
  const command = keys.takeAs("command", stringOf);
  const env = keys.takeAs("env", envOf);
  const tags = keys.takeAs("tags", tagsOf);
  return {
    ...(timestamp !== undefined && { timestampMs: timestamp }),
    ...(title !== undefined && { title }),
    ...(command !== undefined && { command }),
    ...(env && { env }),
    ...(tags && { tags }),
    ...(idle !== undefined && { idleTimeLimitMs: idle }),
  };
}

function checkSize(cols: unknown, rows: unknown): { cols: number; rows: number } {
  if (typeof cols === "number" && typeof rows === "number" && isValidSize(cols, rows)) {
    return { cols, rows };
  }
  throw new LineError(
    "recording-bad-size",
    `is not a header: expected a size from 1x1 to ${MAX_SIDE}x${MAX_SIDE} with at most ${MAX_CELLS} cells, not ${
      quote(`${show(cols)}x${show(rows)}`)
    }`,
  );
}

function show(value: unknown): string {
  return typeof value === "number" || typeof value === "string" ? String(value) : "?";
}

/** Encodes a header as an asciicast v3 line, with its newline. */
export function encodeHeader(header: Header): string {
  const term = header.term ?? {};
  return JSON.stringify({
    version: 3,
    term: {
      cols: header.cols,
      rows: header.rows,
      type: term.type,
      version: term.version,
      theme: term.theme && { ...term.theme, palette: term.theme.palette.join(":") },
      ...without(term.extra, ["cols", "rows", ...given(term)]),
    },
    timestamp: header.timestampMs && Math.floor(header.timestampMs / 1000),
    idle_time_limit: header.idleTimeLimitMs && header.idleTimeLimitMs / 1000,
    command: header.command,
    title: header.title,
    env: header.env,
    tags: header.tags,
    ...without(header.extra, ["version", "term", ...given(header)]),
  }) + "\n";
}

/** The written names of the keys that have a value. */
function given(keys: Term | Header): string[] {
  const names: Record<string, string> = {
    timestampMs: "timestamp",
    idleTimeLimitMs: "idle_time_limit",
  };
  return Object.entries(keys).filter(([, value]) => value !== undefined)
    .map(([key]) => names[key] ?? key);
}

function without(object: JsonObject | undefined, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object ?? {}).filter(([key]) => !keys.includes(key)));
}

/** An object's keys, taken out one by one. */
class Keys {
  readonly #left: Map<string, JsonValue>;

  constructor(object: JsonObject) {
    this.#left = new Map(Object.entries(object));
  }

  take(key: string): JsonValue | undefined {
    const value = this.#left.get(key);
    this.#left.delete(key);
    return value;
  }

  /** Takes a key whose value is as expected; `null` counts as absent; anything else stays. */
  takeAs<T>(key: string, read: (value: JsonValue) => T | undefined): T | undefined {
    const value = this.#left.get(key);
    if (value === undefined) return undefined;
    const result = value === null ? undefined : read(value);
    if (result !== undefined || value === null) this.#left.delete(key);
    return result;
  }

  /** Not by assignment: a key named `__proto__` is a key. */
  rest(): JsonObject {
    return Object.fromEntries(this.#left);
  }
}

function stringOf(value: JsonValue): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function secondsOf(value: JsonValue): number | undefined {
  return typeof value === "number" && value >= 0 && value <= Number.MAX_SAFE_INTEGER / 1e6
    ? Math.round(value * 1e6) / 1e3
    : undefined;
}

function envOf(value: JsonValue): Record<string, string> | undefined {
  if (!isJsonObject(value)) return undefined;
  const entries = Object.entries(value).filter((entry): entry is [string, string] =>
    typeof entry[1] === "string"
  );
  return Object.fromEntries(entries);
}

function tagsOf(value: JsonValue): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.every((tag) => typeof tag === "string") ? value : undefined;
}

function themeOf(value: JsonValue): Theme | undefined {
  if (!isJsonObject(value) || Object.keys(value).length !== 3) return undefined;
  const { fg, bg, palette } = value;
  if (typeof fg !== "string" || typeof bg !== "string" || typeof palette !== "string") {
    return undefined;
  }
  const colors = palette.split(":");
  const isColor = (color: string): boolean => /^#[0-9a-f]{6}$/i.test(color);
  if (![fg, bg, ...colors].every(isColor)) return undefined;
  return colors.length === 8 || colors.length === 16 ? { fg, bg, palette: colors } : undefined;
}
