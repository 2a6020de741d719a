/**
 * What is measured, as text for Prometheus. This is the only module that loads the client.
 *
 * @module
 */
import { Counter, Gauge, type Metric as ClientMetric, Registry } from "prom-client";
import { type Metric, METRICS } from "./catalog.ts";
import type { HistogramMeasure, Measures } from "./measures.ts";

/** A page of metrics. */
export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/**
 * Makes what renders all metrics.
 *
 * @param measure is called once a page
 */
export function exposition(measure: () => Measures): () => Promise<Exposition> {
  const registry = new Registry();
  let measures = measure();
  for (const metric of METRICS) register(registry, metric, () => measures);
  return async () => {
    measures = measure();
    return { contentType: registry.contentType, text: await registry.metrics() };
  };
}

function register(registry: Registry, metric: Metric, measures: () => Measures): void {
  const { name, help, type } = metric;
  const common = { name, help, registers: [registry] };
  const labelNames = metric.label === undefined ? [] : [metric.label];
  switch (type) {
    case "counter":
      new Counter({
        ...common,
        labelNames,
        collect(): void {
          this.reset();
          each(metric, measures(), (labels, value) => this.inc(labels, value));
        },
      });
      return;
    case "gauge":
      new Gauge({
        ...common,
        labelNames,
        collect(): void {
          this.reset();
          each(metric, measures(), (labels, value) => this.set(labels, value));
        },
      });
      return;
    case "histogram":
      // The client's own histogram cannot be told counts. A registry asks a metric for its name and its values alone.
      registry.registerMetric({
        name,
        get: () => Promise.resolve(histogramValues(name, help, metric.read(measures()))),
      } as unknown as ClientMetric);
      return;
    default:
      return metric satisfies never;
  }
}

type Plain = Exclude<Metric, { type: "histogram" }>;

function each(
  metric: Plain,
  measures: Measures,
  give: (labels: Record<string, string>, value: number) => void,
): void {
  if (metric.label === undefined) return give({}, metric.read(measures));
  for (const [of, value] of Object.entries(metric.read(measures))) {
    give({ [metric.label]: of }, value);
  }
}

interface HistogramValues {
  readonly name: string;
  readonly help: string;
  readonly type: "histogram";
  readonly values: readonly {
    readonly metricName: string;
    readonly labels: Readonly<Record<string, string | number>>;
    readonly value: number;
  }[];
}

function histogramValues(name: string, help: string, measure: HistogramMeasure): HistogramValues {
  const { count, sumSeconds, buckets } = measure;
  const bucket = (le: string | number, value: number): HistogramValues["values"][number] => ({
    metricName: `${name}_bucket`,
    labels: { le },
    value,
  });
  return {
    name,
    help,
    type: "histogram",
    values: [
      ...buckets.map(({ le, count }) => bucket(le, count)),
      bucket("+Inf", count),
      { metricName: `${name}_sum`, labels: {}, value: sumSeconds },
      { metricName: `${name}_count`, labels: {}, value: count },
    ],
  };
}
