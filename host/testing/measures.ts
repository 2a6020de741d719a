/**
 * Measures for tests, no two of which are the same number.
 *
 * @module
 */
import type { HistogramMeasure, Measures } from "../metrics/measures.ts";

/** Everything that can be measured, with labels that need care. */
export function someMeasures(): Measures {
  let next = 100;
  const number = (): number => ++next;
  const histogram = (): HistogramMeasure => ({
    count: 3,
    sumSeconds: number(),
    buckets: [{ le: 0.001, count: 1 }, { le: 0.25, count: 2 }],
  });
  const byRole = (): Measures["joins"] => ({
    view: number(),
    control: number(),
    agent: number(),
    admin: number(),
  });
  return {
    activeSessions: number(),
    participants: byRole(),
    joins: byRole(),
    rejoins: number(),
    leaves: number(),
    refusals: { "token-invalid": number(), "token-expired": number() },
    frames: number(),
    deltas: { all: number(), one: number() },
    framesSkipped: number(),
    outputBytes: number(),
    receivedBytes: number(),
    sentBytes: number(),
    savedBytes: -number(),
    redactions: { "aws-key": number(), 'my "own"\\rule\n': number() },
    inputBytes: { presenter: number(), participant: number(), agent: number() },
    handoffs: { grant: number(), revoke: number(), mode: number() },
    queueBytes: { input: number(), recording: number(), viewers: number() },
    laggingViewers: number(),
    maxViewerLagBytes: number(),
    echoLatency: histogram(),
    eventLoopDelay: histogram(),
    residentMemoryBytes: number(),
    cpuSeconds: number(),
    startTimeSeconds: number(),
  };
}
