import assert from "node:assert/strict";
import { Screen } from "../format/screen.ts";
import { frameJson, frameText } from "./screen_text.ts";

Deno.test("a screen is printed line by line, without blanks at the ends", () => {
  using screen = new Screen({ cols: 12, rows: 3 });
  screen.write("one  \r\n日本");
  assert.equal(frameText(screen.frame()), "one\n日本\n\n");
});

Deno.test("a screen as JSON has its runs of one style, colours, links and the cursor", () => {
  using screen = new Screen({ cols: 12, rows: 3 });
  screen.write(
    "\x1b[1;31mred\x1b[m \x1b[4:3;58:2::1:2:3;48;2;255;0;16m日\x1b[m\x1b[5 q" +
      "\r\n\x1b]8;;https://a.example\x07x\x1b]8;;\x07  \x1b[44m ",
  );
  assert.deepEqual(frameJson(screen.frame()), {
    cols: 12,
    rows: 3,
    title: "",
    alternate: false,
    cursor: { x: 4, y: 1, visible: true, shape: "bar", blink: true },
    lines: [
      {
        text: "red 日",
        wrapped: false,
        runs: [
          { x: 0, cols: 3, text: "red", fg: 1, bold: true },
          { x: 3, cols: 1, text: " " },
          {
            x: 4,
            cols: 2,
            text: "日",
            bg: "#ff0010",
            underline: "curly",
            underlineColor: "#010203",
          },
        ],
      },
      {
        text: "x",
        wrapped: false,
        runs: [
          { x: 0, cols: 1, text: "x", link: "https://a.example" },
          { x: 1, cols: 2, text: "  " },
          { x: 3, cols: 1, text: " ", bg: 4 },
        ],
      },
      { text: "", wrapped: false, runs: [] },
    ],
  });
});

Deno.test("a run of plain text ends with its last character", () => {
  using screen = new Screen({ cols: 12, rows: 1 });
  screen.write("a 日");
  assert.deepEqual((frameJson(screen.frame()).lines as { runs: unknown }[])[0]!.runs, [
    { x: 0, cols: 4, text: "a 日" },
  ]);
});
