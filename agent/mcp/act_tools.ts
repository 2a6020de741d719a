/**
 * The tools that type, and that talk with people about it.
 *
 * @module
 */
import { AgentError } from "../errors.ts";
import type { AgentSession, RunResult } from "../types.ts";
import { BRIEF, fold } from "./fold.ts";
import { holderText, screenText, seconds, secondsText } from "./texts.ts";
import { type Answer, type ToolContext, withProgress } from "./tool_context.ts";
import { TIMEOUT_S, type ToolInput, type ToolOutput } from "./tool_list.ts";

/** A screen that has not changed for so long is still, and it is shown by then whether it is or not. */
const STILL_MS = 150, STILL_TIMEOUT_MS = 2_000;

/** Types a text. */
export async function type(
  context: ToolContext,
  { text, screen }: ToolInput<"type">,
): Promise<Answer> {
  const from = context.session.screen().revision;
  await context.session.type(text);
  const many = text.length === 1 ? "1 character" : `${text.length} characters`;
  return screen === true ? { text: await stillScreen(context, from) } : { text: `[typed ${many}]` };
}

/** Presses keys. */
export async function press(
  context: ToolContext,
  { keys, screen }: ToolInput<"press">,
): Promise<Answer> {
  const from = context.session.screen().revision;
  await context.session.press(...keys);
  return screen === true
    ? { text: await stillScreen(context, from) }
    : { text: `[pressed ${keys.join(" ")}]` };
}

/** The screen, once what was typed has shown and nothing more happens. */
async function stillScreen({ session, signal }: ToolContext, from: number): Promise<string> {
  const end = performance.now() + STILL_TIMEOUT_MS;
  do {
    const timeoutMs = Math.max(1, end - performance.now());
    await quiet(session, timeoutMs, signal);
  } while (session.screen().revision === from && performance.now() < end - STILL_MS);
  return screenText(session.screen());
}

async function quiet(session: AgentSession, timeoutMs: number, signal: AbortSignal): Promise<void> {
  try {
    await session.waitFor({ quiet: STILL_MS }, { timeoutMs, signal });
  } catch (error) {
    if (!(error instanceof AgentError) || error.code !== "timeout") throw error;
  }
}

/** Runs a command. */
export async function run(
  context: ToolContext,
  { command, timeout = TIMEOUT_S }: ToolInput<"run">,
): Promise<Answer> {
  const { session, reading, signal } = context;
  const before = reading.take();
  const unread = before.lines.length - 1; // the last one is the prompt
  const timeoutMs = timeout * 1_000;
  const result = await withProgress(
    context,
    timeoutMs,
    session.run(command, { timeoutMs, signal, maxLines: Number.MAX_SAFE_INTEGER }),
  );
  // What it wrote is in this answer.
  reading.take();
  const lines = result.output === "" ? [] : result.output.split("\n");
  const data: ToolOutput<"run"> = {
    output: fold(lines, result.from, BRIEF),
    status: result.status ?? null,
    finished: result.finished,
    by: result.by,
    seconds: seconds(result.tookMs),
  };
  const earlier = unread < 1
    ? []
    : [`[before it, not read yet: output {from: ${before.from}, lines: ${unread}}]`];
  const shown = data.output === "" ? [] : [data.output];
  return { text: [...earlier, ...shown, endText(result)].join("\n"), data };
}

function endText({ finished, status, by, tookMs, missing }: RunResult): string {
  const gone = missing === 0 ? "" : `; ${missing} lines are gone: they were too many`;
  const took = secondsText(tookMs);
  if (!finished) {
    return `[still running after ${took}: wait {prompt: true}, or press {keys: ["ctrl-c"]}${gone}]`;
  }
  if (status !== undefined) return `[exit status ${status}, ${took}${gone}]`;
  const guess = by === "prompt" ? ": the prompt is back; for its status run echo $?" : "";
  return `[ended after ${took}${guess}${gone}]`;
}

/** Asks for control, and waits for the answer. */
export async function requestControl(
  context: ToolContext,
  { reason, minutes, timeout = TIMEOUT_S }: ToolInput<"request_control">,
): Promise<Answer> {
  const { session, asking, signal } = context;
  const timeoutMs = timeout * 1_000;
  const wish = { reason, ...(minutes !== undefined && { forMs: Math.round(minutes * 60_000) }) };
  const asked = await withProgress(
    context,
    timeoutMs,
    asking.ask(session, wish, { timeoutMs, signal }),
  );
  if (asked.kind !== "granted") return refusal(asked.kind);
  const missed = context.learnControl();
  const { forMs, note } = asked.grant;
  const data: ToolOutput<"request_control"> = {
    state: "granted",
    ...(forMs !== undefined && { seconds: seconds(forMs) }),
    ...(note !== undefined && note !== "" && { note }),
    ...(missed !== undefined && { missed }),
  };
  const said = data.note === undefined ? "" : ` They say: "${data.note}".`;
  const meanwhile = missed === undefined ? "" : `\nWritten meanwhile:\n${missed}`;
  return { text: `Granted: ${holderText(session.holder)}.${said}${meanwhile}`, data };
}

const REFUSALS = {
  denied: "Denied: people do not want it now. Do not ask again without another reason.",
  lapsed: "Lapsed: nobody answered in time, and the request is gone. Ask again later.",
  pending:
    "Pending: nobody has answered yet, and the request stays. Call request_control again to wait on.",
} as const;

function refusal(state: keyof typeof REFUSALS): Answer {
  return { text: REFUSALS[state], data: { state } };
}

/** Gives control back. */
export async function yieldControl(
  { session }: ToolContext,
  { note }: ToolInput<"yield_control">,
): Promise<Answer> {
  if (!session.holder.you) return { text: `Nothing to give back: ${holderText(session.holder)}.` };
  await session.yieldControl({ ...(note !== undefined && { note }) });
  return { text: `Given back: ${holderText(session.holder)}.` };
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
