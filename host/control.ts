/**
 * Who may type: the one place that every byte of input passes. Pure.
 *
 * @module
 */
import type { ControlInput, ControlState, ControlStep } from "./control_state.ts";

export * from "./control_state.ts";

/**
 * One step. `nowMs` is session time and never goes back.
 */
export function step(_state: ControlState, _input: ControlInput, _nowMs: number): ControlStep {
  throw new Error("Control is not built yet");
}
