/**
 * What a process costs, from Linux's /proc.
 *
 * @module
 */

/** Clock ticks a second in /proc; fixed at 100 for programs on Linux. */
const TICKS = 100;

/** A moment in a process's life. */
export interface Usage {
  /** CPU time used so far, in seconds, user and system. Resolution 0.01. */
  readonly cpuSeconds: number;
  readonly rssBytes: number;
  readonly atMs: number;
}

/** What a process has used until now. */
export function usage(pid: number): Usage {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  // The name may contain spaces and brackets; the fields start after the last bracket, with field 3.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS,
    rssBytes: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1024,
    atMs: performance.now(),
  };
}

/** Cores used between two moments. */
export function cores(from: Usage, to: Usage): number {
  return (to.cpuSeconds - from.cpuSeconds) / ((to.atMs - from.atMs) / 1000);
}
