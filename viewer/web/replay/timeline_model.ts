/**
 * What a timeline shows: who drove when, and where the markers are. Places on it go from 0 to 1.
 *
 * @module
 */
import { PRESENTER_ID } from "../../../format/session_data.ts";
import type { Person } from "../../../format/session_data.ts";
import type { Marker } from "../../../record/event_log.ts";
import { droveText } from "../../drive_text.ts";
import { formatClock } from "../../duration.ts";
import type { Stretch } from "../../session_history.ts";

/** A recording, as far as a timeline shows it. */
export interface TimelineFacts {
  readonly startMs: number;
  readonly durationMs: number;
  readonly stretches: readonly Stretch[];
  readonly markers: readonly Marker[];
}

/** A part of a timeline during which somebody else than the presenter drove, or nobody. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  /** Whose colour it has; `everyone` and `nobody` have their own. */
  readonly who: Person | "everyone" | "nobody" | "somebody";
  /** What it is, in words. */
  readonly text: string;
}

/** A marker on a timeline. */
export interface Tick {
  readonly at: number;
  readonly atMs: number;
  readonly label: string;
}

/** Most of them that are drawn: more could not be told apart. */
const MAX_SEGMENTS = 500, MAX_TICKS = 500;
/** A marker this near to a place is meant by it. */
const NEAR = 0.012;

/** Where a time is. */
export function placeOf(facts: Pick<TimelineFacts, "startMs" | "durationMs">, ms: number): number {
  const lengthMs = facts.durationMs - facts.startMs;
  return lengthMs > 0 ? Math.max(0, Math.min(1, (ms - facts.startMs) / lengthMs)) : 0;
}

/** The time at a place. */
export function timeAt(
  facts: Pick<TimelineFacts, "startMs" | "durationMs">,
  place: number,
): number {
  const inside = Math.max(0, Math.min(1, place));
  return facts.startMs + (facts.durationMs - facts.startMs) * inside;
}

/** The stretches that are shown: the presenter's own are the ground that they stand on. */
export function segments(facts: TimelineFacts): Segment[] {
  const found: Segment[] = [];
  for (const { fromMs, toMs, turn, driver } of facts.stretches) {
    const who = turn.mode === "collaborative"
      ? "everyone"
      : turn.mode === "paused"
      ? "nobody"
      : turn.mode === "participant"
      ? driver ?? "somebody"
      : undefined;
    const isPresenter = typeof who === "object" && who.id === PRESENTER_ID;
    if (who === undefined || isPresenter || toMs <= fromMs) continue;
    const text = droveText({ turn, driver }) || "somebody drove";
    found.push({ from: placeOf(facts, fromMs), to: placeOf(facts, toMs), who, text });
    if (found.length === MAX_SEGMENTS) break;
  }
  return found;
}

/** The markers that are shown. */
export function ticks(facts: TimelineFacts): Tick[] {
  const every = Math.ceil(facts.markers.length / MAX_TICKS);
  return facts.markers.filter((_, i) => i % every === 0).map(({ atMs, label }) => ({
    at: placeOf(facts, atMs),
    atMs,
    label,
  }));
}

/** What is said of a place: its time, the marker that it is at, and who drove. */
export function describe(
  facts: TimelineFacts,
  place: number,
  shown: { readonly ticks: readonly Tick[]; readonly segments: readonly Segment[] },
): { readonly time: string; readonly label: string; readonly drove: string } {
  let near: Tick | undefined;
  for (const tick of shown.ticks) {
    const distance = Math.abs(tick.at - place);
    if (distance <= NEAR && distance < Math.abs((near?.at ?? Infinity) - place)) near = tick;
  }
  const segment = shown.segments.findLast(({ from, to }) => from <= place && place < to);
  return {
    time: formatClock(timeAt(facts, place)),
    label: near === undefined ? "" : near.label || "Marker",
    drove: segment?.text ?? "",
  };
}

/** A time as it is read aloud. */
export function spokenTime(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1_000));
  const parts = [
    [Math.floor(total / 3_600), "hour"],
    [Math.floor(total / 60) % 60, "minute"],
    [total % 60, "second"],
  ] as const;
  const said = parts.filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}${count === 1 ? "" : "s"}`);
  return said.join(" ") || "0 seconds";
}
