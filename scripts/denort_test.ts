import assert from "node:assert/strict";
import { withoutPayload } from "./denort.ts";

/** An ELF header whose section table starts at byte 64 and has three entries of 64 bytes. */
function elf(payload: string): Uint8Array {
  const bytes = new Uint8Array(64 + 3 * 64 + payload.length);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0x28, 64n, true);
  view.setUint16(0x3a, 64, true);
  view.setUint16(0x3c, 3, true);
  bytes.set(new TextEncoder().encode(payload), 64 + 3 * 64);
  return bytes;
}

Deno.test("what follows the section table is cut off", () => {
  assert.deepEqual(withoutPayload(elf("a bundled program")), elf(""));
});

Deno.test("what is no program is refused", () => {
  assert.throws(
    () => withoutPayload(new TextEncoder().encode("#!/bin/sh\n".repeat(20))),
    /not a 64-bit/,
  );
  assert.throws(() => withoutPayload(elf("").subarray(0, 200)), /section table/);
});
