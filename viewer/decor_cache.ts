/**
 * What was drawn around a session's screen, for as long as it says the same.
 *
 * @module
 */
import type { Frame } from "../format/frame.ts";
import type { Size } from "./device.ts";
import type { Decor } from "./display.ts";

/** What a {@link Decor} was drawn for. */
export interface DecorPlace {
  /** The local terminal's size. */
  readonly size: Size;
  /** The session's screen. */
  readonly frame: Frame | undefined;
  readonly nowMs: number;
}

/** Keeps the last {@link Decor}: the way of a key does not lead through all that is told around the screen. */
export class DecorCache {
  #kept: (DecorPlace & { readonly decor: Decor; readonly staleAtMs: number }) | undefined;

  /** What was kept, when all that it tells of the screen and the time is still so. */
  get({ size, frame, nowMs }: DecorPlace): Decor | undefined {
    const kept = this.#kept;
    if (kept === undefined || nowMs >= kept.staleAtMs || kept.size !== size) return undefined;
    const before = kept.frame;
    const same = before === frame || (
      before?.title === frame?.title && before?.cols === frame?.cols &&
      before?.rows === frame?.rows && before?.modes.mouse === frame?.modes.mouse
    );
    if (!same) return undefined;
    const { decor, staleAtMs } = kept;
    return staleAtMs === Infinity ? decor : { ...decor, refreshMs: staleAtMs - nowMs };
  }

  /** Keeps what was drawn. */
  keep(decor: Decor, place: DecorPlace): Decor {
    this.#kept = { ...place, decor, staleAtMs: place.nowMs + (decor.refreshMs ?? Infinity) };
    return decor;
  }
}
