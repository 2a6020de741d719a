/**
 * What a host serves beside the session: metrics, and the admin API.
 *
 * @module
 */
import type { SessionIdentity } from "../wire/token.ts";
import type { AdminApi, ApiRequest } from "./admin_api.ts";
import type { Clock } from "./clock.ts";
import { answerer, type CtlAbout, type CtlTarget } from "./ctl_answers.ts";
import type { Address } from "./listen.ts";
import type { Measures } from "./metrics/measures.ts";
import { serveMetrics } from "./metrics/serve.ts";
import { sideAnswer, type SideServer, startSideServer } from "./side_server.ts";

/** What services are made of. */
export interface ServicesOptions {
  /** Where metrics are served. */
  readonly metrics: Address | undefined;
  /** Where the admin API is. */
  readonly adminApi: Address | undefined;
  readonly identity: SessionIdentity;
  /** The secret in the session's links. */
  readonly secret: Uint8Array;
  readonly clock: Clock;
  /** Something was asked of the admin API by somebody who may. */
  onRequest?(request: ApiRequest): void;
}

/** What a session is to its services. */
export interface Served {
  readonly target: CtlTarget;
  readonly about: CtlAbout;
  measure(): Measures;
}

/** How long answers may take at the end. */
const CLOSE_MS = 500;

/** Services that listen. Until there is a session they say so. */
export class Services implements AsyncDisposable {
  readonly #options: ServicesOptions;
  readonly #metrics: SideServer | undefined;
  readonly #api: SideServer | undefined;
  #served: Served | undefined;
  #adminApi: Promise<AdminApi> | undefined;

  /** @throws {CollabError} `listen-failed` */
  constructor(options: ServicesOptions) {
    this.#options = options;
    const { adminApi, metrics } = options;
    this.#metrics = metrics && serveMetrics(metrics, () => this.#served?.measure());
    try {
      this.#api = adminApi && this.#serveApi(adminApi);
    } catch (error) {
      void this.#metrics?.close(0);
      throw error;
    }
  }

  /** Where they are. */
  get urls(): { readonly metricsUrl?: string; readonly apiUrl?: string } {
    return {
      ...(this.#metrics !== undefined && { metricsUrl: `${this.#metrics.origin}/metrics` }),
      ...(this.#api !== undefined && { apiUrl: `${this.#api.origin}/api/v1` }),
    };
  }

  /** There is a session now. */
  open(served: Served): void {
    this.#served = served;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#metrics?.close(CLOSE_MS), this.#api?.close(CLOSE_MS)]);
  }

  #serveApi(address: Address): SideServer {
    return startSideServer({
      address,
      handler: async (request) => (await this.#adminOr())?.handle(request) ?? notYet(),
      forbidden: async () => (await this.#adminOr())?.refuse() ?? notYet(),
    });
  }

  /** What answers is loaded when it is first asked for. */
  #adminOr(): Promise<AdminApi> | undefined {
    const served = this.#served;
    if (served === undefined) return undefined;
    return this.#adminApi ??= this.#load(served);
  }

  async #load({ target, about }: Served): Promise<AdminApi> {
    const { identity, secret, clock, onRequest } = this.#options;
    const { AdminApi } = await import("./admin_api.ts");
    return new AdminApi({
      bearer: { identity, secret, links: target.links, now: about.now },
      clock,
      answer: answerer(target, about),
      ...(onRequest !== undefined && { onRequest }),
    });
  }
}

function notYet(): Response {
  return sideAnswer(503, "There is no session yet\n", { "retry-after": "1" });
}
