import assert from "node:assert/strict";
import { constants } from "node:os";
import { decodeStatus } from "./child.ts";
import { signalName, signalNumber } from "./signals.ts";

Deno.test("names and numbers of signals agree with each other and with the system", () => {
  for (const system of ["linux", "darwin"] as const) {
    for (let number = 1; number <= 31; number++) {
      assert.equal(signalNumber(signalName(number, system), system), number);
    }
  }
  if (Deno.build.os === "linux") {
    for (const [name, number] of Object.entries(constants.signals)) {
      if (!["SIGIOT", "SIGPOLL", "SIGUNUSED"].includes(name)) {
        assert.equal(signalNumber(name, "linux"), number, name);
      }
    }
  }
  assert.equal(signalName(34, "linux"), "SIG34");
  assert.throws(() => signalNumber("SIGNONE", "linux"), TypeError);
});

Deno.test("a wait status is an exit code or a signal, with or without a core file", () => {
  assert.deepEqual(decodeStatus(0x0000, "linux"), { code: 0, signal: null });
  assert.deepEqual(decodeStatus(0xff00, "linux"), { code: 255, signal: null });
  assert.deepEqual(decodeStatus(0x000f, "linux"), { code: 143, signal: "SIGTERM" });
  assert.deepEqual(decodeStatus(0x008b, "linux"), { code: 139, signal: "SIGSEGV" });
});
