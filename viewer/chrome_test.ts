import assert from "node:assert/strict";
import fc from "fast-check";
import { PERSON_COLORS } from "../format/person_colors.ts";
import { CELL, rowText } from "../format/row.ts";
import { columns, RowBuilder } from "../format/text_row.ts";
import {
  ASCII_GLYPHS,
  boxOverlay,
  drawTimeline,
  keyLabel,
  menuContent,
  type MenuItem,
  openMenu,
  refreshMenu,
  spansPart,
  type StatusLine,
  statusRow,
  stepMenu,
  UNICODE_GLYPHS,
} from "./chrome.ts";
import { timelineDrives } from "./timeline.ts";

const LINE: StatusLine = {
  tag: { text: "LIVE", rank: 0 },
  left: [
    { text: "incident 日本語の件", rank: 2, minCols: 8 },
    { text: "alice drives", rank: 1 },
    { text: "3 watching", rank: 3 },
  ],
  right: [{ text: "12 ms", rank: 4 }, { text: "Ctrl-] menu", rank: 1 }],
};

Deno.test("a status line says everything where there is room", () => {
  assert.equal(
    rowText(statusRow(80, LINE)),
    " LIVE  incident 日本語の件 · alice drives · 3 watching      12 ms · Ctrl-] menu",
  );
});

Deno.test("a status line cuts and drops the least important first", () => {
  assert.deepEqual([62, 52, 40, 20, 8].map((cols) => rowText(statusRow(cols, LINE))), [
    " LIVE  incident 日本語の件 · alice drives         Ctrl-] menu",
    " LIVE  incident 日本語… · alice drives  Ctrl-] menu",
    " LIVE  alice drives         Ctrl-] menu",
    " LIVE  alice drives",
    " LIVE",
  ]);
});

Deno.test("a piece of several styles is cut as one, and keeps them", () => {
  const part = spansPart(
    [{ text: "日本語\x1b", style: { fg: 1 } }, { text: " drives", style: { fg: 2 } }],
    { rank: 0 },
  );
  const line: StatusLine = { tag: { text: "T", rank: 0 }, left: [part], right: [] };
  for (const [cols, text] of [[30, "日本語 drives"], [13, "日本語 d…"], [9, "日本…"]] as const) {
    const row = statusRow(cols, line);
    assert.equal(rowText(row).slice(4), text);
    const colors = Array.from(
      { length: columns(text) },
      (_, x) => row.cells[(4 + x) * CELL + 1]! & 255,
    );
    const first = Math.min(6, columns(text));
    assert.deepEqual(colors.slice(0, first), Array(first).fill(1));
    assert.ok(colors.slice(first).every((color, i) => color === 2 || text[3 + i] === " "));
  }
});

Deno.test("a status line is as wide as it should be, in any width and script", () => {
  const part = fc.record({
    text: fc.string({ unit: fc.constantFrom("a", "日", "é", " ", "e\u0301", "😀"), maxLength: 20 }),
    rank: fc.nat(4),
  });
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 60 }),
    part,
    fc.array(part, { maxLength: 4 }),
    fc.array(part, { maxLength: 4 }),
    (cols, tag, left, right) => {
      const row = statusRow(cols, { tag, left, right });
      assert.equal(row.cells.length, cols * CELL);
    },
  ));
});

Deno.test("a timeline shows what is behind, where it is, and the markers", () => {
  const draw = (positionMs: number, cols: number): string => {
    const builder = new RowBuilder(12);
    const timeline = { positionMs, startMs: 0, durationMs: 100, markersMs: [20, 80] };
    drawTimeline(builder, { x: 0, cols }, timeline, UNICODE_GLYPHS);
    return rowText(builder.build());
  };
  assert.equal(draw(50, 11), "━━◆━━●──◆──");
  assert.equal(draw(0, 11), "●─◆─────◆──");
  assert.equal(draw(500, 11), "━━◆━━━━━◆━●");
  assert.equal(draw(50, 2), "");
});

