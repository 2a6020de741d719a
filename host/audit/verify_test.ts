import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeLine, hashOf, parseLine } from "./line.ts";
import { bytes, KEYS, linesOf, OTHER_KEYS, verdictOn } from "./testing/logs.ts";
import type { Verdict } from "./verdict.ts";

/** Markers, and checkpoints between them. */
const anyLabels = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.string({ unit: "grapheme", maxLength: 20 }) },
    { weight: 1, arbitrary: fc.constant(null) },
  ),
  { minLength: 1, maxLength: 8 },
);
const RUNS = { numRuns: 60 };

/** A log that is closed, and numbers to make a change with. */
const anyLog = fc.tuple(anyLabels, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }));

function broken(verdict: Verdict): Extract<Verdict, { kind: "broken" }> {
  assert.ok(verdict.kind === "broken", JSON.stringify(verdict));
  return verdict;
}

/** The same lines with other hashes, from a line on: what somebody can do who knows the format and has not the key. */
function rechained(lines: readonly string[], from: number): string[] {
  const result = [...lines];
  for (let i = from; i < lines.length; i++) {
    const { at, members, sig } = parseLine(lines[i]!)!;
    const prev = i === 0 ? hashOf(KEYS.session) : hashOf(result[i - 1]!);
    result[i] = encodeLine({ seq: i + 1, at, prev }, members, sig);
  }
  return result;
}

Deno.test("a log is whole and signed when it is as it was written", async () => {
  const lines = await linesOf(["one", null, "two"]);
  assert.deepEqual(await verdictOn(lines), {
    kind: "closed",
    lines: 5,
    session: KEYS.session,
    from: "2026-11-21T14:03:01.000Z",
    to: "2026-11-21T14:03:05.000Z",
  });
});

Deno.test("a log without its end is whole up to where it ends, and signed up to its last checkpoint", async () => {
  const lines = await linesOf(["one", null, "two", "three"], { closed: false });
  const about = {
    session: KEYS.session,
    from: "2026-11-21T14:03:01.000Z",
    to: "2026-11-21T14:03:05.000Z",
  };
  assert.deepEqual(await verdictOn(lines), {
    kind: "open",
    lines: 5,
    signed: 3,
    cutOff: false,
    ...about,
  });
  const cut = `${lines.join("\n")}\n${lines[4]!.slice(0, 30)}`;
  assert.deepEqual(await verdictOn(cut), {
    kind: "open",
    lines: 5,
    signed: 3,
    cutOff: true,
    ...about,
  });
});

Deno.test("law: wherever a log is cut, what is left is whole, and not closed", async () => {
  await fc.assert(
    fc.asyncProperty(anyLog, async ([labels, n]) => {
      const all = bytes((await linesOf(labels)).map((line) => `${line}\n`).join(""));
      const verdict = await verdictOn(all.subarray(0, n % all.length));
      assert.ok(
        verdict.kind === "open" || verdict.kind === "broken" && verdict.fault === "not-a-log",
        JSON.stringify(verdict),
      );
    }),
    RUNS,
  );
});

Deno.test("law: a change of any byte of a closed log is found, and in its own line", async () => {
  await fc.assert(
    fc.asyncProperty(anyLog, async ([labels, n, , flip]) => {
      const all = bytes((await linesOf(labels)).map((line) => `${line}\n`).join(""));
      const at = n % all.length;
      const line = all.subarray(0, at).filter((byte) => byte === 10).length + 1;
      all[at]! ^= flip;
      const verdict = await verdictOn(all);
      // The last newline is all that makes the last line one.
      if (at === all.length - 1) assert.notEqual(verdict.kind, "closed");
      else assert.equal(broken(verdict).line, line, JSON.stringify(verdict));
    }),
    { numRuns: 400 },
  );
});

Deno.test("law: a byte that is added or taken away is found, and in its own line", async () => {
  await fc.assert(
    fc.asyncProperty(anyLog, fc.boolean(), async ([labels, n, , byte], add) => {
      const all = [...bytes((await linesOf(labels)).map((line) => `${line}\n`).join(""))];
      const at = n % all.length;
      const line = all.slice(0, at).filter((each) => each === 10).length + 1;
      if (add) all.splice(at, 0, byte);
      else all.splice(at, 1);
      const verdict = await verdictOn(new Uint8Array(all));
      const found = verdict.kind === "broken" ? verdict.line : undefined;
      if (!add && at === all.length) assert.notEqual(verdict.kind, "closed");
      // A newline more, at the end of a line, is a line more.
      else assert.ok(found === line || found === line + 1, `${found} for ${line}`);
    }),
    { numRuns: 200 },
  );
});

