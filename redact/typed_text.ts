/**
 * What is typed, a few characters at a time: a secret may be spread over many events.
 *
 * @module
 */
import type { Engine } from "./engine.ts";
import { MASK } from "./masks.ts";

/** Longest line that is remembered; more of it is looked at without its beginning. */
const MAX_LINE = 4_096, KEPT = 1_024;

/** Masks typed text in the light of what was typed before it on the same line. */
export class TypedText {
  readonly #engine: Engine;
  #line = "";
  #count = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** What may be seen of what was typed. Keys keep their places. */
  add(data: string): string {
    // deno-lint-ignore no-control-regex -- keys are control characters and escape sequences
    const parts = data.split(/(\x1b(?:\[[0-9;<?]*[ -/]*[@-~]|O.|.)?|[\x00-\x1f\x7f])/);
    return parts.map((part, i) => i % 2 === 0 ? this.#text(part) : this.#key(part)).join("");
  }

  #key(key: string): string {
    if (key === "\r" || key === "\n" || key === "\x03" || key === "\x15") {
      this.#line = "";
      this.#count++;
    } else if (key === "\x7f" || key === "\b") this.#line = this.#line.slice(0, -1);
    else if (key === "\t") this.#line += " ";
    return key;
  }

  #text(text: string): string {
    if (text === "") return text;
    if (this.#line.length > MAX_LINE) this.#line = this.#line.slice(-KEPT);
    const before = this.#line.length;
    this.#line += text;
    if (!this.#engine.test(this.#line)) return text;
    const chars = text.split("");
    for (const found of this.#engine.find(this.#line, { cursorAt: this.#line.length })) {
      const { rule, start, from, to } = found;
      if (to <= before) continue;
      for (let at = Math.max(from, before); at < to; at++) chars[at - before] = MASK;
      if (found.known) continue;
      this.#engine.note(rule, this.#line.slice(from, to), `typed:${this.#count}:${start}`);
    }
    return chars.join("");
  }
}
