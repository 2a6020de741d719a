import assert from "node:assert/strict";
import fc from "fast-check";
import { DEFAULT_MODES, type Frame } from "../format/frame.ts";
import { blankRow, CELL, cellText, rowText, WIDTH_SHIFT } from "../format/row.ts";
import { Screen } from "../format/screen.ts";
import { RowBuilder } from "../format/text_row.ts";
import { ansi } from "../tests/ansi_arbitrary.ts";
import { Composer, type Scene } from "./compose.ts";
import { panBy } from "./viewport.ts";

function frameOf(text: string, cols: number, rows: number): Frame {
  using screen = new Screen({ cols, rows });
  screen.write(text);
  return screen.frame();
}

function status(cols: number): Scene["footer"] {
  const builder = new RowBuilder(cols);
  builder.text(0, "STATUS");
  return [builder.build()];
}

function texts(frame: Frame): string[] {
  return frame.lines.map(rowText);
}

Deno.test("a session as large as the space for it is shown as it is", () => {
  const frame = frameOf("one\r\ntwo", 20, 4);
  const composed = new Composer().compose({
    size: { cols: 20, rows: 5 },
    frame,
    footer: status(20),
  });
  assert.deepEqual(texts(composed), ["one", "two", "", "", "STATUS"]);
  frame.lines.forEach((row, y) => assert.equal(composed.lines[y], row));
  assert.deepEqual(composed.cursor, frame.cursor);
});

Deno.test("a smaller session stands in the middle of a quiet frame", () => {
  const frame = frameOf("ab\r\ncd", 4, 2);
  const composed = new Composer().compose({
    size: { cols: 10, rows: 5 },
    frame,
    footer: status(10),
  });
  assert.deepEqual(texts(composed), ["  ┌────┐", "  │ab  │", "  │cd  │", "  └────┘", "STATUS"]);
  assert.deepEqual([composed.cursor.x, composed.cursor.y], [5, 2]);
});

Deno.test("a session one column smaller has a border on the side where there is room", () => {
  const frame = frameOf("abc", 4, 1);
  const composed = new Composer().compose({ size: { cols: 5, rows: 1 }, frame, footer: [] });
  assert.deepEqual(texts(composed), ["abc │"]);
});

Deno.test("a larger session is cut, and the part with the cursor is shown", () => {
  const text = "0123456789abcdefghij\r\n".repeat(9) + "last line is here ok";
  const frame = frameOf(text, 30, 10);
  const composer = new Composer();
  const scene: Scene = { size: { cols: 10, rows: 4 }, frame, footer: status(10) };
  const composed = composer.compose(scene);
  assert.equal(rowText(composed.lines[2]!), "re ok");
  assert.ok(composed.cursor.visible && composed.cursor.x < 10 && composed.cursor.y === 2);
  assert.equal(composed.lines.length, 4);
});

Deno.test("the view stays where it is while the cursor can be seen", () => {
  const composer = new Composer();
  const size = { cols: 10, rows: 5 };
  const at = (y: number): number => {
    const frame = frameOf(`\x1b[${y + 1};1H`, 10, 20);
    composer.compose({ size, frame, footer: [] });
    return composer.viewport!.y.from;
  };
  assert.deepEqual([0, 3, 4, 8, 6, 5, 19, 0].map(at), [0, 0, 1, 5, 5, 4, 15, 0]);
});

Deno.test("panning stays inside the session and wins over the cursor", () => {
  const frame = frameOf("0123456789\r\nabcdefghij", 10, 8);
  const composer = new Composer();
  const size = { cols: 4, rows: 2 };
  composer.compose({ size, frame, footer: [] });
  const pan = panBy(composer.viewport!, frame, -3, -5);
  const composed = composer.compose({ size, frame, footer: [], pan });
  assert.deepEqual(texts(composed), ["3456", "defg"]);
  assert.equal(composed.cursor.visible, false);
  assert.deepEqual(panBy(composer.viewport!, frame, 99, 99), { kind: "at", x: 6, y: 6 });
});

Deno.test("a wide character that the edge cuts in half is a blank there", () => {
  const frame = frameOf("日本語日本語", 12, 1);
  const composed = new Composer().compose({
    size: { cols: 4, rows: 1 },
    frame,
    footer: [],
    pan: { kind: "at", x: 1, y: 0 },
  });
  assert.equal([0, 1, 2, 3].map((x) => cellText(composed.lines[0]!, x)).join("|"), " |本|| ");
});

