/**
 * Whether a terminal shows what is typed into it, where its line discipline leaves that to a program: behind `ssh`, in a
 * terminal multiplexer, at prompts that draw asterisks. Pure.
 *
 * @module
 */
import type { EchoState } from "../pty/echo.ts";

/** What is typed into. It is looked at when something is typed, and again when that is written down. */
export interface TypedInto {
  /** What its line discipline does with what is typed. */
  readonly echo: EchoState;
  /** How many bytes it has printed in all; absent where what is typed may be shown elsewhere. */
  readonly printed?: number;
  /** The text of its line before the cursor; absent as `printed` is. */
  readonly beforeCursor?: string;
  /** Whether the program asked for the mouse; absent as `printed` is. */
  readonly mouse?: boolean;
}

/** What was typed, and nothing was printed since. */
export interface Unanswered {
  readonly printed: number;
  readonly sinceMs: number;
}

/** A program that prints nothing for so long after a character shows none. */
export const SILENT_MS = 500;
/** As much of what was typed as tells one's own words from a program's question, in UTF-16 units. */
const OWN_LENGTH = 8;

const SECRET =
  /pass ?(?:word|phrase|code)|passwd|\bpin\b|secret|token|\botp\b|verification code|passwort|passord|kennwort|mot de passe|contraseña|senha|palavra-passe|parola|wachtwoord|lösenord|adgangskode|salasana|hasło|heslo|jelszó|парол|密[码碼]|口令|パスワード|비밀번호/iu;
const MASKS: ReadonlySet<string> = new Set("*•●");
const QUESTION_ENDS: ReadonlySet<string> = new Set(":：?");

/** Whether what is typed next is not shown. `typed` is what the same person has typed of the line. */
export function isHidden({ echo, beforeCursor }: TypedInto, typed: string): boolean {
  if (echo !== "editor") return echo === "password";
  return beforeCursor !== undefined && isQuestion(beforeCursor) && !isOwn(beforeCursor, typed);
}

/** Whether what was typed of a line was not shown: nothing came of it for a while, or a mask for each character. */
export function wasUnseen(
  { echo, printed, beforeCursor = "" }: TypedInto,
  { typed, unanswered, nowMs }: {
    readonly typed: string;
    readonly unanswered: Unanswered | undefined;
    readonly nowMs: number;
  },
): boolean {
  if (echo !== "editor") return false;
  const silent = unanswered !== undefined && unanswered.printed === printed &&
    nowMs - unanswered.sinceMs >= SILENT_MS;
  if (silent) return true;
  const { length } = [...typed];
  const line = beforeCursor.trimEnd();
  const masks = line.length - withoutMasks(line).length;
  return length >= 2 && masks >= length && withoutMasks(typed) === typed;
}

/** What nothing has come of, once something was typed. */
export function unansweredNow(
  before: Unanswered | undefined,
  { printed }: TypedInto,
  nowMs: number,
): Unanswered | undefined {
  if (printed === undefined) return undefined;
  return before?.printed === printed ? before : { printed, sinceMs: nowMs };
}

/**
 * Whether a line asks for something secret: it names that, and ends as questions do, with a hint in brackets maybe and what
 * stands for the characters of the answer. In linear time, whatever a program has drawn.
 */
function isQuestion(line: string): boolean {
  let asked = withoutMasks(line.trimEnd()).trimEnd();
  const bracket = asked.endsWith(")") ? "(" : asked.endsWith("]") ? "[" : undefined;
  if (bracket !== undefined) asked = asked.slice(0, asked.lastIndexOf(bracket)).trimEnd();
  return QUESTION_ENDS.has(asked.slice(-1)) && SECRET.test(asked);
}

/** A text without the masks at its end. */
function withoutMasks(text: string): string {
  let end = text.length;
  while (end > 0 && MASKS.has(text[end - 1]!)) end--;
  return text.slice(0, end);
}

/** Whether a line ends in what somebody has just typed there. */
function isOwn(line: string, typed: string): boolean {
  const own = typed.trimEnd().slice(-OWN_LENGTH);
  return own !== "" && line.trimEnd().endsWith(own);
}
