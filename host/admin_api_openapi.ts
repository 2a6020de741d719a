/**
 * The admin API, described: made of the schemas that requests are checked with and answers are read with.
 *
 * @module
 */
import { type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { type Route, ROUTES } from "./admin_api_routes.ts";
import { CtlAnswer } from "./ctl_protocol.ts";
import { may } from "./rights.ts";

/** What each of the API's routes does, by its name. */
export const SUMMARIES: Readonly<Record<string, string>> = {
  "status": "How the session is, and what is measured of it",
  "who": "Who is here",
  "link": "The session's link",
  "links": "The links that let people in",
  "requests": "Who asks for control, and a paste that waits",
  "panes": "The panes that participants have of their own, or that were kept",
  "grant": "Give control to a participant, or a pane of their own",
  "close-pane": "Close somebody's pane with what runs in it",
  "deny": "Deny a participant's request",
  "take": "Take control back, from whatever mode",
  "hand-back": "Give control back to the one from whom the presenter took it",
  "mode":
    "Say who may type: presenter, agent (one who is here, else the next that comes), collaborative (everyone whose link allows it) or paused",
  "paste": "Let a paste that waits be typed, or drop it",
  "pause": "Pause sharing: viewers see nothing of the screen",
  "resume": "Go on sharing",
  "mark": "Set a marker, in the recording too",
  "kick": "Remove a participant",
  "invite": "Make another link",
  "revoke-link": "Withdraw a link: it lets nobody in, and who came in with it has to leave",
  "revoke-all": "Withdraw all links, and make a new first one",
  "stop": "End the session, and its command with it",
};

/** A part of the document. */
export type OpenApiPart = { readonly [name: string]: unknown };

/** The OpenAPI 3.1 document. */
export function openApi(): OpenApiPart {
  return {
    openapi: "3.1.0",
    info: {
      title: "collab admin API",
      version: "1",
      description:
        "What `collab ctl` offers, for a running session. Show what stands after the # " +
        "of a link of role admin as the bearer token. Times are ISO 8601, durations milliseconds.",
    },
    security: [{ link: [] }],
    paths: Object.fromEntries(
      [...ROUTES].map(([path, route]) => [
        path,
        route.kind === "query" ? { get: operation(route) } : { post: operation(route) },
      ]),
    ),
    components: {
      securitySchemes: {
        link: {
          type: "http",
          scheme: "bearer",
          description: "What stands after the # of a link of role admin: SECRET.TOKEN",
        },
      },
      schemas: schemas(),
    },
  };
}

function operation(route: Route): OpenApiPart {
  const { kind, name } = route;
  const allowed = kind === "query" || may("admin", name);
  return {
    operationId: name,
    summary: SUMMARIES[name],
    ...(!allowed && { description: "Always refused: a link of role admin does not allow it." }),
    ...(kind === "action" && { requestBody: body(route.members) }),
    responses: {
      ...(allowed && { 200: answer("Done", answerOf(route)) }),
      ...errors(ERRORS),
      ...(kind === "action" && errors(ACTION_ERRORS)),
    },
  };
}

const ERRORS = {
  401: "The bearer may not ask: the same whatever was asked",
  409: "It cannot be done as things are",
} as const;
const ACTION_ERRORS = {
  400: "The request is not as described here",
  403: "Not allowed to a link of role admin, or in a read-only session",
  404: "There is no such participant or link",
  408: "The request has not come within 5 seconds",
  413: "The request is too large",
  415: "The request is not JSON",
} as const;

function errors(descriptions: Readonly<Record<number, string>>): OpenApiPart {
  return Object.fromEntries(
    Object.entries(descriptions).map(([status, text]) => [status, answer(text, "error")]),
  );
}

function body(members: v.ObjectEntries): OpenApiPart {
  const schema = jsonSchema(v.strictObject(members), "input");
  return {
    // Nothing needs to be sent where nothing has to be said.
    required: (schema.required ?? []).length > 0,
    content: { "application/json": { schema } },
  };
}

/** Which kind of answer a route gives. */
function answerOf({ kind, name }: Route): CtlAnswer["kind"] {
  if (kind === "query") return name;
  return name === "invite" ? "link" : "done";
}

function answer(description: string, kind: CtlAnswer["kind"]): OpenApiPart {
  const schema = { $ref: `#/components/schemas/${kind}` };
  return { description, content: { "application/json": { schema } } };
}

/** The kinds of answers, by their names. */
function schemas(): OpenApiPart {
  return Object.fromEntries(
    CtlAnswer.options.map((option) => [
      option.entries.kind.literal,
      jsonSchema(option, "output"),
    ]),
  );
}

function jsonSchema(schema: v.GenericSchema, typeMode: "input" | "output"): JsonSchema {
  const { $schema: _, ...rest } = toJsonSchema(schema, { target: "draft-2020-12", typeMode });
  return rest;
}
