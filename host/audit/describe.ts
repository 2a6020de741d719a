/**
 * Lines of an audit log in words. Pure.
 *
 * @module
 */
import { isJsonObject, type JsonObject, type JsonValue } from "../../format/json.ts";
import { printable } from "../../format/text.ts";
import { formatSpan } from "../../viewer/duration.ts";

/** Who did what. */
export interface Deed {
  /** A name; empty when it is nobody's doing. */
  readonly who: string;
  readonly what: string;
}

/** Longest text that is shown. */
const TEXT_MAX_LENGTH = 16 * 1_024;

const ROLES: Readonly<Record<string, string>> = {
  view: "watches",
  control: "may ask for control",
  agent: "is an agent",
  admin: "is an admin",
};
const REQUEST_ENDS: Readonly<Record<string, string>> = {
  withdraw: "no longer asks for control",
  lapse: "got no answer",
  deny: "was not given control",
};
const REVOKED: Readonly<Record<string, string>> = {
  taken: "took control back",
  yielded: "gave control back",
  expired: "has no control any more: the time is over",
  left: "lost control: gone",
  paused: "lost control: input is paused",
  mode: "took control",
};
const MODES: Readonly<Record<string, string>> = {
  presenter: "the presenter types",
  participant: "a participant types",
  collaborative: "everyone may type",
  paused: "nobody types",
};
const GONE: Readonly<Record<string, string>> = {
  pause: "nobody types",
  continue: "who has control goes on",
  stop: "nobody watches: the session ends",
};

/** Says in a line what a line's members say; `undefined` for what people need not see. Nothing in it steers a terminal. */
export function describe(members: JsonObject): Deed | undefined {
  const event = String(members.event);
  if (Object.hasOwn(WORDS, event)) return WORDS[event]!(members);
  return { who: nameOf(members.who), what: safe(event) };
}

type Tell = (members: JsonObject) => Deed | undefined;

/** Whoever it is about, and then what. */
function about(what: (members: JsonObject) => string): Tell {
  return (members) => ({ who: nameOf(members.who), what: what(members) });
}

/** Whoever did it, and then what. */
function done(what: (members: JsonObject, whom: string) => string): Tell {
  return (members) => ({ who: nameOf(members.by), what: what(members, nameOf(members.who)) });
}

const WORDS: Readonly<Record<string, Tell>> = {
  start: done((m) =>
    `started session ${safe(m.session)}${optional(": ", m.title)}${
      optional(", command ", m.command)
    }`
  ),
  join: about((m) =>
    `joined: ${word(ROLES, m.role)}${m.type === "agent" && m.role !== "agent" ? ", a program" : ""}`
  ),
  leave: about((m) => `left${after(" after ", m.stayedMs)}${optional(": ", m.why)}`),
  refused: about((m) =>
    `somebody was not let in: ${safe(m.code)}${optional(", from ", m.address)}${
      m.count === undefined ? "" : `, ${safe(m.count)} times`
    }`
  ),
  invite: done((m) => `link made: ${link(m)}`),
  "new-link": done((m) => `new first link: ${link(m)}`),
  "revoke-link": done((m) =>
    `${m.link === undefined ? "all links revoked" : `link revoked: ${safe(m.link)}`}${
      optional(", ", m.role)
    }${m.left === undefined ? "" : `, for ${safe(m.left)} who had joined`}`
  ),
  request: about((m) => `asked for control${after(" for ", m.forMs)}${noted(m)}`),
  "request-ended": (m) =>
    m.how === "deny" && m.by !== undefined
      ? { who: nameOf(m.by), what: `did not give control to ${nameOf(m.who)}` }
      : { who: nameOf(m.who), what: word(REQUEST_ENDS, m.how) },
  grant: done((m, whom) =>
    `gave control to ${whom}${m.agent === true ? ", the agent" : ""}${
      m.forMs === null ? ", until it is taken back" : after(" for ", m.forMs)
    }${noted(m)}`
  ),
  revoke: revoked,
  mode: done((m) => `said who may type: ${modeOf(m)}`),
  pane: done((m, whom) =>
    m.open === true
      ? `opened a pane for ${whom}${optional(": ", m.pane)}`
      : `ended the pane of ${whom}`
  ),
  "paste-held": about((m) => `pasted ${safe(m.lines)} lines, which wait for an answer`),
  kick: done((_, whom) => `${whom} was removed`),
  marker: done((m) => `marker${optional(": ", m.label)}`),
  pause: done(() => "sharing paused"),
  resume: done(() => "sharing resumed"),
  stop: done(() => "ended the session"),
  "presenter-gone": about((m) => `the presenter's terminal is gone: ${word(GONE, m.then)}`),
  redactions: about((m) => `masked ${safe(m.count)} so far${counts(m.rules)}`),
  recording: about((m) => `recording to ${safe(m.path)}`),
  "recording-error": about((m) => safe(m.message)),
  input: about((m) => typed(m)),
  paste: about((m) => `pasted ${characters(m.length)}: ${quoted(m.text)}`),
  checkpoint: () => undefined,
  end: about((m) =>
    `the session ended${m.status === undefined ? "" : ` with status ${safe(m.status)}`}${
      optional(", ", m.signal)
    }`
  ),
};

