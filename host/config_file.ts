/**
 * Reads a configuration file: TOML, checked key by key. No message about it has a value in it that may be a secret.
 *
 * @module
 */
import { isAbsolute, join, resolve } from "node:path";
import { parse, TomlError } from "smol-toml";
import * as v from "valibot";
import { CollabError, type UsageError } from "../format/errors.ts";
import { type UserRule, userRules } from "../redact/user_rules.ts";
import { type Config, configError } from "./config.ts";
import { parseExpiry } from "./given_times.ts";
import type { HostDefaults } from "./host_defaults.ts";
import { parseAddress } from "./listen.ts";
import { LOG_LEVELS } from "./log.ts";
import {
  parseMenuKey,
  parsePerAddress,
  parseSize,
  parseSshHost,
  parseTakeKey,
  START_MODES,
  WHEN_GONE,
} from "./options.ts";
import { literalsOf } from "./redaction.ts";

const Text = v.pipe(v.string(), v.minLength(1));

const Rule = v.strictObject({
  name: v.optional(Text),
  pattern: v.optional(Text),
  literal: v.optional(Text),
  keep: v.optional(v.union([v.pipe(v.number(), v.integer(), v.minValue(0)), v.string()])),
});

/** A path, which counts from the folder of the file that it is in. */
const Path = Text;

const Host = v.strictObject({
  name: v.optional(Text),
  listen: v.optional(read(parseAddress)),
  tls: v.optional(v.boolean()),
  cert: v.optional(Path),
  key: v.optional(Path),
  "client-ca": v.optional(Path),
  "ssh-host": v.optional(read(parseSshHost)),
  "ssh-relay": v.optional(read(parseSshHost)),
  "per-address": v.optional(
    v.pipe(v.number(), v.transform((number) => String(number)), read(parsePerAddress)),
  ),
  size: v.optional(read(parseSize)),
  expires: v.optional(read(parseExpiry)),
  "menu-key": v.optional(read(parseMenuKey)),
  "take-key": v.optional(read(parseTakeKey)),
  "read-only": v.optional(v.boolean()),
  mode: v.optional(v.picklist(START_MODES)),
  "confirm-paste": v.optional(v.boolean()),
  "take-on-key": v.optional(v.boolean()),
  "shell-marks": v.optional(v.boolean()),
  "when-gone": v.optional(v.picklist(WHEN_GONE)),
  metrics: v.optional(read(parseAddress)),
  "log-level": v.optional(v.picklist(LOG_LEVELS)),
  "log-json": v.optional(v.boolean()),
  "log-file": v.optional(Path),
});

const File = v.strictObject({
  redact: v.optional(v.array(Rule)),
  "redact-file": v.optional(Path),
  "default-redactions": v.optional(v.boolean()),
  host: v.optional(Host),
});

/** A text that one of the functions for flags reads; its message is the issue's. */
function read<T>(parser: (text: string) => T): v.GenericSchema<string, T> {
  return v.pipe(
    v.string(),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      try {
        return parser(dataset.value);
      } catch (error) {
        if (!(error instanceof CollabError)) throw error;
        addIssue({ message: error.message });
        return NEVER;
      }
    }),
  );
}

/**
 * Reads the text of a configuration file.
 *
 * @throws {UsageError} `bad-config`
 */
export function parseConfig(text: string, path: string, home?: string): Config {
  const parsed = v.safeParse(File, parseToml(text, path));
  if (!parsed.success) throw issueError(parsed.issues[0], text, path);
  const { redact = [], host = {}, "redact-file": file, "default-redactions": defaults } =
    parsed.output;
  const place = (name: string): string => placed(name, path, home);
  return {
    redact: [
      ...redact.map((rule, i) => ruleOf(rule, i, text, path)),
      ...file === undefined ? [] : textsOf(place(file), text, path),
    ],
    ...(defaults !== undefined && { defaultRedactions: defaults }),
    host: hostOf(host, place),
  };
}

function parseToml(text: string, path: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // What follows the first line of its message is the line of the file itself.
    const what = error.message.split("\n", 1)[0]!.replace(/^Invalid TOML document: /, "");
    throw configError(path, `it is not TOML: ${what}`, error.line);
  }
}

function ruleOf(
  { name, pattern, literal, keep }: v.InferOutput<typeof Rule>,
  index: number,
  text: string,
  path: string,
): UserRule {
  const wrong = (what: string, key?: string): UsageError =>
    configError(path, what, lineOf(text, ["redact", index, ...(key === undefined ? [] : [key])]));
  if ((pattern === undefined) === (literal === undefined)) {
    throw wrong("a [[redact]] has either a pattern or a literal");
  }
  if (literal !== undefined && keep !== undefined) {
    throw wrong("keep goes with a pattern, not with a literal", "keep");
  }
  const rule: UserRule = {
    name: name ?? pattern ?? `literal ${index + 1}`,
    find: pattern !== undefined ? { pattern } : { literal: literal! },
    ...(keep !== undefined && { keep }),
  };
  try {
    userRules(rule);
  } catch (error) {
    if (!(error instanceof CollabError)) throw error;
    const message = error.message.replace(/^Cannot/, "cannot");
    throw wrong(message, pattern === undefined ? "literal" : "pattern");
  }
  return rule;
}

