import assert from "node:assert/strict";
import fc from "fast-check";
import { ansi } from "../tests/ansi_arbitrary.ts";
import { stateful } from "./checkpoint.ts";
import { framesEqual } from "./delta.ts";
import { createEmulator } from "./emulator.ts";
import { rowText } from "./row.ts";
import { type Checkpoint, Screen } from "./screen.ts";

const RUNS = Number(Deno.env.get("COLLAB_LAW_RUNS") ?? 300);

function assertSame(a: Screen, b: Screen): void {
  const one = a.frame(), other = b.frame();
  if (framesEqual(one, other)) return;
  assert.deepEqual(one.lines.map(rowText), other.lines.map(rowText));
  assert.deepEqual({ ...one, top: 0, bells: 0 }, { ...other, top: 0, bells: 0 });
}

/** What a test of one thing needs: state set before the checkpoint, output after it that depends on the state. */
const CASES: readonly (readonly [name: string, before: string, after: string])[] = [
  ["pen", "\x1b[1;3;31;48;2;1;2;3;4:3;58:5:9m", "x"],
  ["a hyperlink", "\x1b]8;id=a;https://a.example\x07", "x\x1b]8;;\x07y"],
  ["a hyperlink on the screen", "\x1b]8;;https://a.example\x07xyz\x1b]8;;\x07", "\r\n."],
  ["scroll region", "\x1b[2;3r\x1b[3;1H", "a\nb\nc"],
  ["origin mode", "\x1b[2;4r\x1b[?6h", "\x1b[Hx"],
  ["insert mode", "abc\r\x1b[4h", "x"],
  ["no autowrap", "\x1b[?7l", "0123456789abcdef"],
  ["reverse wraparound", "\x1b[?45h0123456789a\b\b\b", "x"],
  ["new line mode", "\x1b[20h", "ab\nc"],
  ["character sets", "\x1b(0\x1b)A\x0e", "#x\x0fqqx"],
  ["saved cursor and its style", "\x1b[3;5H\x1b[32m\x1b(0\x1b7\x1b[H\x1b[0m\x1b(B", "\x1b8qx"],
  [
    "saved cursor of each screen",
    "\x1b[2;2H\x1b7\x1b[?47h\x1b[4;4H\x1b7\x1b[H",
    "\x1b8x\x1b[?47l\x1b8y",
  ],
  ["tab stops", "\x1b[3g\x1b[5G\x1bH\r", "\tx\ty"],
  ["pending wrap", "0123456789", "x"],
  ["wide character", "日本", "\b\bx"],
  ["the character to repeat", "ab", "\x1b[3b"],
  ["joining", "e", "\u0301\u0301x"],
  ["alternate screen", "normal\x1b[?1049h\x1b[Halt", "x\x1b[?1049ly"],
  ["soft wraps", "0123456789abcdef\r\n", "."],
  ["modes", "\x1b[?1h\x1b=\x1b[?2004h\x1b[?1002h\x1b[?1006h\x1b[?1004h\x1b[?2026h", "x"],
  ["cursor", "\x1b[?25l\x1b[5 q", "x"],
  ["title", "\x1b]0;one\x07", "x"],
  ["DECSCA", '\x1b[1"qkept\x1b[0"qgone', "\x1b[?2K"],
];

for (const [name, before, after] of CASES) {
  Deno.test(`a checkpoint keeps: ${name}`, () => {
    using straight = new Screen({ cols: 10, rows: 5, scrollback: 1 });
    using other = new Screen({ cols: 33, rows: 7, scrollback: 1 });
    // The other is in the middle of everything.
    other.write(
      "\x1b[?1049h\x1b[2;3r\x1b[7m\x1b(0\x1b[?6h\x1b[4h\x1b[20h\x1b]8;;x:y\x07zz\x1b]0;unfinished",
    );
    straight.write(before);
    other.restore(straight.save()!);
    assertSame(other, straight);
    straight.write(after);
    other.write(after);
    assertSame(other, straight);
    straight.resize(7, 6);
    other.resize(7, 6);
    assertSame(other, straight);
  });
}

