/**
 * The tools as a model is told of them. Every word is in its context for as long as it is in the session: all together
 * stay below 2,000 tokens.
 *
 * @module
 */
import { toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { CONTROL_MAX_MS, LABEL_MAX_LENGTH, NOTE_MAX_LENGTH } from "../../wire/limits.ts";

/** Most lines that `output` gives at a time. */
export const LINES_MAX = 500;
/** Longest text that `type` takes, in UTF-16 units. */
export const TYPE_MAX_LENGTH = 16_384;
/** Most keys in one `press`. */
const KEYS_MAX = 100;
/** Longest name of a key: `ctrl-alt-shift-pagedown`. */
const KEY_MAX_LENGTH = 40;
/** Longest command line. */
const COMMAND_MAX_LENGTH = 8_192;
/** Longest pattern. */
const PATTERN_MAX_LENGTH = 500;
/** Longest time that a tool waits, in seconds. */
const TIMEOUT_MAX_S = 300;
/** How long a tool waits when it is not told, in seconds: clients give up on a call after 60, unless it tells how it goes on. */
export const TIMEOUT_S = 30;

const Seconds = v.pipe(v.number(), v.minValue(0), v.maxValue(TIMEOUT_MAX_S));
const Timeout = v.optional(Seconds);
const Note = v.pipe(v.string(), v.maxLength(NOTE_MAX_LENGTH));
const ShortText = v.pipe(v.string(), v.minLength(1), v.maxLength(PATTERN_MAX_LENGTH));
const Line = v.pipe(v.number(), v.integer(), v.minValue(0));

const describe = v.description;
const Screen = v.optional(
  v.pipe(v.boolean(), describe("Also return the screen, once it is still")),
);
const OwnPane = v.optional(v.pipe(v.boolean(), describe("Your own pane: needs no control")));

/** What each tool takes. */
export const INPUTS = {
  screen: v.strictObject({ pane: OwnPane }),
  output: v.strictObject({
    from: v.optional(v.pipe(Line, describe("First line, as a fold or an earlier result names it"))),
    lines: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(LINES_MAX))),
    pane: OwnPane,
  }),
  wait: v.strictObject({
    text: v.optional(v.pipe(ShortText, describe("On the screen or in new output"))),
    pattern: v.optional(v.pipe(ShortText, describe("RE2 regular expression, for a line"))),
    prompt: v.optional(v.pipe(v.boolean(), describe("The shell waits for a command"))),
    quiet: v.optional(v.pipe(Seconds, describe("Nothing changes for so many seconds"))),
    exit: v.optional(v.pipe(v.boolean(), describe("The session's program ends"))),
    timeout: Timeout,
    pane: OwnPane,
  }),
  type: v.strictObject({
    text: v.pipe(v.string(), v.minLength(1), v.maxLength(TYPE_MAX_LENGTH)),
    screen: Screen,
    pane: OwnPane,
  }),
  press: v.strictObject({
    keys: v.pipe(
      v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(KEY_MAX_LENGTH))),
      v.minLength(1),
      v.maxLength(KEYS_MAX),
    ),
    screen: Screen,
    pane: OwnPane,
  }),
  run: v.strictObject({
    command: v.pipe(v.string(), v.minLength(1), v.maxLength(COMMAND_MAX_LENGTH)),
    timeout: Timeout,
    pane: OwnPane,
  }),
  request_control: v.strictObject({
    reason: v.pipe(Note, describe("What for, as people read it")),
    minutes: v.optional(
      v.pipe(v.number(), v.minValue(1 / 60), v.maxValue(CONTROL_MAX_MS / 60_000)),
    ),
    timeout: Timeout,
  }),
  yield_control: v.strictObject({
    note: v.optional(v.pipe(Note, describe("What was done, what is left"))),
  }),
  open_pane: v.strictObject({
    reason: v.pipe(Note, describe("What for, as people read it")),
    timeout: Timeout,
  }),
  close_pane: v.strictObject({}),
  mark: v.strictObject({
    label: v.pipe(v.string(), v.minLength(1), v.maxLength(LABEL_MAX_LENGTH)),
  }),
  participants: v.strictObject({}),
} as const;

const Notice = v.optional(
  v.pipe(v.string(), describe("What happened since your last call: control taken or given")),
);
const Status = v.pipe(v.nullable(v.number()), describe("null: unknown"));

/** What a tool answers, for programs; each is complete, as some clients show a model nothing else. */
export const OUTPUTS = {
  wait: v.object({
    notice: Notice,
    met: v.picklist(["text", "pattern", "prompt", "quiet", "exit", "timeout"]),
    line: v.optional(v.string()),
    match: v.optional(v.array(v.string())),
    status: v.optional(Status),
    seconds: v.number(),
    output: v.string(),
  }),
  run: v.object({
    notice: Notice,
    output: v.string(),
    status: Status,
    finished: v.boolean(),
    by: v.picklist(["marks", "prompt"]),
    seconds: v.number(),
    missing: v.optional(v.pipe(v.number(), describe("Lines that never came"))),
  }),
  request_control: v.object({
    notice: Notice,
    state: v.picklist(["granted", "denied", "lapsed", "pending"]),
    seconds: v.optional(v.pipe(v.number(), describe("How long you have it"))),
    note: v.optional(v.string()),
    missed: v.optional(v.string()),
  }),
  participants: v.object({
    notice: Notice,
    you: v.string(),
    mode: v.string(),
    holder: v.optional(v.string()),
    seconds: v.optional(v.number()),
    people: v.array(
      v.object({ id: v.string(), name: v.string(), type: v.string(), role: v.string() }),
    ),
  }),
} as const;