Deno.test("law: removed lines are found, and where they were", async () => {
  await fc.assert(
    fc.asyncProperty(anyLog, async ([labels, n, m]) => {
      const lines = await linesOf(labels);
      const at = n % (lines.length - 1), count = 1 + m % (lines.length - 1 - at);
      lines.splice(at, count);
      const { fault, line } = broken(await verdictOn(lines));
      assert.deepEqual([fault, line], ["removed", at + 1]);
    }),
    RUNS,
  );
});

Deno.test("law: lines that changed places are found, at the first of them", async () => {
  await fc.assert(
    fc.asyncProperty(anyLog, async ([labels, n, m]) => {
      const lines = await linesOf(labels);
      const a = n % (lines.length - 1), b = a + 1 + m % (lines.length - 1 - a);
      [lines[a], lines[b]] = [lines[b]!, lines[a]!];
      const { fault, line } = broken(await verdictOn(lines));
      assert.deepEqual([fault, line], ["reordered", a + 1]);
    }),
    RUNS,
  );
});

Deno.test("law: a line that was moved is found, where it left or where it went", async () => {
  await fc.assert(
    fc.asyncProperty(anyLog, async ([labels, n, m]) => {
      const lines = await linesOf(labels);
      const from = n % lines.length, to = m % lines.length;
      if (from === to) return;
      const [moved] = lines.splice(from, 1);
      lines.splice(to, 0, moved!);
      const { fault, line } = broken(await verdictOn(lines));
      assert.deepEqual([fault, line], ["reordered", Math.min(from, to) + 1]);
    }),
    RUNS,
  );
});

Deno.test("law: a line that is there twice is found", async () => {
  await fc.assert(
    fc.asyncProperty(anyLog, async ([labels, n, m]) => {
      const lines = await linesOf(labels);
      const from = n % lines.length, to = m % (lines.length + 1);
      lines.splice(to, 0, lines[from]!);
      const { fault, line } = broken(await verdictOn(lines));
      // Beside itself, either of the two is the one too many.
      const expected = to === from ? to + 1 : to;
      assert.deepEqual([fault, line], ["inserted", expected + 1]);
    }),
    RUNS,
  );
});

Deno.test("law: a line of one's own is found, whatever hash it carries", async () => {
  await fc.assert(
    fc.asyncProperty(anyLog, fc.boolean(), async ([labels, n], fits) => {
      const lines = await linesOf(labels);
      const at = 1 + n % (lines.length - 1);
      const prev = hashOf(fits ? lines[at - 1]! : "nothing");
      const place = { seq: at + 1, at: "2026-11-21T14:03:01.000Z", prev };
      lines.splice(at, 0, encodeLine(place, { event: "marker", label: "never was" }));
      const { fault, line } = broken(await verdictOn(lines));
      assert.deepEqual([fault, line], ["inserted", at + 1]);
    }),
    RUNS,
  );
});

Deno.test("law: who mends the hashes after a change is betrayed by the next signature", async () => {
  await fc.assert(
    fc.asyncProperty(anyLabels, fc.nat(), async (labels, n) => {
      const lines = await linesOf(labels);
      const markers = lines.flatMap((line, i) => parseLine(line)!.event === "marker" ? [i] : []);
      if (markers.length === 0) return;
      const at = markers[n % markers.length]!;
      const { members, ...place } = parseLine(lines[at]!)!;
      lines[at] = encodeLine(place, { ...members, label: `${members.label}, not` });
      const verdict = broken(await verdictOn(rechained(lines, at + 1)));
      const next = lines.findIndex((line, i) => i > at && parseLine(line)!.sig !== undefined);
      assert.deepEqual([verdict.fault, verdict.line], ["bad-signature", next + 1]);
      assert.ok(verdict.signed <= at, "a line that was changed counts as signed");
    }),
    RUNS,
  );
});

Deno.test("the log of another session does not pass for a part of this one", async () => {
  const lines = await linesOf(["one", "two"]);
  const others = await linesOf(["one", "two"], { keys: OTHER_KEYS });
  const verdict = broken(await verdictOn([...lines.slice(0, 2), ...others]));
  assert.deepEqual([verdict.fault, verdict.line], ["foreign-session", 3]);
  const whole = broken(await verdictOn([...lines, ...others]));
  assert.deepEqual([whole.fault, whole.line], ["foreign-session", 5]);
  const replaced = broken(await verdictOn([lines[0]!, others[1]!, ...lines.slice(2)]));
  assert.deepEqual([replaced.fault, replaced.line], ["changed", 2]);
});

