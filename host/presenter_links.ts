/**
 * The session's links on the presenter's terminal.
 *
 * @module
 */
import type { Row } from "../format/row.ts";
import { formatSpan } from "../viewer/duration.ts";
import { agentConfig, type AgentLaunch } from "./agent_config.ts";
import type { Panel, Selection } from "./controls_state.ts";
import { linkRows, type LinkText, wrappedRows } from "./link_rows.ts";
import type { IssuedLink } from "./links.ts";

/** The room that there is. */
interface Room {
  readonly cols: number;
  readonly room: number;
}

/** The link, when the session begins. */
function noticeRows(link: string, room: Room): Row[] {
  return linkRows(link, {
    heading: "Others can watch with this link:",
    hint: "It goes away when you type.",
  }, room);
}

/** The link that is selected, and the list of them all. `nowMs` since 1970. */
function linksRows(
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

/** What brings an agent in: a block of its client's configuration, to be copied as it is. */
function agentRows(
  { client, url }: Extract<Panel, { kind: "agent" }>,
  { launch, cols, room }: Room & { readonly launch: AgentLaunch },
): Row[] {
  const { title, where, text } = agentConfig(client, { launch, url: url ?? "" });
  return linkRows("", {
    heading: `For ${title}, ${where}:`,
    hint: "c copies, Tab other clients, Esc closes. It lets in one agent, once.",
    block: url === undefined ? [] : text.split("\n").flatMap((line) => wrappedRows(line, cols)),
    tooLong: "This terminal is too small for it: c copies it, `collab ctl agent` prints it.",
  }, { cols, room });
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

/** The rows of the panels that are drawn as wide as the terminal, so that what they show can be copied by hand. */
export function wideRows(
  panel: Panel,
  about: Room & {
    /** The session's own link. */
    readonly url: string;
    readonly links: readonly IssuedLink[];
    /** Milliseconds since 1970. */
    readonly nowMs: number;
    readonly launch: AgentLaunch;
  },
): Row[] | undefined {
  switch (panel.kind) {
    case "notice":
      return noticeRows(about.url, about);
    case "links":
      return linksRows(about.links, panel, about);
    case "agent":
      return agentRows(panel, about);
    default:
      return undefined;
  }
}
