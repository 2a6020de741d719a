/**
 * `collab redact`, as it is called.
 *
 * @module
 */
import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { map, multiple, withDefault } from "@optique/core/modifiers";
import { argument, command, flag } from "@optique/core/primitives";
import { examples, file, usage, withoutUndefined } from "../viewer/command_parts.ts";
import { redactionFlags } from "./redaction_flags.ts";

const flags = object({
  files: multiple(argument(file("FILE"), {
    description:
      message`The recording, and where to write it without its secrets; - is standard input and output. With --test: a text, or standard input.`,
  })),
  test: withDefault(
    flag("--test", {
      description: message`Show what would be masked of a text. Nothing is written.`,
    }),
    false,
  ),
  check: withDefault(
    flag("--check", {
      description:
        message`Exit with 3 when there is something to mask; with --test, or with a recording alone.`,
    }),
    false,
  ),
  overwrite: withDefault(
    flag("--overwrite", { description: message`Write over an existing file.` }),
    false,
  ),
  json: withDefault(
    flag("--json", { description: message`Print what was masked as one JSON object.` }),
    false,
  ),
  ...redactionFlags,
});

/** The parser of `collab redact`; its value resolves to the exit code. */
export const redactCommand = command(
  "redact",
  map(flags, (options) => async (): Promise<number> => {
    const { runRedact } = await import("./run_redact.ts");
    return await runRedact(withoutUndefined(options));
  }),
  {
    usageLine: usage("[FLAGS] FILE [OUT]"),
    brief: message`Take the secrets out of a recording.`,
    description:
      message`Plays a recording, by collab or by any program that writes asciicast files, masks what is secret as a live session does, writes what is left, and looks through what it wrote. Rules are those of collab host and of your configuration. Exit codes: 0 done; 1 something secret would have been left, and nothing was written; 3 with --check, when something is to be masked.`,
    footer: examples([
      ["collab redact incident.cast public.cast", "for others to see"],
      ["collab redact --redact 'ticket-\\d+' in.cast out.cast", "with a rule of your own"],
      ["collab redact --check --json incident.cast", "is there anything secret in it?"],
      ["collab redact - - < in.cast | collab replay -", "in a pipe"],
      ["collab redact --test notes.txt", "what would be masked of a text?"],
    ]),
  },
);
