/**
 * `collab ctl`, as it is called.
 *
 * @module
 */
import { object, or } from "@optique/core/constructs";
import { type Message, message } from "@optique/core/message";
import { map, multiple, optional, withDefault } from "@optique/core/modifiers";
import { argument, command, constant, flag, option } from "@optique/core/primitives";
import { choice, string } from "@optique/core/valueparser";
import { UsageError } from "../format/errors.ts";
import { examples, usage, value } from "../viewer/command_parts.ts";
import type { HostAction } from "../wire/actions.ts";
import { LABEL_MAX_LENGTH, NAME_MAX_LENGTH, NOTE_MAX_LENGTH } from "../wire/limits.ts";
import { type Role, ROLES } from "../wire/role.ts";
import { AGENT_CLIENTS, type AgentClient } from "./agent_config.ts";
import type { CtlRequest } from "./ctl_protocol.ts";
import { parseExpiry, parseGrantTime } from "./given_times.ts";
import { START_MODES } from "./options.ts";

/** What stands for every link. */
const ALL_LINKS = "all";
/** Longest id of a link, as `wire/actions.ts` has it. */
const LINK_ID_MAX_LENGTH = 64;

/** What is asked: of a host, or, where the answer depends on the session, of what asks it. */
export type Asked =
  | CtlRequest
  | {
    readonly kind: "invite";
    readonly role: Role | undefined;
    readonly expiresMs?: number;
    readonly once?: true;
  }
  /** A link for an agent, as its client's configuration has it. */
  | { readonly kind: "agent"; readonly client: AgentClient; readonly expiresMs?: number };

const who = argument({ ...value("NAME", readWho), metavar: "WHO" }, {
  description: message`A participant's id or name, as \`collab ctl who\` shows them.`,
});

const note = optional(option("--note", value("TEXT", readNote), {
  description: message`A word to everyone about it.`,
}));

const grant = command(
  "grant",
  map(
    object({
      id: who,
      forMs: optional(option("--for", value("TIME", parseGrantTime), {
        description:
          message`For how long, as 5m, or until-revoked. Default: what was asked, else 5 minutes.`,
      })),
      note,
    }),
    ({ id, forMs, note }) =>
      act({ kind: "grant", id, ...(forMs !== undefined && { forMs }), ...noteOf({ note }) }),
  ),
  {
    brief: message`Give control to a participant.`,
    description:
      message`Lets a participant type, who asked for it or not. Control returns by itself when the time is over.`,
    footer: examples([
      ["collab ctl grant ada", "for as long as ada asked, or 5 minutes"],
      ["collab ctl grant p2 --for 15m", "for a quarter of an hour"],
      ["collab ctl grant p2 --for until-revoked", "until you take it back"],
    ]),
  },
);

const invite = command(
  "invite",
  map(
    object({
      role: optional(option("--role", choice(ROLES, { metavar: "ROLE" }), {
        description:
          message`What it lets people do: view, control, agent or admin. Default: control, or view in a read-only session.`,
      })),
      expiresMs: optional(option("--expires", value("TIME", parseExpiry), {
        description: message`How long it works, as 30m. Default: as long as the first link.`,
      })),
      once: withDefault(
        flag("--once", { description: message`Let in one participant only.` }),
        false,
      ),
    }),
    ({ role, expiresMs, once }): Asked => ({
      kind: "invite",
      role,
      ...(expiresMs !== undefined && { expiresMs }),
      ...(once && { once }),
    }),
  ),
  {
    brief: message`Make another link.`,
    description: message`Makes a link with a role of its own and prints it.`,
    footer: examples([
      ["collab ctl invite --once", "for one more person"],
      ["collab ctl invite --role view", "for people who only watch"],
      ["collab ctl invite --role admin --expires 30m", "for who helps you, half an hour"],
    ]),
  },
);

