/**
 * The rules that are always there: what leaks in terminals, by its shape.
 *
 * @module
 */
import { ASSIGNMENT_RULES } from "./assignment.ts";
import { CARD_RULE } from "./cards.ts";
import type { Candidate, PatternRule, Range } from "./rule.ts";
import { isCommonWord, isExpression, isJwt, isPlaceholder, looksSecret } from "./values.ts";

/** Tokens that a known beginning gives away. */
interface TokenShape {
  readonly name: string;
  readonly finds: string;
  /** Patterns of what such a token begins with; it stays readable. */
  readonly prefixes: readonly string[];
  /** The characters that follow, as the inside of a class. */
  readonly body: string;
  readonly triggers: readonly string[];
  /** Whether the beginning is so common that it must not follow a letter or digit. */
  readonly separate?: boolean;
  readonly refine?: (candidate: Candidate) => Range | undefined;
}

/** What may stand before a token: nothing of a word, or an escape as in the text of a string. */
const SEPARATE = String.raw`(?:\b|\\[nrt])`;

function token(shape: TokenShape): PatternRule {
  const { name, finds, prefixes, body, triggers, separate = false, refine } = shape;
  return {
    kind: "pattern",
    name,
    finds,
    pattern: `${separate ? SEPARATE : ""}(?:${prefixes.join("|")})(?P<secret>[${body}]+)`,
    triggers,
    ...(refine && { refine }),
  };
}

/** Insides of classes: the characters of base64url, with others. */
const WORD = "A-Za-z0-9_-", WORD_DOT = "A-Za-z0-9_.-", WORD_SLASH = "A-Za-z0-9_/-";
const WORD_TILDE = "A-Za-z0-9_.~-";

const CLOUD: readonly PatternRule[] = [
  token({
    name: "aws",
    finds: "AWS access key ids (secret keys go by their names)",
    prefixes: ["AKIA", "ASIA", "ABIA", "ACCA"],
    body: "A-Z0-9",
    triggers: ["akia", "asia", "abia", "acca"],
    separate: true,
    refine: (found) => found.to - found.from <= 16 ? found : undefined,
  }),
  token({
    name: "gcp",
    finds: "Google API keys, OAuth tokens and client secrets",
    prefixes: ["AIza", String.raw`ya29\.`, "GOCSPX-"],
    body: WORD_DOT,
    triggers: ["aiza", "ya29.", "gocspx-"],
  }),
  {
    kind: "pattern",
    name: "azure",
    finds: "Azure storage and service keys, SAS signatures, client secrets",
    pattern: String
      .raw`(?i)(?:(?:Account|SharedAccess)Key\s?=\s?|[?&]sig=)(?P<secret>[A-Z0-9%+/=_-]+)`,
    triggers: ["accountkey", "sharedaccesskey", "sig="],
  },
  token({
    name: "azure",
    finds: "Azure storage and service keys, SAS signatures, client secrets",
    prefixes: [`[${WORD_TILDE}]{3}[78]Q~`],
    body: WORD_TILDE,
    triggers: ["7q~", "8q~"],
  }),
];

