/**
 * Events without what must not be seen.
 *
 * @module
 */
import type { CastEvent } from "../format/events.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../format/json.ts";
import type { TypedText } from "./typed_text.ts";

/** Keys of structured events whose values are words of the format, not of people. */
const FORMAT_KEYS = new Set(["kind", "id", "role", "type", "mode", "holder", "by", "why"]);

/**
 * An event with masks in its texts: labels, names and notes, what was typed, whatever else is not of the format itself.
 * Throws a `RangeError` for output and keyframes.
 */
export function safeEvent(
  event: CastEvent,
  safeText: (text: string) => string,
  typed: TypedText,
): CastEvent {
  switch (event.kind) {
    case "marker": {
      const label = safeText(event.label);
      return label === event.label ? event : { kind: "marker", label };
    }
    case "input": {
      const data = typed.add(event.data);
      return data === event.data ? event : { kind: "input", data };
    }
    case "participant":
    case "control":
    case "pointer":
    case "shell":
      return { kind: event.kind, data: safeObject(event.data, safeText) };
    case "other":
      return { ...event, data: safeValue(event.data as JsonValue, safeText) };
    case "output":
    case "keyframe":
      throw new RangeError(`Events of the kind "${event.kind}" leave as frames`);
    case "resize":
    case "exit":
    case "skipped":
      return event;
    default:
      return event satisfies never;
  }
}

function safeObject(object: JsonObject, safeText: (text: string) => string): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) =>
      FORMAT_KEYS.has(key) && typeof value === "string"
        ? [key, value]
        : [key, safeValue(value, safeText)]
    ),
  );
}

function safeValue(value: JsonValue, safeText: (text: string) => string): JsonValue {
  if (typeof value === "string") return safeText(value);
  if (Array.isArray(value)) return value.map((item: JsonValue) => safeValue(item, safeText));
  return isJsonObject(value) ? safeObject(value, safeText) : value;
}