const agent = command(
  "agent",
  map(
    object({
      client: withDefault(
        argument(choice(AGENT_CLIENTS, { metavar: "CLIENT" }), {
          description:
            message`json (most clients), claude, cursor, vscode or codex. Default: json.`,
        }),
        "json" as AgentClient,
      ),
      expiresMs: optional(option("--expires", value("TIME", parseExpiry), {
        description: message`How long it works, as 30m. Default: as long as the first link.`,
      })),
    }),
    ({ client, expiresMs }): Asked => ({
      kind: "agent",
      client,
      ...(expiresMs !== undefined && { expiresMs }),
    }),
  ),
  {
    brief: message`Print what brings an AI agent in: a block of its client's configuration.`,
    description:
      message`Makes a link that lets in one agent, once, and prints the configuration with which an MCP client uses it.`,
    footer: examples([
      ["collab ctl agent > .cursor/mcp.json", "for Cursor, and most others"],
      ['eval "$(collab ctl agent claude)"', "for Claude Code"],
      ["collab ctl agent vscode --expires 30m", "half an hour to come in"],
    ]),
  },
);

const pane = command(
  "pane",
  or(
    command("list", constant<CtlRequest>({ kind: "panes" }), {
      brief: message`List the panes that participants have, or that were kept.`,
    }),
    command(
      "open",
      map(object({ id: who }), ({ id }) => act({ kind: "grant", id, pane: true })),
      { brief: message`Open a pane for a participant to type into.` },
    ),
    command("close", map(object({ id: who }), ({ id }) => act({ kind: "close-pane", id })), {
      brief: message`Close somebody's pane with what runs in it, by their name or the pane's.`,
    }),
  ),
  {
    brief: message`List, open and close participants' own panes (host --panes).`,
    footer: examples([
      ["collab ctl pane open ada", "ada types beside you"],
      ["collab ctl pane list", "who has which"],
      ["collab ctl pane close %3", "also of somebody who is gone"],
    ]),
  },
);

const drive = or(
  grant,
  pane,
  command("deny", map(object({ id: who }), ({ id }) => act({ kind: "deny", id })), {
    brief: message`Deny a participant's request.`,
  }),
  command("revoke", map(object({ note }), (said) => act({ kind: "take", ...noteOf(said) })), {
    aliases: ["take"],
    brief: message`Take control back, from whatever mode. Also: take.`,
  }),
  command(
    "hand-back",
    map(object({ note }), (said) => act({ kind: "hand-back", ...noteOf(said) })),
    {
      brief: message`Give control back to the one from whom you took it.`,
      footer: examples([
        ["collab ctl hand-back --note 'I fixed the import'", "and say what you did"],
      ]),
    },
  ),
  command(
    "mode",
    map(
      object({
        mode: argument(
          choice(START_MODES, { metavar: "MODE" }),
          {
            description:
              message`presenter, agent (one who is here, else the next that comes), collaborative (everyone whose link allows it) or paused (nobody).`,
          },
        ),
      }),
      ({ mode }) => act({ kind: "mode", mode }),
    ),
    { brief: message`Say who may type: presenter, agent, collaborative or paused.` },
  ),
  command(
    "paste",
    map(
      object({
        what: argument(choice(["allow", "drop"] as const, { metavar: "ANSWER" }), {
          description: message`allow or drop.`,
        }),
      }),
      ({ what }) => act({ kind: "paste", allow: what === "allow" }),
    ),
    { brief: message`Let a paste that waits be typed, or drop it.` },
  ),
  command("kick", map(object({ id: who }), ({ id }) => act({ kind: "kick", id })), {
    brief: message`Remove a participant.`,
  }),
);

const look = or(
  asking("who", message`Show who is here.`),
  asking("status", message`Show how the session is.`),
  asking("requests", message`Show who asks for control, and a paste that waits.`),
  asking("link", message`Print the session's link.`),
  asking("links", message`List the links that let people in.`),
);