Deno.test("a timeline shows in their colours who else drove", () => {
  const turn = { mode: "participant", holder: "p1", turn: 1 } as const;
  const person = { id: "p1", name: "Bo", role: "control", type: "person", color: 1 } as const;
  const stretches = [
    { fromMs: 0, toMs: 20, turn: { mode: "presenter", turn: 0 }, driver: undefined },
    { fromMs: 20, toMs: 50, turn, driver: person },
    { fromMs: 50, toMs: 51, turn: { mode: "collaborative", turn: 2 }, driver: undefined },
    { fromMs: 51, toMs: 80, turn: { mode: "paused", turn: 3 }, driver: undefined },
    { fromMs: 80, toMs: 81, turn, driver: person },
  ] as const;
  const drives = timelineDrives(stretches);
  assert.deepEqual(drives, [
    { fromMs: 20, toMs: 50, style: { fg: PERSON_COLORS[1] } },
    { fromMs: 50, toMs: 51, style: { bold: true } },
    { fromMs: 80, toMs: 81, style: { fg: PERSON_COLORS[1] } },
  ]);
  const builder = new RowBuilder(11);
  const timeline = { positionMs: 30, startMs: 0, durationMs: 100, markersMs: [], drives };
  drawTimeline(builder, { x: 0, cols: 11 }, timeline, UNICODE_GLYPHS);
  const row = builder.build();
  assert.equal(rowText(row), "━━━●───────");
  const styles = Array.from({ length: 11 }, (_, x) => row.cells[x * CELL + 1]!);
  const own = new RowBuilder(1);
  own.text(0, "x", { fg: PERSON_COLORS[1]! });
  const colored = styles.map((style) => style === own.build().cells[1] ? "#" : ".").join("");
  assert.equal(colored, "..#.#...#..");
});

Deno.test("a box fits where it is drawn and shows the line in focus", () => {
  const lines = Array.from({ length: 10 }, (_, i) => `line ${i}`);
  const small = boxOverlay({ title: "A long title", lines, focus: 7 }, { cols: 12, rows: 5 });
  assert.deepEqual(small.rows.map(rowText), [
    "┌─ A lon… ─┐",
    "│ line 6   │",
    "│ line 7   │",
    "│ line 8   │",
    "└─ ↑↓ ─────┘",
  ]);
  const wide = boxOverlay({ title: "t", lines: ["日本"], hint: "Esc" }, { cols: 80, rows: 24 });
  assert.deepEqual(wide.rows.map(rowText), ["┌─ t ───┐", "│ 日本  │", "└─ Esc ─┘"]);
  const ascii = boxOverlay({ title: "t", lines: ["x"] }, { cols: 80, rows: 24 }, ASCII_GLYPHS);
  assert.ok(ascii.rows.every((row) => /^[\x20-\x7e]*$/.test(rowText(row))));
});

const ITEMS: MenuItem<string>[] = [
  { key: "p", label: "Pause", value: "pause" },
  { key: "m", label: "Marker", enabled: false, value: "marker" },
  { key: "l", label: "Leave", note: "the session goes on", value: "leave" },
];

Deno.test("a menu is walked through with arrows, over what cannot be chosen", () => {
  let menu = openMenu("collab", ITEMS);
  const press = (key: string): void => {
    const step = stepMenu(menu, key);
    assert.ok(step.kind === "open");
    menu = step.menu;
  };
  assert.equal(menu.selected, 0);
  press("down");
  assert.equal(menu.selected, 2);
  press("down");
  assert.equal(menu.selected, 0);
  press("up");
  assert.equal(menu.selected, 2);
  assert.deepEqual(stepMenu(menu, "enter"), { kind: "chosen", value: "leave" });
  assert.deepEqual(stepMenu(menu, "p"), { kind: "chosen", value: "pause" });
  assert.equal(stepMenu(menu, "m").kind, "open");
  assert.equal(stepMenu(menu, "escape").kind, "closed");
  assert.equal(refreshMenu(menu, ITEMS.slice(1)).selected, 1);
});

Deno.test("a menu lists keys, labels and notes", () => {
  const { rows } = boxOverlay(menuContent(openMenu("collab", ITEMS)), { cols: 80, rows: 24 });
  assert.deepEqual(rows.map(rowText), [
    "┌─ collab ───────────────────────┐",
    "│ p  Pause                       │",
    "│ m  Marker                      │",
    "│ l  Leave   the session goes on │",
    "└────────────────────────────────┘",
  ]);
});

Deno.test("keys are written as people know them", () => {
  const cases = ["ctrl+]", "shift+left", "space", "a", "M", "+", "ctrl++", "page-up"].map(keyLabel);
  assert.deepEqual(cases, ["Ctrl-]", "Shift-Left", "space", "a", "M", "+", "Ctrl-+", "Page-up"]);
});
