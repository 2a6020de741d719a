/**
 * What a viewer types: keys by their names, not by the bytes that its own terminal sends for them. The host makes of
 * them what the session's program expects.
 *
 * @module
 */
import * as v from "valibot";
import { PASTE_MAX_LENGTH, TEXT_MAX_LENGTH } from "./limits.ts";

const Coordinate = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff));

/** One thing that was typed. */
export const InputPart = v.variant("kind", [
  /** Characters, as a keyboard types them; `\n` is the enter key. */
  v.strictObject({
    kind: v.literal("text"),
    text: v.pipe(v.string(), v.minLength(1), v.maxLength(TEXT_MAX_LENGTH)),
  }),
  /** A key by its name, as `viewer/key_names.ts` has them: `ctrl+c`, `shift+left`, `f5`, `alt+x`. */
  v.strictObject({
    kind: v.literal("key"),
    key: v.pipe(v.string(), v.minLength(1), v.maxLength(32)),
  }),
  v.strictObject({
    kind: v.literal("paste"),
    text: v.pipe(v.string(), v.minLength(1), v.maxLength(PASTE_MAX_LENGTH)),
  }),
  /** The mouse over a cell of the session's screen, from 0. */
  v.strictObject({
    kind: v.literal("mouse"),
    action: v.picklist(["down", "up", "move", "wheel-up", "wheel-down"]),
    /** 0 left, 1 middle, 2 right; absent when none is down, and for wheels. */
    button: v.optional(v.picklist([0, 1, 2])),
    x: Coordinate,
    y: Coordinate,
    shift: v.optional(v.literal(true)),
    alt: v.optional(v.literal(true)),
    ctrl: v.optional(v.literal(true)),
  }),
]);
/** One thing that was typed. */
export type InputPart = v.InferOutput<typeof InputPart>;
