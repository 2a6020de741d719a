/**
 * What a running session answers to those who reach its control socket: they are the presenter.
 *
 * @module
 */
import { type PersonType, PRESENTER_ID, PRESENTER_ROLE } from "../format/session_data.ts";
import { noticeText } from "../wire/notices.ts";
import type { HostAction } from "../wire/actions.ts";
import type { ActOutcome } from "./actions.ts";
import { type ControlState, mayTypeNow } from "./control_state.ts";
import type { Via } from "./events.ts";
import type { AnswerOf, CtlAnswer, CtlParticipant, CtlRequest, CtlStatus } from "./ctl_protocol.ts";
import type { IssuedLink, Links } from "./links.ts";
import type { Measures } from "./metrics/measures.ts";
import type { PaneInfo } from "./panes.ts";
import type { Participants } from "./participants.ts";

/** A live session, as far as it can be asked and told. */
export interface CtlTarget {
  act(by: string, action: HostAction, via: Via): Promise<ActOutcome>;
  readonly control: ControlState;
  readonly participants: Pick<Participants, "list" | "watching" | "nameOf">;
  readonly links: Pick<Links, "list" | "primary">;
  /** Panes of participants; `undefined` where there are none to be had. */
  readonly panes: readonly PaneInfo[] | undefined;
  /** Whether viewers see nothing of the screen. */
  readonly paused: boolean;
  /** Whether it is being recorded. */
  readonly recording: boolean;
  readonly session: {
    /** Session time. */
    readonly nowMs: number;
    readonly size: { readonly cols: number; readonly rows: number };
  };
}

/** What does not change while a session lasts. */
export interface CtlAbout {
  readonly session: string;
  /** The host's process. */
  readonly pid: number;
  readonly title?: string | undefined;
  /** Where it is recorded. */
  readonly record?: string | undefined;
  /** Where metrics are served, and the admin API. */
  readonly metricsUrl?: string | undefined;
  readonly apiUrl?: string | undefined;
  /** Milliseconds since 1970. */
  now(): number;
  /** What is measured until now. */
  readonly measure?: () => Measures;
}

/** What answers requests about a session, or carries them out; `via` is how they came. */
export function answerer(
  target: CtlTarget,
  about: CtlAbout,
): (request: CtlRequest, via: Via) => Promise<CtlAnswer> {
  return async (request, via) => {
    switch (request.kind) {
      case "status":
        return {
          kind: "status",
          ...status(target, about),
          ...(about.measure !== undefined && { metrics: about.measure() }),
        };
      case "who":
        return { kind: "who", participants: participants(target, about) };
      case "link":
        return firstLink(target, about);
      case "links":
        return { kind: "links", links: target.links.list.map(describe) };
      case "requests":
        return requests(target);
      case "panes":
        return panes(target);
      case "act":
        return answerTo(await target.act(PRESENTER_ID, request.action, via), target, about);
      default:
        return request satisfies never;
    }
  };
}

function answerTo(outcome: ActOutcome, target: CtlTarget, about: CtlAbout): CtlAnswer {
  switch (outcome.kind) {
    case "done":
      return { kind: "done", status: status(target, about) };
    case "link":
      return { kind: "link", ...describe(outcome.link) };
    case "refused":
      return { kind: "error", code: outcome.code, message: noticeText(outcome.code) };
    default:
      return outcome satisfies never;
  }
}

function status(target: CtlTarget, about: CtlAbout): CtlStatus {
  const { session, pid, title, record, metricsUrl, apiUrl } = about;
  const { control, participants, links, paused, recording } = target;
  const { nowMs, size: { cols, rows } } = target.session;
  const { taken, turn: { mode, untilMs, agent } } = control;
  const driver = driverOf(control);
  return {
    session,
    ...(title !== undefined && { title }),
    pid,
    sharing: paused ? "paused" : "live",
    mode,
    ...(driver !== undefined && { driver: { id: driver, name: participants.nameOf(driver) } }),
    ...(untilMs !== undefined && { leftMs: left(untilMs, nowMs) }),
    ...(agent && { agent }),
    ...(taken !== undefined && {
      takenFrom: { id: taken.id, name: participants.nameOf(taken.id) },
    }),
    readOnly: control.readOnly,
    watching: participants.watching,
    requests: control.requests.length,
    pasteHeld: control.paste !== undefined,
    recording: record === undefined ? "off" : recording ? "on" : "failed",
    ...(record !== undefined && { record }),
    cols,
    rows,
    uptimeMs: Math.round(nowMs),
    links: links.list.length,
    ...(metricsUrl !== undefined && { metricsUrl }),
    ...(apiUrl !== undefined && { apiUrl }),
  };
}

