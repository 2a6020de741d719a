/**
 * What a terminal answers when it is asked: which terminal it is, its colours, its modes.
 *
 * @module
 */

/** A colour in 8 bits a channel. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** An answer of the local terminal. It is data from outside: a colour is checked, the rest only named. */
export type Reply =
  | {
    readonly type: "color";
    readonly which: "foreground" | "background" | "cursor";
    readonly rgb: Rgb;
  }
  | { readonly type: "palette"; readonly index: number; readonly rgb: Rgb }
  /** Primary device attributes: every terminal answers these, so they end a row of questions. */
  | { readonly type: "attributes"; readonly params: readonly number[] }
  | { readonly type: "other" };

/** Asks for the text and background colours, then for what every terminal answers. */
export const COLOR_QUERY = "\x1b]10;?\x1b\\\x1b]11;?\x1b\\\x1b[c";

const DYNAMIC = { 10: "foreground", 11: "background", 12: "cursor" } as const;

/**
 * The answer in a sequence without its leading escape and without its terminator (`[?62;22c`,
 * `]11;rgb:0000/0000/0000`, `P1$r0m`); `undefined` when it is none.
 */
export function parseReply(sequence: string): Reply | undefined {
  if (sequence.startsWith("]")) return parseOsc(sequence.slice(1));
  if (!sequence.startsWith("[")) return { type: "other" };
  const attributes = /^\[\?([\d;]*)c$/.exec(sequence);
  if (attributes !== null) {
    return { type: "attributes", params: attributes[1]!.split(";").map(Number) };
  }
  // CSI 1;2R is also shift+F3: the position is asked for by nobody here, so row 1 is a key.
  const other = /^\[(?:[?>=][\d;:]*[cRnuSm]|\??[\d;]*\$y|[03]n|\d+(?:;\d+)*t|(?!1;)\d+;\d+R)$/;
  return other.test(sequence) ? { type: "other" } : undefined;
}

function parseOsc(body: string): Reply {
  const dynamic = /^1([012]);(.*)$/.exec(body);
  if (dynamic !== null) {
    const rgb = parseColor(dynamic[2]!);
    const which = DYNAMIC[`1${dynamic[1]}` as unknown as keyof typeof DYNAMIC];
    if (rgb !== undefined) return { type: "color", which, rgb };
  }
  const palette = /^4;(\d{1,3});(.*)$/.exec(body);
  if (palette !== null) {
    const rgb = parseColor(palette[2]!), index = Number(palette[1]);
    if (rgb !== undefined && index < 256) return { type: "palette", index, rgb };
  }
  return { type: "other" };
}

/** X11's `rgb:R/G/B` with one to four hexadecimal digits a channel. */
function parseColor(text: string): Rgb | undefined {
  const match = /^rgba?:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})(?:\/[\da-f]{1,4})?$/i.exec(
    text,
  );
  if (match === null) return undefined;
  const channel = (hex: string): number =>
    Math.round(parseInt(hex, 16) * 255 / (16 ** hex.length - 1));
  return [channel(match[1]!), channel(match[2]!), channel(match[3]!)];
}
