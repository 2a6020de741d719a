/**
 * Random events, for laws.
 *
 * @module
 */
import fc from "fast-check";
import type { CastEvent } from "../format/events.ts";
import type { JsonObject, JsonValue } from "../format/json.ts";

const text = fc.string({
  unit: fc.oneof(fc.constantFrom("\x1b", "\n", "\ud800", "é"), fc.string()),
});
const jsonValue = fc.jsonValue().map((value) =>
  // Negative zero does not survive JSON.
  JSON.parse(JSON.stringify(value)) as JsonValue
);
const jsonObject = fc.dictionary(fc.string(), jsonValue) as fc.Arbitrary<JsonObject>;

/** Any event, and any other event that cannot be taken for one of ours. */
export const anyEvent: fc.Arbitrary<CastEvent> = fc.oneof(
  text.map((data): CastEvent => ({ kind: "output", data })),
  text.map((data): CastEvent => ({ kind: "input", data })),
  text.map((data): CastEvent => ({ kind: "keyframe", data })),
  text.map((label): CastEvent => ({ kind: "marker", label })),
  fc.record({ cols: fc.integer({ min: 1, max: 256 }), rows: fc.integer({ min: 1, max: 4096 }) })
    .map((size): CastEvent => ({ kind: "resize", ...size })),
  fc.integer({ min: -1, max: 255 }).map((status): CastEvent => ({ kind: "exit", status })),
  jsonObject.map((data): CastEvent => ({ kind: "participant", data })),
  jsonObject.map((data): CastEvent => ({ kind: "control", data })),
  jsonObject.map((data): CastEvent => ({ kind: "pointer", data })),
  jsonObject.map((data): CastEvent => ({ kind: "shell", data })),
  fc.nat().map((lines): CastEvent => ({ kind: "skipped", lines })),
  fc.record({
    code: fc.string({ minLength: 1 }).filter((c) => !/^[oimrxkpcuhs]$/.test(c)),
    data: jsonValue,
  })
    .map((other): CastEvent => ({ kind: "other", ...other })),
);
