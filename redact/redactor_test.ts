import assert from "node:assert/strict";
import { blankFrame } from "../format/delta.ts";
import type { CastEvent } from "../format/events.ts";
import type { Frame, History } from "../format/frame.ts";
import {
  passThroughRedactor,
  type SafeEvent,
  type SafeFrame,
  type SafeHistory,
  type SafeText,
} from "./redactor.ts";

Deno.test("without rules everything passes as it is", () => {
  const redactor = passThroughRedactor();
  const frame = blankFrame(80, 24);
  const history: History = () => undefined;
  const event: CastEvent = { kind: "marker", label: "here" };
  assert.equal(redactor.frame(frame), frame);
  assert.equal(redactor.history(history), history);
  assert.equal(redactor.event(event), event);
  assert.equal(redactor.text("title"), "title");
});

/** What does not compile is the test: nothing that did not go through a redactor is safe. */
export function onlyARedactorMakesSafe(
  frame: Frame,
  history: History,
  event: CastEvent,
  text: string,
): readonly unknown[] {
  // @ts-expect-error a frame as it is
  const safeFrame: SafeFrame = frame;
  // @ts-expect-error scrollback as it is
  const safeHistory: SafeHistory = history;
  // @ts-expect-error an event as it is
  const safeEvent: SafeEvent = event;
  // @ts-expect-error text as it is
  const safeText: SafeText = text;
  // @ts-expect-error a safe frame that was changed
  const changed: SafeFrame = { ...passThroughRedactor().frame(frame), title: text };
  return [safeFrame, safeHistory, safeEvent, safeText, changed];
}
