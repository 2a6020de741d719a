/**
 * Every metric that a host serves, and where it is read: the one table. docs/METRICS.md and the dashboard are checked
 * against what it gives.
 *
 * @module
 */
import type { HistogramMeasure, Measures } from "./measures.ts";

/** Values by what the label says. */
type ByLabel = Readonly<Record<string, number>>;

/** A metric. */
export type Metric =
  & { readonly name: string; readonly help: string }
  & (
    | {
      readonly type: "counter" | "gauge";
      readonly label?: undefined;
      read(measures: Measures): number;
    }
    | {
      readonly type: "counter" | "gauge";
      /** The name of the one label. */
      readonly label: string;
      read(measures: Measures): ByLabel;
    }
    | {
      readonly type: "histogram";
      readonly label?: undefined;
      read(measures: Measures): HistogramMeasure;
    }
  );

/** Every metric, in the order in which they are served. */
export const METRICS: readonly Metric[] = [
  {
    name: "collab_active_sessions",
    help: "Sessions whose program is running",
    type: "gauge",
    read: ({ activeSessions }) => activeSessions,
  },
  {
    name: "collab_participants",
    help: "Participants who are there now, by the role of their link",
    type: "gauge",
    label: "role",
    read: ({ participants }) => participants,
  },
  {
    name: "collab_joins_total",
    help: "Participants who came, by the role of their link",
    type: "counter",
    label: "role",
    read: ({ joins }) => joins,
  },
  {
    name: "collab_rejoins_total",
    help: "Participants who came back after their connection was cut",
    type: "counter",
    read: ({ rejoins }) => rejoins,
  },
  {
    name: "collab_leaves_total",
    help: "Participants who left",
    type: "counter",
    read: ({ leaves }) => leaves,
  },
  {
    name: "collab_refusals_total",
    help: "Connections that were not let in, by reason",
    type: "counter",
    label: "reason",
    read: ({ refusals }) => refusals,
  },
  {
    name: "collab_frames_total",
    help: "Screens that were shown to others than the presenter",
    type: "counter",
    read: ({ frames }) => frames,
  },
  {
    name: "collab_deltas_total",
    help:
      "Differences of screens that were sent: to all who keep up, once for everyone, or to one who comes or comes back",
    type: "counter",
    label: "audience",
    read: ({ deltas }) => deltas,
  },
  {
    name: "collab_frames_skipped_total",
    help: "Frames that viewers on slow lines did not get, each viewer counted",
    type: "counter",
    read: ({ framesSkipped }) => framesSkipped,
  },
  {
    name: "collab_output_bytes_total",
    help: "Bytes that the shared program printed",
    type: "counter",
    read: ({ outputBytes }) => outputBytes,
  },
  {
    name: "collab_received_bytes_total",
    help: "Bytes that came from viewers",
    type: "counter",
    read: ({ receivedBytes }) => receivedBytes,
  },
  {
    name: "collab_sent_bytes_total",
    help: "Bytes that were sent to viewers",
    type: "counter",
    read: ({ sentBytes }) => sentBytes,
  },
  {
    name: "collab_saved_bytes",
    help:
      "Bytes that sending the program's own output to each viewer would have taken beyond what was sent; negative when it would have taken less",
    type: "gauge",
    read: ({ savedBytes }) => savedBytes,
  },
  {
    name: "collab_redactions_total",
    help: "Texts that were masked, by rule",
    type: "counter",
    label: "rule",
    read: ({ redactions }) => redactions,
  },
  {
    name: "collab_input_bytes_total",
    help: "Bytes that were typed into the program, by who typed: presenter, participant or agent",
    type: "counter",
    label: "kind",
    read: ({ inputBytes }) => inputBytes,
  },
  {
    name: "collab_control_handoffs_total",
    help: "How often control changed hands: granted, taken or given back, changed by a mode",
    type: "counter",
    label: "change",
    read: ({ handoffs }) => handoffs,
  },
  {
    name: "collab_queue_bytes",
    help:
      "Bytes that wait: input for the program, the recording for the disk, what was sent for viewers to paint",
    type: "gauge",
    label: "queue",
    read: ({ queueBytes }) => queueBytes,
  },
  {
    name: "collab_lagging_viewers",
    help: "Viewers that get nothing until they have caught up",
    type: "gauge",
    read: ({ laggingViewers }) => laggingViewers,
  },
  {
    name: "collab_max_viewer_lag_bytes",
    help: "Bytes that wait for the viewer that is furthest behind",
    type: "gauge",
    read: ({ maxViewerLagBytes }) => maxViewerLagBytes,
  },
  {
    name: "collab_echo_latency_seconds",
    help: "From what somebody types to the next screen that others are shown",
    type: "histogram",
    read: ({ echoLatency }) => echoLatency,
  },
  {
    name: "collab_event_loop_delay_seconds",
    help: "How much later than due the event loop came to a timer",
    type: "histogram",
    read: ({ eventLoopDelay }) => eventLoopDelay,
  },
  {
    name: "process_resident_memory_bytes",
    help: "Memory of the host's process",
    type: "gauge",
    read: ({ residentMemoryBytes }) => residentMemoryBytes,
  },
  {
    name: "process_cpu_seconds_total",
    help: "Processor time of the host's process",
    type: "counter",
    read: ({ cpuSeconds }) => cpuSeconds,
  },
  {
    name: "process_start_time_seconds",
    help: "When the host's process started, in seconds since 1970",
    type: "gauge",
    read: ({ startTimeSeconds }) => startTimeSeconds,
  },
];
