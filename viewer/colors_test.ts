import assert from "node:assert/strict";
import { COLOR_16, COLOR_256, COLOR_RGB } from "../format/row.ts";
import { nearest16, nearest256, paletteRgb, reduceColor } from "./colors.ts";
import type { Rgb } from "./replies.ts";

Deno.test("a colour of the 256 is its own nearest", () => {
  for (let i = 16; i < 256; i++) {
    assert.deepEqual(paletteRgb(nearest256(paletteRgb(i))), paletteRgb(i), String(i));
  }
});

Deno.test("grays stay gray and tints keep their tint among 16", () => {
  const cases: [Rgb, number][] = [
    [[0, 0, 0], 0],
    [[40, 40, 40], 0],
    [[120, 120, 125], 8],
    [[220, 220, 220], 7],
    [[255, 255, 255], 15],
    [[200, 20, 20], 1],
    [[255, 60, 60], 9],
    [[30, 190, 30], 2],
    [[80, 80, 250], 12],
    [[20, 200, 210], 6],
    [[250, 230, 40], 11],
  ];
  for (const [rgb, index] of cases) assert.equal(nearest16(rgb), index, rgb.join());
});

Deno.test("colours that a terminal has are kept", () => {
  assert.equal(reduceColor(0, "16"), 0);
  assert.equal(reduceColor(COLOR_16 | 3, "16"), COLOR_16 | 3);
  assert.equal(reduceColor(COLOR_256 | 200, "256"), COLOR_256 | 200);
  assert.equal(reduceColor(COLOR_RGB | 0x123456, "rgb"), COLOR_RGB | 0x123456);
  assert.equal(reduceColor(COLOR_RGB | 0xff0000, "256"), COLOR_256 | 196);
  assert.equal(reduceColor(COLOR_256 | 196, "16"), COLOR_16 | 9);
  assert.equal(reduceColor(COLOR_256 | 196, "none"), 0);
});
