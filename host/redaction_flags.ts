/**
 * The flags that say what is to be masked, for every command that masks.
 *
 * @module
 */
import { message } from "@optique/core/message";
import { map, multiple, optional, withDefault } from "@optique/core/modifiers";
import { flag, option } from "@optique/core/primitives";
import type { Suggestion } from "@optique/core/parser";
import { string, type ValueParser } from "@optique/core/valueparser";

/** The flags, to be spread into a command's object. */
export const redactionFlags = {
  redact: multiple(option("--redact", string({ metavar: "PATTERN" }), {
    description:
      message`Mask what this matches, besides the usual secrets. May be given more than once.`,
  })),
  redactFile: optional(option("--redact-file", anyFile(), {
    description: message`Mask the texts in this file, one a line.`,
  })),
  defaultRedactions: optional(map(
    flag("--no-default-redactions", {
      description: message`Mask only what you have told: no built-in rules.`,
    }),
    () => false,
  )),
  config: optional(option("--config", anyFile(), {
    description: message`Read this configuration instead of ~/.config/collab/config.toml.`,
  })),
  noConfig: withDefault(
    flag("--no-config", { description: message`Read no configuration.` }),
    false,
  ),
};

/** A path, completed by the shell. */
function anyFile(): ValueParser<"sync", string> {
  return {
    ...string({ metavar: "FILE" }),
    *suggest(prefix): Iterable<Suggestion> {
      yield { kind: "file", pattern: prefix, type: "file" };
    },
  };
}
