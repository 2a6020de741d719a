/**
 * What a page is told of the recording that it plays, beside the recording.
 *
 * @module
 */

/** What a page is told. */
export interface ReplayInfo {
  /** What the recording is called. */
  readonly name: string;
  /** How long the recording is, decompressed. */
  readonly bytes: number;
  /** What was odd about it, one line each. */
  readonly warnings: readonly string[];
  readonly speed?: number;
  /** Default: what the recording asks for. */
  readonly idleLimitMs?: number;
  readonly atMs?: number;
}

/** The header that has the {@link ReplayInfo} as JSON, percent-encoded. */
export const INFO_HEADER = "collab-replay";
