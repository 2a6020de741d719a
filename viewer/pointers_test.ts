import assert from "node:assert/strict";
import fc from "fast-check";
import { PERSON_COLORS } from "../format/person_colors.ts";
import { CELL, INVERSE, type Row, rowText } from "../format/row.ts";
import { Screen } from "../format/screen.ts";
import { RowBuilder } from "../format/text_row.ts";
import type { CastEvent } from "../format/events.ts";
import { cursorMarks, drawPointers, pointerMarks } from "./pointers.ts";
import { learn, NO_FACTS, type SessionFacts } from "./session_facts.ts";
import type { Viewport } from "./viewport.ts";

function row(text: string, cols = 20): Row {
  const builder = new RowBuilder(cols);
  builder.text(0, text);
  return builder.build();
}

/** A viewport that shows all of a session from a column on. */
function at(x: number, cols: number): Viewport {
  return { x: { from: 0, at: x, length: cols }, y: { from: 0, at: 0, length: 3 } };
}

/** Draws one pointer on one line; returns the text and which columns are coloured. */
function draw(line: Row, x: number, label = "Ada", viewport = at(0, 20)): [string, string] {
  const lines = [line];
  const style = { fg: PERSON_COLORS[0]! };
  drawPointers(lines, 20, { viewport, marks: [{ x, y: 0, label, style }] });
  const drawn = lines[0]!;
  let marked = "";
  for (let column = 0; column < 20; column++) {
    marked += drawn.cells[column * CELL + 1]! & INVERSE ? "#" : ".";
  }
  return [rowText(drawn), marked];
}

Deno.test("a pointer is a cell in colour with the name beside it", () => {
  assert.deepEqual(draw(row("0123456789abcdefghij"), 2), [
    "012 Ada 89abcdefghij",
    "..######............",
  ]);
});

Deno.test("a name that would run over the edge stands on the other side, or is cut", () => {
  const line = row("0123456789abcdefghij");
  assert.deepEqual(draw(line, 17), ["0123456789ab Ada hij", "............######.."]);
  assert.deepEqual(draw(line, 10, "A very long name indeed"), [
    " A very … abcdefghij",
    "###########.........",
  ]);
});

Deno.test("a wide character is pointed at as a whole, from either half", () => {
  for (const x of [2, 3]) {
    assert.deepEqual(draw(row("日本語 text"), x), ["日本 Ada xt", "..#######..........."]);
  }
});

Deno.test("nothing is drawn outside of the session's screen", () => {
  const line = row("0123456789abcdefghij");
  assert.equal(draw(line, 12, "Ada", at(5, 12))[1], "....................");
  const [text, marked] = draw(line, 11, "Ada", at(5, 12));
  assert.equal(marked, "...........######...");
  assert.equal(text, "0123456789a Ada ghij");
});

Deno.test("those are shown that are here and moved within the last seconds", () => {
  const facts = [
    { id: "p1", name: "Ada", role: "view", color: 2 },
    { id: "p2", name: "Bo", role: "view" },
  ].reduce<SessionFacts>(
    (facts, data) => learn(facts, { kind: "participant", data: { kind: "join", ...data } }, 0),
    NO_FACTS,
  );
  const pointed = [["p1", 1_000], ["p2", 3_000], ["p3", 3_000]].reduce<SessionFacts>(
    (facts, [id, atMs]) =>
      learn(facts, { kind: "pointer", data: { id: id as string, x: 1, y: 2 } }, atMs as number),
    facts,
  );
  const labels = (nowMs: number, except?: string): string[] =>
    pointerMarks(pointed, nowMs, except).map(({ label }) => label);
  assert.deepEqual(labels(5_000), ["Ada", "Bo"]);
  assert.deepEqual(labels(5_000, "p2"), ["Ada"]);
  assert.deepEqual(labels(6_000), ["Bo"]);
  assert.deepEqual(labels(8_000), []);
  assert.deepEqual(pointerMarks(pointed, 5_000)[0]?.style, { fg: PERSON_COLORS[2] });
});

Deno.test("wherever somebody points, the screen keeps its size and whole characters", () => {
  fc.assert(fc.property(
    fc.string({ unit: fc.constantFrom("a", "日", "e\u0301", " ", "😀"), maxLength: 30 }),
    fc.array(fc.record({ x: fc.nat(25), y: fc.nat(3), label: fc.string() }), { maxLength: 4 }),
    fc.nat(8),
    (text, places, shift) => {
      using screen = new Screen({ cols: 20, rows: 3 });
      screen.write(text);
      const lines = [...screen.frame().lines];
      const marks = places.map((place) => ({ ...place, style: { fg: 1 } }));
      const viewport = { x: { from: shift, at: 0, length: 12 }, y: { from: 0, at: 0, length: 3 } };
      drawPointers(lines, 20, { viewport, marks });
      using again = new Screen({ cols: 20, rows: 3 });
      lines.forEach((line, y) => {
        assert.equal(line.cells.length, 20 * CELL);
        again.write(`\x1b[${y + 1};1H${rowText(line)}`);
      });
      assert.deepEqual(again.frame().lines.map(rowText), lines.map(rowText));
    },
  ));
});

Deno.test("the cursor of a pane is a cell in its owner's colour, while there is the pane", () => {
  const told: CastEvent[] = [
    { kind: "participant", data: { kind: "join", id: "p1", name: "Ada", role: "view", color: 2 } },
    { kind: "pointer", data: { id: "p1", x: 1, y: 2, cursor: true } },
  ];
  const pane = (open: boolean): CastEvent => ({
    kind: "control",
    data: { kind: "pane", id: "p1", open, by: "host", pane: "%1", ...(open && { turn: 1 }) },
  });
  const facts = (...events: CastEvent[]): SessionFacts =>
    [...told, ...events].reduce((facts, event) => learn(facts, event, 0), NO_FACTS);
  const mark = { x: 1, y: 2, label: "", style: { fg: PERSON_COLORS[2] } };
  assert.deepEqual(cursorMarks(facts(pane(true))), [mark]);
  assert.deepEqual(cursorMarks(facts(pane(true)), "p1"), []);
  assert.deepEqual(cursorMarks(facts()), []);
  assert.deepEqual(cursorMarks(facts(pane(true), pane(false))), []);
});
