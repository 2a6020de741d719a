import assert from "node:assert/strict";
import { type CtlRequest, encodeLine, readAnswer, readRequest } from "./ctl_protocol.ts";

const line = (message: unknown): string => JSON.stringify(message);

Deno.test("a request comes back from its line", () => {
  const requests: CtlRequest[] = [
    { kind: "who" },
    { kind: "act", action: { kind: "grant", id: "Ada", forMs: null, note: "your turn" } },
    { kind: "act", action: { kind: "mark", label: "x".repeat(200) } },
  ];
  for (const request of requests) {
    const text = new TextDecoder().decode(encodeLine(request));
    assert.ok(text.endsWith("\n") && text.indexOf("\n") === text.length - 1);
    assert.deepEqual(readRequest(text), request);
  }
});

Deno.test("what is no request is not taken for one", () => {
  const odd = [
    "",
    "who",
    "null",
    "[]",
    line("who"),
    line({ kind: "everything" }),
    line({ kind: "who", more: 1 }),
    line({ kind: "act" }),
    line({ kind: "act", action: { kind: "fly" } }),
    line({ kind: "act", action: { kind: "grant", id: "" } }),
    line({ kind: "act", action: { kind: "grant", id: "p1", forMs: 0 } }),
    line({ kind: "act", action: { kind: "grant", id: "p1", forMs: "5m" } }),
    line({ kind: "act", action: { kind: "mark", label: "x".repeat(201) } }),
    line({ kind: "act", action: { kind: "take" }, by: "p1" }),
    `{"kind":"who"} {"kind":"who"}`,
    "[".repeat(10_000),
  ];
  for (const text of odd) assert.equal(readRequest(text), undefined, text.slice(0, 80));
});

Deno.test("an answer of a later version is understood without what is new in it", () => {
  const links = { kind: "links", links: [] };
  assert.deepEqual(readAnswer(line({ ...links, news: true })), links);
  assert.equal(readAnswer(line({ kind: "links" })), undefined);
});
