/**
 * `collab replay`, as it is called.
 *
 * @module
 */
import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { map, optional, withDefault } from "@optique/core/modifiers";
import { argument, command, flag, option } from "@optique/core/primitives";
import { UsageError } from "../format/errors.ts";
import { examples, file, usage, value, withoutUndefined } from "./command_parts.ts";
import { parseDuration } from "./duration.ts";
import { MAX_SPEED, MIN_SPEED } from "./player.ts";

const flags = object({
  file: argument(file("FILE"), {
    description: message`An asciicast recording, v1 to v3, plain or gzip; - reads standard input.`,
  }),
  speed: optional(option("--speed", value("SPEED", readSpeed), {
    description: message`How fast to play: 2 is twice as fast. Default: 1.`,
  })),
  idleLimitMs: optional(option("--idle-limit", value("TIME", parseDuration), {
    description: message`Wait no longer than this when nothing happens, as 2s.`,
  })),
  atMs: optional(option("--at", value("TIME", parseDuration), {
    description: message`Where to begin, as 1:23 or 90s.`,
  })),
  follow: withDefault(
    flag("--follow", {
      description: message`Go on with what is added to a recording that is still being written.`,
    }),
    false,
  ),
  web: withDefault(
    flag("--web", {
      description: message`Play it on a page of this machine's browser: prints the address.`,
    }),
    false,
  ),
  screenAtMs: optional(option("--screen-at", value("TIME", parseDuration), {
    description: message`Print the screen at this time and end. Needs no terminal.`,
  })),
  json: withDefault(
    flag("--json", {
      description: message`With --screen-at: print JSON, with styles and the cursor.`,
    }),
    false,
  ),
});

function readSpeed(text: string): number {
  const speed = /^\d{1,4}(?:\.\d{1,4})?x?$/.test(text) ? parseFloat(text) : NaN;
  if (speed >= MIN_SPEED && speed <= MAX_SPEED) return speed;
  throw new UsageError(
    "bad-speed",
    `Cannot play at the speed "${
      text.slice(0, 20)
    }": expected a number from ${MIN_SPEED} to ${MAX_SPEED}`,
  );
}

/** The parser of `collab replay`; its value plays and resolves to the exit code. */
export const replayCommand = command(
  "replay",
  map(flags, (options) => async (): Promise<number> => {
    const { runReplay } = await import("./run_replay.ts");
    return await runReplay(withoutUndefined(options));
  }),
  {
    usageLine: usage("[FLAGS] FILE"),
    brief: message`Play a recording in this terminal.`,
    description:
      message`Plays what was recorded by collab, or by any program that writes asciicast files. space pauses, the arrow keys seek, ? shows all keys. What is in a recording can draw text here and nothing else.`,
    footer: examples([
      ["collab replay incident.cast", "play it"],
      ["collab replay --speed 2 --idle-limit 2s incident.cast", "faster, without long waits"],
      ["collab replay --at 1:23 incident.cast", "from there"],
      ["collab replay --follow incident.cast", "while it is still being recorded"],
      ["collab replay --web incident.cast", "in a browser of this machine"],
      ["collab replay --screen-at 1:23 incident.cast", "print the screen as text"],
      ["curl -s https://example.com/demo.cast | collab replay -", "from a pipe"],
    ]),
  },
);
