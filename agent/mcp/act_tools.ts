/**
 * The tools that type, and mark what they do.
 *
 * @module
 */
import { AgentError } from "../errors.ts";
import type { RunResult } from "../types.ts";
import { BRIEF, fold, type PlaceArgument } from "./fold.ts";
import { screenText, seconds, secondsText } from "./texts.ts";
import { type Answer, type Place, type ToolContext, withProgress } from "./tool_context.ts";
import { TIMEOUT_S, type ToolInput, type ToolOutput } from "./tool_list.ts";

/** A screen that has not changed for so long is still, and it is shown by then whether it is or not. */
const STILL_MS = 150, STILL_TIMEOUT_MS = 2_000;

/** Types a text. */
export async function type(
  context: ToolContext,
  { text, screen, pane }: ToolInput<"type">,
): Promise<Answer> {
  const { at } = context.place(pane);
  const from = at.screen().revision;
  await at.type(text);
  const many = text.length === 1 ? "1 character" : `${text.length} characters`;
  return { text: screen === true ? await stillScreen(context, at, from) : `[typed ${many}]` };
}

/** Presses keys. */
export async function press(
  context: ToolContext,
  { keys, screen, pane }: ToolInput<"press">,
): Promise<Answer> {
  const { at } = context.place(pane);
  const from = at.screen().revision;
  await at.press(...keys);
  const text = screen === true
    ? await stillScreen(context, at, from)
    : `[pressed ${keys.join(" ")}]`;
  return { text };
}

/** The screen, once what was typed has shown and nothing more happens. */
async function stillScreen(
  { signal }: ToolContext,
  at: Place["at"],
  from: number,
): Promise<string> {
  const end = performance.now() + STILL_TIMEOUT_MS;
  do {
    const timeoutMs = Math.max(1, end - performance.now());
    await quiet(at, timeoutMs, signal);
  } while (at.screen().revision === from && performance.now() < end - STILL_MS);
  return screenText(at.screen());
}

async function quiet(at: Place["at"], timeoutMs: number, signal: AbortSignal): Promise<void> {
  try {
    await at.waitFor({ quiet: STILL_MS }, { timeoutMs, signal });
  } catch (error) {
    if (!(error instanceof AgentError) || error.code !== "timeout") throw error;
  }
}

/** Runs a command. */
export async function run(
  context: ToolContext,
  { command, timeout = TIMEOUT_S, pane }: ToolInput<"run">,
): Promise<Answer> {
  const { signal } = context;
  const { at, reading, argument } = context.place(pane);
  const before = reading.peek();
  const unread = before.lines.length - 1; // the last one is the prompt
  const timeoutMs = timeout * 1_000;
  const result = await withProgress(
    context,
    timeoutMs,
    at.run(command, { timeoutMs, signal, maxLines: Number.MAX_SAFE_INTEGER }),
  );
  // What it wrote is in this answer.
  reading.take();
  const lines = result.output === "" ? [] : result.output.split("\n");
  const data: ToolOutput<"run"> = {
    output: fold({ ...result, lines }, BRIEF, argument),
    status: result.status ?? null,
    finished: result.finished,
    by: result.by,
    seconds: seconds(result.tookMs),
    ...(result.missing > 0 && { missing: result.missing }),
  };
  const earlier = unread < 1
    ? []
    : [`[before it, not read yet: output {from: ${before.from}, lines: ${unread}${argument}}]`];
  const shown = data.output === "" ? [] : [data.output];
  return { text: [...earlier, ...shown, endText(result, argument)].join("\n"), data };
}

function endText(
  { finished, status, by, tookMs, missing }: RunResult,
  where: PlaceArgument,
): string {
  const gone = missing === 0
    ? ""
    : `; ${missing} lines are missing above: to have all, write the output to a file and read parts of it`;
  const took = secondsText(tookMs);
  if (!finished) {
    return `[still running after ${took}: wait {prompt: true${where}}, or press {keys: ["ctrl-c"]${where}}${gone}]`;
  }
  if (status !== undefined) return `[exit status ${status}, ${took}${gone}]`;
  const guess = by === "prompt" ? ": the prompt is back; for its status run echo $?" : "";
  return `[ended after ${took}${guess}${gone}]`;
}

/** Sets a marker. */
export async function mark(
  context: ToolContext,
  { label }: ToolInput<"mark">,
): Promise<Answer> {
  context.setMark(label);
  await context.session.mark(label);
  return { text: "[marked]" };
}
