import assert from "node:assert/strict";
import fc from "fast-check";
import type { TypedEntry } from "./entry.ts";
import { bytes, redactorOf } from "./testing/logs.ts";
import { dueMs, LONGEST_MS, NOTHING_TYPED, PASTE_MAX_LENGTH, QUIET_MS, step } from "./typing.ts";
import { Typist } from "./typist.ts";

const SECRET = /\bKEY[0-9]{6}\b|-----BEGIN[^]*?(?:-----END-----|$)/g;
const mask = (text: string): string => redactorOf(SECRET).text(text);

/** What somebody types: `hidden` where it is not shown; `flush` when something else happens. */
type Said =
  | readonly [
    id: string,
    text: string,
    options?: { readonly hidden?: true; readonly atMs?: number },
  ]
  | "flush";

/** The entries that come of it, without how long they took. */
function typed(...all: readonly Said[]): unknown[] {
  return timed(...all).map(({ tookMs: _, ...entry }) => entry);
}

function timed(...all: readonly Said[]): TypedEntry[] {
  const typists = new Map<string, Typist>();
  const entries: TypedEntry[] = [];
  let state = NOTHING_TYPED, nowMs = 0;
  for (const said of [...all, "flush" as const]) {
    if (said !== "flush") nowMs = said[2]?.atMs ?? nowMs;
    const input = said === "flush" ? { kind: "flush" as const } : (([id, text, options]) => {
      const typist = typists.get(id) ?? new Typist();
      typists.set(id, typist);
      const units = [...typist.read(bytes(text), nowMs, true), ...typist.flush()];
      return { kind: "typed" as const, id, units, hidden: options?.hidden ?? false };
    })(said);
    const next = step(state, input, { nowMs, mask });
    state = next.state;
    entries.push(...next.entries);
  }
  return entries;
}

const text = (id: string, text: string): unknown => ({ kind: "text", id, text });

Deno.test("a line is an entry, with the key that ended it", () => {
  assert.deepEqual(typed(["p1", "ls"], ["p1", " -la\rpw"], ["p1", "d\x03"]), [
    text("p1", "ls -la<enter>"),
    text("p1", "pwd<ctrl+c>"),
  ]);
});

Deno.test("a line ends when somebody else types", () => {
  assert.deepEqual(typed(["p1", "ec"], ["host", "ho"], ["p1", " x\r"]), [
    text("p1", "ec"),
    text("host", "ho"),
    text("p1", " x<enter>"),
  ]);
});

Deno.test("a line ends when it is left, or goes on for long, and says how long it took", () => {
  const { state } = step(NOTHING_TYPED, {
    kind: "typed",
    id: "p1",
    units: [{ kind: "text", text: "x" }],
    hidden: false,
  }, { nowMs: 100, mask });
  assert.equal(dueMs(state), 100 + QUIET_MS);
  assert.equal(dueMs(NOTHING_TYPED), undefined);
  const later = { ...state, pending: { ...state.pending!, lastMs: 9_900 } };
  assert.equal(dueMs(later), 100 + LONGEST_MS);
  assert.deepEqual(timed(["p1", "a", { atMs: 100 }], ["p1", "b\r", { atMs: 700 }]), [
    { kind: "text", id: "p1", text: "ab<enter>", tookMs: 600 },
  ]);
});

Deno.test("keys cannot be mistaken for text, nor text for keys", () => {
  assert.deepEqual(typed(["p1", "\x1b[A<up>\x1b<\x1b>\r"]), [
    text("p1", "<up><lt>up><alt+lt><alt+gt><enter>"),
  ]);
});

Deno.test("the mouse is told once, however far it moves", () => {
  assert.deepEqual(typed(["p1", "\x1b[<35;1;1M\x1b[<35;2;1M"], ["p1", "\x1b[<35;3;1Mx\x1b[I"]), [
    text("p1", "<mouse>x<focus>"),
  ]);
});