const SERVICES: readonly PatternRule[] = [
  token({
    name: "github",
    finds: "GitHub tokens",
    prefixes: ["gh[pousr]_", "github_pat_"],
    body: "A-Za-z0-9_",
    triggers: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"],
  }),
  token({
    name: "gitlab",
    finds: "GitLab tokens",
    prefixes: ["gl(?:pat|dt|rt|rtr|cbt|ptt|ft|soat|imt|agent|oas)-", "GR1348941"],
    body: WORD_DOT,
    triggers: [
      ..."glpat- gldt- glrt- glrtr- glcbt- glptt- glft- glsoat- glimt- glagent- gloas-".split(" "),
      "gr1348941",
    ],
  }),
  token({
    name: "slack",
    finds: "Slack tokens and webhooks",
    prefixes: ["xox[a-z]-", "xoxe[.]xox[bp]-", "xapp-"],
    body: WORD,
    triggers: ["xox", "xapp-"],
  }),
  token({
    name: "slack",
    finds: "Slack tokens and webhooks",
    prefixes: [String.raw`hooks\.slack\.com/(?:services|workflows|triggers)/`],
    body: WORD_SLASH,
    triggers: ["hooks.slack.com/"],
  }),
  token({
    name: "stripe",
    finds: "Stripe keys",
    prefixes: ["[srp]k_(?:live|test)_", "whsec_"],
    body: "A-Za-z0-9_",
    triggers: ["k_live_", "k_test_", "whsec_"],
  }),
  token({
    name: "npm",
    finds: "npm tokens",
    prefixes: ["npm_"],
    body: "A-Za-z0-9",
    triggers: ["npm_"],
    separate: true,
    refine: ambiguous(/^[_.=:-]/),
  }),
  token({
    name: "pypi",
    finds: "PyPI tokens",
    prefixes: ["pypi-"],
    body: WORD,
    triggers: ["pypi-"],
    separate: true,
    refine: ambiguous(),
  }),
  token({
    name: "anthropic",
    finds: "Anthropic keys",
    prefixes: ["sk-ant-"],
    body: WORD,
    triggers: ["sk-ant-"],
  }),
  token({
    name: "openai",
    finds: "OpenAI keys",
    prefixes: ["sk-(?:proj-|svcacct-|admin-|None-)?"],
    body: WORD,
    triggers: ["sk-"],
    separate: true,
    refine: ambiguous(),
  }),
  token({
    name: "vendor",
    finds: "tokens of Hugging Face, SendGrid, DigitalOcean, Shopify, Docker, Vault, Tailscale, age",
    prefixes: [
      String.raw`SG\.`,
      "hf_",
      "do[opr]_v1_",
      "shp(?:at|ca|pa|ss)_",
      "dckr_[po]at_",
      String.raw`hv[sbr]\.`,
      "tskey-[a-z]+-",
      "AGE-SECRET-KEY-1",
    ],
    body: WORD_DOT,
    triggers: [
      ..."sg. hf_ dop_v1_ doo_v1_ dor_v1_ shpat_ shpca_ shppa_ shpss_ dckr_pat_ dckr_oat_".split(
        " ",
      ),
      ..."hvs. hvb. hvr. tskey- age-secret-key-1".split(" "),
    ],
    separate: true,
    refine: ambiguous(/^[_.=:-]/),
  }),
];

/**
 * Judges tokens whose beginning other words have too: one counts while it may be growing, and once it looks drawn at
 * random. `notBefore` is what never follows such a token.
 */
function ambiguous(notBefore?: RegExp): (found: Candidate) => Range | undefined {
  return (found) => {
    const { text, from, to } = found;
    const value = text.slice(from, to), after = text.slice(to, to + 1);
    if (found.growing || value.length >= 20) return found;
    if (notBefore?.test(after)) return undefined;
    const words = /^[a-z]*(?:[-_.][a-z]+)*$|^[A-Z]{2}$/.test(value);
    return words && !found.atEnd || /^[.-]*$/.test(value) ? undefined : found;
  };
}

/** A quotation mark, and text up to one or to the side of a box. */
const QUOTE = String.raw`["'\x60]`, TEXT = String.raw`[^\s"'\x60│┃║][^"'\x60│┃║]*`;

