import assert from "node:assert/strict";
import { readShellMark, shellMarkData, shellMarkOf } from "./shell_mark.ts";

Deno.test("the four marks of a shell are read, whatever options follow", () => {
  assert.deepEqual(readShellMark("A"), { kind: "prompt" });
  assert.deepEqual(readShellMark("A;special_key=1;k=i"), { kind: "prompt" });
  assert.deepEqual(readShellMark("B"), { kind: "input" });
  assert.deepEqual(readShellMark("C;cmdline_url=ls%20-l"), { kind: "output" });
  assert.deepEqual(readShellMark("D"), { kind: "done" });
  assert.deepEqual(readShellMark("D;0"), { kind: "done", status: 0 });
  assert.deepEqual(readShellMark("D;255;aid=7"), { kind: "done", status: 255 });
});

Deno.test("a status that no process can have is none", () => {
  for (const status of ["", "-1", "256", "1e2", "0x1", "1.5", " 1", "99999999999", "err=CANCEL"]) {
    assert.deepEqual(readShellMark(`D;${status}`), { kind: "done" }, status);
  }
  assert.deepEqual(readShellMark("A;7"), { kind: "prompt" }, "a prompt has none");
});

Deno.test("what is no mark, and prompts of second lines and of the right side, are passed over", () => {
  for (
    const data of ["", "a", "E;rm -rf /", "P;Cwd=/home", "AB", "A;k=s", "A;cl=m;k=r", "__proto__"]
  ) {
    assert.equal(readShellMark(data), undefined, data);
  }
  assert.deepEqual(readShellMark("C" + ";x".repeat(1_000_000)), { kind: "output" });
});

Deno.test("a mark survives being the data of an event, and what is odd in one is not taken", () => {
  const mark = { kind: "done", status: 3, line: 7, x: 2, top: 1 } as const;
  assert.deepEqual(shellMarkOf(shellMarkData(mark)), mark);
  assert.deepEqual(shellMarkOf({ ...mark, more: "text" }), mark);
  const { status: _, ...without } = mark;
  for (const status of [-1, 256, 0.5, "0", null]) {
    assert.deepEqual(shellMarkOf({ ...mark, status }), without);
  }
  assert.deepEqual(shellMarkOf({ ...mark, kind: "input" }), { ...without, kind: "input" });
  for (
    const odd of [null, [], "x", { ...mark, kind: "ready" }, { ...mark, line: -1 }, {
      ...mark,
      x: NaN,
    }]
  ) {
    assert.equal(shellMarkOf(odd), undefined);
  }
  assert.equal(shellMarkOf({ kind: "prompt", line: 0, x: 0 }), undefined, "no top");
});