Deno.test("a box stands in the middle, takes the cursor and leaves the rest", () => {
  const frame = frameOf("日日日日日\r\n日日日日日\r\n日日日日日", 10, 3);
  const row = new RowBuilder(3);
  row.text(0, "BOX");
  const composed = new Composer().compose({
    size: { cols: 10, rows: 3 },
    frame,
    footer: [],
    overlay: { rows: [row.build()], cursor: { x: 1, y: 0 } },
  });
  assert.deepEqual(texts(composed), ["日日日日日", "日 BOX日日", "日日日日日"]);
  assert.deepEqual([composed.cursor.x, composed.cursor.y], [4, 1]);
});

Deno.test("a pointer is drawn on the session's screen, below a box, and not on the status", () => {
  const frame = frameOf("0123456789\r\nabcdefghij", 10, 2);
  const composer = new Composer();
  const mark = { x: 1, y: 1, label: "Bo", style: { fg: 1 } };
  const scene: Scene = {
    size: { cols: 12, rows: 5 },
    frame,
    footer: status(12),
    pointers: [mark, { ...mark, y: 2 }],
  };
  const texts = (overlay?: Scene["overlay"]): string[] =>
    composer.compose({ ...scene, overlay }).lines.map(rowText);
  assert.deepEqual(texts(), [
    "┌──────────┐",
    "│0123456789│",
    "│ab Bo ghij│",
    "└──────────┘",
    "STATUS",
  ]);
  const box = new RowBuilder(4);
  box.text(0, "BOX!");
  const rows = [box.build()];
  assert.equal(texts({ rows, anchor: "bottom" })[3], "BOX!───────┘");
  assert.equal(frame.lines.map(rowText)[1], "abcdefghij");
});

Deno.test("the local terminal has the session's modes, or those that are asked for", () => {
  const frame = frameOf("\x1b[?1h\x1b[?1003h", 10, 2);
  const scene: Scene = { size: { cols: 10, rows: 2 }, frame, footer: [] };
  assert.equal(new Composer().compose(scene).modes.mouse, "move");
  const modes = { ...DEFAULT_MODES, bracketedPaste: true };
  assert.deepEqual(new Composer().compose({ ...scene, modes }).modes, modes);
});

Deno.test("where nothing but the status would fit, the session is shown instead", () => {
  const composed = new Composer().compose({
    size: { cols: 6, rows: 1 },
    frame: frameOf("hello", 6, 1),
    footer: status(6),
  });
  assert.deepEqual(texts(composed), ["hello"]);
});

Deno.test("rows that did not change give the same composed rows", () => {
  using screen = new Screen({ cols: 8, rows: 4 });
  const composer = new Composer();
  const compose = (): Frame =>
    composer.compose({ size: { cols: 20, rows: 6 }, frame: screen.frame(), footer: [] });
  screen.write("a\r\nb");
  const before = compose();
  screen.write("!");
  const after = compose();
  assert.equal(after.lines[1], before.lines[1]);
  assert.notEqual(after.lines[2], before.lines[2]);
});

const side = fc.integer({ min: 1, max: 24 });

Deno.test("whatever the sizes, the composed frame is whole and as large as the terminal", () => {
  fc.assert(fc.property(
    fc.record({ cols: fc.integer({ min: 2, max: 24 }), rows: side }),
    fc.array(fc.record({ cols: side, rows: side, x: side, y: side, follow: fc.boolean() }), {
      minLength: 1,
      maxLength: 4,
    }),
    ansi,
    (session, views, text) => {
      const frame = frameOf(text, session.cols, session.rows);
      const composer = new Composer();
      for (const { cols, rows, x, y, follow } of views) {
        const overlay = { rows: [blankRow(y), blankRow(y)] };
        const composed = composer.compose({
          size: { cols, rows },
          frame,
          footer: [blankRow(cols)],
          pan: follow ? { kind: "follow" } : { kind: "at", x, y },
          ...(x % 2 === 0 ? { overlay } : {}),
        });
        assert.equal(composed.lines.length, rows);
        for (const row of composed.lines) {
          assert.equal(row.cells.length, cols * CELL);
          for (let column = 0; column < cols; column++) {
            const width = row.cells[column * CELL]! >>> WIDTH_SHIFT;
            const next = column + 1 < cols ? row.cells[(column + 1) * CELL]! >>> WIDTH_SHIFT : 1;
            assert.equal(width === 2, next === 0, "a wide character is cut in half");
          }
        }
        const { cursor } = composed;
        assert.ok(cursor.x >= 0 && cursor.x < cols && cursor.y >= 0 && cursor.y < rows);
        if (follow && frame.cursor.visible && x % 2 === 1) assert.ok(cursor.visible);
      }
    },
  ));
});
