/**
 * Telling secrets from what merely stands where one could: placeholders, types, code, numbers.
 *
 * @module
 */

const PLACEHOLDERS = [
  /^<[^>]*>$/,
  /^\$(?:[A-Z_][A-Z0-9_]*|[a-z_]+|\d|[@*#?!])$/,
  /^\$[({]/,
  /^#\{/,
  /^@?\{\{?.*\}?\}$/,
  /^%(?:\w+%|\(\w+\)s|[sdvqr@])$/,
  /^\[[^\]]*\]$/,
  /^[*•.#_?…-]+$/,
  /^(?:x{3,}|X{3,})$/,
];
const PLACEHOLDER_WORDS =
  /^(?:your[-_ ].*|(?:change|replace)[-_]?(?:me|this)|example|dummy|redacted|masked|hidden|secret|placeholder|undefined|null|none|nil|true|false|todo|tbd|n\/a)$/i;

/** Whether a value only holds the place of a secret by its form: `***`, `$VAR`, `<token>`, or a mask. */
export function isPlaceholder(value: string): boolean {
  return PLACEHOLDERS.some((pattern) => pattern.test(value));
}

/** Whether a value is a word that holds the place of a secret: `changeme`, `null`, `your-token-here`. */
export function isPlaceholderWord(value: string): boolean {
  return PLACEHOLDER_WORDS.test(value);
}

/** Words that stand behind a colon as a type, or behind `=` as a value that is none. */
const TYPES = new Set([
  ..."any array base64 bigint binary bool boolean buffer bytes bytearray char const date".split(
    " ",
  ),
  ..."dict false final float fn func function int integer key keyof let list long map nil".split(
    " ",
  ),
  ..."none null number object option optional password private public readonly record".split(" "),
  ..."required result secret self set static str string string? struct symbol this token".split(
    " ",
  ),
  ..."true tuple type uint8array undefined union unknown value var void".split(" "),
]);
/** What is said of passwords and tokens rather than being one. */
const PROSE = new Set([
  ..."accepted already and are changed denied disabled empty enabled expired failed for has".split(
    " ",
  ),
  ..."incorrect invalid is mismatch missing must new not ok of optional or please rejected".split(
    " ",
  ),
  ..."required reset revoked see set should the to too unchanged unknown unset updated use".split(
    " ",
  ),
  ..."valid was with wrong yes no".split(" "),
]);

/** Whether a value is a word of a type system or of prose. */
export function isCommonWord(value: string): boolean {
  const word = value.toLowerCase();
  return TYPES.has(word) || PROSE.has(word);
}

/** A name or a path of names: `token`, `claims.token`, `this.#token`, `args[0]`, `Option<String>`. */
const NAME = /^[&*!]?[A-Za-z_$][\w$]*(?:(?:\.|::|\?\.|->)#?[A-Za-z_$][\w$]*)*[?!]?$/;
/** What follows a name in code. */
const CODE_TAIL =
  /^[&*!]?[A-Za-z_$][\w$]*(?:(?:\.|::|\?\.|->)#?[A-Za-z_$][\w$]*)*[?!]?(?:[([<{|]|=>|\?\?)/;
/** Values that begin so are code. */
const CODE_HEAD = /^(?:[[({`]|=>|\|\||&&|"?\$\{|\/\/|\/\*|\/[\^\\([])/;

/** What code without blanks has in it. */
const CODE_INSIDE = /&&|\|\||=>|==|\)[{;,.]|\}[};,)]|\(\)/;

/** Whether a value without quotes is an expression of a programming language: a call, an index, a type. */
export function isExpression(value: string): boolean {
  return CODE_TAIL.test(value) || CODE_HEAD.test(value) || CODE_INSIDE.test(value);
}

/** Whether a value is a name, as of a variable or a type, without a digit that would make it look secret. */
export function isName(value: string): boolean {
  return NAME.test(value) &&
    !/\d/.test(value.replace(/(?:sha|md|utf|base|int|ed|x|v|u|i|f)\d+/gi, ""));
}

/** Whether a value is a path of a file system: `/run/secrets/db`, `./key.pem`, `C:\keys`. */
export function isPath(value: string): boolean {
  return /^(?:~|\.{1,2})?(?:\/[\w.@-]{1,24}){1,}\/?$/.test(value) && !looksRandom(value) ||
    /^[A-Za-z]:[\\/]/.test(value) ||
    /^[\w-]+(?:\/[\w-]+)*\.(?:pem|key|txt|json|ya?ml|env|crt|ts|js|py|go|rs)$/.test(value);
}

/** Whether a value without quotes, in a place that means little, looks like a secret by itself. */
export function looksSecret(value: string): boolean {
  if (value.length < 4 || isName(value) || isPath(value)) return false;
  if (/^[\d.,:+-]+$/.test(value)) return value.length >= 6 && /^\d+$/.test(value);
  const letters = /[A-Za-z]/.test(value), digits = /\d/.test(value);
  if (letters && digits) {
    return !/^[a-z]+(?:[-_.][a-z]+)*[-_.]?\d{1,2}$/i.test(value) || value.length >= 8;
  }
  const symbols = /[!@#$%^&*+=~?]/.test(value);
  if (letters && symbols) return /^[\w!@#$%^&*+=~?.-]+$/.test(value) && !/^[@#!?&*~=-]/.test(value);
  return value.length >= 20 && /[a-z]/.test(value) && /[A-Z]/.test(value);
}

/** Bits a character of the text itself, by how often each of its characters is in it. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let sum = 0;
  for (const count of counts.values()) sum -= count / text.length * Math.log2(count / text.length);
  return sum;
}

/**
 * Whether a text looks drawn at random, so that a part of it says where it is from and is found nowhere else.
 */
export function looksRandom(text: string): boolean {
  if (text.length < 16 || /\s/.test(text)) return false;
  const digits = text.match(/\d/g)?.length ?? 0, letters = text.match(/[A-Za-z]/g)?.length ?? 0;
  // Base32, as in AWS's keys, has no small letters.
  if (/^[A-Z\d]{16,}$/.test(text)) return entropy(text) >= 3;
  if (letters < 4 || digits + (text.match(/[A-Z]/g)?.length ?? 0) < 3) return false;
  // Words of a language change their kind seldom: `production-db-2024`.
  const changes = text.match(/[a-z][A-Z0-9]|[A-Z][a-z0-9]|\d[A-Za-z]/g)?.length ?? 0;
  return changes >= text.length / 8 && entropy(text) >= 3;
}

/** Whether digits have the check digit of a payment card. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    let digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    if (i % 2 === 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 === 0;
}

/** Beginnings of payment card numbers, and how many digits such a number has. */
const CARDS: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [13, 16, 19]], // Visa
  [/^(?:5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720))/, [16]], // Mastercard
  [/^3[47]/, [15]], // American Express
  [/^(?:6011|65|64[4-9])/, [16]], // Discover
  [/^35(?:2[89]|[3-8])/, [16]], // JCB
  [/^3(?:0[0-5]|[689])/, [14]], // Diners Club
  [/^62/, [16, 17, 18, 19]], // UnionPay
];

/** How many digits a card number with this beginning may have; empty when none begins so. */
export function cardLengths(digits: string): readonly number[] {
  return CARDS.find(([beginning]) => beginning.test(digits))?.[1] ?? [];
}

/** Text of as much base64url as is whole; what is no base64url ends it. */
function decodeBase64Url(text: string): string {
  const clean = /^[\w-]*/.exec(text)![0].replaceAll("-", "+").replaceAll("_", "/");
  return atob(clean.length % 4 === 1 ? clean.slice(0, -1) : clean);
}

/** Names that the header of a JWT or JWE begins with. */
const JWT_NAMES = "alg typ kid enc cty jku jwk x5c x5t x5u zip epk apu apv b64 crit iv tag".split(
  " ",
);

/**
 * Whether text may be a JWT, or the beginning of one: its header is base64url of a JSON object with the names that
 * such a header has.
 */
export function isJwt(text: string): boolean {
  const header = decodeBase64Url(text.split(".", 1)[0]!);
  const found = /^\{"([^"]*)/.exec(header)?.[1];
  if (found === undefined) return false;
  const whole = header[2 + found.length] === '"';
  // What is cut apart is no JSON behind its first name.
  return JWT_NAMES.some((name) =>
    whole ? name === found : name.startsWith(found) || found.startsWith(name)
  );
}
