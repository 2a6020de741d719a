/**
 * Running a command in the session's shell.
 *
 * @module
 */
import type { InputPart } from "../wire/input.ts";
import { endsUnfinished, lineAfterEcho } from "./command_echo.ts";
import { AgentError } from "./errors.ts";
import type { Moment, PlacedMark } from "./feed.ts";
import type { OutputPosition } from "./output_log.ts";
import { textParts } from "./text_pieces.ts";
import type { OutputChunk, RunOptions, RunResult } from "./types.ts";
import { type Look, type WaitRoom, waitUntil } from "./waiting.ts";

/** What running needs of a session. */
export interface RunRoom extends WaitRoom {
  /** Why nobody waits for a command any more, which goes on. */
  interrupted(): AgentError | undefined;
  type(messages: readonly (readonly InputPart[])[]): Promise<unknown>;
  onMoment(listener: (moment: Moment) => void): () => void;
}

const RUN_MS = 60_000;
const MAX_LINES = 2_000;
/** Several lines are several commands, and one may run none: the last has ended when no other begins for so long. */
const NEXT_COMMAND_MS = 150;

/** Types a command and waits for its end. */
export async function runCommand(
  room: RunRoom,
  command: string,
  options: RunOptions,
): Promise<RunResult> {
  const { timeoutMs = RUN_MS, maxLines = MAX_LINES, signal } = options;
  const startMs = room.clock.now();
  const run = new Run(room, command);
  const unlisten = room.onMoment((moment) => moment.mark && run.marked(moment.mark));
  try {
    await room.type(textParts(`${command}\n`)).catch((error) => {
      // The shell may have ended before the host could say that it has taken the line.
      if (room.exitStatus() === undefined) throw error;
    });
    const finished = await waitUntil(room, () => run.look(), {
      timeoutMs,
      signal,
      late: () => new AgentError("timeout", "The command goes on"),
    }).catch((error) => {
      if (error instanceof AgentError && error.code === "timeout") return false;
      throw error;
    });
    const { output, status, by } = run.result(finished, maxLines);
    return {
      output: output.text,
      missing: output.missing,
      gaps: output.gaps,
      status,
      finished,
      by,
      tookMs: room.clock.now() - startMs,
      from: output.from,
    };
  } finally {
    unlisten();
  }
}

/** A command that runs. */
class Run {
  readonly #room: RunRoom;
  readonly #command: string;
  readonly #typedLine: number;
  readonly #prompt: string;
  #began: OutputPosition | undefined;
  #done: PlacedMark | undefined;
  #prompted: PlacedMark | undefined;
  #promptedMs = 0;

  constructor(room: RunRoom, command: string) {
    this.#room = room;
    this.#command = command;
    this.#typedLine = room.feed.log.end;
    this.#prompt = room.shell.beforeCursor() ?? "";
  }

  marked(mark: PlacedMark): void {
    if (!this.#room.shell.isNew(mark)) return;
    switch (mark.kind) {
      case "output":
        this.#began ??= mark.at;
        this.#prompted = undefined;
        return;
      case "done":
        this.#done = mark;
        return;
      case "input":
        if (this.#prompted === undefined && this.#room.shell.marksPrompts) return;
        this.#prompted ??= mark;
        this.#promptedMs = this.#room.clock.now();
        return;
      case "prompt":
        this.#prompted ??= mark;
        this.#promptedMs = this.#room.clock.now();
        return;
      default:
        mark.kind satisfies never;
    }
  }

  look(): Look<boolean> {
    const room = this.#room;
    const over = room.over();
    if (over !== undefined) {
      if (room.exitStatus() !== undefined) return { kind: "met", value: true };
      throw over;
    }
    const interruption = room.interrupted();
    if (interruption !== undefined) throw interruption;
    if (room.shell.hasMarks) return this.#lookForMarks();
    const at = room.shell.atPrompt(room.clock.now());
    return at.kind === "yes" ? { kind: "met", value: true } : at;
  }

  #lookForMarks(): Look<boolean> {
    if (this.#prompted === undefined) return { kind: "no" };
    // Prompts are drawn anew too, as when the terminal gets another size: the command may still be to come.
    const isOver = this.#began !== undefined && !this.#command.includes("\n");
    if (isOver) return { kind: "met", value: true };
    const inMs = this.#promptedMs + NEXT_COMMAND_MS - this.#room.clock.now();
    return inMs <= 0 ? { kind: "met", value: true } : { kind: "later", inMs };
  }

  result(
    finished: boolean,
    maxLines: number,
  ): Pick<RunResult, "status" | "by"> & { readonly output: OutputChunk } {
    const { feed, shell } = this.#room;
    const exit = this.#room.exitStatus() ?? undefined;
    if (shell.hasMarks) {
      const from = this.#began ?? { line: this.#firstLine(), offset: 0 };
      const end = this.#done?.at ?? this.#prompted?.at;
      const to = finished && end !== undefined ? end : this.#now();
      return {
        output: this.#written(feed.log.between(from, to, maxLines)),
        status: exit ?? (finished ? this.#done?.status : undefined),
        by: "marks",
      };
    }
    const from = { line: this.#firstLine(), offset: 0 };
    const to = finished && exit === undefined ? this.#beforePrompt() : this.#now();
    const output = this.#written(feed.log.between(from, to, maxLines));
    return { output, status: exit, by: "prompt" };
  }

  /** Output without what the shell says of its last line. */
  #written(output: OutputChunk): OutputChunk {
    const { frame } = this.#room.feed, last = output.lines.at(-1);
    if (frame === undefined || last === undefined) return output;
    if (!endsUnfinished(last, frame.lines.slice(0, frame.cursor.y + 1))) return output;
    const lines = [...output.lines.slice(0, -1), last.slice(0, -1)];
    return { ...output, lines, text: lines.join("\n") };
  }

  /** The line after those that were typed. */
  #firstLine(): number {
    const { log } = this.#room.feed;
    return lineAfterEcho((line) => log.line(line), this.#typedLine, this.#prompt, this.#command);
  }

  /** Where the output is now. */
  #now(): OutputPosition {
    const { log } = this.#room.feed;
    return { line: log.end, offset: Infinity };
  }

  /** Where the prompt begins that has come back: what was written without a line break stands before it. */
  #beforePrompt(): OutputPosition {
    const { feed, shell } = this.#room;
    const text = shell.beforeCursor() ?? "";
    const prompt = shell.learned ?? this.#prompt;
    const offset = prompt !== "" && text.endsWith(prompt) ? text.length - prompt.length : 0;
    return { line: feed.log.end, offset };
  }
}
