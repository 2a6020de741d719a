/**
 * `collab host`, as it is called: its flags, its help, and how it begins.
 *
 * @module
 */
import { merge, object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { map, multiple, optional, withDefault } from "@optique/core/modifiers";
import { argument, command, flag, option } from "@optique/core/primitives";
import type { Suggestion } from "@optique/core/parser";
import { choice, string, type ValueParser } from "@optique/core/valueparser";
import { examples, usage, value } from "../viewer/command_parts.ts";
import { AGENT_CLIENTS } from "./agent_config.ts";
import { loadConfig } from "./config.ts";
import { parseExpiry } from "./given_times.ts";
import { withConfig } from "./host_defaults.ts";
import { parseAddress } from "./listen.ts";
import { LOG_LEVELS } from "./log.ts";
import { DEFAULT_SESSION, parseTmuxName } from "./tmux/place.ts";
import {
  PANE_ENDS,
  parseMenuKey,
  parsePerAddress,
  parseSize,
  parseSshHost,
  parseTakeKey,
  START_MODES,
  WHEN_GONE,
} from "./options.ts";
import { redactionFlags } from "./redaction_flags.ts";

const session = object("Session", {
  title: optional(option("--title", string({ metavar: "TITLE" }), {
    description: message`What the session is about; viewers see it.`,
  })),
  name: optional(option("--name", string({ metavar: "NAME" }), {
    description: message`What you are called in the session. Default: your user name.`,
  })),
  size: optional(option("--size", named("COLSxROWS", parseSize), {
    description: message`The session's size. Default: your terminal's, 80x24 without one.`,
  })),
  record: optional(option("--record", file(), {
    description: message`Record the session to an asciicast file.`,
  })),
  overwrite: withDefault(
    flag("--overwrite", { description: message`Write over an existing recording.` }),
    false,
  ),
});

const entry = object("Who gets in", {
  listen: optional(option("--listen", named("HOST:PORT", parseAddress), {
    description: message`Where to listen. Default: a free port of this machine only.`,
  })),
  expiresMs: optional(option("--expires", value("TIME", parseExpiry), {
    description: message`How long the link works, as 30m or 8h. Default: 8h.`,
  })),
  once: withDefault(
    flag("--once", { description: message`The link lets in one participant only.` }),
    false,
  ),
  tls: optional(flag("--tls", {
    description:
      message`Use TLS on this machine's own address too. On others it is used anyway, with a certificate that is made for the session, and that the link names.`,
  })),
  cert: optional(option("--cert", string({ metavar: "FILE" }), {
    description: message`Use TLS with this certificate, in PEM.`,
  })),
  key: optional(option("--key", string({ metavar: "FILE" }), {
    description: message`Its key, in PEM.`,
  })),
  clientCa: optional(option("--client-ca", string({ metavar: "FILE" }), {
    description:
      message`Let in only who shows a certificate that was issued by one of these, in PEM. Participants are called what theirs says.`,
  })),
  insecure: withDefault(
    flag("--insecure", {
      description: message`Listen without TLS on an address that others can reach.`,
    }),
    false,
  ),
  sshHost: optional(option("--ssh-host", named("[USER@]HOST", parseSshHost), {
    description:
      message`Print a link that goes through ssh to this machine, under the name that others have for it.`,
  })),
  sshRelay: optional(option("--ssh-relay", named("[USER@]HOST", parseSshHost), {
    description:
      message`Publish the session on another machine through ssh, for those who can log in there.`,
  })),
  perAddress: optional(option("--per-address", named("NUMBER", parsePerAddress), {
    description:
      message`How many connections one address may have, this machine's own not counted. Default: 100.`,
  })),
});

const typing = object("Who may type", {
  readOnly: optional(flag("--read-only", {
    description: message`Nobody but you can ever type: links are for watching only.`,
  })),
  mode: optional(option("--mode", choice(START_MODES, { metavar: "MODE" }), {
    description:
      message`Who may type at first: presenter, agent (the first that joins), collaborative (everybody), or paused (nobody). Default: presenter.`,
  })),
  takeKey: optional(option("--take-key", named("KEY", parseTakeKey), {
    description: message`The key that takes control back, as f12 or ctrl-x. Default: f12.`,
  })),
  takeOnKey: optional(
    flag("--take-on-key", { description: message`Any key of yours takes control back.` }),
  ),
  confirmPaste: optional(flag("--confirm-paste", {
    description: message`Ask you before several lines that somebody pastes are typed.`,
  })),
  whenGone: optional(option("--when-gone", choice(WHEN_GONE, { metavar: "WHAT" }), {
    description:
      message`When your terminal goes away: pause (nobody types) or continue (whoever has control goes on). Default: pause.`,
  })),
  menuKey: optional(option("--menu-key", named("KEY", parseMenuKey), {
    description: message`The key that opens the menu, as ctrl-x. Default: ctrl-\\.`,
  })),
});

const agents = object("Agents and tmux", {
  agent: optional(bareOr(
    "--agent",
    "json",
    option("--agent", choice(AGENT_CLIENTS, { metavar: "CLIENT" }), {
      description:
        message`Make a link for an AI agent, once, and show the configuration with which its client uses it: json (most clients), claude, cursor, vscode or codex. Default: json.`,
    }),
  )),
  shellMarks: optional(map(
    flag("--shell-marks", {
      description:
        message`Have your bash, zsh or fish mark its prompts and commands, so that programs in the session know what a command printed and how it ended.`,
    }),
    () => "required" as const,
  )),
  tmux: optional(bareOr(
    "--tmux",
    DEFAULT_SESSION,
    option("--tmux", named("NAME", parseTmuxName), {
      description:
        message`Share a tmux session, which is made if it is not there. Default: ${DEFAULT_SESSION}.`,
    }),
  )),
  tmuxName: optional(option("-L", "--tmux-name", string({ metavar: "NAME" }), {
    description: message`With --tmux: the tmux server of this name, as tmux -L.`,
  })),
  tmuxSocket: optional(option("-S", "--tmux-socket", string({ metavar: "FILE" }), {
    description: message`With --tmux: the tmux server at this socket, as tmux -S.`,
  })),
  panes: withDefault(
    flag("--panes", {
      description:
        message`With --tmux, which it implies: you, and whom you grant it, type into panes of their own, side by side.`,
    }),
    false,
  ),
  paneEnd: optional(option("--pane-end", choice(PANE_ENDS, { metavar: "WHAT" }), {
    description:
      message`When the owner of a pane is gone: close it with what runs in it, or keep it. Default: close.`,
  })),
});

const secrets = object("Secrets and proof", {
  ...redactionFlags,
  audit: optional(option("--audit", file(), {
    description: message`Write who did and typed what to a log that proves itself whole.`,
  })),
});

const machines = object("For machines", {
  headless: withDefault(
    flag("--headless", {
      description:
        message`Share without a terminal, as in CI. Nothing is read from standard input.`,
    }),
    false,
  ),
  json: withDefault(
    flag("--json", { description: message`With --headless: print one JSON object a line.` }),
    false,
  ),
  stdin: withDefault(
    flag("--stdin", { description: message`With --headless: type standard input.` }),
    false,
  ),
  metrics: optional(option("--metrics", named("HOST:PORT", parseAddress), {
    description: message`Serve metrics for Prometheus there, at /metrics.`,
  })),
  adminApi: optional(option("--admin-api", named("HOST:PORT", parseAddress), {
    description:
      message`Serve the admin API there, for this machine alone: what collab ctl does, over HTTP.`,
  })),
  logLevel: optional(option("--log-level", choice(LOG_LEVELS, { metavar: "LEVEL" }), {
    description: message`Log what happens: debug, info, warn or error. Default: no log.`,
  })),
  logJson: optional(flag("--log-json", {
    description: message`Log one JSON object a line.`,
  })),
  logFile: optional(option("--log-file", string({ metavar: "FILE" }), {
    description: message`Add the log to a file. Default: standard error, with --headless.`,
  })),
});

const flags = merge(
  session,
  entry,
  typing,
  agents,
  secrets,
  machines,
  object({
    command: multiple(argument(string({ metavar: "COMMAND" }), {
      description: message`What to share, after --. Default: your shell.`,
    })),
  }),
);

/** The parser of `collab host`; its value runs the host and resolves to the exit code. */
export const hostCommand = command(
  "host",
  map(flags, (options) => async (): Promise<number> => {
    const { runHost } = await import("./run.ts");
    return await runHost(withConfig(options, await loadConfig(options, Deno.env.toObject())));
  }),
  {
    usageLine: usage("[FLAGS] [-- COMMAND...]"),
    brief: message`Share a shell or a command.`,
    description:
      message`Shares a terminal: prints a link, and whoever has it can watch. The exit code is the command's own.`,
    footer: examples([
      ["collab host", "share your shell"],
      ["collab host --record incident.cast", "and record it"],
      ["collab host --read-only", "for watching only"],
      ["collab host --title demo -- vim notes.md", "share one program"],
      ["collab host --listen 0.0.0.0:7777", "on the network, over TLS"],
      ["collab host --agent claude --mode agent", "Claude Code drives"],
      ["collab host --tmux work --panes", "tmux, with a pane for each"],
      ["collab host --ssh-relay jump.example", "through a machine of yours"],
      ["collab host --headless --json -- make test", "from a script"],
    ]),
  },
);

/** An option whose value may be left out, for the usual one: where it is the last word, or another option follows. */
function bareOr<T>(
  name: `--${string}`,
  usual: string,
  parser: ReturnType<typeof option<"sync", T>>,
): ReturnType<typeof option<"sync", T>> {
  return {
    ...parser,
    parse: (context) => {
      const [first, second = "-"] = context.buffer;
      const bare = first === name && second.startsWith("-") && !context.optionsTerminated;
      if (!bare) return parser.parse(context);
      const others = context.buffer.slice(1);
      return parser.parse({ ...context, buffer: [`${name}=${usual}`, ...others] });
    },
  };
}

/** A value that one of our own functions reads. */
function named<T>(
  metavar: "NAME" | "HOST:PORT" | "COLSxROWS" | "KEY" | "[USER@]HOST" | "NUMBER",
  read: (text: string) => T,
): ValueParser<"sync", T> {
  return { ...value("TIME", read), metavar };
}

/** A path, completed by the shell. */
function file(): ValueParser<"sync", string> {
  return {
    ...string({ metavar: "FILE" }),
    *suggest(prefix): Iterable<Suggestion> {
      yield { kind: "file", pattern: prefix, type: "file", extensions: [".cast"] };
    },
  };
}
