/**
 * What a shell says of itself: the marks FinalTerm began (OSC 133), and VS Code's (OSC 633), which begin the same.
 *
 * @module
 */
import { isJsonObject, type JsonObject } from "./json.ts";
import { SHELL_MARK_KINDS, type ShellMark, type ShellMarkKind } from "./session_data.ts";

/** The OSC numbers under which marks come. */
export const SHELL_MARK_OSC = [133, 633] as const;

/** What a mark says, without where it was. */
export type ShellMarkSaid = Pick<ShellMark, "kind" | "status">;

const LETTERS: Readonly<Record<string, ShellMarkKind>> = {
  A: "prompt",
  B: "input",
  C: "output",
  D: "done",
};
/** Longer ones carry a command line or worse: nothing of that is wanted. */
const MAX_READ = 256;
const MAX_STATUS = 255;

/**
 * Reads what follows the number and the semicolon; `undefined` for what is no mark of these four, or the prompt of a
 * second line or of the right side.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(readShellMark("D;127"), { kind: "done", status: 127 });
 * assert.deepEqual(readShellMark("A;k=s"), undefined);
 * ```
 */
export function readShellMark(data: string): ShellMarkSaid | undefined {
  const [letter = "", ...options] = data.slice(0, MAX_READ).split(";");
  const kind = letter.length === 1 ? LETTERS[letter] : undefined;
  if (kind === undefined) return undefined;
  if (kind === "prompt" && options.some((option) => /^k=[^i]/.test(option))) return undefined;
  const status = kind === "done" && /^\d{1,3}$/.test(options[0] ?? "") ? Number(options[0]) : NaN;
  return status <= MAX_STATUS ? { kind, status } : { kind };
}

/** The mark in the data of an `h` event, checked; `undefined` for what is odd. Keys that are not known are left out. */
export function shellMarkOf(data: unknown): ShellMark | undefined {
  if (!isJsonObject(data)) return undefined;
  const { kind, status, line, x, top } = data;
  if (!isKind(kind) || !isCount(line) || !isCount(x) || !isCount(top)) return undefined;
  const hasStatus = kind === "done" && isCount(status) && status <= MAX_STATUS;
  return { kind, ...(hasStatus && { status }), line, x, top };
}

/** A mark as the data of an `h` event. */
export function shellMarkData(mark: ShellMark): JsonObject {
  return { ...mark };
}

function isKind(value: unknown): value is ShellMarkKind {
  return (SHELL_MARK_KINDS as readonly unknown[]).includes(value);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
