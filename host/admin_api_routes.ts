/**
 * What the admin API offers: every request of `collab ctl`, read from its schema, so that neither has what the other
 * has not.
 *
 * @module
 */
import type * as v from "valibot";
import { HostAction } from "../wire/actions.ts";
import { CtlRequest } from "./ctl_protocol.ts";

/** Where the API is. */
const API_PATH = "/api/v1/";
/** Where it is described. */
export const OPENAPI_PATH = `${API_PATH}openapi.json`;

/** Asks for something, and changes nothing. */
export type Query = Exclude<CtlRequest["kind"], "act">;
/** Does something. */
export type Action = HostAction["kind"];

/** Something that can be asked or done. */
export type Route =
  | { readonly kind: "query"; readonly name: Query }
  | {
    readonly kind: "action";
    readonly name: Action;
    /** What belongs to it, without its `kind`. */
    readonly members: v.ObjectEntries;
  };

/** All of them, by their paths. */
export const ROUTES: ReadonlyMap<string, Route> = new Map(
  [...queries(), ...actions()].map((route) => [API_PATH + route.name, route]),
);

function* queries(): Generator<Route> {
  for (const { entries: { kind } } of CtlRequest.options) {
    if (kind.type === "picklist") {
      for (const name of kind.options) yield { kind: "query", name };
    }
  }
}

function* actions(): Generator<Route> {
  for (const { entries: { kind, ...members } } of HostAction.options) {
    yield { kind: "action", name: kind.literal, members };
  }
}
