/**
 * Texts with secrets in them, some for every rule.
 *
 * @module
 */
import { passesLuhn } from "../values.ts";
import { DEFAULT_RULES } from "../rules.ts";
import type { Rule } from "../rule.ts";
import { environmentRules, userRules } from "../user_rules.ts";

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export type Random = () => number;

/** A source of random numbers. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ state >>> 15, state | 1);
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  };
}

const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", LOWER = UPPER.toLowerCase(), DIGITS = "0123456789";
const ALNUM = UPPER + LOWER + DIGITS;

/** Characters drawn at random; the first and every seventh one make it look so. */
export function randomText(random: Random, length: number, alphabet = ALNUM): string {
  let text = "";
  for (let i = 0; i < length; i++) {
    const from = alphabet !== ALNUM ? alphabet : i % 7 === 0 ? UPPER : i % 7 === 3 ? DIGITS : ALNUM;
    text += from[Math.floor(random() * from.length)];
  }
  return text;
}

/** What must not be seen. */
export interface Secret {
  readonly text: string;
  /** So many of its first characters say what it is, or are all that can be seen before it is recognised. */
  readonly shown: number;
  /** What stands before it. */
  readonly before: string;
}

/** Lines with secrets. */
export interface Sample {
  /** The name of the rule that has to find them. */
  readonly rule: string;
  readonly lines: readonly string[];
  readonly secrets: readonly Secret[];
  /** Whether they are recognised by themselves, wherever they stand. */
  readonly alone: boolean;
  /** Whether a part of them is, once all was seen. */
  readonly parts: boolean;
}

/** The rules that the samples are for. */
export const SAMPLE_RULES: readonly Rule[] = [
  ...DEFAULT_RULES,
  ...environmentRules({ DEPLOY_TOKEN: "zK4mW9qLr2Xv7TbN5cHd", HOME: "/home/ada" }),
  ...userRules({ name: "ticket", find: { pattern: "ticket-\\d{8}" }, keep: "ticket-" }),
  ...userRules({ name: "codename", find: { literal: "operation purple heron" } }),
];

/** A line with one secret. */
function line(
  rule: string,
  before: string,
  secret: string,
  shown: number,
  after = "",
  alone = false,
): Sample {
  return {
    rule,
    lines: [before + secret + after],
    secrets: [{ text: secret, shown, before }],
    alone,
    parts: !/^(?:card|ticket|codename)$/.test(rule),
  };
}

/** Tokens by their beginnings: rule, beginning, length and alphabet of what follows. */
const TOKENS: readonly (readonly [string, string, number, string?])[] = [
  ["aws", "AKIA", 16, UPPER + "234567"],
  ["aws", "ASIA", 16, UPPER + "234567"],
  ["gcp", "AIza", 35],
  ["gcp", "ya29.", 60],
  ["github", "ghp_", 36],
  ["github", "github_pat_", 60],
  ["gitlab", "glpat-", 20],
  ["slack", "xoxb-", 40],
  ["slack", "https://hooks.slack.com/services/", 44],
  ["stripe", "sk_live_", 24],
  ["npm", "npm_", 36],
  ["pypi", "pypi-", 70],
  ["openai", "sk-proj-", 48],
  ["anthropic", "sk-ant-", 60],
  ["vendor", "hf_", 34],
];

/** A base64url JSON object. */
function encoded(value: unknown): string {
  return btoa(JSON.stringify(value)).replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_");
}

function card(random: Random): string {
  for (;;) {
    const digits = "4" + randomText(random, 15, DIGITS);
    if (passesLuhn(digits) && !/(\d)\1\1/.test(digits)) return digits;
  }
}

/** Two samples or more for every rule, others for each seed. */
export function samples(seed: number): readonly Sample[] {
  const random = randomFrom(seed);
  const value = (length = 20): string => randomText(random, length);
  const digits = card(random);
  return [
    ...TOKENS.map(([rule, prefix, length, alphabet]) =>
      line(rule, "use ", prefix + randomText(random, length, alphabet), prefix.length, " now", true)
    ),
    line("jwt", "jwt: ", jwt(value), 3, "", true),
    line("azure", "DefaultEndpointsProtocol=https;AccountKey=", value(40) + "==", 0, ";Suffix=x"),
    line("url", "psql postgres://ada:", value(), 0, "@db.example.com/prod"),
    line("authorization", 'curl -H "Authorization: Bearer ', value(30), 0, '" https://e.com'),
    line("cookie", "Cookie: session=", value(30), 0),
    line("command-line", "curl -u ada:", value(), 0, " https://e.com"),
    line("password", "export DB_PASSWORD=", value(), 0, " # prod"),
    line("password", '{"api_key": "', value(), 0, '"}'),
    line("password", "  client_secret: ", value(), 0),
    line("password", "login --password ", value(), 0, " --verbose"),
    line("card", "card ", digits, 8, " 12/29"),
    line("card", "card ", digits.replace(/(\d{4})(?=\d)/g, "$1 "), 10, " 12/29"),
    line("env:DEPLOY_TOKEN", "deploys with ", "zK4mW9qLr2Xv7TbN5cHd", 4, " there", true),
    line("ticket", "see ticket-", randomText(random, 8, DIGITS), 0, " please", true),
    line("codename", "it is ", "operation purple heron", 4, " again", true),
    key(random, "RSA "),
    key(random, "OPENSSH "),
  ];
}

function jwt(value: (length: number) => string): string {
  const header = encoded({ alg: "HS256", typ: "JWT" });
  return `${header}.${encoded({ sub: value(12), admin: true })}.${value(43)}`;
}

function key(random: Random, kind: string): Sample {
  const body = [64, 64, 64, 64, 26].map((length) => randomText(random, length));
  return {
    rule: "private-key",
    lines: [`-----BEGIN ${kind}PRIVATE KEY-----`, ...body, `-----END ${kind}PRIVATE KEY-----`],
    secrets: body.map((text) => ({ text, shown: 0, before: "" })),
    alone: false,
    parts: true,
  };
}
