/**
 * The law of deltas over real programs' output: after every read, a viewer that only got deltas shows what a plain
 * emulator shows that was fed the program's bytes.
 */
import assert from "node:assert/strict";
import { diff, framesEqual } from "../format/delta.ts";
import type { Frame } from "../format/frame.ts";
import { rowText } from "../format/row.ts";
import { Screen } from "../format/screen.ts";
import { childEnvironment, spawnPty } from "../host/pty/mod.ts";
import { testWith } from "./needs.ts";

const COLS = 80, ROWS = 24;
/** The line after which a program gets its next key: it drew what it had to, and waits. */
const QUIET_MS = 40;
const DEADLINE_MS = 20_000;

/** What one program is told: a key each time that it has fallen quiet. */
interface Script {
  readonly tool: string;
  readonly command: readonly string[];
  readonly keys: readonly string[];
}

const FILE = new URL("../format/ansi_writer.ts", import.meta.url).pathname;
const COLORS = String
  .raw`for i in $(seq 0 120); do printf '\e[48;2;%d;20;%d;38;5;%dm%3d日本👩‍👧é' $i $((255-i)) $i $i; done; ` +
  String
    .raw`printf '\e[0;4:3;58:5:9mcurly\e[0m \e]8;;https://example.org\e\\link\e]8;;\e\\ \e[7;53;9mall\e[m'; read -rsn1`;

const SCRIPTS: readonly Script[] = [
  {
    tool: "vim",
    command: ["vim", "-u", "NONE", "-N", "-n", "-c", "syntax on", FILE],
    keys: [
      "\x05",
      "\x05",
      "\x04",
      "\x15",
      "/cells\r",
      "n",
      "n",
      "ohello 日本 👩\u200d👧\x1b",
      "dd",
      "u",
      ":vsplit\r",
      "\x06",
      "G",
      "gg",
      ":q!\r",
      ":q!\r",
    ],
  },
  {
    tool: "less",
    command: ["less", FILE],
    keys: ["j", "j", " ", " ", "b", "G", "k", "/export\r", "n", "q"],
  },
  {
    tool: "nano",
    command: ["nano", "-R", FILE],
    keys: ["\x16", "\x16", "\x19", "\x1b[B", "\x17cells\r", "\x18"],
  },
  { tool: "htop", command: ["htop", "-d", "2"], keys: ["\x1b[B", "\x1b[B", "t", "\x1b[15~", "q"] },
  {
    tool: "tmux",
    command: ["tmux", "-L", `collab-law-${Deno.pid}`, "-f", "/dev/null", "new-session", "sh"],
    keys: [
      "ls /\r",
      "\x02%",
      "seq 100\r",
      '\x02"',
      "echo 日本\r",
      "\x02[",
      "\x1b[5~",
      "q",
      "\x02:",
      "kill-server\r",
    ],
  },
  { tool: "bash", command: ["bash", "-c", COLORS], keys: ["x"] },
  {
    tool: "bash",
    command: ["bash", "--norc", "-i"],
    keys: ["seq 300\r", "printf '%0300d\\n' 7\r", "clear\r", "exit\r"],
  },
];

for (const script of SCRIPTS) {
  testWith(
    [script.tool],
    `deltas show what "${script.command.slice(0, 2).join(" ")}" drew`,
    async () => {
      using plain = new Screen({
        cols: COLS,
        rows: ROWS,
        onReply: (data) => void pty.write(encode(data)),
      });
      using viewer = new Screen({ cols: COLS, rows: ROWS });
      const env = { ...Deno.env.toObject(), LANG: "C.UTF-8", LC_ALL: "C.UTF-8", PS1: "$ " };
      await using pty = spawnPty({
        command: [...script.command],
        env: childEnvironment(env, { session: "law" }),
        cols: COLS,
        rows: ROWS,
      });
      let last = plain.frame();
      const keys = [...script.keys];
      let quiet = 0;
      const typing = setInterval(() => {
        const key = keys[0];
        if (quiet++ > 0 && key !== undefined) {
          keys.shift();
          quiet = 0;
          pty.write(encode(key)).catch(() => {});
        }
      }, QUIET_MS);
      const deadline = setTimeout(() => pty.kill("SIGKILL"), DEADLINE_MS);
      try {
        for (let bytes = await pty.read(); bytes !== null; bytes = await pty.read()) {
          quiet = 0;
          plain.write(bytes);
          const frame = plain.frame();
          const { ansi } = diff(last, frame, { history: plain.history });
          viewer.write(ansi);
          assertSame(viewer.frame(), frame, ansi);
          last = frame;
        }
      } finally {
        clearInterval(typing);
        clearTimeout(deadline);
      }
      await pty.exited;
      assert.deepEqual(keys, [], "the program ended before it got all of its keys");
      assert.equal(plain.faults + viewer.faults, 0);
    },
  );
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function assertSame(shown: Frame, wanted: Frame, ansi: string): void {
  if (framesEqual(shown, wanted)) return;
  assert.deepEqual(shown.lines.map(rowText), wanted.lines.map(rowText), JSON.stringify(ansi));
  assert.deepEqual(
    { ...shown, top: 0, bells: 0 },
    { ...wanted, top: 0, bells: 0 },
    JSON.stringify(ansi),
  );
}
