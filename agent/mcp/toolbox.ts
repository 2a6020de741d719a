/**
 * The tools as one client has them: what it has read, what it was told, and what comes of a call.
 *
 * @module
 */
import type { CallToolResult } from "./sdk.ts";
import * as v from "valibot";
import { CollabError } from "../../format/errors.ts";
import { AgentError } from "../errors.ts";
import type { AgentPane, AgentSession } from "../types.ts";
import * as act from "./act_tools.ts";
import * as ask from "./ask_tools.ts";
import { fold, MISSED } from "./fold.ts";
import * as look from "./look_tools.ts";
import { hear, knowControl, type News, NO_NEWS, setMark, told } from "./news.ts";
import { Reading } from "./reading.ts";
import type { Room } from "./room.ts";
import { errorText } from "./texts.ts";
import type { Answer, Place, ToolContext } from "./tool_context.ts";
import { INPUTS, isOffered, OUTPUTS, type ToolName } from "./tool_list.ts";

/** What belongs to one call. */
export type CallContext = Pick<ToolContext, "signal" | "progress">;

/** The tools of one client. */
export class Toolbox implements Disposable {
  readonly #room: Room;
  readonly #readOnly: boolean;
  readonly #deafen: () => void;
  #news: News = NO_NEWS;
  #session: AgentSession | undefined;
  #reading: Reading | undefined;
  /** What was read of the pane of one's own. */
  #paneRead: { readonly pane: AgentPane; readonly reading: Reading } | undefined;

  constructor(room: Room, { readOnly }: { readonly readOnly: boolean }) {
    this.#room = room;
    this.#readOnly = readOnly;
    this.#deafen = room.listen({
      joined: (session) => this.#enter(session),
      heard: (event) => this.#news = hear(this.#news, event),
    });
  }

  /** Calls a tool. What goes wrong is an answer too: it says what to do. */
  async call(name: string, args: unknown, call: CallContext): Promise<CallToolResult> {
    const notices: string[] = [];
    try {
      if (!isOffered(name, this.#readOnly)) throw notOffered(name, this.#readOnly);
      const input = checked(name, args);
      const session = await this.#room.session();
      const context = this.#context(session, call);
      notices.push(...this.#takeNews(context.reading));
      const answer = await runTool(name, context, input);
      notices.push(...this.#takeNews(context.reading));
      return result(name, answer, notices);
    } catch (error) {
      if (!(error instanceof CollabError)) throw error;
      if (this.#reading !== undefined) notices.push(...this.#takeNews(this.#reading));
      return { content: texts(notices, errorText(error)), isError: true };
    }
  }

  [Symbol.dispose](): void {
    this.#deafen();
  }

  #enter(session: AgentSession): void {
    const again = this.#session !== undefined;
    this.#session = session;
    this.#reading = new Reading(session);
    const news = session.holder.you ? knowControl(NO_NEWS) : NO_NEWS;
    this.#news = again
      ? { ...news, lines: ["The session was joined again: lines are counted anew."] }
      : news;
  }

  #context(session: AgentSession, call: CallContext): ToolContext {
    if (this.#session !== session || this.#reading === undefined) this.#enter(session);
    const reading = this.#reading!;
    return {
      ...call,
      session,
      reading,
      place: (own) => own === true ? this.#pane(session) : { at: session, reading, argument: "" },
      asking: this.#room.asking,
      learnControl: (): string | undefined => {
        const missed = this.#news.missed ? missedText(reading) : undefined;
        this.#news = { ...knowControl(this.#news), lines: [] };
        return missed;
      },
      setMark: (label): void => void (this.#news = setMark(this.#news, label)),
    };
  }

  #pane({ pane }: AgentSession): Place {
    if (pane === undefined) {
      throw new AgentError(
        "no-pane",
        "You have no pane of your own, or it was closed: call open_pane",
      );
    }
    if (this.#paneRead?.pane !== pane) this.#paneRead = { pane, reading: new Reading(pane) };
    return { at: pane, reading: this.#paneRead.reading, argument: ", pane: true" };
  }

  /** What has happened, in lines, with what was missed where control is back. */
  #takeNews(reading: Reading): string[] {
    const { lines, regained } = this.#news;
    this.#news = told(this.#news);
    const missed = regained ? missedText(reading) : undefined;
    return missed === undefined
      ? [...lines]
      : [...lines, `Written since you last had control, and not read yet:\n${missed}`];
  }
}

function missedText(reading: Reading): string | undefined {
  const text = fold(reading.take(), MISSED);
  return text === "" ? undefined : text;
}

function notOffered(name: string, readOnly: boolean): AgentError {
  const known = Object.hasOwn(INPUTS, name);
  return new AgentError(
    "bad-options",
    known && readOnly
      ? `Cannot use ${name}: this server was started with --read-only, to look and not to act`
      : `Cannot use ${JSON.stringify(name.slice(0, 40))}: there is no such tool`,
  );
}

/** Arguments as a tool takes them. */
function checked(name: ToolName, args: unknown): unknown {
  const schema = INPUTS[name];
  const parsed = v.safeParse(schema, args ?? {});
  if (parsed.success) return parsed.output;
  const taken = Object.keys(schema.entries);
  const said = parsed.issues.slice(0, 3).map((issue) => {
    const path = v.getDotPath(issue);
    if (path === null) return issue.message;
    return issue.expected === "never"
      ? `there is no argument ${JSON.stringify(path.slice(0, 40))}`
      : `${path}: ${issue.message}`;
  });
  const takes = taken.length === 0 ? "it takes none" : `it takes ${taken.join(", ")}`;
  throw new AgentError("bad-options", `Cannot call ${name}: ${said.join("; ")}; ${takes}`);
}

async function runTool(name: ToolName, context: ToolContext, input: unknown): Promise<Answer> {
  const tool = TOOLS[name] as (context: ToolContext, input: unknown) => Answer | Promise<Answer>;
  return await tool(context, input);
}

const TOOLS = {
  screen: look.screen,
  output: look.output,
  wait: look.wait,
  type: act.type,
  press: act.press,
  run: act.run,
  request_control: ask.requestControl,
  yield_control: ask.yieldControl,
  open_pane: ask.openPane,
  close_pane: ask.closePane,
  mark: act.mark,
  participants: look.participants,
} as const satisfies Record<ToolName, unknown>;

function result(
  name: ToolName,
  { text, data }: Answer,
  notices: readonly string[],
): CallToolResult {
  const notice = notices.length === 0 ? {} : { notice: notices.join("\n") };
  return {
    content: texts(notices, text),
    ...(name in OUTPUTS && { structuredContent: { ...notice, ...data } }),
  };
}

/** The answer, and before it what else has to be known. */
function texts(notices: readonly string[], text: string): { type: "text"; text: string }[] {
  const all = notices.length === 0 ? [text] : [`[notice] ${notices.join("\n")}`, text];
  return all.map((part) => ({ type: "text", text: part }));
}
