/**
 * What the session's terminal answers when a program asks: the emulator's own answers, and colours.
 *
 * @module
 */
import { paletteRgb } from "../viewer/colors.ts";
import type { Rgb } from "../viewer/replies.ts";

/** The colours a program is told. */
export interface Colors {
  readonly foreground: Rgb;
  readonly background: Rgb;
  readonly cursor: Rgb;
  /** Those of the 256 that are known; the rest are xterm's. */
  readonly palette: ReadonlyMap<number, Rgb>;
}

/** Light on dark, as most terminals are: what is answered while nothing better is known. */
export const DEFAULT_COLORS: Colors = Object.freeze({
  foreground: [229, 229, 229] as const,
  background: [0, 0, 0] as const,
  cursor: [229, 229, 229] as const,
  palette: new Map<number, Rgb>(),
});

/** What {@link Answers} needs of a screen. */
export interface OscSource {
  onOsc(code: number, handler: (data: string) => boolean): void;
}

/** Most answers kept while the colours are not known yet; a program that asks for more gets no answer to them. */
const MAX_HELD = 256;

/**
 * Sends answers to the program in the order of its questions. The colours may take a moment to be known: a
 * question for one holds its answer, and those after it, until {@link Answers.settle}.
 */
export class Answers {
  readonly #send: (data: string) => void;
  #colors: Colors | undefined;
  #held: (() => string)[] = [];

  /** @param send writes to the program's input */
  constructor(send: (data: string) => void) {
    this.#send = send;
  }

  /** Answers the colour questions that this screen meets. */
  attach(screen: OscSource): void {
    screen.onOsc(4, (data) => this.#palette(data));
    for (const code of [10, 11, 12]) screen.onOsc(code, (data) => this.#dynamic(code, data));
  }

  /** An answer that does not depend on colours. */
  readonly reply = (data: string): void => {
    if (this.#held.length === 0) this.#send(data);
    else this.#hold(() => data);
  };

  /** The colours are known now (or as well as they will be). */
  settle(colors: Colors): void {
    this.#colors = colors;
    const held = this.#held;
    this.#held = [];
    if (held.length > 0) this.#send(held.map((answer) => answer()).join(""));
  }

  #hold(answer: () => string): void {
    if (this.#held.length < MAX_HELD) this.#held.push(answer);
  }

  #color(answer: (colors: Colors) => string): void {
    if (this.#colors !== undefined) this.#send(answer(this.#colors));
    else this.#hold(() => answer(this.#colors ?? DEFAULT_COLORS));
  }

  /** OSC 4: pairs of an index and a question mark. */
  #palette(data: string): boolean {
    const parts = data.split(";");
    for (let i = 0; i + 1 < parts.length; i += 2) {
      const index = parts[i]!;
      if (parts[i + 1] !== "?" || !/^\d{1,3}$/.test(index) || Number(index) > 255) continue;
      this.#color((colors) =>
        osc(`4;${index}`, colors.palette.get(Number(index)) ?? paletteRgb(Number(index)))
      );
    }
    return true;
  }

  /** OSC 10, 11 and 12: each further question mark asks for the next one. */
  #dynamic(code: number, data: string): boolean {
    for (const [i, part] of data.split(";", 3).entries()) {
      const which = ([10, 11, 12] as const).find((known) => known === code + i);
      if (part !== "?" || which === undefined) continue;
      this.#color((colors) => osc(String(which), colors[DYNAMIC[which]]));
    }
    return true;
  }
}

const DYNAMIC = { 10: "foreground", 11: "background", 12: "cursor" } as const;

function osc(what: string, rgb: Rgb): string {
  const hex = rgb.map((channel) => channel.toString(16).padStart(2, "0").repeat(2));
  return `\x1b]${what};rgb:${hex.join("/")}\x1b\\`;
}