/** A tool that answers to programs too. */
type StructuredName = keyof typeof OUTPUTS;
/** What such a tool answers, without the notice. */
export type ToolOutput<Name extends StructuredName> = Omit<
  v.InferOutput<(typeof OUTPUTS)[Name]>,
  "notice"
>;

/** A tool's name. */
export type ToolName = keyof typeof INPUTS;
/** What a tool was called with. */
export type ToolInput<Name extends ToolName> = v.InferOutput<(typeof INPUTS)[Name]>;

/** What a tool does to the session: looks at it, talks about it, or types into it. */
type Effect = "look" | "speak" | "type";

const ABOUT: Readonly<Record<ToolName, readonly [effect: Effect, description: string]>> = {
  screen: [
    "look",
    "The shared terminal's screen now, as text. Best for full-screen programs (vim, less, htop).",
  ],
  output: [
    "look",
    "Output that is new since your last call, scrollback included. Long output is folded in the middle; the fold says how to get the rest.",
  ],
  wait: [
    "look",
    "Waits until one of the conditions holds, then returns new output. timeout: seconds (default 30, at most 300).",
  ],
  type: [
    "type",
    "Types text as a keyboard would; \\n is Enter. Needs control. For shell commands prefer run.",
  ],
  press: [
    "type",
    "Presses keys one after the other: enter, esc, tab, up, pagedown, f5, ctrl-c, alt-x, shift-tab. Needs control.",
  ],
  run: [
    "type",
    "Runs a command in the shell that is at its prompt: returns its output and exit status. Of very long output lines are missing: write it to a file. One that has not ended after timeout seconds (default 30) goes on. Needs control.",
  ],
  request_control: [
    "speak",
    "Asks people to let you type and waits for the answer: granted, denied, or pending (call again to wait on). Before type, press, run unless you have control.",
  ],
  yield_control: ["speak", "Gives control back. Do it as soon as you are done."],
  open_pane: [
    "speak",
    "In a session with panes (tmux): asks for one of your own, to type into while others type elsewhere. Waits as request_control does. It is a part of the same screen.",
  ],
  close_pane: ["speak", "Gives your pane up."],
  mark: ["speak", "Sets a marker in the session's recording."],
  participants: ["look", "Who is here, who you are, who has control and for how long."],
};

/** The names of all tools, in the order in which they are listed. */
export const TOOL_NAMES = Object.keys(INPUTS) as readonly ToolName[];

/** A JSON schema of an object. */
interface ObjectSchema {
  readonly type: "object";
  readonly properties: Record<string, object>;
  readonly required?: string[];
}

/** A tool, as `tools/list` has it. */
export interface ToolDefinition {
  readonly name: ToolName;
  readonly description: string;
  readonly inputSchema: ObjectSchema;
  readonly outputSchema?: ObjectSchema;
  readonly annotations: Readonly<Record<string, boolean>>;
}

/** The tools of a server; of one that only reads, those that change nothing. */
export function toolDefinitions({ readOnly }: { readonly readOnly: boolean }): ToolDefinition[] {
  return TOOL_NAMES.filter((name) => isOffered(name, readOnly)).map((name) => ({
    name,
    description: ABOUT[name][1],
    inputSchema: objectSchema(INPUTS[name]),
    ...(name in OUTPUTS && { outputSchema: objectSchema(OUTPUTS[name as StructuredName]) }),
    annotations: ANNOTATIONS[ABOUT[name][0]],
  }));
}

/** Whether a tool is there at all. */
export function isOffered(name: string, readOnly: boolean): name is ToolName {
  return Object.hasOwn(ABOUT, name) && (!readOnly || ABOUT[name as ToolName][0] === "look");
}

/** Defaults are left out: `destructiveHint` is true without `readOnlyHint`, as is `openWorldHint`. */
const ANNOTATIONS: Readonly<Record<Effect, Readonly<Record<string, boolean>>>> = {
  look: { readOnlyHint: true },
  speak: { destructiveHint: false },
  type: { destructiveHint: true },
};

/** A schema in as few words as possible: what is longer or more than it may be is told by an error. */
function objectSchema(schema: v.GenericSchema): ObjectSchema {
  const { properties, required } = toJsonSchema(schema, { errorMode: "ignore" });
  return {
    type: "object",
    properties: lean(properties ?? {}) as Record<string, object>,
    ...(required !== undefined && required.length > 0 && { required }),
  };
}

const LIMITS = new Set(["minLength", "maxLength", "minimum", "minItems", "maxItems"]);

function lean(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lean);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).filter(([key]) => !LIMITS.has(key)).map(([key, part]) => [
      key,
      lean(part),
    ]),
  );
}