Deno.test("a paste is an entry of its own, with the beginning of its text", () => {
  const long = "x".repeat(10_000);
  const pasted = (text: string): string => `\x1b[200~${text}\x1b[201~`;
  assert.deepEqual(typed(["p1", `echo ${pasted("a <b>\rc")} d\r${pasted(long)}`]), [
    text("p1", "echo "),
    { kind: "paste", id: "p1", text: "a <b>\nc", length: 7 },
    text("p1", " d<enter>"),
    { kind: "paste", id: "p1", text: "x".repeat(PASTE_MAX_LENGTH), length: 10_000 },
  ]);
});

Deno.test("of what the terminal hides only the length is told", () => {
  const entries = typed(
    ["p1", "sudo id\r"],
    ["p1", "hünter2", { hidden: true }],
    ["p1", "\x7f3\r", { hidden: true }],
    ["p1", "\x1b[200~pasted\x1b[201~\r", { hidden: true }],
    ["p1", "exit\r"],
  );
  const hidden = (length: number): unknown => ({ kind: "length", id: "p1", length, why: "hidden" });
  assert.deepEqual(entries, [
    text("p1", "sudo id<enter>"),
    hidden(9),
    hidden(6),
    text("p1", "exit<enter>"),
  ]);
});

Deno.test("what is hidden is not kept either", () => {
  const typist = new Typist();
  const units = typist.read(bytes("hunter2"), 0);
  const { state } = step(NOTHING_TYPED, { kind: "typed", id: "p1", units, hidden: true }, {
    nowMs: 0,
    mask,
  });
  assert.doesNotMatch(JSON.stringify(state), /hunter/);
});

Deno.test("a long line is told in parts, none of which ends in the middle of a character", () => {
  const line = "👍".repeat(5_000);
  const entries = typed(["p1", `a${line}\r`]) as { text: string }[];
  assert.ok(entries.length >= 3);
  for (const { text } of entries) assert.ok(text.isWellFormed() && text.length <= 2 * 2_048);
  assert.equal(entries.map(({ text }) => text).join(""), `a${line}<enter>`);
});

const M = "•".repeat(9);

Deno.test("a secret is masked, however it was typed", () => {
  const cases: readonly (readonly [what: string, said: readonly Said[], told: string])[] = [
    ["at once", [["p1", "x KEY123456 y\r"]], `x ${M} y<enter>`],
    ["in pieces", [["p1", "x KE"], ["p1", "Y123456\r"]], `x ${M}<enter>`],
    [
      "with a slip",
      [["p1", "KEY12a\x7f3456\r"]],
      "•••••a<backspace>••••<enter>",
    ],
    ["with a word taken back", [["p1", "KEX\x17KEY123456\r"]], `KEX<ctrl+w>${M}<enter>`],
    ["and taken back as a whole", [["p1", "KEY123456\x15ls\r"]], `${M}<ctrl+u>ls<enter>`],
    [
      "with the cursor moved",
      [["p1", "KEY3456\x1b[D\x1b[D\x1b[D\x1b[D12\x05\r"]],
      "•••••••<left><left><left><left>••<ctrl+e><enter>",
    ],
    ["with a key that types nothing", [["p1", "KEY12\x1b[15~3456\r"]], "•••••<f5>••••<enter>"],
    ["before a completion", [["p1", "KEY123456\tx\r"]], `${M}<tab>x<enter>`],
    ["after an editor's command", [["p1", "iKEY123456\x1b"]], `i${M}<escape>`],
    ["after a longer one", [["p1", "x\x1bciwKEY123456\x1b"]], `x<alt+c>iw${M}<escape>`],
    ["in a paste", [["p1", "export K=\x1b[200~KEY123456\x1b[201~\r"]], `export K=${M}<enter>`],
    ["by a paste in its middle", [["p1", "KEY1\x1b[200~2345\x1b[201~6\r"]], `${M}<enter>`],
    ["by two people", [["p1", "KEY1"], ["p2", "23456\r"]], `${M}<enter>`],
    ["with pauses", [["p1", "KEY1"], "flush", ["p1", "23456\r"]], `KEY1•••••<enter>`],
  ];
  for (const [what, said, told] of cases) {
    const texts = (typed(...said) as { text: string }[]).map(({ text }) => text);
    assert.equal(texts.join(""), told, what);
  }
});

