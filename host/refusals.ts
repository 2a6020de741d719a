/**
 * Tells of those who were not let in, without being a way to flood who is told.
 *
 * @module
 */
import type { ClosingCode } from "../wire/closing.ts";
import type { Clock } from "./clock.ts";
import type { Reporter } from "./events.ts";

/** What refusals are told to. */
export interface RefusalsOptions {
  readonly clock: Clock;
  readonly reporter: Reporter;
}

/** How long refusals are gathered after one was told. */
const GATHER_MS = 10_000;
/** Most reasons and addresses that are told apart meanwhile; of the others only the reason is told. */
const MAX_APART = 20;

interface Gathered {
  readonly code: ClosingCode;
  readonly address: string | undefined;
  count: number;
}

/** The first one is told at once; those that follow it soon, together. */
export class Refusals {
  readonly #options: RefusalsOptions;
  readonly #gathered = new Map<string, Gathered>();
  #cancel: (() => void) | undefined;

  constructor(options: RefusalsOptions) {
    this.#options = options;
  }

  /** Somebody was not let in. */
  note(code: ClosingCode, address?: string): void {
    if (this.#cancel === undefined) {
      this.#tell({ code, address, count: 1 });
      return this.#wait();
    }
    const key = `${code} ${address ?? ""}`;
    const known = this.#gathered.get(key);
    if (known !== undefined) known.count++;
    else if (this.#gathered.size < MAX_APART) this.#gathered.set(key, { code, address, count: 1 });
    else this.#noteCode(code);
  }

  /** Tells what is left to tell; nothing comes after it. */
  end(): void {
    this.#cancel?.();
    this.#tellAll();
  }

  #noteCode(code: ClosingCode): void {
    const known = this.#gathered.get(code);
    if (known !== undefined) known.count++;
    else this.#gathered.set(code, { code, address: undefined, count: 1 });
  }

  #wait(): void {
    this.#cancel = this.#options.clock.after(GATHER_MS, () => {
      this.#cancel = undefined;
      if (this.#tellAll()) this.#wait();
    });
  }

  /** Returns whether there was anything to tell. */
  #tellAll(): boolean {
    // What happened most comes last: where one line takes another's place, that one stays.
    const all = [...this.#gathered.values()].sort((a, b) => a.count - b.count);
    this.#gathered.clear();
    for (const gathered of all) this.#tell(gathered);
    return all.length > 0;
  }

  #tell({ code, address, count }: Gathered): void {
    this.#options.reporter.report({
      event: "refused",
      code,
      ...(address !== undefined && { address }),
      ...(count > 1 && { count }),
    });
  }
}
