/**
 * What is said of a recording at a place: in the header, and to who does not see the page.
 *
 * @module
 */
import { driveText } from "../../drive_text.ts";
import { legible } from "../../legible.ts";
import type { PlayerInput } from "../../player.ts";
import { driver } from "../../session_facts.ts";
import type { HeaderModel } from "../header_model.ts";
import type { Playback } from "./playback.ts";
import { spokenTime } from "./timeline_model.ts";

/** What is looked at of a {@link Playback}. */
export type Played = Pick<Playback, "log" | "player" | "facts" | "frame" | "ended" | "exitStatus">;

/** What the header says. @param name what the recording is called */
export function replayHeader(played: Played, name: string): HeaderModel {
  const { log, player, facts, frame, ended, exitStatus } = played;
  const person = driver(facts), drive = driveText(facts, { nowMs: player.positionMs });
  return {
    title: legible(log.header.title || frame.title || name),
    state: ended
      ? { text: "End", tone: "plain" }
      : player.mode === "paused"
      ? { text: "Paused", tone: "busy" }
      : { text: "Playing", tone: "calm" },
    detail: ended && exitStatus !== undefined ? `exit status ${exitStatus}` : "",
    // A name stays as its owner writes it.
    drive: person === undefined ? drive.slice(0, 1).toUpperCase() + drive.slice(1) : drive,
    driver: person,
    yours: false,
    urgent: false,
    watching: facts.watching,
  };
}

/** What is said after somebody did something to the player. */
export function saidOf(kind: PlayerInput["kind"], { player, ended }: Played): string {
  const at = spokenTime(player.positionMs);
  if (ended) return `The end, at ${at}`;
  switch (kind) {
    case "toggle":
    case "play":
    case "pause":
      return player.mode === "paused" ? `Paused at ${at}` : `Playing from ${at}`;
    case "speed":
      return `${player.speed} times as fast`;
    default:
      return at;
  }
}
