/**
 * The admin API: what `collab ctl` offers, over HTTP, to whoever has a link of role admin.
 *
 * @module
 */
import * as v from "valibot";
import { noticeText } from "../wire/notices.ts";
import { REFUSAL_DELAY_MS } from "../wire/limits.ts";
import type { Clock } from "./clock.ts";
import type { Via } from "./events.ts";
import { admitBearer, type BearerOptions } from "./admin_api_bearer.ts";
import { openApi } from "./admin_api_openapi.ts";
import { OPENAPI_PATH, type Route, ROUTES } from "./admin_api_routes.ts";
import { type CtlAnswer, CtlRequest, REQUEST_MAX_BYTES } from "./ctl_protocol.ts";
import { may } from "./rights.ts";
import { sideAnswer } from "./side_server.ts";

/** What the API is made of. */
export interface AdminApiOptions {
  readonly bearer: BearerOptions;
  readonly clock: Clock;
  /** Answers a request, or carries it out. */
  answer(request: CtlRequest, via: Via): Promise<CtlAnswer>;
  /** Something was asked by somebody who may. */
  onRequest?(request: ApiRequest): void;
}

/** Something that was asked, for a log: nothing of it lets anyone in. */
export interface ApiRequest {
  readonly method: string;
  /** The path of a route; absent when there is no such. */
  readonly path?: string;
  readonly status: number;
  /** The name of the bearer's token. */
  readonly link: string;
}

/** How long a request's body may take to come. */
const BODY_MS = 5_000;

/** Answers the API's requests. */
export class AdminApi {
  readonly #options: AdminApiOptions;
  #document: string | undefined;

  constructor(options: AdminApiOptions) {
    this.#options = options;
  }

  /** Answers a request. Who may not ask gets the same, after the same time, whatever is wrong and whatever was asked. */
  async handle(request: Request): Promise<Response> {
    const { bearer, clock, onRequest } = this.#options;
    const beganMs = clock.now();
    const claims = await admitBearer(request.headers.get("authorization"), bearer);
    if (claims === undefined) return await this.refuse(beganMs);
    const { pathname } = new URL(request.url);
    const route = ROUTES.get(pathname);
    const response = await this.#respond(request, pathname, route, `api:${claims.id}`);
    const known = route !== undefined || pathname === OPENAPI_PATH;
    onRequest?.({
      method: METHODS.has(request.method) ? request.method : "other",
      ...(known && { path: pathname }),
      status: response.status,
      link: claims.id,
    });
    return response;
  }

  /** The answer to everyone who may not ask, so long after `beganMs`. */
  async refuse(beganMs: number = this.#options.clock.now()): Promise<Response> {
    const { clock } = this.#options;
    const { promise, resolve } = Promise.withResolvers<void>();
    clock.after(Math.max(0, beganMs + REFUSAL_DELAY_MS - clock.now()), resolve);
    await promise;
    return json(401, UNAUTHORIZED, { "www-authenticate": "Bearer" });
  }

  async #respond(
    request: Request,
    path: string,
    route: Route | undefined,
    via: Via,
  ): Promise<Response> {
    if (path === OPENAPI_PATH) {
      if (request.method !== "GET") return wrongMethod("GET");
      this.#document ??= JSON.stringify(openApi(), undefined, 2) + "\n";
      return sideAnswer(200, this.#document, { "content-type": JSON_TYPE });
    }
    if (route === undefined) return json(404, NO_ROUTE);
    const method = route.kind === "query" ? "GET" : "POST";
    if (request.method !== method) return wrongMethod(method);
    const asked = route.kind === "query"
      ? { kind: route.name }
      : await actionOf(request, route, this.#options.clock);
    if (asked instanceof Response) return asked;
    const valid = v.safeParse(CtlRequest, asked);
    if (!valid.success) return json(400, NOT_VALID);
    const { output } = valid;
    // A link of role admin may do here what it may in the session.
    if (output.kind === "act" && !may("admin", output.action.kind)) {
      return json(403, error("role-forbids", noticeText("role-forbids")));
    }
    const answer = await this.#options.answer(output, via);
    return json(statusOf(answer), answer);
  }
}

/** What is to be done, not checked yet; or why it cannot be read. */
async function actionOf(
  request: Request,
  { name }: Extract<Route, { kind: "action" }>,
  clock: Clock,
): Promise<unknown> {
  const text = await readBody(request, clock);
  if (text instanceof Response) return text;
  if (text === "") return { kind: "act", action: { kind: name } };
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json(?:;|$)/i.test(type)) return json(415, NOT_JSON);
  try {
    const members: unknown = JSON.parse(text);
    if (!isObject(members) || "kind" in members) return json(400, NOT_VALID);
    return { kind: "act", action: { ...members, kind: name } };
  } catch {
    return json(400, NOT_VALID);
  }
}

/** A body, unless it is too large or takes too long. */
async function readBody(request: Request, clock: Clock): Promise<string | Response> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  if (reader === undefined) return "";
  let late = false;
  const cancelTimer = clock.after(BODY_MS, () => {
    late = true;
    void reader.cancel();
  });
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size += part.value.length;
      if (size > REQUEST_MAX_BYTES) {
        void reader.cancel();
        return json(413, TOO_LARGE);
      }
      chunks.push(part.value);
    }
  } finally {
    cancelTimer();
  }
  // What is there may look like a request, and be the beginning of another.
  if (late) return json(408, TOO_SLOW);
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return new TextDecoder().decode(bytes);
}

const JSON_TYPE = "application/json";
const METHODS: ReadonlySet<string> = new Set(["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS"]);

const UNAUTHORIZED = error(
  "api-unauthorized",
  "Cannot tell that you may: show what stands after the # of a link of role admin",
);
const NO_ROUTE = error("api-no-route", `There is nothing here: see ${OPENAPI_PATH}`);
const NOT_VALID = error("api-request-invalid", `Cannot read the request: see ${OPENAPI_PATH}`);
const NOT_JSON = error("api-not-json", "Cannot read the request: its type is not application/json");
const TOO_LARGE = error(
  "api-request-too-large",
  `Cannot read the request: it is larger than ${REQUEST_MAX_BYTES} bytes`,
);

const TOO_SLOW = error(
  "api-request-too-slow",
  `Cannot read the request: it has not come within ${BODY_MS / 1_000} seconds`,
);

/** What the API answers with each code of a refusal; 409 with all others: it cannot be done as things are. */
const STATUSES: Readonly<Record<string, number>> = {
  "no-such-participant": 404,
  "no-such-link": 404,
  "role-forbids": 403,
  "read-only": 403,
};

function statusOf(answer: CtlAnswer): number {
  return answer.kind === "error" ? STATUSES[answer.code] ?? 409 : 200;
}

function wrongMethod(allowed: string): Response {
  return json(405, error("api-wrong-method", `Cannot do this: use ${allowed}`), { allow: allowed });
}

function error(code: string, message: string): CtlAnswer {
  return { kind: "error", code, message };
}

function json(
  status: number,
  answer: CtlAnswer,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return sideAnswer(status, `${JSON.stringify(answer)}\n`, {
    "content-type": JSON_TYPE,
    ...headers,
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
