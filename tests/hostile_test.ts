import assert from "node:assert/strict";
import { DEFAULT_MODES } from "../format/frame.ts";
import { fromSource, startHost, startWatch, Terminal, TestDir } from "./harness.ts";

/** What a stream could do to a terminal that it is let loose on. */
const ATTACKS: readonly string[] = [
  "\x1b]52;c;aGFja2Vk\x07", // writes the clipboard
  "\x1b]52;c;?\x07", // reads it
  "\x1b[c\x1b[>c\x1b[=c", // asks what the terminal is
  "\x1b[5n\x1b[6n\x1b[?6n", // asks how it is and where the cursor is
  "\x1b[21t\x1b[20t\x1b[14t\x1b[18t", // asks for its title and size
  "\x1b]0;\x1b[31mtitle\r\nrm -rf\x07",
  "\x1b]10;?\x07\x1b]11;?\x07\x1b]4;1;?\x07", // asks for its colours
  "\x1bP$qm\x1b\\\x1bP+q544e\x1b\\\x1b[?2026$p\x1b[>q", // DECRQSS, XTGETTCAP, DECRQM, XTVERSION
  "\x1b[?1000h\x1b[?1003h\x1b[?1006h\x1b[?2004h\x1b[?1004h\x1b[?1h\x1b=", // modes that make keys and mouse send other things
  "\x1b[?1049h\x1b[?47h\x1b[?25l\x1b[4h\x1b[20h\x1b[?5h\x1b[?7l\x1b[3;5r\x1b(0", // modes that change how it draws
  "\x1b]50;font\x07\x1b]1337;File=x:aGk=\x07\x1b_Gf=100;aGk=\x1b\\\x1bPq#0\x1b\\", // fonts and images
  "\x1b[8;1;1t\x1b[2t\x1b[9;1t", // resizes, iconifies
  "\x1b]8;;file:///etc/passwd\x07link\x1b]8;;\x07",
  "\x05\x9b6n\u009b6n\x9d0;x\x07", // ENQ and C1 controls
  "\x1b[2147483647S\x1b[2147483647@a\x1b[2147483647b",
  "\x1b]0;never terminated and then some text",
];

/** What is never written to the terminal of someone who watches. */
const FORBIDDEN: readonly string[] = [
  "\x1b]52",
  "\x1b[5n",
  "\x1b[6n",
  "\x1b[?6n",
  "\x1b[21t",
  "\x1b[20t",
  "\x1b[8;1;1t",
  "\x1b]4;",
  "\x1b]50;",
  "\x1b]1337;",
  "\x1b_",
  "\x1bP",
  "\x05",
  "\x9b",
];

Deno.test("a hostile recording changes nothing but what is drawn", async () => {
  await using dir = new TestDir();
  const cast = dir.file("hostile.cast");
  const header = {
    version: 3,
    term: { cols: 80, rows: 24 },
    title: "\x1b]52;c;aGFja2Vk\x07 \x1b[6n",
  };
  const events = ATTACKS.flatMap((
    attack,
  ) => [[0.01, "o", attack], [0.01, "m", attack], [0.01, "q", attack]]);
  events.push([0.01, "o", "\x1b\\\x1bc\x1b[2J\x1b[Hthe end"]);
  await Deno.writeTextFile(
    cast,
    [header, ...events].map((line) => JSON.stringify(line) + "\n").join(""),
  );
  await using terminal = new Terminal(fromSource("replay", cast), { rows: 25 });
  await terminal.waitForText("the end");
  const asked = terminal.replies;
  await terminal.type("q");
  await terminal.exited;
  assertHarmless(terminal, asked);
});

Deno.test("a hostile program in a session changes nothing but what a viewer sees drawn", async () => {
  await using dir = new TestDir();
  await Deno.writeTextFile(
    dir.file("attacks"),
    ATTACKS.join("") + "\x1b\\\x1bc\x1b[2J\x1b[Hthe end",
  );
  await using host = startHost({
    command: ["bash", "-c", `cat ${dir.file("attacks")}; read`],
    rows: 25,
  });
  await using viewer = startWatch(await host.link(), { rows: 25 });
  await viewer.waitForText("the end");
  const asked = viewer.replies;
  viewer.kill("SIGTERM");
  await viewer.exited;
  assertHarmless(viewer, asked);
});

function assertHarmless(terminal: Terminal, replies: string): void {
  for (const sequence of FORBIDDEN) {
    assert.equal(
      terminal.raw.includes(sequence),
      false,
      `${JSON.stringify(sequence)} reached the terminal`,
    );
  }
  for (const osc of terminal.raw.split("\x1b]").slice(1)) {
    const [body] = osc.replace("\x07", "\x1b").split("\x1b") as [string];
    assert.match(body, /^(?:0|2|8);[^\p{Cc}]*$/u, "a title or a link, in plain text");
  }
  assert.equal(replies, "", "the terminal was made to type");
  const { under, cursor, modes } = terminal.frame;
  assert.equal(under, undefined);
  assert.equal(cursor.visible, true);
  assert.deepEqual({ ...modes }, { ...DEFAULT_MODES });
}
