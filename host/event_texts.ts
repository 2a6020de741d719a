/**
 * What happened at a session's door, in words for who presents it.
 *
 * @module
 */
import type { ClosingCode } from "../wire/closing.ts";
import { isLoopbackAddress } from "./client_address.ts";
import type { HostEvent, Via } from "./events.ts";

type EventOf<Name extends HostEvent["event"]> = Extract<HostEvent, { event: Name }>;

/** Why somebody was not let in, as the end of a sentence. */
const REFUSED: Partial<Readonly<Record<ClosingCode, string>>> = {
  "token-expired": "the link has expired",
  "token-revoked": "the link was withdrawn",
  "token-spent": "the link works once, and was used",
  "token-invalid": "the link is wrong",
  "token-foreign": "the link is another session's",
  "session-unknown": "the link is another session's",
  "secret-wrong": "the link's secret is wrong",
  "session-full": "there are too many already",
  "certificate-refused": "no certificate that is good here",
  "origin-foreign": "a page of another site asked",
  "hello-malformed": "it was no viewer that called",
  "version-unsupported": "their collab is of another version",
  "join-timeout": "it took too long",
};

/** Somebody was not let in. */
export function refusedText({ code, address, count = 1 }: EventOf<"refused">): string {
  const known = address !== undefined && !isLoopbackAddress(address);
  const who = count === 1
    ? `Somebody${known ? ` at ${address}` : ""} was`
    : `${count} tries${known ? ` from ${address}` : ""} were`;
  return `${who} not let in: ${REFUSED[code] ?? code}`;
}

/** Somebody is gone. */
export function leaveText({ name, why, watching }: EventOf<"leave">): string {
  return `${departure(name, why)} (${watching} watching)`;
}

function departure(name: string, why: ClosingCode | undefined): string {
  switch (why) {
    case undefined:
      return `${name} left`;
    case "kicked":
      return `${name} was removed`;
    case "token-expired":
      return `The link of ${name} has expired`;
    case "token-revoked":
      return `The link of ${name} was withdrawn`;
    default:
      return `${name} was disconnected: ${why}`;
  }
}

/** Another link was made. */
export function inviteText(
  { role, once, by, byName, via }: EventOf<"invite">,
  own: string,
): string {
  const whose = by === undefined || by === own
    ? `A link was made${wayText(via)}`
    : `${byName} made a link`;
  return `${whose}: role ${role}${once ? ", for one person" : ""}`;
}

/** A link was withdrawn, or all of them. */
export function revokeText({ link, role, left, via }: EventOf<"revoke-link">): string {
  const what = link === undefined
    ? `All links were withdrawn${wayText(via)}`
    : `A link was withdrawn${wayText(via)}: role ${role}`;
  return left === 0 ? what : `${what}, ${left} had to leave`;
}

/** The way through another machine. */
export function relayText({ up, over, why }: EventOf<"relay">): string {
  return up
    ? `Viewers can come through ${over} again`
    : `Viewers cannot come through ${over}${why === undefined ? "" : `: ${why}`}. Trying again`;
}

/** How things are with a tmux session that was shared, once it is not any more. */
export function tmuxText({ name, how, attach, kept }: EventOf<"tmux">): string {
  switch (how) {
    case "detached": {
      const panes = kept.map(({ pane, name }) => `${pane} (${name})`).join(", ");
      const also = kept.length === 0 ? "" : `. Panes that stay: ${panes}`;
      return `The tmux session "${name}" goes on: ${attach}${also}`;
    }
    case "ended":
      return `The tmux session "${name}" has ended`;
    case "lost":
      return `The tmux session "${name}" is lost: its server has ended`;
    default:
      return how satisfies never;
  }
}

/** Somebody has a pane of their own, or no longer. */
export function paneText({ name, open, pane }: EventOf<"pane">): string {
  return open
    ? `${name} has a pane${pane === undefined ? "" : `: ${pane}`}`
    : `${name} no longer types into a pane`;
}

/** How something was done, where that is not at the presenter's own terminal. */
export function wayText(via: Via | undefined): string {
  return via === undefined ? "" : via === "ctl" ? " with collab ctl" : " over the admin API";
}
