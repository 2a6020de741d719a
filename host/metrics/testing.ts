/**
 * Reads a page of metrics, for tests: strictly, as the text format is defined.
 *
 * @module
 */

/** A page of metrics. */
export interface Page {
  /** Types by metric. */
  readonly types: ReadonlyMap<string, string>;
  /** Values by name and labels, as they are written: `name{label="value"}`. */
  readonly samples: ReadonlyMap<string, number>;
}

const SAMPLE = /^([a-z_]+)((?:\{(?:[a-z]+="(?:[^"\\\n]|\\[\\"n])*",?)*\})?) (-?[\d.e+]+)$/;

/** Reads a page. @throws {Error} at a line that is none of the format, or of a metric that was not announced */
export function parseExposition(text: string): Page {
  const types = new Map<string, string>(), samples = new Map<string, number>();
  if (!text.endsWith("\n")) throw new Error("The last line has no end");
  for (const line of text.split("\n")) {
    if (line === "" || /^# HELP [a-z_]+ \S/.test(line)) continue;
    const type = /^# TYPE ([a-z_]+) (counter|gauge|histogram)$/.exec(line);
    if (type !== null) {
      types.set(type[1]!, type[2]!);
      continue;
    }
    const [, name, labels, value] = SAMPLE.exec(line) ?? [];
    if (name === undefined) throw new Error(`Not a line of metrics: ${line}`);
    const metric = name.replace(/_(?:bucket|sum|count)$/, "");
    if (!types.has(name) && types.get(metric) !== "histogram") throw new Error(`No type: ${line}`);
    if (samples.has(name + labels)) throw new Error(`Twice: ${line}`);
    samples.set(name + labels, Number(value));
  }
  return { types, samples };
}
