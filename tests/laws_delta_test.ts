/** The laws of frames and deltas, held through the real emulator. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { diff, framesEqual, keyframe } from "../format/delta.ts";
import type { Frame } from "../format/frame.ts";
import { rowText } from "../format/row.ts";
import { Screen } from "../format/screen.ts";
import { ansi } from "./ansi_arbitrary.ts";

const RUNS = Number(Deno.env.get("COLLAB_LAW_RUNS") ?? 400);
const size = fc.record({
  cols: fc.integer({ min: 2, max: 30 }),
  rows: fc.integer({ min: 1, max: 10 }),
});

/** Every frame of two equal screens, as something assertion messages can show. */
function assertShows(screen: Screen, wanted: Frame, ansiUsed: string): void {
  assert.equal(screen.faults, 0);
  const shown = screen.frame();
  if (framesEqual(shown, wanted)) return;
  const lines = (frame: Frame): string[] => frame.lines.map(rowText);
  assert.deepEqual(
    { ...shown, text: lines(shown) },
    { ...wanted, text: lines(wanted) },
    `after ${JSON.stringify(ansiUsed)}`,
  );
  assert.fail(`frames differ after ${JSON.stringify(ansiUsed)}`);
}

Deno.test("a keyframe draws its frame on a reset terminal", () => {
  fc.assert(
    fc.property(size, ansi, ({ cols, rows }, text) => {
      using source = new Screen({ cols, rows });
      source.write(text);
      using viewer = new Screen({ cols, rows });
      const drawn = keyframe(source.frame());
      viewer.write(drawn);
      assertShows(viewer, source.frame(), drawn);
    }),
    { numRuns: RUNS },
  );
});

Deno.test("a delta takes a terminal from any frame to any other of its size", () => {
  fc.assert(
    fc.property(size, ansi, ansi, ({ cols, rows }, first, second) => {
      using a = new Screen({ cols, rows });
      using b = new Screen({ cols, rows });
      a.write(first);
      b.write(second);
      using viewer = new Screen({ cols, rows });
      viewer.write(keyframe(a.frame()));
      const { ansi } = diff(a.frame(), b.frame(), { history: b.history });
      viewer.write(ansi);
      assertShows(viewer, b.frame(), ansi);
    }),
    { numRuns: RUNS },
  );
});

Deno.test("deltas of one screen's life follow each other, whatever the budget of scrolled lines", () => {
  fc.assert(
    fc.property(
      size,
      fc.array(ansi, { maxLength: 6 }),
      fc.constantFrom(0, 2, 5, Infinity),
      ({ cols, rows }, texts, maxLines) => {
        using source = new Screen({ cols, rows });
        using viewer = new Screen({ cols, rows });
        let last = source.frame();
        for (const text of texts) {
          source.write(text);
          const { ansi } = diff(last, source.frame(), { history: source.history, maxLines });
          viewer.write(ansi);
          last = source.frame();
          assertShows(viewer, last, ansi);
        }
      },
    ),
    {
      numRuns: RUNS,
      // An underline that gets a colour where it stands.
      examples: [[{ cols: 2, rows: 1 }, ["\x1b[4:6;30ma ", "\x1b[58:5:0m", "\x1b[@\u202e"], 0]],
    },
  );
});

Deno.test("a terminal takes rows for one line where the program wrote one, spaces at the edge or not", () => {
  const written = fc.oneof(
    fc.stringMatching(/^[ab ]{0,40}$/),
    fc.stringMatching(/^[a ]{0,12}\r\n[b ]{0,12}$/),
    fc.constantFrom(
      "\r\n",
      "\r",
      "\x1b[A",
      "\x1b[H\x1b[2J",
      "\x1b[K",
      "\x1b[44m \x1b[m",
      "\x1b[3D",
    ),
  );
  fc.assert(
    fc.property(size, fc.array(fc.array(written), { maxLength: 6 }), ({ cols, rows }, frames) => {
      using source = new Screen({ cols, rows });
      using viewer = new Screen({ cols, rows });
      let before = source.frame();
      viewer.write(keyframe(before));
      for (const pieces of frames) {
        source.write(pieces.join(""));
        const frame = source.frame();
        const { ansi } = diff(before, frame, { history: source.history });
        viewer.write(ansi);
        assertShows(viewer, frame, ansi);
        const wraps = (screen: Screen): boolean[] => screen.frame().lines.map((row) => row.wrapped);
        // What is above the first row may be unknown.
        assert.deepEqual(wraps(viewer).slice(1), wraps(source).slice(1), JSON.stringify(ansi));
        before = frame;
      }
    }),
    { numRuns: RUNS },
  );
});

Deno.test("a delta after a resize draws the whole of the new frame", () => {
  fc.assert(
    fc.property(size, size, ansi, ansi, (before, after, first, second) => {
      using source = new Screen(before);
      using viewer = new Screen(before);
      source.write(first);
      const old = source.frame();
      viewer.write(keyframe(old));
      source.resize(after.cols, after.rows);
      viewer.resize(after.cols, after.rows);
      source.write(second);
      const { ansi } = diff(old, source.frame());
      viewer.write(ansi);
      assertShows(viewer, source.frame(), ansi);
    }),
    { numRuns: RUNS },
  );
});

Deno.test("a frame does not differ from itself", () => {
  fc.assert(
    fc.property(size, ansi, (at, text) => {
      using a = new Screen(at);
      using b = new Screen(at);
      a.write(text);
      b.write(text);
      assert.equal(a.frame(), a.frame());
      assert.equal(a.faults, 0);
      assert.equal(diff(a.frame(), b.frame()).ansi, "");
    }),
    { numRuns: RUNS },
  );
});

Deno.test("a frame taken after others is the one that is taken alone", () => {
  fc.assert(
    fc.property(size, size, fc.array(ansi, { maxLength: 8 }), (at, other, texts) => {
      using often = new Screen(at);
      using once = new Screen(at);
      for (const [i, text] of texts.entries()) {
        if (i === 5) { for (const screen of [often, once]) screen.resize(other.cols, other.rows); }
        often.write(text);
        often.frame();
        once.write(text);
      }
      assertShows(often, once.frame(), texts.join(""));
    }),
    { numRuns: RUNS },
  );
});

Deno.test("with no budget every line that scrolled away is in a viewer's scrollback", () => {
  const plain = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "日", " "), maxLength: 25 }), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(size, fc.array(plain, { maxLength: 6 }), ({ cols, rows }, chunks) => {
      using source = new Screen({ cols, rows });
      using viewer = new Screen({ cols, rows });
      let last = source.frame();
      for (const lines of chunks) {
        source.write(lines.map((line) => line + "\r\n").join(""));
        viewer.write(diff(last, source.frame(), { history: source.history }).ansi);
        last = source.frame();
      }
      assert.equal(viewer.top, source.top);
      for (let i = 0; i < source.top; i++) {
        assert.equal(rowText(viewer.history(i)!), rowText(source.history(i)!));
      }
    }),
    { numRuns: RUNS },
  );
});
