/**
 * The lines that scrolled by while nobody was to see them.
 *
 * @module
 */

/** Ranges of absolute line numbers, in order. */
export class HiddenLines {
  readonly #ranges: { readonly from: number; to: number }[] = [];

  /** From this line on they are hidden. */
  open(from: number): void {
    const last = this.#ranges.at(-1);
    if (last !== undefined && from <= last.to) last.to = Infinity;
    else this.#ranges.push({ from, to: Infinity });
  }

  /** From this line on they may be seen again. */
  close(to: number): void {
    const last = this.#ranges.at(-1);
    if (last !== undefined) last.to = to;
  }

  /** Whether a line is hidden. */
  has(line: number): boolean {
    for (let i = this.#ranges.length - 1; i >= 0; i--) {
      const { from, to } = this.#ranges[i]!;
      if (line >= to) return false;
      if (line >= from) return true;
    }
    return false;
  }
}
