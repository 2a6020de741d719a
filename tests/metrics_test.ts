/**
 * Metrics of real sessions, over HTTP, and what is written about them.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { METRICS } from "../host/metrics/catalog.ts";
import { parseExposition } from "../host/metrics/testing.ts";
import dashboard from "../docs/grafana-dashboard.json" with { type: "json" };
import { ROOT, run, startHeadless, TestDir } from "./harness.ts";
import { Guest, Session, until } from "./people.ts";
import { connectTo } from "./raw_http.ts";

const ANY_PORT = { hostname: "127.0.0.1", port: 0 };

/** Where a session's metrics are. */
async function urlOf(session: Session): Promise<string> {
  const url = (): string | undefined =>
    session.reported.flatMap((event) => event.event === "ready" ? [event.metricsUrl] : [])[0];
  await until(() => url() !== undefined, "the address of the metrics");
  return url()!;
}

async function scrape(url: string): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(url);
  assert.equal(response.status, 200);
  assert.match(response.headers.get("content-type")!, /^text\/plain; version=0\.0\.4/);
  return parseExposition(await response.text()).samples;
}

Deno.test("who comes, types and hands over is in the metrics, and what it took", async () => {
  await using session = new Session({ metrics: ANY_PORT });
  const url = await urlOf(session);
  const ada = await session.join("Ada");
  const lurker = await session.join("Lu", "view");
  const { url: onceOnly } = await session.link("view", { once: true });
  await session.enter(onceOnly, "first");
  const second = new Guest(onceOnly, "second");
  await until(() => second.ended === "token-spent", "the refusal");
  second.leave();
  assert.equal(await session.act({ kind: "grant", id: ada.id }), "done");
  await ada.mode("participant");
  ada.type("echo one two\n");
  await ada.sees(/^one two$/m);
  await lurker.sees(/^one two$/m);
  await session.act({ kind: "take" });
  await session.type("echo mine\n");
  await ada.sees(/^mine$/m);
  const samples = await scrape(url);
  const at = (name: string): number | undefined => samples.get(name);
  assert.equal(at("collab_active_sessions"), 1);
  assert.equal(at('collab_participants{role="control"}'), 1);
  assert.equal(at('collab_joins_total{role="view"}'), 2);
  assert.equal(at('collab_refusals_total{reason="token-spent"}'), 1);
  assert.equal(at('collab_input_bytes_total{kind="participant"}'), "echo one two\n".length);
  assert.equal(at('collab_input_bytes_total{kind="presenter"}'), "echo mine\n".length);
  assert.equal(at('collab_control_handoffs_total{change="grant"}'), 1);
  assert.equal(at('collab_control_handoffs_total{change="revoke"}'), 1);
  assert.ok(at("collab_output_bytes_total")! > 20);
  assert.ok(at("collab_sent_bytes_total")! > 3_000);
  assert.ok(at("collab_received_bytes_total")! > 3_000);
  assert.ok(at("collab_frames_total")! > 2);
  assert.ok(at('collab_deltas_total{audience="one"}')! >= 3);
  assert.ok(at("collab_echo_latency_seconds_count")! >= 2);
  assert.ok(at("process_resident_memory_bytes")! > 20e6);
});

Deno.test("ctl tells the same numbers", async () => {
  await using dir = new TestDir();
  const env = { XDG_RUNTIME_DIR: dir.path };
  await using host = startHeadless({ args: ["--metrics", "0"], env });
  const ready = await host.waitFor(({ event }) => event === "ready", "the host to be ready");
  const { metricsUrl } = ready as { metricsUrl?: string };
  const status = async (): Promise<{ metrics: Record<string, unknown>; metricsUrl: string }> =>
    JSON.parse((await run("ctl", ["status", "--json"], { env })).stdout);
  const { metrics, metricsUrl: told } = await status();
  assert.equal(told, metricsUrl);
  const samples = await scrape(metricsUrl!);
  for (const metric of METRICS) {
    // The process goes on in between.
    if (metric.name.startsWith("process_") || metric.name.includes("event_loop")) continue;
    // deno-lint-ignore no-explicit-any -- as it came over the socket
    const read = metric.read(metrics as any);
    if (metric.type === "histogram") {
      assert.equal(samples.get(`${metric.name}_count`), (read as { count: number }).count);
    } else if (metric.label === undefined) {
      assert.equal(samples.get(metric.name), read, metric.name);
    } else {
      for (const [value, number] of Object.entries(read)) {
        assert.equal(samples.get(`${metric.name}{${metric.label}="${value}"}`), number);
      }
    }
  }
  assert.match((await run("ctl", ["status"], { env })).stdout, /^metrics +http:.*\/metrics$/m);
});

Deno.test("the documentation lists what is served, with types and labels, and nothing else", async () => {
  await using session = new Session({ metrics: ANY_PORT });
  const { types, samples } = parseExposition(await (await fetch(await urlOf(session))).text());
  const text = await Deno.readTextFile(join(ROOT, "docs", "METRICS.md"));
  const rows = [...text.matchAll(/^\| `([a-z_]+)` +\| (\w+) +\| (?:`(\w+)`)? +\| (.*?) +\|$/gm)];
  const documented = rows.map(([, name, type, label, help]) => ({ name, type, label, help }));
  assert.deepEqual(
    documented,
    METRICS.map(({ name, type, label, help }) => ({ name, type, label, help })),
  );
  assert.deepEqual(documented.map(({ name }) => name), [...types.keys()]);
  for (const { name, type, label } of documented) {
    assert.equal(types.get(name!), type);
    const labels = [...samples.keys()].filter((sample) => sample.startsWith(`${name}{`));
    if (label !== undefined) { for (const of of labels) assert.ok(of.includes(`{${label}="`), of); }
  }
  const labels = [...text.matchAll(/^\| `(\w+)` +\| [^|]+\|$/gm)].map(([, label]) => label);
  assert.deepEqual(
    new Set(labels),
    new Set(METRICS.flatMap(({ label }) => label === undefined ? [] : [label])),
  );
  // What is asked in the examples is there, too.
  for (const [, example] of text.matchAll(/```promql\n([^]*?)```/g)) checkQuery(example!);
});

