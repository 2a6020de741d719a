import assert from "node:assert/strict";
import { parseExpiry, parseGrantTime } from "./given_times.ts";

Deno.test("a link is given for a second to a year, and control for a second to a day, or until it is revoked", () => {
  assert.equal(parseExpiry("1s"), 1_000);
  assert.equal(parseExpiry("366d"), 366 * 86_400_000);
  assert.equal(parseGrantTime("24h"), 86_400_000);
  assert.equal(parseGrantTime("until-revoked"), null);
  for (
    const [parse, text] of [[parseExpiry, "0s"], [parseExpiry, "367d"], [
      parseGrantTime,
      "25h",
    ]] as const
  ) {
    assert.throws(() => parse(text), {
      code: "bad-duration",
      message: /^Cannot give .*1s to \d+[hd]$/,
    });
  }
});
