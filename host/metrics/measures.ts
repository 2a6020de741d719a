/**
 * What a host measures, as one object: `collab ctl status --json` shows it, and every metric is read from it.
 *
 * @module
 */
import * as v from "valibot";

const Count = v.number();

/** Who types: the presenter, a person who takes part, a program that does. */
export const TYPISTS = ["presenter", "participant", "agent"] as const;
/** One of {@link TYPISTS}. */
export type Typist = typeof TYPISTS[number];

/** How control changes hands. */
export const HANDOFFS = ["grant", "revoke", "mode"] as const;
/** One of {@link HANDOFFS}. */
export type Handoff = typeof HANDOFFS[number];

/** How often something took how long. */
const HistogramMeasure = v.object({
  count: Count,
  sumSeconds: Count,
  /** How many took at most `le` seconds, ascending; `count` is also of those that took longer. */
  buckets: v.array(v.object({ le: v.number(), count: Count })),
});
/** How often something took how long. */
export type HistogramMeasure = v.InferOutput<typeof HistogramMeasure>;

const ByRole = v.object({ view: Count, control: Count, agent: Count, admin: Count });
const ByName = v.record(v.string(), Count);

/** What is measured of a session. Counts are since its start, sizes in bytes. */
export const SessionMeasures = v.object({
  /** 1 while the session's program runs. */
  activeSessions: Count,
  /** Who is there now, by role. */
  participants: ByRole,
  /** Who came, by role. */
  joins: ByRole,
  /** Participants that came back after their connection was cut. */
  rejoins: Count,
  leaves: Count,
  /** Who was not let in, by the reason's code. */
  refusals: ByName,
  /** Screens that were shown to others. */
  frames: Count,
  /** Differences of screens that were sent: to all who keep up, once for everyone; to one who comes, or comes back. */
  deltas: v.object({ all: Count, one: Count }),
  /** Frames that viewers on slow lines did not get, each viewer counted. */
  framesSkipped: Count,
  /** What the program printed. */
  outputBytes: Count,
  /** What came from viewers, and was sent to them. */
  receivedBytes: Count,
  sentBytes: Count,
  /** What the program's own output, sent to each viewer, would have taken beyond what was sent; below 0 when less. */
  savedBytes: v.number(),
  /** What was masked, by the name of the rule. */
  redactions: ByName,
  /** What was typed into the program, by who did. */
  inputBytes: v.object({ presenter: Count, participant: Count, agent: Count }),
  /** How often control changed hands. */
  handoffs: v.object({ grant: Count, revoke: Count, mode: Count }),
  /** What waits: for the program to read it, for the disk, for viewers to have painted it. */
  queueBytes: v.object({ input: Count, recording: Count, viewers: Count }),
  /** Viewers that get nothing until they have caught up, and what waits for the one that is furthest behind. */
  laggingViewers: Count,
  maxViewerLagBytes: Count,
  /** From what somebody types to the next screen that others are shown. */
  echoLatency: HistogramMeasure,
});
/** What is measured of a session. */
export type SessionMeasures = v.InferOutput<typeof SessionMeasures>;

/** What is measured of the host's process. */
export const ProcessMeasures = v.object({
  /** How much later than due the event loop came to something. */
  eventLoopDelay: HistogramMeasure,
  residentMemoryBytes: Count,
  cpuSeconds: Count,
  /** Seconds since 1970. */
  startTimeSeconds: Count,
});
/** What is measured of the host's process. */
export type ProcessMeasures = v.InferOutput<typeof ProcessMeasures>;

/** All that is measured. */
export const Measures = v.object({ ...SessionMeasures.entries, ...ProcessMeasures.entries });
/** All that is measured. */
export type Measures = v.InferOutput<typeof Measures>;