const revokeLink = command(
  "revoke-link",
  map(
    object({
      id: argument({ ...value("NAME", readLinkId), metavar: "ID" }, {
        description:
          message`The link's id, or the beginning of it, as \`collab ctl links\` shows it; or all.`,
      }),
    }),
    ({ id }) => act(id === ALL_LINKS ? { kind: "revoke-all" } : { kind: "revoke-link", id }),
  ),
  {
    brief: message`Withdraw a link, or all of them.`,
    description:
      message`The link lets nobody in any more, and who came in with it is removed. With all, prints a new first link.`,
    footer: examples([
      ["collab ctl revoke-link 4fT", "the link whose id begins so"],
      [
        "collab ctl revoke-link all",
        "everybody has to come in anew, with the link that is printed",
      ],
    ]),
  },
);

const share = or(
  invite,
  agent,
  revokeLink,
  command(
    "mark",
    map(
      object({
        words: multiple(argument(string({ metavar: "LABEL" }), {
          description: message`What happened.`,
        })),
      }),
      ({ words }) =>
        act({ kind: "mark", label: readText("label", words.join(" "), LABEL_MAX_LENGTH) }),
    ),
    { brief: message`Set a marker, in the recording too.` },
  ),
  command("pause", constant(act({ kind: "pause" })), {
    brief: message`Pause sharing: viewers see nothing of the screen.`,
  }),
  command("resume", constant(act({ kind: "resume" })), { brief: message`Go on sharing.` }),
  command("stop", constant(act({ kind: "stop" })), {
    brief: message`End the session, and its command with it.`,
  }),
);

/** The parser of what is asked of a host: a verb, and what belongs to it. */
export const requests = or(look, drive, share, {
  errors: { noMatch: message`Say what to do, as who, grant or status: see collab ctl --help.` },
});

/** The parser of `collab ctl`; its value asks the host and resolves to the exit code. */
export const ctlCommand = command(
  "ctl",
  map(
    object({
      session: optional(option("--session", string({ metavar: "ID" }), {
        description:
          message`Which session, by the beginning of its id. Default: that of this shell, else the only one that is running.`,
      })),
      json: withDefault(
        flag("--json", { description: message`Print the answer as one JSON object.` }),
        false,
      ),
      request: requests,
    }),
    (options) => async (): Promise<number> => {
      const { runCtl } = await import("./ctl_run.ts");
      return await runCtl(options);
    },
  ),
  {
    usageLine: usage("[--session ID] [--json] COMMAND"),
    brief: message`Control a session that is running on this machine.`,
    description:
      message`Does what the presenter's menu does, from a shell or a script: for sessions of your own, on this machine.`,
    footer: examples([
      ["collab ctl who", "who is here"],
      ["collab ctl grant ada --for 15m", "let ada type"],
      ["collab ctl revoke", "take control back"],
      ["collab ctl invite --once", "a link for one more person"],
      ["collab ctl status --json", "for a script"],
    ]),
  },
);

function noteOf({ note }: { readonly note: string | undefined }): { readonly note?: string } {
  return note === undefined ? {} : { note };
}

function act(action: HostAction): CtlRequest {
  return { kind: "act", action };
}

function asking<const Kind extends "who" | "status" | "requests" | "link" | "links">(
  kind: Kind,
  brief: Message,
): ReturnType<typeof command<"sync", CtlRequest, CtlRequest>> {
  return command(kind, constant<CtlRequest>({ kind }), { brief });
}

function readWho(text: string): string {
  if (text !== "") return readText("name", text, NAME_MAX_LENGTH);
  throw new UsageError("bad-name", "Cannot tell who is meant: the name is empty");
}

function readLinkId(text: string): string {
  if (text !== "") return readText("id", text, LINK_ID_MAX_LENGTH);
  throw new UsageError("bad-link-id", "Cannot tell which link is meant: the id is empty");
}

function readNote(text: string): string {
  return readText("note", text, NOTE_MAX_LENGTH);
}

function readText(what: string, text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  throw new UsageError(
    "too-long",
    `Cannot use the ${what}: it has ${text.length} characters, and may have ${maxLength}`,
  );
}
