/**
 * A link that is asked for instead of standing on the command line, where everybody on the machine can read it in `ps`, and
 * the shell remembers it.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";
import { type Link, parseLink } from "../wire/link.ts";

/** A link, or `-`: it comes on standard input. */
export type LinkArgument = Link | "-";

/** Where a link is read from. */
export interface LinkInput {
  /** Whether somebody types there. */
  readonly isTerminal: boolean;
  /** `null` at its end. */
  read(buffer: Uint8Array): Promise<number | null>;
  /** Whether the terminal passes on each key as it comes, and shows none. */
  setRaw(raw: boolean): void;
  /** Says something to who types. */
  tell(text: string): void;
}

/** Longest line that is read. */
const MAX_BYTES = 8 * 1_024;
const CTRL_C = 3, CTRL_D = 4, BACKSPACE = 8, NEWLINE = 10, RETURN = 13, CTRL_U = 21, DELETE = 127;

/**
 * Reads what stands for a link on a command line.
 *
 * @throws {UsageError} `link-invalid`
 */
export function parseLinkArgument(text: string): LinkArgument {
  return text === "-" ? "-" : parseLink(text);
}

/**
 * Reads a link from the first line of standard input; on a terminal asks for it, and shows nothing of it.
 *
 * @throws {UsageError} `link-invalid`
 * @throws {CollabError} `interrupted`: somebody pressed Ctrl-C in its place
 */
export async function readLink(input: LinkInput = standardInput()): Promise<Link> {
  if (!input.isTerminal) return parseLink(await readLine(input));
  // First of all: what is typed at once is not shown either.
  input.setRaw(true);
  try {
    input.tell("Link: ");
    return parseLink(await readLine(input));
  } finally {
    input.setRaw(false);
    input.tell("\n");
  }
}

async function readLine(input: LinkInput): Promise<string> {
  const line: number[] = [];
  const buffer = new Uint8Array(1_024);
  for (;;) {
    const count = await input.read(buffer);
    if (count === null) return textOf(line);
    for (const byte of buffer.subarray(0, count)) {
      if (byte === NEWLINE || byte === RETURN) return textOf(line);
      if (input.isTerminal && edit(line, byte)) continue;
      line.push(byte);
    }
    if (line.length > MAX_BYTES) return textOf(line);
  }
}

/** Does what a key of a terminal stands for; returns whether it is one. */
function edit(line: number[], byte: number): boolean {
  switch (byte) {
    case CTRL_C:
    case CTRL_D:
      throw new CollabError("interrupted", "No link was given");
    case BACKSPACE:
    case DELETE:
      line.pop();
      return true;
    case CTRL_U:
      line.length = 0;
      return true;
    default:
      return false;
  }
}

function textOf(bytes: readonly number[]): string {
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

function standardInput(): LinkInput {
  return {
    isTerminal: Deno.stdin.isTerminal(),
    read: (buffer) => Deno.stdin.read(buffer),
    setRaw: (raw) => Deno.stdin.setRaw(raw),
    tell: (text) => void Deno.stderr.writeSync(new TextEncoder().encode(text)),
  };
}
