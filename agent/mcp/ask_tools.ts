/**
 * The tools that ask people for something, and give it back: control, and a pane of one's own.
 *
 * @module
 */
import { holderText, seconds } from "./texts.ts";
import { type Answer, type ToolContext, withProgress } from "./tool_context.ts";
import { TIMEOUT_S, type ToolInput, type ToolOutput } from "./tool_list.ts";

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
    asking.control.ask(session, {
      request: (options) => session.requestControl({ ...wish, ...options }),
      holds: () => session.holder.you,
    }, { timeoutMs, signal }),
  );
  if (asked.kind !== "granted") return refusal(asked.kind, "request_control");
  const missed = context.learnControl();
  const { forMs, note } = asked.value;
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

/** Gives control back. */
export async function yieldControl(
  { session }: ToolContext,
  { note }: ToolInput<"yield_control">,
): Promise<Answer> {
  if (!session.holder.you) return { text: `Nothing to give back: ${holderText(session.holder)}.` };
  await session.yieldControl({ ...(note !== undefined && { note }) });
  return { text: `Given back: ${holderText(session.holder)}.` };
}

/** Asks for a pane of one's own, and waits for it. */
export async function openPane(
  context: ToolContext,
  { reason, timeout = TIMEOUT_S }: ToolInput<"open_pane">,
): Promise<Answer> {
  const { session, asking, signal } = context;
  const timeoutMs = timeout * 1_000;
  const asked = await withProgress(
    context,
    timeoutMs,
    asking.pane.ask(session, {
      request: (options) => session.openPane({ reason, ...options }),
      holds: () => session.pane !== undefined,
    }, { timeoutMs, signal }),
  );
  if (asked.kind !== "granted") return refusal(asked.kind, "open_pane");
  return {
    text:
      `You have a pane: ${asked.value.name}, on the same screen. Use run, type, press, output, wait, screen with pane: true.`,
  };
}

/** Gives the pane up. */
export async function closePane({ session }: ToolContext): Promise<Answer> {
  const { pane } = session;
  if (pane === undefined) return { text: "You have no pane." };
  await pane.close();
  return { text: "[given up]" };
}

const REFUSALS = {
  denied: "Denied: people do not want it now. Do not ask again without another reason.",
  lapsed: "Lapsed: nobody answered in time, and the request is gone. Ask again later.",
  pending: "Pending: nobody has answered yet, and the request stays.",
} as const;

function refusal(
  state: keyof typeof REFUSALS,
  tool: "request_control" | "open_pane",
): Answer {
  const more = state === "pending" ? ` Call ${tool} again to wait on.` : "";
  return { text: `${REFUSALS[state]}${more}`, data: { state } };
}