Deno.test("a secret of many lines is masked on all of them", () => {
  const key = ["-----BEGIN", "abcdef", "ghijkl", "-----END-----", "ls"];
  const lines = typed(...key.map((line): Said => ["p1", `${line}\r`])) as { text: string }[];
  assert.deepEqual(lines.map(({ text }) => text), [
    `${"•".repeat(10)}<enter>`,
    `${"•".repeat(6)}<enter>`,
    `${"•".repeat(6)}<enter>`,
    `${"•".repeat(13)}<enter>`,
    "ls<enter>",
  ]);
});

/** What is told of lines that are typed one after the other. */
function toldOf(lines: readonly string[], secret: RegExp): string[] {
  let state = NOTHING_TYPED;
  return lines.flatMap((line) => {
    const units = new Typist().read(bytes(`${line}\r`), 0);
    const input = { kind: "typed", id: "p1", units, hidden: false } as const;
    const next = step(state, input, { nowMs: 0, mask: (text) => redactorOf(secret).text(text) });
    state = next.state;
    return next.entries.map((entry) => entry.kind === "text" ? entry.text : entry.kind);
  });
}

Deno.test("a private key is masked to its end, however long it is and whatever stands before it", () => {
  const body = Array.from({ length: 150 }, (_, i) => `${i}`.padStart(64, "x"));
  const pem = ["-----BEGIN KEY-----", "Proc-Type: 4,ENCRYPTED", "", ...body, "-----END", "ls"];
  const told = toldOf(pem, /(?<=-----BEGIN [^]*\n\n)[^]*?(?=-----END|$)/g);
  assert.equal(told.length, pem.length);
  for (const line of told.slice(3, -2)) assert.match(line, /^•+<enter>$/);
  assert.equal(told.at(-1), "ls<enter>");
  const putty = ["Private-Lines: 2", "abc", "def"];
  assert.deepEqual(toldOf(putty, /(?<=Private-Lines: 2\n)[^]*/g), [
    "Private-Lines: 2<enter>",
    "•••<enter>",
    "•••<enter>",
  ]);
});

Deno.test("a mask that changes the length leaves nothing of the secret", () => {
  const units = new Typist().read(bytes("the KEY123456 is\r"), 0);
  const { entries } = step(NOTHING_TYPED, { kind: "typed", id: "p1", units, hidden: false }, {
    nowMs: 0,
    mask: (text) => text.replace(/KEY\d+/, "•E•"),
  });
  assert.deepEqual(entries, [{ kind: "text", id: "p1", text: `the ${M} is<enter>`, tookMs: 0 }]);
});

Deno.test("law: text without secrets is told as it was typed, in whatever pieces", () => {
  const anyText = fc.string({ unit: "grapheme", maxLength: 12 }).map((text) =>
    // deno-lint-ignore no-control-regex -- keys have their own tests
    text.replace(/[\x00-\x1f\x7f]/g, "").normalize()
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom("p1", "p2"), anyText)), (all) => {
      const entries = typed(...all) as { id: string; text: string }[];
      for (const id of ["p1", "p2"]) {
        const said = all.filter(([by]) => by === id).map(([, text]) => text).join("");
        const told = entries.filter((entry) => entry.id === id).map(({ text }) => text).join("");
        assert.equal(told, said.replaceAll("<", "<lt>"));
      }
    }),
  );
});

Deno.test("what is remembered of what was written is bounded", () => {
  let state = NOTHING_TYPED;
  const type = (text: string): void => {
    const units = new Typist().read(bytes(text), 0);
    ({ state } = step(state, { kind: "typed", id: "p1", units, hidden: false }, {
      nowMs: 0,
      mask,
    }));
  };
  for (let i = 0; i < 100; i++) type(`echo line ${i} of many\r`);
  assert.deepEqual(state.units, []);
  for (let i = 0; i < 100; i++) type(`a line that never ends, ${i}, `.repeat(20));
  assert.ok(JSON.stringify(state).length < 20_000);
});