Deno.test("the dashboard asks for metrics and labels that there are", () => {
  let queries = 0;
  for (const panel of dashboard.panels) {
    for (const { expr } of "targets" in panel ? panel.targets ?? [] : []) {
      checkQuery(expr);
      queries++;
    }
  }
  assert.ok(queries > 20, `only ${queries} queries`);
  for (const variable of dashboard.templating.list) {
    if (typeof variable.query === "object") checkQuery(variable.query.query);
  }
  const asked = JSON.stringify(dashboard);
  const missing = METRICS.filter(({ name }) => !asked.includes(name));
  assert.deepEqual(missing.map(({ name }) => name), [], "the dashboard leaves out");
});

Deno.test("the check of queries notices a metric and a label that there is not", () => {
  for (const query of ["rate(collab_nothing_total[5m])", "collab_echo_latency_seconds_total"]) {
    assert.throws(() => checkQuery(query), query);
  }
  assert.throws(() => checkQuery("sum by (colour) (collab_participants)"));
  assert.throws(() => checkQuery('collab_participants{kind="x"}'));
  assert.throws(() => checkQuery("collab_frames_total_bucket"));
});

/** What a target has beside its own labels. */
const OF_EVERY_TARGET = ["instance", "job"];

/** Checks that a query's metrics are served, with the labels that it names. */
function checkQuery(query: string): void {
  const text = query.replaceAll(/#.*$/gm, "");
  const found = [...text.matchAll(/\b(?:collab|process)_\w+/g)].map(([name]) => name);
  assert.ok(found.length > 0, query);
  const labels = new Set(OF_EVERY_TARGET);
  for (const name of found) {
    const metric = METRICS.find((metric) =>
      metric.name === name ||
      metric.type === "histogram" && name.replace(/_(?:bucket|sum|count)$/, "") === metric.name
    );
    assert.ok(metric !== undefined, `${name} is not served`);
    assert.equal(metric.type === "histogram", name !== metric.name, `${name} is a histogram`);
    if (metric.label !== undefined) labels.add(metric.label);
    if (metric.type === "histogram") labels.add("le");
  }
  const named = [...text.matchAll(/(?:by|on) \(([^)]*)\)|\{([^}]*)\}/g)].flatMap((
    [, by, matchers],
  ) => by?.split(",") ?? matchers!.split(",").map((matcher) => matcher.replace(/[=!~].*/, "")));
  for (const label of named) assert.ok(labels.has(label.trim()), `${label} is no label: ${query}`);
}

Deno.test("metrics are for programs, not for web pages, and only there", async () => {
  await using session = new Session({ metrics: ANY_PORT });
  const url = await urlOf(session);
  const status = async (path: string, init: RequestInit = {}): Promise<number> => {
    const response = await fetch(new URL(path, url), init);
    await response.body?.cancel();
    assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    assert.equal(response.headers.get("access-control-allow-origin"), null);
    return response.status;
  };
  assert.equal(await status("/metrics"), 200);
  assert.equal(await status("/metrics", { method: "HEAD" }), 200);
  assert.equal(await status("/"), 404);
  assert.equal(await status("/metrics", { method: "POST" }), 405);
  assert.equal(await status("/metrics", { headers: { origin: "http://evil.example" } }), 403);
  assert.equal(await status("/metrics", { headers: { "sec-fetch-site": "cross-site" } }), 403);
  // A site whose name leads here, for its own page to be of this origin.
  assert.equal(await statusFor(url, "evil.example"), 403);
  assert.equal(await statusFor(url, "localhost:1"), 200);
});

/** The status of a request that is made to a server under some name. */
function statusFor(url: string, host: string): Promise<number> {
  const lines = ["GET /metrics HTTP/1.1", `Host: ${host}`, "Connection: close"];
  return connectTo(new URL(url), lines);
}

Deno.test("metrics are refused where others could read them, and where the port is taken", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const faults: readonly [address: string, code: string, exit: number][] = [
    ["0.0.0.0:0", "metrics-insecure", 2],
    ["192.0.2.1:9464", "metrics-insecure", 2],
    ["nonsense:", "bad-arguments", 2],
    [String(taken.addr.port), "listen-failed", 1],
  ];
  for (const [address, code, exit] of faults) {
    const ran = await run("host", ["--headless", "--metrics", address, "--", "true"]);
    assert.deepEqual([ran.code, ran.stdout], [exit, ""], ran.stderr);
    assert.match(ran.stderr, new RegExp(`^collab: .*\\[${code}\\]\\n$`));
  }
});

Deno.test("a trusted network may be told of it", async () => {
  await using session = new Session({
    metrics: { hostname: "0.0.0.0", port: 0 },
    insecure: true,
  });
  const url = new URL(await urlOf(session));
  assert.equal(await statusFor(`http://127.0.0.1:${url.port}`, "some.name"), 200);
});
