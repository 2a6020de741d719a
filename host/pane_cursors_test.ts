import assert from "node:assert/strict";
import { PaneCursors } from "./pane_cursors.ts";
import type { PaneCell } from "./panes.ts";
import { FakePanes } from "./testing/panes.ts";

Deno.test("everyone is told of cursors that have moved, and of those that are gone, while the screen is shown", () => {
  const panes = new FakePanes();
  const told: unknown[] = [];
  let paused = false, changed = 0;
  panes.changed = () => void changed++;
  const cursors = new PaneCursors({
    panes,
    paused: () => paused,
    note: (event) => void told.push("data" in event && event.data),
  });
  const at = (entries: Record<string, PaneCell>): unknown[] => {
    panes.onCursors(new Map(Object.entries(entries)));
    return told.splice(0);
  };
  cursors.frame({ cols: 80, rows: 24 });
  assert.equal(changed, 1);
  const [p1, p2] = [{ x: 1, y: 2 }, { x: 3, y: 4 }];
  assert.deepEqual(at({ p1, p2 }), [{ id: "p1", ...p1, cursor: true }, {
    id: "p2",
    ...p2,
    cursor: true,
  }]);
  assert.deepEqual(at({ p1, p2 }), []);
  assert.deepEqual(at({ p1, p2: { x: 3, y: 5 } }), [{ id: "p2", x: 3, y: 5, cursor: true }]);
  assert.deepEqual(at({ p1 }), [{ id: "p2", cursor: true }]);
  paused = true;
  cursors.frame({ cols: 80, rows: 24 });
  assert.deepEqual([changed, at({ p1: p2 })], [1, []]);
  paused = false;
  assert.deepEqual(at({ p1: p2 }), [{ id: "p1", ...p2, cursor: true }]);
  cursors.close();
  assert.deepEqual(at({}), []);
});
