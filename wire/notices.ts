/**
 * What a host tells one viewer about what it asked for or typed.
 *
 * @module
 */

const NOTICES = {
  "read-only": "This session is read-only: nobody but the presenter can type",
  "role-forbids": "Your link does not allow this",
  "not-in-control": "You are not in control: ask for it first",
  "out-of-turn": "Not typed: control has changed hands meanwhile",
  "input-paused": "Not typed: input is paused",
  "input-slowed": "You type faster than the session allows: it is passed on slowly",
  "input-refused": "Not typed: too much at once",
  "input-unknown": "Not typed: there is no such key",
  "paste-held": "The presenter is asked whether to type what you pasted",
  "paste-dropped": "What you pasted was not typed",
  "paste-waiting": "Not typed: another paste waits for the presenter's answer",
  "already-asked": "You have asked already",
  "queue-full": "Too many are asking: try again later",
  "no-such-participant": "There is no such participant",
  "cannot-hold-control": "The link of this participant does not allow typing",
  "nothing-taken": "There is nobody to hand control back to",
  "no-panes": "This session has no panes of one's own",
  "no-pane": "There is no such pane: ask for one first",
  "pane-open": "There is a pane already",
  "pane-failed": "No pane could be opened: there is no room for another one",
  "no-request": "There is no such request",
  "no-paste": "There is no paste to answer",
  "no-such-link": "There is no such link",
  "link-ambiguous": "Several links begin like this: say more of its id",
  "links-full": "There are as many links as there may be: withdraw one first",
  "link-expires-soon": "Your link expires soon: ask the presenter for a new one",
} as const;

/** Every notice's code. */
export const NOTICE_CODES = Object.keys(NOTICES) as [NoticeCode, ...NoticeCode[]];
/** The code of a notice. */
export type NoticeCode = keyof typeof NOTICES;

/** A notice as a line for people. */
export function noticeText(code: NoticeCode): string {
  return NOTICES[code];
}