Deno.test("a log that says to be another session's is found out by its key", async () => {
  const [first = "", ...rest] = await linesOf(["one"]);
  const { members, sig, ...place } = parseLine(first)!;
  const { session } = OTHER_KEYS;
  const forged = encodeLine(
    { ...place, prev: hashOf(session) },
    { ...members, session },
    sig,
  );
  const verdict = broken(await verdictOn(rechained([forged, ...rest], 1)));
  assert.deepEqual([verdict.fault, verdict.line], ["foreign-session", 1]);
});

Deno.test("what was done to a line is told, where it can be", async () => {
  const lines = await linesOf(["one", null, "two", "three"]);
  const told = async (at: number, change: (line: string) => string): Promise<string> =>
    broken(await verdictOn(lines.with(at, change(lines[at]!)))).what;
  const otherHash = (line: string): string => line.replace(/"prev":"./, '"prev":"_');
  assert.equal(
    await told(4, otherHash),
    "line 5 was changed: its hash of the line before it",
  );
  assert.equal(
    await told(5, otherHash),
    "line 6 was changed: its hash of the line before it",
  );
  for (const at of [0, 1, 5]) {
    const number = `line ${at + 1} was changed: its number`;
    assert.equal(await told(at, (line) => line.replace(/\d/, "9")), number);
  }
  const other = "2026-11-21T14:04:00.000Z";
  const later = (line: string): string => line.replace(/2026[^"]*/, other);
  assert.equal(await told(2, later), "line 3 was changed");
  assert.equal(
    await told(5, later),
    "line 6 has a signature that does not fit: it, or a line from 4 on, was changed",
  );
});

Deno.test("a line that is signed is not suspected for what comes after it", async () => {
  const lines = await linesOf(["one", null, "two", "three"]);
  const { members, ...place } = parseLine(lines[3]!)!;
  lines[3] = encodeLine({ ...place, prev: hashOf("nothing") }, { ...members, label: "2" });
  const { fault, line, signed } = broken(await verdictOn(rechained(lines, 4)));
  assert.deepEqual([fault, line, signed], ["changed", 4, 3]);
});

Deno.test("nothing comes after the end, not even a part of a line", async () => {
  const lines = await linesOf(["one"]);
  const text = lines.map((line) => `${line}\n`).join("");
  const last = parseLine(lines.at(-1)!)!;
  const place = { seq: last.seq + 1, at: last.at, prev: hashOf(lines.at(-1)!) };
  const more = encodeLine(place, { event: "marker", label: "more" });
  for (const after of [`${more}\n`, "x", "\n"]) {
    const { fault, line } = broken(await verdictOn(text + after));
    assert.deepEqual([fault, line], ["inserted", 4], after);
  }
});

Deno.test("lines that have to be signed are", async () => {
  const lines = await linesOf(["one"]);
  const { members, sig: _, ...place } = parseLine(lines.at(-1)!)!;
  const { fault, line } = broken(
    await verdictOn([...lines.slice(0, -1), encodeLine(place, members)]),
  );
  assert.deepEqual([fault, line], ["bad-signature", 3]);
});

Deno.test("what is no audit log is told so", async () => {
  const cases: readonly (string | Uint8Array)[] = [
    "",
    "hello",
    "hello\n",
    "hello\nworld\n",
    '{"version":3,"term":{"cols":80,"rows":24}}\n[0.1,"o","x"]\n',
    new Uint8Array([0xff, 0xfe, 10, 10]),
    new Uint8Array(1 << 20),
  ];
  for (const text of cases) {
    const { fault, line } = broken(await verdictOn(text));
    assert.deepEqual([fault, line], ["not-a-log", 1]);
  }
});

Deno.test("a line is said to be no JSON, or no line of a log, where that is the matter", async () => {
  const lines = await linesOf(["one", "two", "three"]);
  const replacedBy = async (text: string): Promise<readonly unknown[]> => {
    const { fault, line, what } = broken(await verdictOn(lines.with(2, text)));
    return [fault, line, what];
  };
  assert.deepEqual(await replacedBy("{"), ["not-json", 3, "line 3 is not JSON"]);
  const unlike = ["changed", 3, "line 3 is not written as lines of a log are"];
  assert.deepEqual(await replacedBy(`${lines[2]} `), unlike);
  assert.deepEqual(await replacedBy("[".repeat(1_000) + "]".repeat(1_000)), unlike);
  assert.deepEqual(await replacedBy("x".repeat(300_000)), [
    "changed",
    3,
    "line 3 is longer than any line of a log",
  ]);
});
