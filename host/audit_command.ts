/**
 * `collab audit`, as it is called.
 *
 * @module
 */
import { object, or } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { map, optional, withDefault } from "@optique/core/modifiers";
import { argument, command, constant, flag, option } from "@optique/core/primitives";
import type { Suggestion } from "@optique/core/parser";
import { string, type ValueParser } from "@optique/core/valueparser";
import { examples } from "../viewer/command_parts.ts";

const file = argument(logFile(), {
  description:
    message`An audit log, as \`collab host --audit\` writes them; verify reads standard input for -.`,
});

const session = optional(option("--session", string({ metavar: "ID" }), {
  description: message`The session that it has to be the log of: its id, as in the session's link.`,
}));

const verify = command(
  "verify",
  object({
    verb: constant("verify"),
    file,
    session,
    json: withDefault(
      flag("--json", { description: message`Print what was found as one JSON object.` }),
      false,
    ),
  }),
  {
    brief: message`Prove that a log is as it was written.`,
    description:
      message`Says that a log is whole and signed by its session's host, or names the first line that is not as it was written. Exit codes: 0 whole and signed; 1 changed, or not readable; 3 whole, but without an end: its host runs still, or was killed, or the end was cut off.`,
    footer: examples([["collab audit verify session.jsonl", "is it whole?"]]),
  },
);

const show = command(
  "show",
  object({
    verb: constant("show"),
    file,
    session,
    json: withDefault(
      flag("--json", { description: message`Print the log's own lines.` }),
      false,
    ),
  }),
  {
    brief: message`Show a log for people, after verifying it.`,
    description:
      message`Shows who did what, and when, in this machine's time. Lines that are not as they were written are not shown. Exit codes: as verify has them.`,
    footer: examples([
      ["collab audit show session.jsonl", "who did what"],
      ["collab audit show --json session.jsonl", "for a script"],
    ]),
  },
);

/** The parser of `collab audit`; its value looks at a log and resolves to the exit code. */
export const auditCommand = command(
  "audit",
  map(
    or(verify, show, {
      errors: { noMatch: message`Say what to do: verify or show.` },
    }),
    (args) => async (): Promise<number> => {
      const { runAudit } = await import("./audit/run_audit.ts");
      return await runAudit(args);
    },
  ),
  {
    brief: message`Verify or show the audit log of a session.`,
    description:
      message`An audit log tells who was in a session, who drove it, and who typed what. Its lines are linked and signed, so that a change shows.`,
    footer: examples([
      ["collab audit verify session.jsonl", "is it as it was written?"],
      ["collab audit show session.jsonl", "who did what"],
      ["collab audit show --json session.jsonl | jq -r .text", "what was typed"],
    ]),
  },
);

/** A path, completed by the shell. */
function logFile(): ValueParser<"sync", string> {
  return {
    ...string({ metavar: "FILE" }),
    *suggest(prefix): Iterable<Suggestion> {
      yield { kind: "file", pattern: prefix, type: "file", extensions: [".jsonl", ".log"] };
    },
  };
}
