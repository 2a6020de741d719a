import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeHeader, type Header, parseHeader, type Term } from "./header.ts";
import type { JsonObject } from "./json.ts";

const color = fc.integer({ min: 0, max: 0xffffff }).map((n) =>
  "#" + n.toString(16).padStart(6, "0")
);
const unknown = fc.dictionary(
  fc.string().filter((key) =>
    !/^(version|term|cols|rows|width|height|type|theme|env|tags|title|command|timestamp|idle_time_limit)$/
      .test(key)
  ),
  fc.jsonValue(),
) as fc.Arbitrary<JsonObject>;
const someUnknown = unknown.filter((extra) => Object.keys(extra).length > 0);

function record<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(model, { requiredKeys: [] }) as fc.Arbitrary<T>;
}

const term: fc.Arbitrary<Term> = record({
  type: fc.string(),
  version: fc.string(),
  theme: fc.record({
    fg: color,
    bg: color,
    palette: fc.constantFrom(8, 16).chain((n) => fc.array(color, { minLength: n, maxLength: n })),
  }),
  extra: someUnknown,
});

const header: fc.Arbitrary<Header> = fc.tuple(
  fc.record({
    version: fc.constant(3 as const),
    cols: fc.integer({ min: 1, max: 4096 }),
    rows: fc.integer({ min: 1, max: 256 }),
    extra: unknown,
  }),
  record({
    timestampMs: fc.integer({ min: 0, max: 4e9 }).map((seconds) => seconds * 1000),
    title: fc.string({ unit: "binary" }),
    command: fc.string(),
    env: fc.dictionary(fc.string(), fc.string()),
    tags: fc.array(fc.string()),
    term: term.filter((term) => Object.keys(term).length > 0),
    idleTimeLimitMs: fc.nat(1e9),
  }),
).map(([required, optional]) => ({ ...required, ...optional }));

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

Deno.test("a header is what its line parses to, unknown keys and all", () => {
  fc.assert(fc.property(header, (header) => {
    const line = encodeHeader(header);
    assert.equal(line.indexOf("\n"), line.length - 1);
    assert.deepEqual(plain(parseHeader(line)), plain(header));
  }));
});

Deno.test("the header of asciicast v3's own description is read whole", () => {
  const palette = "#151515:#ac4142:#7e8e50:#e5b567:#6c99bb:#9f4e85:#7dd6cf:#d0d0d0";
  const line = JSON.stringify({
    version: 3,
    term: {
      cols: 80,
      rows: 24,
      type: "xterm-256color",
      version: "VTE(7802)",
      theme: { fg: "#d0d0d0", bg: "#212121", palette },
    },
    timestamp: 1509091818,
    idle_time_limit: 2,
    command: "/bin/bash",
    title: "Demo",
    env: { SHELL: "/bin/bash" },
    tags: ["demo", "helix"],
  });
  assert.deepEqual(parseHeader(line), {
    version: 3,
    cols: 80,
    rows: 24,
    timestampMs: 1509091818000,
    title: "Demo",
    command: "/bin/bash",
    env: { SHELL: "/bin/bash" },
    tags: ["demo", "helix"],
    term: {
      type: "xterm-256color",
      version: "VTE(7802)",
      theme: { fg: "#d0d0d0", bg: "#212121", palette: palette.split(":") },
    },
    idleTimeLimitMs: 2000,
    extra: {},
  });
  assert.equal(encodeHeader(parseHeader(line)), line + "\n");
});

Deno.test("v1 and v2 keep size and colours at the top level", () => {
  assert.deepEqual(
    parseHeader('{"version":2,"width":80,"height":24,"env":{"TERM":"xterm"},"duration":1.5}'),
    {
      version: 2,
      cols: 80,
      rows: 24,
      env: { TERM: "xterm" },
      term: { type: "xterm" },
      extra: { duration: 1.5 },
    },
  );
  assert.deepEqual(
    parseHeader(
      '{"version":1,"width":80,"height":24,"command":null,"title":"","stdout":[[1,"a"]]}',
    ),
    { version: 1, cols: 80, rows: 24, title: "", extra: {} },
  );
});

Deno.test("what is written is v3 whatever was read", () => {
  assert.equal(
    encodeHeader(parseHeader('{"version":2,"width":80,"height":24,"timestamp":1.9}')),
    '{"version":3,"term":{"cols":80,"rows":24},"timestamp":1}\n',
  );
});

Deno.test("an optional key of the wrong type is kept and means nothing", () => {
  const line =
    '{"version":3,"term":{"cols":80,"rows":24,"type":7,"theme":{"fg":"red"}},"timestamp":-1,"title":5}\n';
  const header = parseHeader(line);
  assert.equal(header.title, undefined);
  assert.deepEqual(header.term, { extra: { type: 7, theme: { fg: "red" } } });
  assert.equal(encodeHeader(header), line);
});

Deno.test("an unknown key never replaces a known one", () => {
  const header: Header = {
    ...parseHeader('{"version":3,"term":{"cols":80,"rows":24}}'),
    title: "mine",
    term: { extra: { cols: 1 } },
    extra: { title: "theirs", version: 9, timestamp: "theirs" },
  };
  assert.equal(
    encodeHeader(header),
    '{"version":3,"term":{"cols":80,"rows":24},"timestamp":"theirs","title":"mine"}\n',
  );
});

const BAD: readonly (readonly [string, string, string])[] = [
  ["hello", "recording-bad-header", "is not a header: expected a JSON object"],
  ["[]", "recording-bad-header", "is not a header: expected a JSON object"],
  ["null", "recording-bad-header", "is not a header: expected a JSON object"],
  ["{}", "recording-bad-version", "is not a header: expected a version"],
  [
    '{"version":4}',
    "recording-bad-version",
    'is not a header of a known version: expected 1, 2 or 3, not "4"',
  ],
  [
    '{"version":"3"}',
    "recording-bad-version",
    'is not a header of a known version: expected 1, 2 or 3, not "3"',
  ],
  ['{"version":3}', "recording-bad-header", "is not a header: expected an object as its term"],
  [
    '{"version":3,"term":{"cols":0,"rows":24}}',
    "recording-bad-size",
    'is not a header: expected a size from 1x1 to 4096x4096 with at most 1048576 cells, not "0x24"',
  ],
  [
    '{"version":2,"width":100000,"height":24}',
    "recording-bad-size",
    'is not a header: expected a size from 1x1 to 4096x4096 with at most 1048576 cells, not "100000x24"',
  ],
  [
    '{"version":2,"width":80}',
    "recording-bad-size",
    'is not a header: expected a size from 1x1 to 4096x4096 with at most 1048576 cells, not "80x?"',
  ],
  [
    '{"version":2,"width":80.5,"height":24}',
    "recording-bad-size",
    'is not a header: expected a size from 1x1 to 4096x4096 with at most 1048576 cells, not "80.5x24"',
  ],
];

for (const [line, code, predicate] of BAD) {
  Deno.test(`the header ${line} is refused by name`, () => {
    assert.throws(() => parseHeader(line), { name: "LineError", code, predicate });
  });
}
