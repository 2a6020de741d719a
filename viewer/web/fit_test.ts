import assert from "node:assert/strict";
import fc from "fast-check";
import { type CellRules, cellSize, fitFontSize, MAX_FONT_PX, MIN_FONT_PX } from "./fit.ts";

const rules = (pixelRatio: number, wholePixels: boolean): CellRules => ({
  measure: (px) => ({ width: px * 0.602, height: Math.round(px * 0.93) + Math.round(px * 0.25) }),
  pixelRatio,
  wholePixels,
});

Deno.test("the chosen size fits, and the next larger one does not", () => {
  fc.assert(fc.property(
    fc.integer({ min: 50, max: 4000 }),
    fc.integer({ min: 50, max: 3000 }),
    fc.integer({ min: 2, max: 400 }),
    fc.integer({ min: 1, max: 200 }),
    fc.constantFrom(1, 1.25, 1.5, 2, 3),
    fc.boolean(),
    (width, height, cols, rows, pixelRatio, wholePixels) => {
      const cells = rules(pixelRatio, wholePixels);
      const fits = (size: number): boolean => {
        const cell = cellSize(size, cells);
        return cell.width * cols <= width && cell.height * rows <= height;
      };
      const size = fitFontSize({ width, height }, { cols, rows }, cells);
      assert.ok(size === MIN_FONT_PX || fits(size), "it does not fit");
      assert.ok(size === MAX_FONT_PX || !fits(size + 0.25), "a larger one fits too");
    },
  ));
});

Deno.test("a screen that no legible size fits has the smallest legible one", () => {
  assert.equal(
    fitFontSize({ width: 100, height: 100 }, { cols: 300, rows: 90 }, rules(1, true)),
    MIN_FONT_PX,
  );
});

Deno.test("cells are whole device pixels where they must be", () => {
  assert.equal(cellSize(10, rules(2, true)).width, 6);
  assert.ok(cellSize(10, rules(2, false)).width > 6);
});
