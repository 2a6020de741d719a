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
  /** Something has happened: `layout-change`, `window-close`, `exit` … */
  | { readonly kind: "notification"; readonly name: string; readonly text: string };

/** Longest line that is kept; of a longer one, the beginning. */
export const LINE_MAX_BYTES = 64 * 1_024;
/** Most output of one command that is kept. */
export const REPLY_MAX_BYTES = 1 << 20;

const NEWLINE = 0x0a;
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

  #flush(): string {
    const line = new Uint8Array(this.#lineBytes);
    let at = 0;
    for (const piece of this.#line) {
      line.set(piece, at);
      at += piece.length;
    }
    this.#line = [];
    this.#lineBytes = 0;
    return this.#decoder.decode(line).replace(/\r$/, "");
  }

  #take(line: string): ControlEvent | undefined {
    const block = this.#block;
    if (block !== undefined) return this.#inBlock(block, line);
    const [, name, text = ""] = /^%([a-z-]+)(?: (.*))?$/s.exec(line) ?? [];
    if (name === undefined) return undefined;
    if (name !== "begin") return { kind: "notification", name, text };
    const flags = Number(text.split(" ")[2] ?? 0);
    this.#block = { guard: text, own: (flags & OWN) !== 0, lines: [], bytes: 0 };
    return undefined;
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