Deno.test("there is no checkpoint in the middle of a sequence or a character", () => {
  for (const part of ["\x1b", "\x1b[1", "\x1b]0;title", "\x1bPq", "\x1b]0;t\x1b", "\ud83d"]) {
    using screen = new Screen({ cols: 10, rows: 2 });
    screen.write(part);
    assert.equal(screen.save(), undefined, JSON.stringify(part));
  }
  using screen = new Screen({ cols: 10, rows: 2 });
  screen.write(new Uint8Array([0xe6, 0x97]));
  assert.equal(screen.save(), undefined);
});

Deno.test("a checkpoint shares what did not change with the one before", () => {
  using screen = new Screen({ cols: 80, rows: 24 });
  screen.write("hello");
  const first = screen.save()!;
  screen.write("\r\nworld");
  const second = screen.save(first)!;
  assert.ok(first.state.bytes > 80 * 24 * 12);
  assert.ok(second.state.bytes < 5_000);
});

Deno.test("a checkpoint can be restored again and again", () => {
  using screen = new Screen({ cols: 10, rows: 3 });
  screen.write("one");
  const checkpoint = screen.save()!;
  for (let i = 0; i < 3; i++) {
    screen.write("\x1b[31mmore\r\n\r\n\r\n\r\n");
    screen.restore(checkpoint);
    assert.equal(rowText(screen.frame().lines[0]!), "one");
  }
});

const piece = fc.oneof(
  { weight: 3, arbitrary: ansi },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...CASES.flatMap(([, before, after]) => [before, after])),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.integer({ min: 2, max: 20 }), fc.integer({ min: 1, max: 8 })),
  },
);

Deno.test("from any point on, a restored screen does what one does that played straight", () => {
  fc.assert(
    fc.property(
      fc.array(piece, { minLength: 1, maxLength: 8 }),
      fc.array(piece, { maxLength: 4 }),
      fc.nat(7),
      (pieces, dirt, at) => {
        using straight = new Screen({ cols: 12, rows: 4, scrollback: 1 });
        using restored = new Screen({ cols: 9, rows: 6, scrollback: 1 });
        const feed = (screen: Screen, what: string | [number, number]): void => {
          if (typeof what === "string") screen.write(what);
          else screen.resize(...what);
        };
        for (const what of dirt) feed(restored, what);
        let checkpoint: Checkpoint | undefined;
        pieces.forEach((what, i) => {
          feed(straight, what);
          if (checkpoint !== undefined) {
            feed(restored, what);
            assertSame(restored, straight);
          } else if (i >= at) {
            checkpoint = straight.save();
            if (checkpoint === undefined) return;
            restored.restore(checkpoint);
            assertSame(restored, straight);
          }
        });
      },
    ),
    { numRuns: RUNS },
  );
});

/**
 * Every field of the objects that hold state. A new one with an update of the emulator is to be saved, or to be listed
 * here as none.
 */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  buffer:
    "_hasScrollback _optionsService _bufferService ydisp ybase y x tabs savedY savedX savedCurAttrData savedCharset markers _nullCell _whitespaceCell _isClearing _memoryCleanupQueue _memoryCleanupPosition _cols _rows lines scrollTop scrollBottom"
      .split(" "),
  line: "isWrapped _combined _extendedAttrs _data length".split(" "),
  charset: "glevel _charsets charset".split(" "),
  modes: ["insertMode"],
  decPrivateModes:
    "applicationCursorKeys applicationKeypad bracketedPasteMode cursorBlink cursorStyle origin reverseWraparound sendFocus synchronizedOutput wraparound"
      .split(" "),
  links: "_bufferService _nextId _entriesWithId _dataByLinkId".split(" "),
  attributes: "fg bg extended".split(" "),
};

Deno.test("no field of the emulator's state is unknown", () => {
  const { core } = createEmulator(10, 5, 0);
  const state = stateful(core);
  const { normal } = state._bufferService.buffers;
  const objects: Record<string, object> = {
    buffer: normal,
    line: normal.lines.get(0)!,
    charset: state._charsetService,
    modes: state.coreService.modes,
    decPrivateModes: state.coreService.decPrivateModes,
    links: state._oscLinkService,
    attributes: state._inputHandler._curAttrData,
  };
  for (const [name, object] of Object.entries(objects)) {
    const unknown = Object.keys(object).filter((key) => !KNOWN[name]!.includes(key));
    assert.deepEqual(unknown, [], name);
  }
});
