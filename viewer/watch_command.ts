/**
 * `collab watch`, as it is called.
 *
 * @module
 */
import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { map, optional, withDefault } from "@optique/core/modifiers";
import { argument, command, flag, option } from "@optique/core/primitives";
import { parseLinkArgument } from "./link_input.ts";
import { parseMenuKey } from "./menu_key.ts";
import {
  certificateFlags,
  examples,
  readName,
  usage,
  value,
  withoutUndefined,
} from "./command_parts.ts";

const flags = object({
  link: argument(value("LINK", parseLinkArgument), {
    description:
      message`The link that the presenter gave you, quoted for the shell; - reads it from standard input, where neither ps nor the shell's history has it.`,
  }),
  name: optional(option("--name", value("NAME", readName), {
    description: message`What you are called in the session. Default: your user name.`,
  })),
  agent: withDefault(
    flag("--agent", {
      description: message`You are a program that acts by itself: others see that.`,
    }),
    false,
  ),
  menuKey: optional(option("--menu-key", value("KEY", parseMenuKey), {
    description: message`The key that opens the menu, as ctrl-x. Default: ctrl-].`,
  })),
  cast: withDefault(
    flag("--cast", {
      description: message`Print the session as an asciicast recording instead of showing it.`,
    }),
    false,
  ),
  ...certificateFlags,
});

/** The parser of `collab watch`; its value watches and resolves to the exit code. */
export const watchCommand = command(
  "watch",
  map(flags, (options) => async (): Promise<number> => {
    const { runWatch } = await import("./run_watch.ts");
    return await runWatch(withoutUndefined(options));
  }),
  {
    usageLine: usage("[FLAGS] LINK"),
    brief: message`Follow a session from this terminal.`,
    description:
      message`Shows a shared terminal as it is now. r asks for control: while you have it, all that you type goes to the session, but for Ctrl-], which opens the menu. p points at something; the arrow keys go back to what has been; ? shows all keys. Your terminal is never changed by what the session prints, nor the session's size by your terminal.`,
    footer: examples([
      ["collab watch 'LINK'", "follow it"],
      ["collab watch --name Ada 'LINK'", "under this name"],
      ["collab watch --menu-key ctrl-x 'LINK'", "with Ctrl-] for the session"],
      ["collab watch --cast 'LINK' > copy.cast", "record it from here"],
      ["collab watch -", "asks for the link, unseen"],
      ["collab watch 'ssh://box/…'", "through your ssh"],
    ]),
  },
);