/** The texts in a file that the configuration names. */
function textsOf(file: string, text: string, path: string): readonly UserRule[] {
  try {
    const rules = literalsOf(file);
    for (const rule of rules) userRules(rule);
    return rules;
  } catch (error) {
    if (!(error instanceof CollabError)) throw error;
    throw configError(path, `redact-file: ${lower(error.message)}`, lineOf(text, ["redact-file"]));
  }
}

function hostOf(
  host: v.InferOutput<typeof Host>,
  place: (path: string) => string,
): Partial<HostDefaults> {
  const { cert, key, "client-ca": clientCa, "log-file": logFile, "log-json": logJson } = host;
  const settings: { readonly [K in keyof HostDefaults]-?: HostDefaults[K] | undefined } = {
    name: host.name,
    listen: host.listen,
    tls: host.tls,
    cert: cert && place(cert),
    key: key && place(key),
    clientCa: clientCa && place(clientCa),
    sshHost: host["ssh-host"],
    sshRelay: host["ssh-relay"],
    perAddress: host["per-address"],
    size: host.size,
    expiresMs: host.expires,
    menuKey: host["menu-key"],
    takeKey: host["take-key"],
    readOnly: host["read-only"],
    mode: host.mode,
    confirmPaste: host["confirm-paste"],
    takeOnKey: host["take-on-key"],
    // It is for every session, also those of other commands.
    shellMarks: host["shell-marks"] === true ? "possible" : undefined,
    whenGone: host["when-gone"],
    metrics: host.metrics,
    logLevel: host["log-level"],
    logJson: logJson === true ? true : undefined,
    logFile: logFile && place(logFile),
  };
  return Object.fromEntries(
    Object.entries(settings).filter(([, value]) => value !== undefined),
  ) as Partial<HostDefaults>;
}

/** A path in the file, from its folder on; `~/` is the user's home. */
function placed(name: string, path: string, home: string | undefined): string {
  if (name.startsWith("~/") && home !== undefined) return join(home, name.slice(2));
  return isAbsolute(name) ? name : resolve(path, "..", name);
}

/** Says what is wrong, and never with what: it may be a secret. */
function issueError(
  issue: v.InferIssue<typeof File>,
  text: string,
  path: string,
): UsageError {
  const keys = (issue.path ?? []).map(({ key }) => key as string | number);
  const line = lineOf(text, keys);
  const key = keys.filter((key) => typeof key === "string").join(".");
  if (issue.type === "strict_object" && issue.expected === "never") {
    return configError(path, `unknown key ${JSON.stringify(key.slice(0, 60))}`, line);
  }
  const isOwn = issue.type === "raw_transform";
  const what = isOwn ? lower(issue.message) : `expected ${expectedOf(issue)}`;
  return configError(path, `${key}: ${what}`, line);
}

function lower(message: string): string {
  return message.slice(0, 1).toLowerCase() + message.slice(1);
}

function expectedOf(issue: v.InferIssue<typeof File>): string {
  switch (issue.type) {
    case "string":
    case "min_length":
      return "a text";
    case "boolean":
      return "true or false";
    case "number":
    case "integer":
    case "min_value":
      return "a whole number";
    case "array":
      return "[[redact]], one for each rule";
    case "strict_object":
      return "a table";
    case "union":
      return "a whole number or a text";
    default:
      // One of some words, as `("a" | "b")`.
      return (issue.expected ?? "something else").replaceAll(/[()]/g, "").replaceAll(" | ", ", ");
  }
}

/** The line that a key is on, as far as it is plain to see: keys of `[tables]` and `[[arrays of them]]`. */
function lineOf(text: string, keys: readonly (string | number)[]): number | undefined {
  const [table, index] = keys;
  const inArray = typeof index === "number";
  const key = inArray ? keys[2] : keys[1] ?? keys[0];
  const header = keys.length === 1 ? undefined : inArray ? `[[${table}]]` : `[${table}]`;
  let left = inArray ? index : 0, inside = header === undefined, start: number | undefined;
  for (const [i, line] of text.split("\n").entries()) {
    const bare = line.replace(/#.*$/, "").replaceAll(/\s/g, "");
    if (bare.startsWith("[") && bare.endsWith("]")) {
      if (key === table && bare === `[${table}]`) return i + 1;
      inside = bare === header && left-- === 0;
      if (inside) start = i + 1;
    } else if (inside && key !== undefined && isKey(bare, String(key))) return i + 1;
  }
  return start;
}

function isKey(line: string, key: string): boolean {
  return [key, `"${key}"`, `'${key}'`].some((name) => line.startsWith(`${name}=`));
}
