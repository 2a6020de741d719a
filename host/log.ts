/**
 * What a host writes to its log. Each record names what it takes from an event, so that nothing gets there unseen: no
 * link nor part of one, nothing that was typed, shown or written in a note or a label, no command line.
 *
 * @module
 */
import type { ApiRequest } from "./admin_api.ts";
import type { HostEvent } from "./events.ts";

/** From the most that is written to the least. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
/** One of {@link LOG_LEVELS}. */
export type LogLevel = typeof LOG_LEVELS[number];

/** Something that is logged. */
export type LogEvent =
  | HostEvent
  /** The first one. */
  | { readonly event: "start"; readonly version: string; readonly pid: number }
  /** Somebody asked something of the admin API. */
  | ({ readonly event: "api" } & ApiRequest)
  /** It could not begin, or could not go on. */
  | { readonly event: "failed"; readonly code: string };

/** Keeps a log. */
export interface Log {
  /** Adds an event. Never throws and never waits. */
  log(event: LogEvent): void;
  /** Waits, not for long, until all of it is written. */
  close(): Promise<void>;
}

/** What is written of an event. */
export interface LogRecord {
  readonly level: LogLevel;
  /** With `{names}` of fields, whose values stand there quoted. */
  readonly text: string;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}

type Optional = Readonly<Record<string, string | number | boolean | undefined>>;

/** What is written of an event. */
export function recordOf(event: LogEvent): LogRecord {
  const { level, text, fields = {} } = describe(event);
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  return {
    level,
    text,
    fields: { event: event.event, ...Object.fromEntries(known) as LogRecord["fields"] },
  };
}

interface Description {
  readonly level: LogLevel;
  readonly text: string;
  readonly fields?: Optional;
}

function describe(event: LogEvent): Description {
  switch (event.event) {
    case "start":
    case "ready":
    case "exit":
    case "failed":
    case "api":
      return describeHost(event);
    case "join":
    case "leave":
    case "slow":
    case "refused":
    case "kick":
    case "invite":
    case "revoke-link":
    case "new-link":
      return describePeople(event);
    case "request":
    case "request-ended":
    case "control":
    case "warn":
    case "paste-held":
      return describeControl(event);
    default:
      return describeSession(event);
  }
}

type HostKind = "start" | "ready" | "exit" | "failed" | "api";
type PeopleKind =
  | "join"
  | "leave"
  | "slow"
  | "refused"
  | "kick"
  | "invite"
  | "revoke-link"
  | "new-link";
type ControlKind = "request" | "request-ended" | "control" | "warn" | "paste-held";
type Of<Kind extends LogEvent["event"]> = Extract<LogEvent, { event: Kind }>;
type Other = Exclude<LogEvent, { event: HostKind | PeopleKind | ControlKind }>;

function describeHost(event: Of<HostKind>): Description {
  switch (event.event) {
    case "start":
      return info("collab {version} starts", { version: event.version, pid: event.pid });
    case "ready": {
      const { session, childPid, cols, rows, record, expires, metricsUrl, apiUrl } = event;
      // What comes before the path says where; what comes after lets people in.
      const { protocol, host } = new URL(event.url);
      return info("Listening on {address}", {
        address: `${protocol}//${host}`,
        session,
        childPid,
        cols,
        rows,
        record,
        expires,
        metricsUrl,
        apiUrl,
      });
    }
    case "exit":
      return info("The session has ended with status {code}", {
        code: event.code,
        signal: event.signal,
      });
    case "failed":
      return { level: "error", text: "The host has failed: {code}", fields: { code: event.code } };
    case "api": {
      const { method, path, status, link } = event;
      const level = method === "GET" ? "debug" : "info";
      const text = path === undefined
        ? "Admin API: {method}, of nothing there is"
        : "Admin API: {method} {path}";
      return { level, text, fields: { method, path, status, link } };
    }
    default:
      return event satisfies never;
  }
}

