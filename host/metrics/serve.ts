/**
 * Serves metrics: `GET /metrics`.
 *
 * @module
 */
import type { Address } from "../listen.ts";
import { sideAnswer, type SideServer, startSideServer } from "../side_server.ts";
import type { Measures } from "./measures.ts";
import type { Exposition } from "./prometheus.ts";

/** Where metrics are. */
const METRICS_PATH = "/metrics";

/**
 * Serves metrics on an address. The client that writes them is loaded when they are first asked for.
 *
 * @param measure gives what is measured; `undefined` while there is no session
 * @throws {CollabError} `listen-failed`
 */
export function serveMetrics(address: Address, measure: () => Measures | undefined): SideServer {
  let page: Promise<() => Promise<Exposition>> | undefined;
  const render = async (): Promise<Response> => {
    const first = measure();
    if (first === undefined) {
      return sideAnswer(503, "There is no session yet\n", { "retry-after": "1" });
    }
    page ??= import("./prometheus.ts").then(({ exposition }) =>
      exposition(() => measure() ?? first)
    );
    const { text, contentType } = await (await page)();
    return sideAnswer(200, text, { "content-type": contentType });
  };
  return startSideServer({
    address,
    forbidden: () => sideAnswer(403, "Metrics are not for web pages\n"),
    handler: (request) => {
      const { pathname } = new URL(request.url);
      if (pathname !== METRICS_PATH) return sideAnswer(404, `Metrics are at ${METRICS_PATH}\n`);
      if (request.method !== "GET" && request.method !== "HEAD") {
        return sideAnswer(405, "Only GET is answered here\n", { allow: "GET, HEAD" });
      }
      return render();
    },
  });
}
