import assert from "node:assert/strict";
import type { Person } from "../../format/session_data.ts";
import { AgentError } from "../errors.ts";
import type { ScreenSnapshot } from "../types.ts";
import { errorText, screenText } from "./texts.ts";

const ADA: Person = { id: "p2", name: "Ada", role: "control", type: "person", color: 0 };

Deno.test("a call without control says who has it, for how long, and what to do", () => {
  const holder = { mode: "participant", person: ADA, leftMs: 200_000, you: false } as const;
  assert.equal(
    errorText(new AgentError("not-in-control", "No", { holder })),
    "Control is held by Ada for 3:20 more; call request_control [not-in-control]",
  );
  const lost = "Stopped typing: control is held by Ada; call requestControl() to go on";
  assert.equal(
    errorText(new AgentError("control-lost", lost, { holder })),
    "Stopped typing: control is held by Ada; call request_control to go on [control-lost]",
  );
});

Deno.test("every error is one line that ends with its code", () => {
  for (const code of ["cut", "ended", "read-only", "role-forbids", "bad-key"] as const) {
    const text = errorText(new AgentError(code, "Something is wrong"));
    assert.ok(text.endsWith(` [${code}]`) && !text.includes("\n"), text);
  }
});

Deno.test("a full screen as text is hardly longer than the screen", () => {
  const rows = 24, cols = 80;
  const lines = Array.from({ length: rows }, () => "x".repeat(cols));
  const screen: ScreenSnapshot = {
    cols,
    rows,
    lines,
    text: lines.join("\n"),
    cursor: { x: 79, y: 23, visible: true },
    title: "a title that is as long as titles of programs tend to be, or longer",
    fullScreen: true,
    sharingPaused: false,
    revision: 1,
    atMs: 0,
  };
  const sent = JSON.stringify({ content: [{ type: "text", text: screenText(screen) }] });
  assert.ok(sent.length <= 1.1 * cols * rows, `${sent.length} for ${cols * rows}`);
});
