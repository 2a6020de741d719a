/**
 * Asks the presenter's terminal for its colours: programs that ask theirs are answered with them.
 *
 * @module
 */
import { COLOR_QUERY, type Reply } from "../viewer/replies.ts";
import type { Clock } from "./clock.ts";
import { type Colors, DEFAULT_COLORS } from "./queries.ts";

/** How long the terminal may take to tell its colours; a program that asks meanwhile waits as long. */
const COLORS_MS = 300;
/** Asks for the 16 named colours. */
const PALETTE_QUERY = Array.from({ length: 16 }, (_, i) => `\x1b]4;${i};?\x1b\\`).join("");

/** A question that is settled once: by the answers, or by their absence. */
export class ColorQuestion {
  readonly #settled: (colors: Colors) => void;
  #colors: { foreground?: Colors["foreground"]; background?: Colors["background"] } = {};
  readonly #palette = new Map<number, Colors["foreground"]>();
  #known = false;
  #cancel: () => void = () => {};

  constructor(settled: (colors: Colors) => void) {
    this.#settled = settled;
  }

  /** Whether there is nothing to wait for any more. */
  get known(): boolean {
    return this.#known;
  }

  /** Asks; `rich` terminals also for their palette. */
  ask(clock: Clock, options: { readonly rich: boolean; send(query: string): void }): void {
    options.send((options.rich ? PALETTE_QUERY : "") + COLOR_QUERY);
    this.#cancel = clock.after(COLORS_MS, () => this.#settle());
  }

  /** The terminal answered something. */
  learn(reply: Reply): void {
    switch (reply.type) {
      case "color":
        if (reply.which !== "cursor") this.#colors[reply.which] = reply.rgb;
        return;
      case "palette":
        this.#palette.set(reply.index, reply.rgb);
        return;
      case "attributes":
        // Every terminal answers this one, and it was asked last.
        return this.#settle();
      case "other":
        return;
      default:
        return reply satisfies never;
    }
  }

  /** Waits no longer. */
  cancel(): void {
    this.#cancel();
  }

  #settle(): void {
    if (this.#known) return;
    this.#known = true;
    this.#cancel();
    const foreground = this.#colors.foreground ?? DEFAULT_COLORS.foreground;
    const background = this.#colors.background ?? DEFAULT_COLORS.background;
    this.#settled({ foreground, background, cursor: foreground, palette: this.#palette });
  }
}
