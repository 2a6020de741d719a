import assert from "node:assert/strict";
import { LineOutput } from "./line_output.ts";

Deno.test("lines arrive whole and in order, however little is taken at a time", async () => {
  let text = "";
  const output = new LineOutput({
    write: (data) => {
      text += new TextDecoder().decode(data.subarray(0, 3));
      return Promise.resolve(Math.min(3, data.length));
    },
  });
  for (const line of ["one", "two", "three"]) output.line(line);
  await output.flush(1000);
  assert.equal(text, "one\ntwo\nthree\n");
});

Deno.test("a reader that has stopped loses lines, and holds nobody up", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let bytes = 0;
  const output = new LineOutput({
    write: async (data) => {
      await promise;
      bytes += data.length;
      return data.length;
    },
  });
  const line = "x".repeat(1023);
  for (let i = 0; i < 5000; i++) output.line(line);
  await output.flush(1);
  resolve();
  await output.flush(1000);
  assert.ok(bytes > 1_000_000 && bytes < 1_200_000, String(bytes));
});

Deno.test("a reader that is gone is no error", async () => {
  const output = new LineOutput({ write: () => Promise.reject(new Error("Broken pipe")) });
  output.line("one");
  await output.flush(1000);
  output.line("two");
  await output.flush(1000);
});

Deno.test("a line that comes when the ones before have just been taken does not wait for another", async () => {
  for (let turns = 0; turns < 12; turns++) {
    let text = "";
    const output = new LineOutput({
      write: (data) => {
        text += new TextDecoder().decode(data);
        return Promise.resolve(data.length);
      },
    });
    output.line("one");
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    output.line("two");
    await output.flush(1000);
    assert.equal(text, "one\ntwo\n", `after ${turns} turns`);
  }
});