const PATTERNS: readonly PatternRule[] = [
  {
    kind: "pattern",
    name: "private-key",
    finds: "private keys in PEM, over all of their lines",
    pattern: String.raw`-----BEGIN ?[A-Z0-9 ]*PRIVATE ?KEY(?: ?BLOCK)?-----` +
      String.raw`(?P<secret>(?:[A-Za-z0-9+/=\s\\"',:.>_]|-[^-])+)`,
    triggers: ["-----begin"],
    refine: trimmed,
  },
  {
    kind: "pattern",
    name: "jwt",
    finds: "JSON Web Tokens",
    pattern: String.raw`${SEPARATE}eyJ(?P<secret>[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*){0,4})`,
    triggers: ["eyj"],
    refine: ({ text, from, to }) => isJwt(text.slice(from - 3, to)) ? { from, to } : undefined,
  },
  {
    kind: "pattern",
    name: "url",
    finds: "passwords in URLs (`scheme://user:password@host`)",
    pattern: String.raw`(?i)[a-z][a-z0-9+.-]*://(?P<key>[^\s/:@"'<>│]*):(?P<secret>[^\s"'<>│┃║]+)`,
    triggers: ["://"],
    refine: refineUrl,
  },
  {
    kind: "pattern",
    name: "authorization",
    finds: "values of `Authorization` headers, `Bearer` tokens",
    pattern: String
      .raw`(?i)\b(?:proxy-)?authorization(?:\\?["']\s{0,8}[:=,]|\s{0,8}[:=])\s{0,8}(?:\\?${QUOTE})?` +
      String.raw`(?P<key>(?:basic|bearer|token|apikey|bot)\s+)?(?P<secret>${TEXT})`,
    triggers: ["authorization"],
    refine: refineAuthorization,
  },
  {
    kind: "pattern",
    name: "authorization",
    finds: "values of `Authorization` headers, `Bearer` tokens",
    pattern: String.raw`(?i)\bbearer\s+(?P<secret>[a-z0-9._~+/=-]+)`,
    triggers: ["bearer"],
    refine: (found) =>
      found.growing || looksSecret(found.text.slice(found.from, found.to)) ? found : undefined,
  },
  {
    kind: "pattern",
    name: "cookie",
    finds: "values of `Cookie` and `Set-Cookie` headers",
    pattern: String.raw`(?i)\b(?:set-)?cookie(?:\\?["'])?\s{0,8}[:,]\s{0,8}(?:\\?${QUOTE})?` +
      String.raw`[^\s=;,(){}│┃║"'\x60]+=(?P<secret>${TEXT})`,
    triggers: ["cookie"],
    refine: refineHeader,
  },
  {
    kind: "pattern",
    name: "command-line",
    finds: "passwords of `curl -u`, `mysql -p`, `sshpass -p`",
    pattern: String.raw`\b(?:curl\s(?:[^|;]*\s)?(?:-u|--user)[ =]?["']?[^\s:"']+:` +
      String.raw`|(?:mysql|mysqldump|mysqladmin|mariadb)\s(?:[^|;]*\s)?-p|sshpass\s+-p\s?)` +
      String.raw`["']?(?P<secret>[^\s"'-][^\s"']*)`,
    triggers: ["curl", "mysql", "mariadb", "sshpass"],
    refine: (found) => isPlaceholder(found.text.slice(found.from, found.to)) ? undefined : found,
  },
  CARD_RULE,
];

/** What is found without blanks and quotes at its ends. */
function trimmed({ text, from, to }: Candidate): Range | undefined {
  const value = text.slice(from, to);
  const end = value.replace(/[\s"',\\]+$/, "").length;
  const start = value.length - value.replace(/^(?:[\s"',>]|\\[nr])+/, "").length;
  return start < end ? { from: from + start, to: from + end } : undefined;
}

function refineHeader(found: Candidate): Range | undefined {
  const range = trimmed(found);
  if (range === undefined) return undefined;
  const value = found.text.slice(range.from, range.to);
  return isPlaceholder(value) || /^(?:\$\{|\{\{|\+|[({[]|•+$)/.test(value) ? undefined : range;
}

/** Behind the name of a scheme stands one word; otherwise all of the line may be the secret. */
function refineAuthorization(found: Candidate): Range | undefined {
  const { text, from, to } = found;
  const value = text.slice(from, to), quoted = /["'`]/.test(text[from - 1] ?? "");
  // In code stands a type or a call, in prose a sentence.
  const code = !quoted && found.key === "" && isExpression(value);
  if (!found.growing && (code || isCommonWord(/^[^\s,;)|]*/.exec(value)![0]))) return undefined;
  const words = found.key === "" ? value : /^\S*/.exec(value)![0];
  return refineHeader({ ...found, to: from + words.length });
}

/** A password ends at the `@`; without one yet it may be growing, or the port of a host. */
function refineUrl({ text, from, to, key, growing, atEnd }: Candidate): Range | undefined {
  const rest = text.slice(from, to);
  const slash = rest.search(/[/?#]/);
  const at = slash < 0 ? rest.lastIndexOf("@") : rest.lastIndexOf("@", slash);
  const port = /^\d{0,5}(?:$|[/?#,;).\]}])/.test(rest);
  if (at > 0) {
    return isPlaceholder(rest.slice(0, at)) ? undefined : { from, to: from + at };
  }
  if (port || !(growing || atEnd)) {
    // A password may have a slash, a port has none.
    const late = port ? -1 : rest.indexOf("@");
    return late > 0 ? { from, to: from + late } : undefined;
  }
  return /[.[\]]|^localhost$/.test(key) && /^\W|^\d+$/.test(rest) || isPlaceholder(rest)
    ? undefined
    : { from, to };
}

/** The rules without which nothing leaves, in the order in which they are asked; the surest come first. */
export const DEFAULT_RULES: readonly PatternRule[] = [
  ...CLOUD,
  ...SERVICES,
  ...PATTERNS,
  ...ASSIGNMENT_RULES,
];
