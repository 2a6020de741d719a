/**
 * Ways in which a program may draw a text: each is a list of what it writes, one thing after the other.
 *
 * @module
 */
import type { Way } from "./drawing.ts";
import { DRAWN_WAYS } from "./ways_drawn.ts";
import { MOVED_WAYS } from "./ways_moved.ts";

export type { Drawing, Step, Way } from "./drawing.ts";

/** All ways. */
export const WAYS: readonly Way[] = [...DRAWN_WAYS, ...MOVED_WAYS];
