import assert from "node:assert/strict";
import { rowText } from "../format/row.ts";
import { EventLog } from "../record/event_log.ts";
import { LiveView } from "./live_view.ts";

Deno.test("the present goes on while the past is looked at, and the past stays where it is", () => {
  const log = new EventLog({ version: 3, cols: 40, rows: 4, extra: {} });
  using view = new LiveView(log);
  const add = (text: string): void => {
    view.append({ kind: "output", data: text }, log.length * 100);
  };
  const shown = (): string => rowText(view.frame().lines[0]!);
  add("one");
  add("\rtwo");
  view.moveTo(log.length);
  assert.equal(shown(), "two");
  view.moveTo(1);
  add("\rthree");
  assert.equal(shown(), "one");
  view.moveTo(log.length);
  assert.equal(shown(), "three");
});

Deno.test("a bounded log can be gone back in to where it begins, while it is looked at too", () => {
  const log = new EventLog({ version: 3, cols: 40, rows: 4, extra: {} }, { maxBytes: 2_000_000 });
  using view = new LiveView(log);
  const text = "x".repeat(1_000);
  for (let i = 0; i < 8_000; i++) {
    view.append({ kind: "output", data: `\x1b[H\x1b[2J${text}\x1b[H${i} ` }, i);
    if (i === 4_000) view.moveTo(log.firstIndex + 10);
  }
  assert.ok(log.firstIndex > 0 && log.byteLength <= 2_000_000);
  view.moveTo(log.firstIndex);
  const first = Number(rowText(view.frame().lines[0]!).split(" ")[0]);
  view.moveTo(log.firstIndex + 50);
  const later = Number(rowText(view.frame().lines[0]!).split(" ")[0]);
  assert.ok(first > 5_000 && later > first && later <= first + 51, `${first} ${later}`);
  view.moveTo(log.length);
  assert.match(rowText(view.frame().lines[0]!), /^7999 /);
});
