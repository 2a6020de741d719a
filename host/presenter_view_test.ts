import assert from "node:assert/strict";
import { rowText } from "../format/row.ts";
import type { Person } from "../format/session_data.ts";
import { statusRow, UNICODE_GLYPHS } from "../viewer/chrome.ts";
import type { Prompt } from "./presenter_facts.ts";
import { type PresenterFacts, statusLine } from "./presenter_view.ts";

const BO: Person = { id: "p1", name: "Bo", role: "control", type: "person", color: 1 };
const CLAUDE: Person = { id: "p2", name: "Claude", role: "agent", type: "agent", color: 2 };
const FACTS: PresenterFacts = {
  title: "incident",
  menuKey: "ctrl+\\",
  takeKey: "f12",
  paused: false,
  watching: 3,
  driver: { kind: "presenter" },
  agent: false,
  takenFrom: undefined,
  asking: 0,
  prompt: undefined,
  recording: "on",
  redactions: 0,
  elapsedMs: 65_000,
  toast: undefined,
};
const BO_DRIVES: Partial<PresenterFacts> = {
  driver: { kind: "participant", person: BO, untilMs: 337_000 },
};
const CLAUDE_ASKS: Prompt = {
  kind: "request",
  person: CLAUDE,
  forMs: 300_000,
  note: "run the tests",
  longer: false,
};

function line(facts: Partial<PresenterFacts>, cols: number): string {
  return rowText(statusRow(cols, statusLine({ ...FACTS, ...facts }, UNICODE_GLYPHS)));
}

/** What the status line says at 80 columns and at 40. */
const CASES: readonly (readonly [string, Partial<PresenterFacts>, string, string])[] = [
  [
    "the presenter drives",
    {},
    " ● LIVE  incident · you drive           3 watching · ● rec · 1:05 · Ctrl-\\ menu",
    " ● LIVE       3 watching · ● rec · 1:05",
  ],
  [
    "control can be handed back",
    { takenFrom: CLAUDE, title: "fix the build" },
    " ● LIVE  fix the build     3 watching · ● rec · 1:05 · F12 hands back to Claude",
    " ● LIVE   3 watching · F12 hands back …",
  ],
  [
    "an agent is waited for",
    { agent: true },
    " ● LIVE  incident · you drive until an agent comes    3 watching · ● rec · 1:05",
    " ● LIVE       3 watching · ● rec · 1:05",
  ],
  [
    "a participant drives, for so long still",
    BO_DRIVES,
    " ● LIVE  incident · Bo drives 4:32   3 watching · ● rec · 1:05 · F12 takes back",
    " ● LIVE  Bo drives 4:32      3 watching",
  ],
  [
    "an agent drives until control is taken back",
    { driver: { kind: "participant", person: CLAUDE, untilMs: undefined } },
    " ● LIVE  agent Claude drives         3 watching · ● rec · 1:05 · F12 takes back",
    " ● LIVE  agent Claude drives 3 watching",
  ],
  [
    "everyone may type",
    { driver: { kind: "everyone" }, redactions: 2 },
    " ● LIVE  everyone may type       3 watching · 2 masked · ● rec · F12 takes back",
    " ● LIVE  everyone may type   3 watching",
  ],
  [
    "nobody types",
    { driver: { kind: "nobody" }, recording: "off" },
    " ‖ INPUT PAUSED  incident · nobody types     3 watching · 1:05 · F12 takes back",
    " ‖ INPUT PAUSED  nobody types",
  ],
  [
    "sharing is paused while somebody has control",
    { ...BO_DRIVES, paused: true },
    " ‖ PAUSED  incident · Bo waits 4:32  3 watching · ‖ rec · 1:05 · F12 takes back",
    " ‖ PAUSED  Bo waits 4:32     3 watching",
  ],
  [
    "somebody asks, and nothing else is to be known",
    { prompt: CLAUDE_ASKS, asking: 1 },
    ' ● LIVE  agent Claude asks for control, 5 min · "run the … Alt-Y yes · Alt-N no',
    " ● LIVE  agent Cl… Alt-Y yes · Alt-N no",
  ],
  [
    "somebody asks while another drives, and why a key was not typed is told",
    {
      ...BO_DRIVES,
      prompt: CLAUDE_ASKS,
      asking: 2,
      toast: { text: "Bo drives: F12 takes control back", tone: "bad" },
    },
    " ● LIVE  agent Claude… · Bo drives: F12 takes control back Alt-Y yes · Alt-N no",
    " ● LIVE  Bo drives: F12 take… Alt-Y yes",
  ],
  [
    "the holder asks for more time",
    { ...BO_DRIVES, prompt: { ...CLAUDE_ASKS, person: BO, note: undefined, longer: true } },
    " ● LIVE  Bo 4:32 · Bo asks for more time, 5 min            Alt-Y yes · Alt-N no",
    " ● LIVE  Bo asks … Alt-Y yes · Alt-N no",
  ],
  [
    "a paste is held",
    { ...BO_DRIVES, prompt: { kind: "paste", person: BO, lines: 12, first: "cd /srv" } },
    ' ● LIVE  Bo pastes 12 lines · "cd /srv"         Alt-Y types it · Alt-N drops it',
    " ● LIVE  Bo pastes 12 l… Alt-Y types it",
  ],
];

for (const [what, facts, wide, narrow] of CASES) {
  Deno.test(`the status line is legible when ${what}`, () => {
    assert.deepEqual([line(facts, 80), line(facts, 40)], [wide, narrow]);
  });
}

Deno.test("a status line at any width keeps its tag, and one that asks a key that answers", () => {
  for (const [what, facts] of CASES) {
    for (let cols = 24; cols <= 200; cols++) {
      const text = line(facts, cols);
      assert.match(text, /^ [●‖] (LIVE|PAUSED|INPUT PAUSED)/, what);
      if (facts.prompt !== undefined) assert.match(text, /Alt-Y/, `${what} at ${cols}`);
    }
  }
});

Deno.test("while somebody asks, who comes and goes is not told, a handover and its note is", () => {
  const asked = { prompt: CLAUDE_ASKS, asking: 1 };
  const joined = { ...asked, toast: { text: "Al joined (2 watching)", tone: "quiet" } } as const;
  assert.equal(line(joined, 80), line(asked, 80));
  const note = { ...asked, toast: { text: "Bo gave control back: done", tone: "news" } } as const;
  assert.match(
    line(note, 80),
    /agent Claude asks f… · Bo gave control back: done +Alt-Y yes · Alt-N no$/,
  );
});