function link(m: JsonObject): string {
  const once = m.once === true ? ", for one participant" : "";
  return `${safe(m.role)}${once}, until ${safe(m.expires)}${optional(", ", m.link)}`;
}

function revoked(m: JsonObject): Deed {
  const what = word(REVOKED, m.why);
  const holder = nameOf(m.who), by = nameOf(m.by);
  const mode = m.mode === "presenter" && m.agent !== true ? "" : `, ${modeOf(m)}`;
  const byHolder = m.why === "expired" || m.why === "left" || m.why === "paused";
  return byHolder
    ? { who: holder, what: `${what}${mode}${noted(m)}` }
    : { who: by, what: `${what}${by === holder ? "" : ` from ${holder}`}${mode}${noted(m)}` };
}

function modeOf(m: JsonObject): string {
  return m.agent === true && m.mode === "presenter"
    ? "the agent that comes next"
    : word(MODES, m.mode);
}

/** A word of the format in plain ones; one that is not known as it is. */
function word(words: Readonly<Record<string, string>>, value: JsonValue | undefined): string {
  const key = String(value);
  return Object.hasOwn(words, key) ? words[key]! : safe(value);
}

function typed(m: JsonObject): string {
  if (m.text !== undefined) return `typed ${quoted(m.text)}`;
  const length = Number(m.length);
  return m.why === "flood"
    ? `typed ${length} bytes, too fast to be written down`
    : `typed ${characters(length)}, hidden`;
}

function characters(length: JsonValue | undefined): string {
  return length === 1 ? "1 character" : `${safe(length)} characters`;
}

function counts(rules: JsonValue | undefined): string {
  if (!isJsonObject(rules)) return "";
  const each = Object.entries(rules).map(([name, count]) => `${safe(name)} ${safe(count)}`);
  return each.length === 0 ? "" : `: ${each.join(", ")}`;
}

function noted(m: JsonObject): string {
  return m.note === undefined ? "" : `: ${quoted(m.note)}`;
}

function optional(before: string, value: JsonValue | undefined): string {
  return value === undefined ? "" : `${before}${safe(value)}`;
}

function after(before: string, ms: JsonValue | undefined): string {
  return typeof ms === "number" ? `${before}${formatSpan(ms)}` : "";
}

function nameOf(who: JsonValue | undefined): string {
  if (!isJsonObject(who)) return "";
  const name = safe(who.name) || safe(who.id);
  // Which of the links it was done with: as much of its id as it takes to find it.
  const [, link] = /^api:(.{1,8})/.exec(safe(who.id)) ?? [];
  return link === undefined ? name : `${name} ${link}`;
}

/** A text of others between quotation marks, on one line. */
function quoted(value: JsonValue | undefined): string {
  return `"${safe(String(value ?? "").replace(/\r?\n/g, "⏎"))}"`;
}

/** Without anything that steers a terminal or turns the direction of text. */
function safe(value: JsonValue | undefined): string {
  const text = typeof value === "string" ? value : JSON.stringify(value) ?? "";
  return printable(text, TEXT_MAX_LENGTH)
    .replace(/[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, "");
}
