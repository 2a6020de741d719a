/**
 * The tools that change nothing: screen, output, wait, participants.
 *
 * @module
 */
import { AgentError } from "../errors.ts";
import type { Condition, Waited } from "../types.ts";
import { BRIEF, fold, FULL } from "./fold.ts";
import { compilePattern } from "./pattern.ts";
import { capital, holderText, screenText, seconds } from "./texts.ts";
import { type Answer, type Place, type ToolContext, withProgress } from "./tool_context.ts";
import { LINES_MAX, TIMEOUT_S, type ToolInput, type ToolOutput } from "./tool_list.ts";

/** The screen as it is. */
export function screen(context: ToolContext, { pane }: ToolInput<"screen">): Answer {
  return { text: screenText(context.place(pane).at.screen()) };
}

/** What is new, or the lines that were asked for. */
export function output(context: ToolContext, { from, lines, pane }: ToolInput<"output">): Answer {
  const place = context.place(pane);
  if (from === undefined && lines === undefined) {
    return { text: fold(place.reading.take(), BRIEF, place.argument) || nothingNew(place) };
  }
  return { text: linesText(place, from, lines ?? LINES_MAX) };
}

function nothingNew({ at }: Place): string {
  return at.screen().fullScreen
    ? "[nothing new: a full-screen program is running, see screen]"
    : "[nothing new]";
}

/** Some lines, and where they are among all. */
function linesText({ at, argument }: Place, from: number | undefined, most: number): string {
  const { lines, from: first, gaps } = from === undefined
    ? at.tail(most)
    : at.read(from, { maxLines: Number.MAX_SAFE_INTEGER });
  const some = lines.slice(0, most);
  if (some.length === 0) return `[no such lines: the output ends with line ${at.end}]`;
  const last = first + some.length - 1;
  const shown = { lines: some, from: first, gaps: gaps.filter(({ before }) => before <= last) };
  return `${fold(shown, FULL, argument)}\n[lines ${first} to ${last} of ${Math.max(last, at.end)}]`;
}

/** Waits for one of some conditions. */
export async function wait(context: ToolContext, input: ToolInput<"wait">): Promise<Answer> {
  const timeoutMs = (input.timeout ?? TIMEOUT_S) * 1_000;
  const conditions = conditionsOf(input);
  const { at, reading, argument } = context.place(input.pane);
  const waiting = waitFor(at, conditions, { timeoutMs, signal: context.signal });
  const waited = await withProgress(context, timeoutMs, waiting);
  const newOutput = fold(reading.take(), BRIEF, argument);
  const { met, waitedMs, line, match, status } = waited;
  const data: ToolOutput<"wait"> = {
    met: met === "promptReturns" ? "prompt" : met,
    seconds: seconds(waitedMs),
    output: newOutput,
    ...(line !== undefined && { line }),
    ...(match !== undefined && { match: match.map((group) => group ?? "") }),
    ...(status !== undefined && { status }),
  };
  return { text: [waitedText(data), newOutput].filter((part) => part !== "").join("\n"), data };
}

function conditionsOf(input: ToolInput<"wait">): Condition[] {
  const conditions: Condition[] = [
    ...(input.text === undefined ? [] : [{ text: input.text }]),
    ...(input.pattern === undefined ? [] : [{ pattern: compilePattern(input.pattern) }]),
    ...(input.prompt === true ? [{ promptReturns: true } as const] : []),
    ...(input.quiet === undefined ? [] : [{ quiet: input.quiet * 1_000 }]),
    ...(input.exit === true ? [{ exit: true } as const] : []),
  ];
  if (conditions.length > 0) return conditions;
  throw new AgentError(
    "bad-options",
    "Cannot wait for nothing: give text, pattern, prompt, quiet or exit",
  );
}

type Outcome = Omit<Waited, "met"> & { readonly met: Waited["met"] | "timeout" };

async function waitFor(
  at: Place["at"],
  conditions: readonly Condition[],
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Outcome> {
  try {
    return await at.waitFor(conditions, { timeoutMs, signal });
  } catch (error) {
    if (!(error instanceof AgentError) || error.code !== "timeout") throw error;
    return { met: "timeout", waitedMs: timeoutMs };
  }
}

function waitedText({ met, seconds: took, line, status }: ToolOutput<"wait">): string {
  if (met === "timeout") return `[timeout: not yet, after ${took} s]`;
  const where = line === undefined ? "" : `: ${line}`;
  const exit = status === undefined || status === null ? "" : `, exit status ${status}`;
  return `[${met} after ${took} s${exit}${where}]`;
}

/** Who is here. */
export function participants({ session }: ToolContext): Answer {
  const { you, people, holder, mode } = session;
  const data: ToolOutput<"participants"> = {
    you: you.id,
    mode,
    ...(holder.person !== undefined && { holder: holder.person.id }),
    ...(holder.leftMs !== undefined && { seconds: seconds(holder.leftMs) }),
    people: people.map(({ id, name, type, role }) => ({ id, name, type, role })),
  };
  const lines = data.people.map(({ id, name, type, role }) =>
    `- ${name} (${id}, ${type === "agent" ? "agent, " : ""}${role})${id === you.id ? ": you" : ""}`
  );
  return { text: [`${capital(holderText(holder))}.`, ...lines].join("\n"), data };
}