function describePeople(event: Of<PeopleKind>): Description {
  switch (event.event) {
    case "join": {
      const { id, name, role, type, watching } = event;
      return info("{name} joined as {role}", { id, name, role, type, watching });
    }
    case "leave": {
      const { id, name, watching, why } = event;
      return info("{name} left", { id, name, watching, why });
    }
    case "slow": {
      const { id, name, waitingBytes } = event;
      return warning("{name} cannot follow: the line is slow", { id, name, waitingBytes });
    }
    case "refused": {
      const { code, address, count } = event;
      return warning("Somebody was not let in: {code}", { code, address, count });
    }
    case "kick": {
      const { id, name, by, via } = event;
      return info("{name} was removed by {by}", { id, name, by, via });
    }
    case "invite": {
      const { link, role, expires, once, by, via } = event;
      return info("A link was made: {role}", { link, role, expires, once, by, via });
    }
    case "revoke-link": {
      const { link, role, left, by, via } = event;
      return info("Links were withdrawn by {by}", { link, role, left, by, via });
    }
    case "new-link": {
      const { link, role, expires, once, by, via } = event;
      return info("There is a new first link: {role}", { link, role, expires, once, by, via });
    }
    default:
      return event satisfies never;
  }
}

function describeControl(event: Of<ControlKind>): Description {
  switch (event.event) {
    case "request": {
      const { id, name, forMs } = event;
      return debug("{name} asks for control", { id, name, forMs });
    }
    case "request-ended": {
      const { id, name, how, by, via } = event;
      return debug("The request of {name} ended: {how}", { id, name, how, by, via });
    }
    case "control": {
      const { change, mode, by, via, holder, name, agent, leftMs, from, why } = event;
      const fields = { change, mode, by, via, holder, name, agent, leftMs, from, why };
      return info("Control: {change}, now {mode}", fields);
    }
    case "warn": {
      const { id, name, leftMs } = event;
      return debug("The time of {name} is nearly over", { id, name, leftMs });
    }
    case "paste-held": {
      const { id, name, lines } = event;
      return debug("A paste of {name} is held back", { id, name, lines });
    }
    default:
      return event satisfies never;
  }
}

function describeSession(event: Other): Description {
  switch (event.event) {
    case "pane": {
      const { id, open, pane, by, via } = event;
      const text = open ? "{id} has pane {pane}" : "{id} no longer has a pane";
      return info(text, { id, pane, by, via });
    }
    case "tmux":
      return info("The tmux session {name}: {how}", {
        name: event.name,
        how: event.how,
        kept: event.kept.length,
      });
    case "presenter-gone":
      return warning("The presenter's terminal is gone", { then: event.then });
    case "relay": {
      const { up, over } = event;
      const text = up ? "The way over {over} is open" : "The way over {over} is closed";
      return { level: up ? "info" : "warn", text, fields: { up, over, why: event.why } };
    }
    case "ctl-unavailable":
      return warning("The session has no control socket", { error: event.message });
    case "audit-error":
    case "recording-error": {
      const { code, message } = event;
      return {
        level: "error",
        text: event.event === "audit-error"
          ? "The audit log has ended early: {code}"
          : "The recording has ended early: {code}",
        fields: { code, error: message },
      };
    }
    case "resize":
      return debug("The session is {cols} by {rows}", { cols: event.cols, rows: event.rows });
    case "pause":
      return info("Sharing is paused", { by: event.by, via: event.via });
    case "resume":
      return info("Sharing goes on", { by: event.by, via: event.via });
    case "marker":
      return debug("A marker was set", { by: event.by, via: event.via });
    case "agent":
      return debug("What brings an agent in was shown", { link: event.link, client: event.client });
    case "stop":
      return info("{by} ends the session", { by: event.by, via: event.via });
    default:
      return event satisfies never;
  }
}

function debug(text: string, fields: Optional = {}): Description {
  return { level: "debug", text, fields };
}

function info(text: string, fields: Optional = {}): Description {
  return { level: "info", text, fields };
}

function warning(text: string, fields: Optional = {}): Description {
  return { level: "warn", text, fields };
}
