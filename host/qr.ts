/**
 * QR codes of links, to be scanned off the presenter's terminal.
 *
 * @module
 */
import { encode } from "uqr";
import type { Row } from "../format/row.ts";
import { RowBuilder, type Style } from "../format/text_row.ts";
import type { Size } from "./options.ts";

/** Modules around a code: four as ISO/IEC 18004 has it, or two where there is no room for them. */
const BORDERS = [4, 2];
/** Said, whatever the theme: a scanner wants dark on light. */
const DARK: Style["fg"] = [0, 0, 0], LIGHT: Style["bg"] = [255, 255, 255];
const ON_LIGHT: Style = { fg: DARK, bg: LIGHT };
const ON_DARK: Style = { fg: DARK, bg: DARK };

/** A code that fits, or the size that a terminal has to have for it. */
export type QrDrawing =
  | { readonly kind: "rows"; readonly rows: readonly Row[] }
  | { readonly kind: "too-large"; readonly needs: Size };

/**
 * Draws a text as a QR code of the lowest error correction: half a row of the terminal and one column a module. Without
 * `unicode`, a whole row and two columns.
 */
export function drawQr(
  text: string,
  area: Size,
  { unicode }: { readonly unicode: boolean },
): QrDrawing {
  let needs: Size = { cols: 0, rows: 0 };
  for (const border of BORDERS) {
    const { data, size } = encode(text, { ecc: "L", border });
    needs = unicode ? { cols: size, rows: Math.ceil(size / 2) } : { cols: 2 * size, rows: size };
    if (needs.cols > area.cols || needs.rows > area.rows) continue;
    return { kind: "rows", rows: unicode ? halfRows(data) : wholeRows(data) };
  }
  return { kind: "too-large", needs };
}

/** Two rows of modules in one of the terminal. A row below the last is light. */
function halfRows(data: readonly (readonly boolean[])[]): Row[] {
  const rows: Row[] = [];
  for (let y = 0; y < data.length; y += 2) {
    const upper = data[y]!, lower = data[y + 1];
    const builder = new RowBuilder(upper.length);
    upper.forEach((dark, x) => {
      const below = lower?.[x] ?? false;
      if (dark) builder.text(x, below ? "█" : "▀", ON_LIGHT);
      else builder.text(x, below ? "▄" : " ", ON_LIGHT);
    });
    rows.push(builder.build());
  }
  return rows;
}

function wholeRows(data: readonly (readonly boolean[])[]): Row[] {
  return data.map((modules) => {
    const builder = new RowBuilder(2 * modules.length);
    modules.forEach((dark, x) => builder.fill(2 * x, 2 * x + 2, dark ? ON_DARK : ON_LIGHT));
    return builder.build();
  });
}
