/**
 * What a program has of a session that it is in: see {@link AgentSession}.
 *
 * @module
 */
import type { TimedEvent } from "../format/events.ts";
import type { Frame } from "../format/frame.ts";
import type { Header } from "../format/header.ts";
import type { Person, PersonType } from "../format/session_data.ts";
import type { Role } from "../wire/role.ts";

/** How a program joins. */
export interface JoinOptions {
  /** What it wants to be called. */
  readonly name: string;
  /** Whether it acts by itself. Default `agent`. */
  readonly type?: PersonType;
  /** How long joining may take, the first screen included, in milliseconds. Default 15 s. */
  readonly timeoutMs?: number;
  /** Lines of output to keep for `read` and `tail`. Default 10,000. */
  readonly keepLines?: number;
  /** Files with the certificate that is shown to a host that asks for one, and with its key, in PEM. */
  readonly clientCert?: string;
  readonly clientKey?: string;
  /** Leaves the session. */
  readonly signal?: AbortSignal;
  /** Gets the stream itself, as a recording has it. */
  readonly follow?: Follower;
}

/** Follows the stream of a session. */
export interface Follower {
  /** The session was joined: once, before everything else. */
  joined(header: Header): void;
  /** What happened, in order, and what is shown after it. */
  drawn(events: readonly TimedEvent[], frame: Frame): void;
}

