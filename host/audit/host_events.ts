/**
 * What a host tells of itself, as events of the audit log. Pure.
 *
 * @module
 */
import type { HostEvent, Via } from "../events.ts";
import type { AuditEvent } from "./entry.ts";

type EventOf<Name extends HostEvent["event"]> = Extract<HostEvent, { event: Name }>;
type Control = EventOf<"control">;

/** Who holds control, as far as events have told: what takes it away does not say the id. */
export interface HostEventState {
  readonly holder: string | undefined;
}

/** Nobody holds control yet. */
export const FIRST_HOST_EVENT: HostEventState = Object.freeze({ holder: undefined });

/** The event that tells of a {@link HostEvent}; none for what does not matter here, or is said by the log's own end. */
export function fromHost(
  state: HostEventState,
  event: HostEvent,
): { readonly state: HostEventState; readonly event: AuditEvent | undefined } {
  if (event.event !== "control") return { state, event: plainEvent(event) };
  return { state: { holder: event.holder }, event: controlEvent(state, event) };
}

function plainEvent(event: Exclude<HostEvent, Control>): AuditEvent | undefined {
  switch (event.event) {
    case "ready":
      return event.record === undefined ? undefined : { event: "recording", path: event.record };
    case "join": {
      const { id, name, role, type } = event;
      return { event: "join", id, name, role, type };
    }
    case "leave":
      return { event: "leave", id: event.id, ...(event.why !== undefined && { why: event.why }) };
    case "refused":
    case "invite":
    case "revoke-link":
    case "new-link":
      return linkEvent(event);
    case "kick":
      return { event: "kick", id: event.id, by: actorOf(event) };
    case "request": {
      const { id, forMs, note } = event;
      return {
        event: "request",
        id,
        ...(forMs !== undefined && { forMs }),
        ...(note !== undefined && { note }),
      };
    }
    case "request-ended":
      return {
        event: "request-ended",
        id: event.id,
        how: event.how,
        ...(event.by !== undefined && { by: event.via ?? event.by }),
      };
    case "pane": {
      const { id, open, pane } = event;
      return { event: "pane", id, open, by: actorOf(event), ...(pane !== undefined && { pane }) };
    }
    case "paste-held":
      return { event: "paste-held", id: event.id, lines: event.lines };
    case "presenter-gone":
      return { event: "presenter-gone", then: event.then };
    case "pause":
    case "resume":
    case "stop":
      return { event: event.event, by: actorOf(event) };
    case "marker":
      return { event: "marker", label: event.label, by: actorOf(event) };
    case "recording-error":
      return { event: "recording-error", code: event.code, message: event.message };
    case "agent":
    case "warn":
    case "slow":
    case "ctl-unavailable":
    case "audit-error":
    case "relay":
    case "tmux":
    case "resize":
    case "exit":
      return undefined;
    default:
      return event satisfies never;
  }
}

/** Of links their ids are told, and never their URLs, which let people in. */
function linkEvent(
  event: EventOf<"refused" | "invite" | "revoke-link" | "new-link">,
): AuditEvent {
  switch (event.event) {
    case "refused": {
      const { address, code, count } = event;
      return {
        event: "refused",
        code,
        ...(address !== undefined && { address }),
        ...(count !== undefined && { count }),
      };
    }
    case "invite": {
      const { expires, link, once, role } = event;
      const by = event.via ?? event.by;
      return {
        event: "invite",
        role,
        expires,
        once,
        ...(link !== undefined && { link }),
        ...(by !== undefined && { by }),
      };
    }
    case "revoke-link": {
      const { left, link, role } = event;
      return {
        event: "revoke-link",
        by: actorOf(event),
        left,
        ...(link !== undefined && { link }),
        ...(role !== undefined && { role }),
      };
    }
    case "new-link": {
      const { expires, link, once, role } = event;
      return { event: "new-link", role, expires, once, link, by: actorOf(event) };
    }
    default:
      return event satisfies never;
  }
}

function controlEvent(state: HostEventState, event: Control): AuditEvent | undefined {
  const { agent, change, holder, leftMs, mode, note, why } = event;
  const by = actorOf(event);
  const words = { ...(note !== undefined && { note }), ...(agent && { agent }) };
  switch (change) {
    case "grant":
      return holder === undefined
        ? undefined
        : { event: "grant", id: holder, by, forMs: leftMs ?? null, ...words };
    case "revoke":
      return {
        event: "revoke",
        ...(state.holder !== undefined && { id: state.holder }),
        by,
        why: why ?? "taken",
        mode,
        ...words,
      };
    case "mode":
      return { event: "mode", by, mode, ...(agent && { agent }) };
    default:
      return change satisfies never;
  }
}

/** Who did it: over the control socket or the admin API that is somebody else than the presenter. */
function actorOf({ by, via }: { readonly by: string; readonly via?: Via }): string {
  return via ?? by;
}