function driverOf({ turn }: ControlState): string | undefined {
  switch (turn.mode) {
    case "presenter":
      return PRESENTER_ID;
    case "participant":
      return turn.holder;
    case "collaborative":
    case "paused":
      return undefined;
    default:
      return turn.mode satisfies never;
  }
}

function participants(target: CtlTarget, { now }: CtlAbout): CtlParticipant[] {
  const { control, session: { nowMs } } = target;
  const asking = new Set(control.requests.map(({ id }) => id));
  const paneOf = (id: string): { readonly pane?: string } => {
    const pane = control.panes.rights.get(id)?.pane;
    return pane === undefined ? {} : { pane };
  };
  const common = (
    id: string,
    sinceMs: number,
  ): Pick<CtlParticipant, "since" | "drives" | "asks" | "pane"> => ({
    since: new Date(now() - (nowMs - sinceMs)).toISOString(),
    drives: mayTypeNow(control, id),
    asks: asking.has(id),
    ...paneOf(id),
  });
  return [
    {
      id: PRESENTER_ID,
      name: target.participants.nameOf(PRESENTER_ID),
      type: "person",
      role: PRESENTER_ROLE,
      connected: control.presenterPresent,
      ...common(PRESENTER_ID, 0),
    },
    ...target.participants.list.map(({ id, name, type, role, link, sinceMs, peer }) => ({
      id,
      name,
      type,
      role,
      link,
      connected: peer !== undefined,
      ...(peer?.latencyMs !== undefined && { latencyMs: Math.round(peer.latencyMs) }),
      ...common(id, sinceMs),
    })),
  ];
}

function panes({ panes, control }: CtlTarget): CtlAnswer {
  if (panes === undefined) {
    return { kind: "error", code: "no-panes", message: noticeText("no-panes") };
  }
  const types = ({ id, pane }: PaneInfo): boolean => control.panes.rights.get(id)?.pane === pane;
  return {
    kind: "panes",
    panes: panes.map((info) => ({ ...info, types: types(info) })),
  };
}

function requests({ control, participants, session: { nowMs } }: CtlTarget): AnswerOf<"requests"> {
  const types = new Map<string, PersonType>(participants.list.map(({ id, type }) => [id, type]));
  const { paste } = control;
  return {
    kind: "requests",
    requests: control.requests.map(({ id, forMs, note, pane, sinceMs, lapsesMs }) => ({
      id,
      name: participants.nameOf(id),
      type: types.get(id) ?? "person",
      ...(forMs !== undefined && { forMs }),
      ...(note !== undefined && { note }),
      ...(pane && { pane }),
      waitingMs: left(nowMs, sinceMs),
      lapsesInMs: left(lapsesMs, nowMs),
    })),
    ...(paste !== undefined && {
      paste: {
        id: paste.id,
        name: participants.nameOf(paste.id),
        lines: paste.lines,
        lapsesInMs: left(paste.lapsesMs, nowMs),
      },
    }),
  };
}

function firstLink({ links: { primary } }: CtlTarget, { now }: CtlAbout): CtlAnswer {
  if (primary !== undefined && primary.expiresAtMs > now()) {
    return { kind: "link", ...describe(primary) };
  }
  return primary === undefined
    ? {
      kind: "error",
      code: "token-revoked",
      message: "The session's link was withdrawn: make another with `collab ctl invite`",
    }
    : {
      kind: "error",
      code: "token-expired",
      message: "The session's link has expired: make another with `collab ctl invite`",
    };
}

function describe(
  { id, url, role, expiresAtMs, once }: IssuedLink,
): Omit<AnswerOf<"link">, "kind"> {
  return { id, url, role, expires: new Date(expiresAtMs).toISOString(), once };
}

function left(untilMs: number, nowMs: number): number {
  return Math.max(0, Math.round(untilMs - nowMs));
}
