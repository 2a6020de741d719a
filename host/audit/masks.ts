/**
 * Finds secrets in what was typed. Pure.
 *
 * A secret may be typed with slips and corrections, after an editor's commands, in several goes, by several people; so the
 * text is looked at in several ways, and what is masked in one of them is masked.
 *
 * @module
 */
import { endsLine, type Unit } from "./typist.ts";

/** Masks secrets in a text, as `Redactor.text` does. */
export type Mask = (text: string) => string;

/** The characters of typed units, and which of them are masked. */
export interface MaskedUnits {
  /** A unit's text with its masks; a key's is empty. */
  textOf(unit: number): string;
  /** Whether a secret may go on after these units, a line: it reaches their end, or a private key began and has no end. */
  isOpen(from: number, to: number): boolean;
}

/** Above this much, only the two plainest ways are tried: nobody corrects slips in a flood. */
const CLOSE_LOOK_CHARACTERS = 8 * 1_024;
/** Most characters of an editor's command before the text, as in `ciw`. */
const COMMAND_CHARACTERS = 3;
const MASK = "•";

/** One way to look at what was typed: a text, and whose each of its UTF-16 units is (-1: nobody's). */
class View {
  text = "";
  readonly owners: number[] = [];

  add(text: string, owner: number): void {
    this.text += text;
    for (let i = 0; i < text.length; i++) this.owners.push(owner);
  }
}

/** The characters of the units, in order. */
class Cells {
  readonly texts: string[] = [];
  /** Where each unit begins, and the last one ends. */
  readonly starts: number[] = [];

  constructor(units: readonly Unit[]) {
    for (const unit of units) {
      this.starts.push(this.texts.length);
      if ("text" in unit) { for (const char of unit.text) this.texts.push(char); }
    }
    this.starts.push(this.texts.length);
  }
}

/** Looks for secrets in units that were typed one after the other. */
export function maskUnits(units: readonly Unit[], mask: Mask): MaskedUnits {
  const cells = new Cells(units);
  const masked = new Uint8Array(cells.texts.length);
  const close = cells.texts.length <= CLOSE_LOOK_CHARACTERS;
  for (const view of viewsOf(units, cells, close)) apply(view, mask, masked);
  const textOf = (unit: number): string => {
    let text = "";
    for (let i = cells.starts[unit]!; i < cells.starts[unit + 1]!; i++) {
      text += masked[i] === 1 ? MASK : cells.texts[i];
    }
    return text;
  };
  const isOpen = (from: number, to: number): boolean => {
    const first = cells.starts[from]!, end = cells.starts[to]!;
    const typed = cells.texts.slice(0, end).join("");
    if (typed.lastIndexOf("-----BEGIN ") > typed.lastIndexOf("-----END")) return true;
    if (/^Private-Lines: /.test(cells.texts.slice(first, end).join(""))) return true;
    let last = end - 1;
    while (last >= first && cells.texts[last]!.trim() === "") last--;
    return last >= first && masked[last] === 1;
  };
  return { textOf, isOpen };
}

function* viewsOf(units: readonly Unit[], cells: Cells, close: boolean): Generator<View> {
  yield typedView(units, cells, { keys: "" });
  yield typedView(units, cells, { keys: " " });
  if (!close) return;
  yield editedView(units, cells);
  for (let skipped = 1; skipped <= COMMAND_CHARACTERS; skipped++) {
    yield typedView(units, cells, { keys: " ", skipped });
  }
}

/** All characters, with something for each key between them; `skipped` of them are left out after each key. */
function typedView(
  units: readonly Unit[],
  cells: Cells,
  { keys, skipped = 0 }: { readonly keys: string; readonly skipped?: number },
): View {
  const view = new View();
  let left = skipped;
  units.forEach((unit, i) => {
    // What comes after a line that was taken back does not belong to it.
    if (isLineEnd(unit) || isKey(unit, "ctrl+u")) view.add("\n", -1);
    else if (!("text" in unit)) view.add(keys, -1);
    if (!("text" in unit)) left = skipped;
    for (let at = cells.starts[i]!; at < cells.starts[i + 1]!; at++) {
      if (left-- > 0) view.add(" ", -1);
      else view.add(cells.texts[at]!, at);
    }
  });
  return view;
}

/** Lines as a line editor has them in the end. */
function editedView(units: readonly Unit[], cells: Cells): View {
  const view = new View();
  let line = new EditedLine();
  const finish = (): void => {
    for (const at of line.cells) view.add(at < 0 ? " " : cells.texts[at]!, at);
    view.add("\n", -1);
    line = new EditedLine();
  };
  units.forEach((unit, i) => {
    if (isLineEnd(unit)) finish();
    else if (unit.kind === "key") line.press(unit.name, (at) => at < 0 || cells.texts[at] === " ");
    else if (unit.kind === "flood") line.insert(-1);
    for (let at = cells.starts[i]!; at < cells.starts[i + 1]!; at++) line.insert(at);
  });
  finish();
  return view;
}

/** A line that is being edited: the characters that are left of it (-1: something unknown), and the cursor. */
class EditedLine {
  cells: number[] = [];
  #cursor = 0;

  insert(cell: number): void {
    this.cells.splice(this.#cursor++, 0, cell);
  }

  press(key: string, isSpace: (cell: number) => boolean): void {
    const { cells } = this;
    const at = this.#cursor;
    switch (key) {
      case "backspace":
        return this.#cut(at - 1, at);
      case "delete":
      case "ctrl+d":
        return this.#cut(at, at + 1);
      case "left":
      case "ctrl+b":
        this.#cursor = Math.max(0, at - 1);
        return;
      case "right":
      case "ctrl+f":
        this.#cursor = Math.min(cells.length, at + 1);
        return;
      case "home":
      case "ctrl+a":
        this.#cursor = 0;
        return;
      case "end":
      case "ctrl+e":
        this.#cursor = cells.length;
        return;
      case "ctrl+u":
        return this.#cut(0, at);
      case "ctrl+k":
        return this.#cut(at, cells.length);
      case "ctrl+w": {
        let from = at;
        while (from > 0 && isSpace(cells[from - 1]!)) from--;
        while (from > 0 && !isSpace(cells[from - 1]!)) from--;
        return this.#cut(from, at);
      }
      default:
        // A completion, a line of the history, another mode: what is there now is not known.
        this.insert(-1);
    }
  }

  #cut(from: number, to: number): void {
    const start = Math.max(0, from);
    this.cells.splice(start, Math.max(0, to - start));
    this.#cursor = Math.min(start, this.cells.length);
  }
}

function isKey(unit: Unit, name: string): boolean {
  return unit.kind === "key" && unit.name === name;
}

function isLineEnd(unit: Unit): boolean {
  return unit.kind === "key" && endsLine(unit.name);
}

/** Notes what a mask changes. One that does not keep the length masks all from the first to the last change. */
function apply(view: View, mask: Mask, masked: Uint8Array): void {
  const { text, owners } = view;
  const safe = mask(text);
  if (safe === text) return;
  let from = 0, to = text.length;
  const sameLength = safe.length === text.length;
  while (text[from] === safe[from]) from++;
  const shift = safe.length - text.length;
  while (to > from && to + shift > from && text[to - 1] === safe[to + shift - 1]) to--;
  for (let i = from; i < to; i++) {
    const owner = owners[i]!;
    if (owner >= 0 && (!sameLength || text[i] !== safe[i])) masked[owner] = 1;
  }
}