/** Who the program is in the session. */
export interface You {
  /** `p1`, `p2` … */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

/** The screen at one moment. */
export interface ScreenSnapshot {
  readonly cols: number;
  readonly rows: number;
  /** From top to bottom, without spaces at their ends: `rows` of them. */
  readonly lines: readonly string[];
  /** {@link lines} without the empty ones at the end, with `\n` between them. */
  readonly text: string;
  /** The cell of the cursor, from 0. */
  readonly cursor: { readonly x: number; readonly y: number; readonly visible: boolean };
  readonly title: string;
  /** Whether a program draws on the whole screen (vim, less, htop): there is no scrollback then. */
  readonly fullScreen: boolean;
  /** Whether the presenter shows nothing at the moment. */
  readonly sharingPaused: boolean;
  /** Counts up whenever something on the screen changes. */
  readonly revision: number;
  /** Session time, in milliseconds. */
  readonly atMs: number;
}

/** Characters that look alike. */
export interface StyledRun {
  readonly text: string;
  /** `#rrggbb`, or the number of a colour of the terminal's own palette; absent for the default. */
  readonly color?: string | number;
  readonly background?: string | number;
  readonly bold?: true;
  readonly dim?: true;
  readonly italic?: true;
  readonly underline?: true;
  readonly inverse?: true;
  readonly strike?: true;
  /** The target of a hyperlink. */
  readonly href?: string;
}

/**
 * A place in the output: the number of a line, counted from the session's first one. What is read from there on begins
 * with that line, also if it was read before and was not complete then.
 */
export type OutputCursor = number;

/** Lines that are missing: they were too many at once, and never came, or are too long ago. */
export interface OutputGap {
  /** They were right before this line. The lines beside a gap may be cut off. */
  readonly before: OutputCursor;
  readonly lines: number;
}

/** Some lines of the output: what has scrolled away, and what is on the screen down to the cursor. */
export interface OutputChunk {
  /** Lines as the program wrote them: one that was too wide for the screen is one. */
  readonly lines: readonly string[];
  /** {@link lines} with `\n` between them. */
  readonly text: string;
  /** The first of {@link lines}. */
  readonly from: OutputCursor;
  /** Where to read on. */
  readonly next: OutputCursor;
  /** Lines after the cursor that was given that are not there: those of {@link gaps}, and what was more than asked for. */
  readonly missing: number;
  /** Where in {@link lines} some are missing. What a program writes to a file is all there. */
  readonly gaps: readonly OutputGap[];
}

/** What finds something in a line: a `RegExp`, or anything that finds as one does (RE2, for patterns of strangers). */
export interface LinePattern {
  exec(line: string): readonly (string | undefined)[] | null;
}

/** What `waitFor` waits for. */
export type Condition =
  /** A text on the screen, or in the output since the call. */
  | { readonly text: string }
  | { readonly pattern: LinePattern }
  /** The shell waits for the next command. */
  | { readonly promptReturns: true }
  /** Nothing has changed for so many milliseconds. */
  | { readonly quiet: number }
  /** The session's command has ended. */
  | { readonly exit: true };

/** What came of `waitFor`. */
export interface Waited {
  /** The condition that holds, by its name. */
  readonly met: "text" | "pattern" | "promptReturns" | "quiet" | "exit";
  /** The line that the text or the pattern is in. */
  readonly line?: string;
  /** What the pattern matched, its groups after it. */
  readonly match?: readonly string[];
  /** The exit status of the session's command, or, with shell marks, of the last command. */
  readonly status?: number;
  readonly waitedMs: number;
}

/** How a command is run. */
export interface RunOptions {
  /** Default 60 s. */
  readonly timeoutMs?: number | undefined;
  /** Most lines of output. Default 2,000: the last ones. */
  readonly maxLines?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What came of a command. */
export interface RunResult {
  /** What it wrote, as it looks in the end; without the line that was typed and without the next prompt. */
  readonly output: string;
  /** Lines that are missing from {@link output}: those of {@link gaps}, and what was more than `maxLines`. */
  readonly missing: number;
  /** Where lines of it are missing, its first line being {@link from}. What a command writes to a file is all there. */
  readonly gaps: readonly OutputGap[];
  /** Its exit status; `undefined` where the shell does not tell it. */
  readonly status: number | undefined;
  /** Whether it has ended. */
  readonly finished: boolean;
  /** How that is known: the shell's own marks (OSC 133), or a prompt like the one before and then nothing. */
  readonly by: "marks" | "prompt";
  readonly tookMs: number;
  /** Where the output begins, for more of it. */
  readonly from: OutputCursor;
}

/** Who may type. */
export interface Holder {
  readonly mode: "presenter" | "participant" | "collaborative" | "paused";
  /** Who has control: the presenter, or who was given it. Absent when nobody or everybody has. */
  readonly person?: Person;
  /** How long they have it, in milliseconds from now; absent while it does not end by itself. */
  readonly leftMs?: number;
  /** Whether that is this program, or everybody and so this program too. */
  readonly you: boolean;
}

/** How control was given. */
export interface Grant {
  /** For how long; absent when it is until it is taken back. */
  readonly forMs?: number;
  /** What was said with it, also when that was before this program asked. */
  readonly note?: string;
  /** What was written while somebody else had control, since this program last had it (or joined). */
  readonly missed: OutputChunk;
}

/**
 * A pane of the program's own, where the session has panes (`collab host --panes`): what is typed into it goes there and
 * nowhere else, whoever has control. It is a part of the shared screen.
 */
export interface AgentPane {
  /** As tmux names it: `%3`. */
  readonly name: string;
  /** Whether it is this program's still. */
  readonly isOpen: boolean;
  /** What it shows, masked as the session is; also while the others see another window. */
  screen(): ScreenSnapshot;
  /** Its output, with line numbers of its own. See `AgentSession`. */
  tail(lines: number): OutputChunk;
  read(from: OutputCursor, options?: { readonly maxLines?: number }): OutputChunk;
  readonly end: OutputCursor;
  /** Waits for something in it. See `AgentSession.waitFor`. */
  waitFor(
    condition: Condition | readonly Condition[],
    options?: { readonly timeoutMs?: number; readonly signal?: AbortSignal },
  ): Promise<Waited>;
  /** Types characters, as `AgentSession.type` does. Throws an `AgentError`: `no-pane`, `input-paused`, `ended`. */
  type(text: string): Promise<void>;
  press(...keys: readonly string[]): Promise<void>;
  /** Runs a command in it, as `AgentSession.run` does in the session. Throws also `pane-failed`. */
  run(command: string, options?: RunOptions): Promise<RunResult>;
  /** Gives it up. */
  close(): Promise<void>;
}

/** What happened in the session. Times are session time, in milliseconds. */
export type SessionEvent =
  | { readonly kind: "join" | "leave"; readonly atMs: number; readonly person: Person }
  /** Control has changed hands, or the mode has changed. */
  | {
    readonly kind: "control";
    readonly atMs: number;
    readonly holder: Holder;
    /** Who did it, by name. */
    readonly by?: string;
    /** Why it went back to the presenter: `taken`, `yielded`, `expired`, `left`, `paused`, `mode`. */
    readonly why?: string;
    readonly note?: string;
  }
  /** Somebody asks for control, or no longer does. */
  | {
    readonly kind: "request" | "request-ended";
    readonly atMs: number;
    readonly person: Person;
    readonly note?: string;
  }
  /** This program's time is nearly over. */
  | { readonly kind: "warning"; readonly atMs: number; readonly leftMs: number }
  /** Somebody has a pane of their own, or no longer. */
  | {
    readonly kind: "pane";
    readonly atMs: number;
    readonly person: Person;
    /** Whether it is this program. */
    readonly yours: boolean;
    readonly open: boolean;
    readonly pane: string;
    /** Who did it, by name. */
    readonly by?: string;
  }
  | { readonly kind: "marker"; readonly atMs: number; readonly label: string }
  | { readonly kind: "pause" | "resume"; readonly atMs: number }
  | { readonly kind: "resize"; readonly atMs: number; readonly cols: number; readonly rows: number }
  /** The shell says where it is: OSC 133. */
  | {
    readonly kind: "shell";
    readonly atMs: number;
    readonly mark: "prompt" | "input" | "output" | "done";
    readonly status?: number;
  }
  | { readonly kind: "exit"; readonly atMs: number; readonly status: number }
  /** What the host says about something that this program did, as `input-slowed`. */
  | { readonly kind: "notice"; readonly atMs: number; readonly code: string; readonly text: string }
  /** The connection was cut, and is tried again; or is there again. */
  | { readonly kind: "cut" | "back"; readonly atMs: number }
  /** The reader of the events was slow: so many before this one were left out. */
  | { readonly kind: "missed"; readonly atMs: number; readonly count: number };

/**
 * A session that a program is in. What it sees is what every viewer sees: masked. It types nothing without control: an
 * `AgentError` says why not.
 */
export interface AgentSession extends AsyncDisposable {
  readonly you: You;
  readonly title: string;
  /** Everybody, the presenter and this program too. */
  readonly people: readonly Person[];
  readonly holder: Holder;
  readonly mode: Holder["mode"];
  /** Resolves when the session is over or the program has left; says why, as `ended`, `left`, `kicked`. */
  readonly ended: Promise<
    { readonly code: string; readonly text: string; readonly status?: number }
  >;

