/**
 * A host's answers as texts for people.
 *
 * @module
 */
import { columns } from "../format/width.ts";
import { formatSpan } from "../viewer/duration.ts";
import type { HostAction } from "../wire/actions.ts";
import type { CtlSuccess } from "./ctl_client.ts";
import type { AnswerOf, CtlParticipant, CtlRequest, CtlStatus } from "./ctl_protocol.ts";

/** An answer to a request as lines, without a newline at the end. */
export function answerText(request: CtlRequest, answer: CtlSuccess, nowMs: number): string {
  switch (answer.kind) {
    case "status":
      return statusText(answer);
    case "who":
      return whoText(answer, nowMs);
    case "link":
      return answer.url;
    case "links":
      return linksText(answer, nowMs);
    case "requests":
      return requestsText(answer);
    case "panes":
      return panesText(answer);
    case "done":
      return request.kind === "act" ? doneText(request.action, answer.status) : "";
    default:
      return answer satisfies never;
  }
}

function statusText(status: CtlStatus): string {
  const {
    session,
    title,
    pid,
    sharing,
    watching,
    requests,
    pasteHeld,
    cols,
    rows,
    uptimeMs,
    links,
    metricsUrl,
    apiUrl,
  } = status;
  return table([
    ["session", session],
    ...(title === undefined ? [] : [["title", title]]),
    ["sharing", sharing],
    ["mode", status.mode + (status.readOnly ? ", read-only" : "")],
    ["may type", typistText(status)],
    ["watching", String(watching)],
    ["requests", requests + (pasteHeld ? ", and a paste waits for an answer" : "")],
    ["recording", recordingText(status)],
    ["size", `${cols}x${rows}`],
    ["up", formatSpan(uptimeMs)],
    ["links", String(links)],
    ["process", String(pid)],
    ...(metricsUrl === undefined ? [] : [["metrics", metricsUrl]]),
    ...(apiUrl === undefined ? [] : [["admin API", apiUrl]]),
  ]);
}

function typistText({ mode, driver, leftMs, agent }: CtlStatus): string {
  switch (mode) {
    case "presenter":
    case "participant": {
      const name = driver?.name ?? "nobody";
      if (agent && mode === "presenter") return `${name}, until an agent comes`;
      return leftMs === undefined ? name : `${name}, for ${formatSpan(leftMs)}`;
    }
    case "collaborative":
      return "everyone whose link allows it";
    case "paused":
      return "nobody";
    default:
      return mode satisfies never;
  }
}

function recordingText({ recording, record = "" }: CtlStatus): string {
  switch (recording) {
    case "off":
      return "no";
    case "on":
      return record;
    case "failed":
      return `${record}, ended early`;
    default:
      return recording satisfies never;
  }
}

function whoText({ participants }: AnswerOf<"who">, nowMs: number): string {
  return table([
    ["ID", "NAME", "KIND", "ROLE", "HERE", "LATENCY", ""],
    ...participants.map((participant) => [
      participant.id,
      participant.name,
      participant.type,
      participant.role,
      formatSpan(nowMs - Date.parse(participant.since)),
      participant.latencyMs === undefined ? "" : formatSpan(participant.latencyMs),
      doings(participant),
    ]),
  ]);
}

function doings({ connected, drives, pane, asks }: CtlParticipant): string {
  return [
    drives && "may type",
    pane !== undefined && `in pane ${pane}`,
    asks && "asks",
    !connected && "away",
  ]
    .filter((text) => text !== false)
    .join(", ");
}

function linksText({ links }: AnswerOf<"links">, nowMs: number): string {
  if (links.length === 0) return "No link lets anyone in: all have expired or were withdrawn";
  return table([
    ["ID", "ROLE", "EXPIRES IN", "", "LINK"],
    ...links.map(({ id, role, expires, once, url }) => [
      id,
      role,
      formatSpan(Date.parse(expires) - nowMs),
      once ? "once" : "",
      url,
    ]),
  ]);
}

function panesText({ panes }: AnswerOf<"panes">): string {
  if (panes.length === 0) return "Nobody has a pane of their own";
  return table([
    ["PANE", "ID", "NAME", ""],
    ...panes.map(({ pane, id, name, types }) => [pane, id, name, types ? "" : "kept"]),
  ]);
}

function requestsText({ requests, paste }: AnswerOf<"requests">): string {
  const asking = requests.length === 0 ? ["Nobody asks for control"] : [table([
    ["ID", "NAME", "KIND", "WAITING", "FOR", "NOTE"],
    ...requests.map(({ id, name, type, waitingMs, forMs, note, pane }) => [
      id,
      name,
      type,
      formatSpan(waitingMs),
      pane ? "a pane" : forMs === undefined ? "" : formatSpan(forMs),
      note ?? "",
    ]),
  ])];
  const held = paste === undefined ? [] : [
    `${paste.name} pastes ${paste.lines} lines: answer with \`collab ctl paste allow\` or \`drop\``,
  ];
  return [...asking, ...held].join("\n");
}

/** What was done, in a line. */
function doneText(action: HostAction, status: CtlStatus): string {
  switch (action.kind) {
    case "grant":
      return action.pane ? `${action.id} has a pane` : `May type: ${typistText(status)}`;
    case "close-pane":
      return `The pane of ${action.id} is closed`;
    case "take":
    case "hand-back":
    case "mode":
      return `May type: ${typistText(status)}`;
    case "deny":
      return "The request was denied";
    case "paste":
      return action.allow ? "The paste is typed" : "The paste was dropped";
    case "pause":
      return "Sharing is paused: viewers see nothing of the screen";
    case "resume":
      return "Sharing goes on";
    case "mark":
      return action.label === "" ? "Marker set" : `Marker set: ${action.label}`;
    case "kick":
      return `${action.id} was removed`;
    case "stop":
      return "The session ends";
    case "revoke-link":
      return "The link was withdrawn, and who came in with it removed";
    case "revoke-all":
    case "invite":
      return "";
    default:
      return action satisfies never;
  }
}

/** Rows in columns as wide as their widest cell, two spaces between them. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) =>
    Math.max(...rows.map((row) => columns(row[i] ?? "")))
  );
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell + " ".repeat(widths[i]! - columns(cell)))
        .join("  ")
        .trimEnd()
    )
    .join("\n");
}
