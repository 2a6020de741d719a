/**
 * The session's links on the presenter's terminal.
 *
 * @module
 */
import type { Row } from "../format/row.ts";
import { formatSpan } from "../viewer/duration.ts";
import type { Selection } from "./controls_state.ts";
import { linkRows, type LinkText } from "./link_rows.ts";
import type { IssuedLink } from "./links.ts";

/** The room that there is. */
interface Room {
  readonly cols: number;
  readonly room: number;
}

/** The link, when the session begins. */
export function noticeRows(link: string, room: Room): Row[] {
  return linkRows(link, {
    heading: "Others can watch with this link:",
    hint: "It goes away when you type.",
  }, room);
}

/** The link that is selected, and the list of them all. `nowMs` since 1970. */
export function linksRows(
  links: readonly IssuedLink[],
  { at }: Selection,
  { nowMs, ...room }: Room & { readonly nowMs: number },
): Row[] {
  const link = links[at];
  if (link === undefined) {
    const heading = "No link lets anybody in.";
    return linkRows("", { heading, hint: "i new link, Esc back" }, room);
  }
  const many = links.length > 1;
  const text: LinkText = {
    heading: many
      ? `Link ${at + 1} of ${links.length} (up, down): ${aboutLink(link, nowMs)}`
      : "The link:",
    hint: "c copies, q QR, i new link, w withdraws, Esc back",
    more: many
      ? listOf(links, at, nowMs)
      : [{ text: aboutLink(link, nowMs), style: { dim: true } }],
  };
  return linkRows(link.url, text, room);
}

function listOf(
  links: readonly IssuedLink[],
  at: number,
  nowMs: number,
): NonNullable<LinkText["more"]> {
  return links.map((link, i) => ({
    text: `${i + 1}  ${aboutLink(link, nowMs)}`,
    style: i === at ? { bold: true } : { dim: true },
  }));
}

function aboutLink({ role, expiresAtMs, once }: IssuedLink, nowMs: number): string {
  const left = formatSpan(Math.max(0, expiresAtMs - nowMs));
  return `role ${role}, lets in ${once ? "one person" : "people"} for ${left}`;
}
