/**
 * What a tmux client in control mode (`tmux -C`) prints, line by line: replies to commands, in blocks, and
 * notifications. Pure. See CONTROL MODE in tmux(1).
 *
 * @module
 */

/** Something that tmux said. */
export type ControlEvent =
  /** A command's outcome. */
  | {
    readonly kind: "reply";
    /** Whether this client had sent the command: attaching itself is answered too. */
    readonly own: boolean;
    readonly ok: boolean;
    /** Its output, or what was wrong; no more than {@link REPLY_MAX_BYTES} of it. */
    readonly lines: readonly string[];
  }
  /** What a pane's program wrote, where the client asks for that. */
  | { readonly kind: "output"; readonly pane: string; readonly bytes: Uint8Array }
  /** Something has happened: `layout-change`, `window-close`, `exit` … */
  | { readonly kind: "notification"; readonly name: string; readonly text: string };

/** Longest line that is kept; of a longer one, the beginning. */
export const LINE_MAX_BYTES = 64 * 1_024;
/** Most output of one command that is kept. */
export const REPLY_MAX_BYTES = 1 << 20;

const NEWLINE = 0x0a, SPACE = 0x20, BACKSLASH = 0x5c;
/** Begins what a pane's program wrote: `%output %3 …`. */
const OUTPUT = new TextEncoder().encode("%output ");
/** Set in the flags of a block when the command came from this client. */
const OWN = 1;

interface Block {
  /** What follows `%end` or `%error` at its end: time, number, flags. Output that looks like an end says others. */
  readonly guard: string;
  readonly own: boolean;
  readonly lines: string[];
  bytes: number;
}

/** Reads what a control mode client prints. Bounded, whatever comes. */
export class ControlParser {
  readonly #decoder = new TextDecoder();
  #line: Uint8Array[] = [];
  #lineBytes = 0;
  #block: Block | undefined;

  /** Takes what was printed, however it is cut. */
  feed(bytes: Uint8Array): ControlEvent[] {
    const events: ControlEvent[] = [];
    for (let at = 0; at < bytes.length;) {
      const end = bytes.indexOf(NEWLINE, at);
      this.#keep(bytes.subarray(at, end < 0 ? bytes.length : end));
      if (end < 0) break;
      at = end + 1;
      const event = this.#take(this.#flush());
      if (event !== undefined) events.push(event);
    }
    return events;
  }

  #keep(piece: Uint8Array): void {
    const room = LINE_MAX_BYTES - this.#lineBytes;
    if (room <= 0 || piece.length === 0) return;
    // A copy: the reader's buffer is used again.
    const kept = piece.slice(0, room);
    this.#line.push(kept);
    this.#lineBytes += kept.length;
  }

  #flush(): Uint8Array {
    const line = new Uint8Array(this.#lineBytes);
    let at = 0;
    for (const piece of this.#line) {
      line.set(piece, at);
      at += piece.length;
    }
    this.#line = [];
    this.#lineBytes = 0;
    return line;
  }

  #take(bytes: Uint8Array): ControlEvent | undefined {
    const block = this.#block;
    // A character may be cut in two here: they stay bytes.
    if (block === undefined && OUTPUT.every((byte, i) => bytes[i] === byte)) {
      return this.#output(bytes);
    }
    const line = this.#decoder.decode(bytes).replace(/\r$/, "");
    if (block !== undefined) return this.#inBlock(block, line);
    const [, name, text = ""] = /^%([a-z-]+)(?: (.*))?$/s.exec(line) ?? [];
    if (name === undefined) return undefined;
    if (name !== "begin") return { kind: "notification", name, text };
    const flags = Number(text.split(" ")[2] ?? 0);
    this.#block = { guard: text, own: (flags & OWN) !== 0, lines: [], bytes: 0 };
    return undefined;
  }

  #output(line: Uint8Array): ControlEvent | undefined {
    const end = line.indexOf(SPACE, OUTPUT.length);
    if (end < 0) return undefined;
    const pane = this.#decoder.decode(line.subarray(OUTPUT.length, end));
    return { kind: "output", pane, bytes: unescape(line.subarray(end + 1)) };
  }

  #inBlock(block: Block, line: string): ControlEvent | undefined {
    const ok = line === `%end ${block.guard}`;
    if (ok || line === `%error ${block.guard}`) {
      this.#block = undefined;
      return { kind: "reply", own: block.own, ok, lines: block.lines };
    }
    block.bytes += line.length;
    if (block.bytes <= REPLY_MAX_BYTES) block.lines.push(line);
    return undefined;
  }
}

/** Bytes as they were before tmux wrote control characters and backslashes as three octal digits. In place. */
function unescape(bytes: Uint8Array): Uint8Array {
  let to = 0;
  for (let at = 0; at < bytes.length; at++) {
    let byte = bytes[at]!;
    if (byte === BACKSLASH && at + 3 < bytes.length) {
      byte = (bytes[at + 1]! & 7) << 6 | (bytes[at + 2]! & 7) << 3 | bytes[at + 3]! & 7;
      at += 3;
    }
    bytes[to++] = byte;
  }
  return bytes.subarray(0, to);
}
