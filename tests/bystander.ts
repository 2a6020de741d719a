/**
 * What a host and its people go through while somebody attacks: memory and time of its process, and how long an echo takes.
 *
 * @module
 */
import type { HeadlessHost } from "./harness.ts";
import { Guest, until } from "./people.ts";

/** How much more memory a host may take for what is done here. */
export const MEMORY_MB = 150;
/** How long bob may wait for an echo meanwhile, on a busy machine. */
export const ECHO_MS = 10_000;
/** Units of CPU time in /proc. */
const TICKS_A_SECOND = 100;

/** A host's resident memory, in megabytes. */
export function memoryMb({ pid }: HeadlessHost): number {
  return Number(/VmRSS:\s+(\d+)/.exec(Deno.readTextFileSync(`/proc/${pid}/status`))![1]) / 1_024;
}

/** The most memory that a host has ever had, in megabytes. */
export function peakMemoryMb({ pid }: HeadlessHost): number {
  return Number(/VmHWM:\s+(\d+)/.exec(Deno.readTextFileSync(`/proc/${pid}/status`))![1]) / 1_024;
}

/** The CPU time that a host has used, in seconds. */
export function cpuSeconds({ pid }: HeadlessHost): number {
  const fields = Deno.readTextFileSync(`/proc/${pid}/stat`).replace(/^.*\) /, "").split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}

/** How many files and sockets a host has open. */
export function openFiles({ pid }: HeadlessHost): number {
  return [...Deno.readDirSync(`/proc/${pid}/fd`)].length;
}

/** Bob, who types and sees it, whatever others do. */
export class Bystander implements Disposable {
  readonly guest: Guest;
  #lines = 0;

  private constructor(link: string) {
    this.guest = new Guest(link, "bob");
  }

  static async join(link: string): Promise<Bystander> {
    const bystander = new Bystander(link);
    await until(() => bystander.guest.facts.turn.mode === "collaborative", "bob to be in");
    return bystander;
  }

  /** Milliseconds until what bob types is seen. */
  async echo(): Promise<number> {
    const text = `line-${++this.#lines}-`;
    const startMs = performance.now();
    this.guest.type(`${text}\n`);
    await this.guest.sees(text);
    return performance.now() - startMs;
  }

  /** The longest echo of those that come until something is over, at least one. */
  async echoesUntil(over: Promise<unknown>): Promise<number> {
    let isOver = false;
    over.then(() => isOver = true, () => isOver = true);
    let longest = 0;
    do longest = Math.max(longest, await this.echo()); while (!isOver);
    await over;
    return longest;
  }

  [Symbol.dispose](): void {
    this.guest.leave();
  }
}
