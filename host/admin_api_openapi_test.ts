import assert from "node:assert/strict";
import * as v from "valibot";
import { HostAction } from "../wire/actions.ts";
import { openApi, type OpenApiPart, SUMMARIES } from "./admin_api_openapi.ts";
import { CtlAnswer, CtlRequest } from "./ctl_protocol.ts";
import { RIGHTS } from "./rights.ts";

// deno-lint-ignore no-explicit-any -- a document is walked as who reads it would
const document: any = JSON.parse(JSON.stringify(openApi()));

/** Requests that ctl can make, one of every kind. */
const REQUESTS: readonly CtlRequest[] = [
  { kind: "status" },
  { kind: "who" },
  { kind: "link" },
  { kind: "links" },
  { kind: "requests" },
  { kind: "panes" },
  ...([
    { kind: "grant", id: "p1", forMs: null, note: "go", pane: true },
    { kind: "close-pane", id: "p1" },
    { kind: "deny", id: "p1" },
    { kind: "take", note: "let me" },
    { kind: "hand-back", note: "go on" },
    { kind: "mode", mode: "collaborative" },
    { kind: "paste", allow: true },
    { kind: "pause" },
    { kind: "resume" },
    { kind: "mark", label: "now" },
    { kind: "kick", id: "p1" },
    { kind: "invite", role: "view", expiresMs: 60_000, once: true },
    { kind: "revoke-link", id: "abc" },
    { kind: "revoke-all" },
    { kind: "stop" },
  ] satisfies readonly HostAction[]).map((action) => ({ kind: "act", action }) as const),
];

Deno.test("every request of ctl is described, and nothing else", () => {
  const described = Object.entries<OpenApiPart>(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`)
  );
  const possible = REQUESTS.map((request) =>
    request.kind === "act" ? `post /api/v1/${request.action.kind}` : `get /api/v1/${request.kind}`
  );
  assert.deepEqual(described.sort(), possible.sort());
  // The list above has every kind there is.
  const kinds = HostAction.options.map(({ entries: { kind } }) => kind.literal);
  assert.deepEqual(
    REQUESTS.flatMap((request) => request.kind === "act" ? [request.action.kind] : []),
    kinds,
  );
  for (const request of REQUESTS) assert.ok(v.is(CtlRequest, request));
});

Deno.test("a body is described by the members of the action, without its kind", () => {
  for (const request of REQUESTS) {
    if (request.kind !== "act") continue;
    const { kind, ...members } = request.action;
    const { requestBody } = document.paths[`/api/v1/${kind}`].post;
    const { schema } = requestBody.content["application/json"];
    assert.equal(schema.additionalProperties, false);
    assert.deepEqual(Object.keys(schema.properties), Object.keys(members), kind);
    assert.equal(requestBody.required, schema.required.length > 0);
  }
  const { properties, required } = document.paths["/api/v1/grant"].post.requestBody
    .content["application/json"].schema;
  assert.deepEqual(required, ["id"]);
  assert.deepEqual(properties.forMs.anyOf[1], { type: "null" });
});

Deno.test("answers are described by the schema that ctl reads them with", () => {
  const kinds = CtlAnswer.options.map(({ entries: { kind } }) => kind.literal);
  assert.deepEqual(Object.keys(document.components.schemas).sort(), kinds.sort());
  const answerOf = (path: string, method: string): string =>
    document.paths[`/api/v1/${path}`][method].responses[200].content["application/json"].schema
      .$ref;
  assert.equal(answerOf("invite", "post"), "#/components/schemas/link");
  assert.equal(answerOf("kick", "post"), "#/components/schemas/done");
  assert.equal(answerOf("who", "get"), "#/components/schemas/who");
  assert.ok(document.components.schemas.status.properties.metrics.properties.echoLatency);
});

Deno.test("every reference leads somewhere, every operation says what it does", () => {
  const names = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [name, part] of Object.entries(value)) {
      if (name === "$ref") {
        assert.ok(document.components.schemas[String(part).replace("#/components/schemas/", "")]);
      }
      if (name === "operationId") names.add(String(part));
      walk(part);
    }
  };
  walk(document);
  assert.equal(names.size, REQUESTS.length);
  assert.deepEqual([...names].sort(), Object.keys(SUMMARIES).sort());
});

Deno.test("what a link of role admin may not do is described as refused", () => {
  for (const request of REQUESTS) {
    if (request.kind !== "act") continue;
    const { description, responses } = document.paths[`/api/v1/${request.action.kind}`].post;
    const allowed = RIGHTS.admin[request.action.kind];
    assert.equal(description === undefined, allowed);
    assert.equal(200 in responses, allowed);
  }
});
