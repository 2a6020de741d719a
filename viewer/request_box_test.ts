import assert from "node:assert/strict";
import { rowText } from "../format/row.ts";
import { ASCII_GLYPHS, UNICODE_GLYPHS } from "./glyphs.ts";
import { KeyParser } from "./keys.ts";
import { FIRST_REQUEST, requestOverlay, type RequestStep, stepRequest } from "./request_box.ts";

/** What typing a text into a new box leads to. */
function typed(...texts: string[]): RequestStep {
  const parser = new KeyParser();
  let step: RequestStep = { kind: "open", form: FIRST_REQUEST };
  for (const text of texts) {
    for (const event of [...parser.feed(new TextEncoder().encode(text)), ...parser.flush()]) {
      if (step.kind === "open") step = stepRequest(step.form, event);
    }
  }
  return step;
}

Deno.test("enter asks for what is chosen, with a note when there is one", () => {
  assert.deepEqual(typed("\r"), { kind: "asked", forMs: 300_000 });
  assert.deepEqual(typed("\t", "\r"), { kind: "asked", forMs: 900_000 });
  assert.deepEqual(typed("\x1b[A", "\x1b[A", "\r"), { kind: "asked" });
  assert.deepEqual(typed(" please \x1b[D", "\r"), {
    kind: "asked",
    forMs: 60_000,
    note: "please",
  });
  assert.equal(typed("a", "\x1b").kind, "closed");
});

Deno.test("the note is a line of its own, whatever is typed or pasted", () => {
  const note = (...texts: string[]): string | undefined => {
    const step = typed(...texts);
    return step.kind === "open" ? step.form.note : undefined;
  };
  assert.equal(note("日本", "e\u0301x", "\x7f", "\x7f"), "日本");
  assert.equal(note("\x1b[200~a\r\n\x1b[31mb\x1b[201~"), "a [31mb");
  assert.equal(note("abc\x15d"), "d");
  assert.equal(note("x".repeat(200), "y"), "x".repeat(200));
  assert.equal(note("\x1bOP", "\x1bx"), "");
});

Deno.test("the box shows the lengths and the end of the note, with the cursor there", () => {
  const area = { cols: 80, rows: 24 };
  const { rows, cursor } = requestOverlay({ choice: 2, note: "hi" }, area, UNICODE_GLYPHS);
  assert.deepEqual(rows.map(rowText), [
    "┌─ Ask for control ──────────────────────────────┐",
    "│ For   1 min   5 min   15 min   any             │",
    "│ Why   hi                                       │",
    "└─ Enter asks, arrows choose, Esc goes back ─────┘",
  ]);
  assert.deepEqual(cursor, { x: 10, y: 2 });
  const long = requestOverlay(
    { choice: 0, note: "0123456789 the end" },
    { cols: 24, rows: 8 },
    ASCII_GLYPHS,
  );
  assert.match(rowText(long.rows[2]!), /^\| Why {3}56789 the end +\|$/);
});