  /** The screen as it is now. */
  screen(): ScreenSnapshot;
  /** The rows of the screen as runs of characters that look alike. */
  styled(): readonly (readonly StyledRun[])[];
  /** The last lines of the output. */
  tail(lines: number): OutputChunk;
  /** The output from a place on, at most so many lines of it: the last ones. */
  read(from: OutputCursor, options?: { readonly maxLines?: number }): OutputChunk;
  /** Where the output ends now. */
  readonly end: OutputCursor;
  /** The output as it comes, in chunks; each line once, when it is complete. Ends with the session. */
  output(): AsyncIterableIterator<OutputChunk>;
  /** What happens from now on. Ends with the session. */
  events(): AsyncIterableIterator<SessionEvent>;
  /** Waits until one of some conditions holds. Throws an `AgentError` with the code `timeout`. Default 30 s. */
  waitFor(
    condition: Condition | readonly Condition[],
    options?: { readonly timeoutMs?: number; readonly signal?: AbortSignal },
  ): Promise<Waited>;

  /** Types characters; `\n` is the enter key. Resolves when the host has them all, in its order. */
  type(text: string): Promise<void>;
  /** Presses keys: `ctrl-c`, `up`, `enter`, `f5`, `alt-x`, `shift-tab`. */
  press(...keys: readonly string[]): Promise<void>;
  /** Pastes a text as one. `held`: the presenter is asked first; that it was dropped is told by an event. */
  paste(text: string): Promise<{ readonly held: boolean }>;
  /** Types a line and waits for the command to end. A command that has not after `timeoutMs` goes on: `finished` is false. */
  run(command: string, options?: RunOptions): Promise<RunResult>;

  /**
   * Asks for control; resolves when it was given, at once when this program has it already. Throws an `AgentError`:
   * `control-denied`, `control-lapsed`, `control-lost` (it was given, and taken again at once), `role-forbids`, `read-only`,
   * `queue-full`, `timeout`, `ended`.
   */
  requestControl(options?: {
    readonly reason?: string;
    readonly forMs?: number;
    readonly timeoutMs?: number;
    readonly signal?: AbortSignal;
  }): Promise<Grant>;
  /** Gives control back, with a word to the presenter. */
  yieldControl(options?: { readonly note?: string }): Promise<void>;
  /** This program's own pane, while it has one. */
  readonly pane: AgentPane | undefined;
  /**
   * Asks for a pane of its own; resolves when it is there, at once when it is already. Throws an `AgentError`: `no-panes`,
   * `pane-failed`, and what `requestControl` does.
   */
  openPane(options?: {
    readonly reason?: string;
    readonly timeoutMs?: number;
    readonly signal?: AbortSignal;
  }): Promise<AgentPane>;
  /** Points at a cell of the screen, from 0; without one, no longer. */
  point(at?: { readonly x: number; readonly y: number }): void;
  /** Sets a marker in the recording. */
  mark(label: string): Promise<void>;
  /** Leaves the session. */
  leave(): Promise<void>;
}
