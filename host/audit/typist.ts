/**
 * What somebody typed, as text, keys and pastes: the bytes that went to the program, read again.
 *
 * @module
 */
import { controlKey } from "../../viewer/key_names.ts";
import { type InputEvent, KeyParser } from "../../viewer/keys.ts";

/** A part of what was typed. */
export type Unit =
  | { readonly kind: "text"; readonly text: string }
  /** A key that types no character, by its name. */
  | { readonly kind: "key"; readonly name: string }
  /** A bracketed paste, or a part of one: the beginning of its text, and how many characters it has. */
  | { readonly kind: "paste"; readonly text: string; readonly length: number }
  /** Bytes that were not looked at. */
  | { readonly kind: "flood"; readonly bytes: number };

/**
 * Bytes of one typist that are read at once, and each second: more than `host/rate_limit.ts` lets a participant type,
 * so that only what a program types for the presenter is ever left out.
 */
export const READ_BURST_BYTES = 256 * 1_024, READ_BYTES_PER_SECOND = 64 * 1_024;
/** How much of a paste is kept, so that a secret at the end of what is written is seen whole. */
export const PASTE_KEPT_BYTES = 16 * 1_024;

interface OpenPaste {
  readonly kept: Uint8Array;
  bytes: number;
  characters: number;
}

const LINE_ENDS: ReadonlySet<string> = new Set(["enter", "ctrl+j", "ctrl+c"]);

/** Whether a key ends a line of input. */
export function endsLine(key: string): boolean {
  return LINE_ENDS.has(key);
}

const ESC = 0x1b;
const LENIENT = new TextDecoder();

/** Reads what one typist types. Bytes may be cut anywhere. */
export class Typist {
  #parser = new KeyParser();
  #paste: OpenPaste | undefined;
  #units: Unit[] = [];
  #budget = READ_BURST_BYTES;
  #atMs = -Infinity;
  #mouse = false;

  /**
   * The next bytes, and what they complete. `mouse` is whether the program asked for the mouse: one that did not may read
   * as text what looks like that.
   */
  read(bytes: Uint8Array, nowMs: number, mouse = false): readonly Unit[] {
    this.#mouse = mouse;
    const sinceMs = nowMs - this.#atMs;
    const { holdMs } = this.#parser;
    if (holdMs !== undefined && sinceMs >= holdMs) this.#take(this.#parser.flush());
    this.#atMs = nowMs;
    this.#budget = Math.min(
      READ_BURST_BYTES,
      this.#budget + Math.max(0, sinceMs) * READ_BYTES_PER_SECOND / 1_000,
    );
    const read = bytes.subarray(0, Math.floor(this.#budget));
    this.#budget -= read.length;
    this.#readAll(read);
    if (read.length < bytes.length) {
      this.#giveUp();
      this.#units.push({ kind: "flood", bytes: bytes.length - read.length });
    }
    return this.#taken();
  }

  /** What is held back because it could go on. A paste that is open goes on as another one. */
  flush(): readonly Unit[] {
    this.#take(this.#parser.flush());
    const open = this.#paste !== undefined;
    this.#endPaste();
    if (open) this.#paste = newPaste();
    return this.#taken();
  }

  /** Bytes are about to be missed: nothing goes on. */
  #giveUp(): void {
    this.#take(this.#parser.flush());
    this.#endPaste();
    this.#parser = new KeyParser();
  }

  #taken(): readonly Unit[] {
    const units = this.#units;
    this.#units = [];
    return units;
  }

  /** The parser makes an event of each character: it gets only what is not plain. */
  #readAll(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const byte = bytes[at]!;
      if (this.#paste !== undefined) {
        this.#take(this.#parser.feed(bytes.subarray(at)));
        return;
      }
      if (this.#parser.holdMs !== undefined || byte === ESC || byte >= 0x80) {
        this.#take(this.#parser.feed(bytes.subarray(at, at + 1)));
        at++;
        continue;
      }
      at += this.#readPlain(bytes, at);
    }
  }

  #readPlain(bytes: Uint8Array, from: number): number {
    let end = from;
    while (bytes[end]! >= 0x20 && bytes[end]! < 0x7f) end++;
    if (end > from) this.#text(LENIENT.decode(bytes.subarray(from, end)));
    else this.#units.push({ kind: "key", name: controlKey(bytes[end++]!) });
    return end - from;
  }

  #take(events: readonly InputEvent[]): void {
    for (const event of events) {
      switch (event.kind) {
        case "key":
          if (event.text !== "") this.#text(event.text);
          else this.#units.push({ kind: "key", name: event.name });
          break;
        case "paste":
          this.#takePaste(event.part, event.raw);
          break;
        case "mouse":
          if (this.#mouse) this.#units.push({ kind: "key", name: "mouse" });
          else this.#raw(event.raw);
          break;
        case "focus":
          this.#units.push({ kind: "key", name: event.focused ? "focus" : "blur" });
          break;
        case "reply":
        case "unknown":
          // A program may read as text what looks like an answer of a terminal: nothing of it is left out.
          this.#raw(event.raw);
          break;
        default:
          event satisfies never;
      }
    }
  }

  #raw(bytes: Uint8Array): void {
    for (const char of LENIENT.decode(bytes)) {
      const code = char.codePointAt(0)!;
      if (code < 0x20 || code === 0x7f) this.#units.push({ kind: "key", name: controlKey(code) });
      else this.#text(char);
    }
  }

  #text(text: string): void {
    const last = this.#units.at(-1);
    if (last?.kind === "text") {
      this.#units[this.#units.length - 1] = { ...last, text: last.text + text };
    } else this.#units.push({ kind: "text", text });
  }

  #takePaste(part: "start" | "text" | "end", raw: Uint8Array): void {
    if (part === "start") {
      this.#endPaste();
      this.#paste = newPaste();
    } else if (part === "end") this.#endPaste();
    else if (this.#paste !== undefined) {
      const { kept, bytes } = this.#paste;
      const room = raw.subarray(0, kept.length - bytes);
      kept.set(room, bytes);
      this.#paste.bytes += room.length;
      // Each character has one byte that does not continue another.
      for (const byte of raw) if ((byte & 0xc0) !== 0x80) this.#paste.characters++;
    }
  }

  #endPaste(): void {
    const paste = this.#paste;
    this.#paste = undefined;
    if (paste === undefined || paste.characters === 0) return;
    const text = LENIENT.decode(paste.kept.subarray(0, paste.bytes)).replace(/\r\n?/g, "\n");
    this.#units.push({ kind: "paste", text, length: paste.characters });
  }
}

function newPaste(): OpenPaste {
  return { kept: new Uint8Array(PASTE_KEPT_BYTES), bytes: 0, characters: 0 };
}
