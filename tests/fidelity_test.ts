import { join } from "node:path";
import { Comparison } from "./fidelity.ts";
import { ROOT } from "./harness.ts";
import { testWith } from "./needs.ts";

interface Program {
  readonly name: string;
  readonly tools: readonly string[];
  readonly command: string;
  /** What is typed, and what for. */
  readonly steps: readonly (readonly [what: string, keys: string])[];
  /** Typed at the end, to leave the program. */
  readonly leave: string;
}

const TEXT = join(ROOT, "format", "screen.ts");
const TMUX = `collab-test-${Deno.pid}`;
const CTRL = (letter: string): string => String.fromCharCode(letter.charCodeAt(0) & 31);

const PROGRAMS: readonly Program[] = [
  {
    name: "vim",
    tools: ["vim"],
    command: `vim -u NONE -N -n -R -c 'syntax on' -c 'set number hlsearch termguicolors' ${TEXT}`,
    steps: [
      ["moving and deleting", "jjjjjddp"],
      ["typing wide characters", "ogrüße, 你好, 👩‍👩‍👧 and é\x1b"],
      ["paging", CTRL("F")],
      ["a split window", ":split\r"],
      ["a search", "/Screen\r"],
      ["the end of the file", "G"],
    ],
    leave: ":qa!\r",
  },
  {
    name: "htop",
    tools: ["htop"],
    command: "htop --delay=50",
    steps: [["moving down", "\x1b[B\x1b[B\x1b[B"], ["the tree", "t"], ["help", "h"], ["back", " "]],
    leave: "q",
  },
  {
    name: "less",
    tools: ["less"],
    command: `less ${TEXT}`,
    steps: [["a page", " "], ["a search", "/readonly\r"], ["the end", "G"], ["the start", "g"]],
    leave: "q",
  },
  {
    name: "nano",
    tools: ["nano"],
    command: `nano --ignorercfiles --view ${TEXT}`,
    steps: [["a page", CTRL("V")], ["a search", CTRL("W") + "class\r"], ["help", CTRL("G")], [
      "back",
      CTRL("X"),
    ]],
    leave: CTRL("X"),
  },
  {
    name: "tmux",
    tools: ["tmux"],
    command: `tmux -L ${TMUX} -f /dev/null new-session "bash --norc --noprofile"`,
    steps: [
      ["a command", "ls -la --color=always /\r"],
      ["a split", CTRL("B") + "%"],
      ["output on one side", "seq 1 100\r"],
      ["another split", CTRL("B") + '"'],
      ["copy mode", CTRL("B") + "["],
      ["leaving it", "q"],
    ],
    leave: `tmux -L ${TMUX} kill-server\r`,
  },
  {
    name: "a full-screen redraw in truecolor",
    tools: [],
    command: `bash -c '
      draw() {
        for ((y = 0; y < 24; y++)); do
          printf "\\e[%d;1H" $((y + 1))
          for ((x = 0; x < 80; x++)); do
            printf "\\e[38;2;%d;%d;%d;48;2;%d;%d;%dm%s" $((x * 3)) $((y * 10)) $1 $1 $((x * 2)) $((y * 9)) "\${2:x % \${#2}:1}"
          done
        done
        printf "\\e[0m"
      }
      printf "\\e[?1049h\\e[?25l"; draw 0 abcdef
      while read -rsn1 key; do [[ $key == q ]] && break; draw $((RANDOM % 256)) "$key-+*"; done
      printf "\\e[?25h\\e[?1049l"'`,
    steps: [["one redraw", "x"], ["another", "y"], ["three at once", "123"]],
    leave: "q",
  },
  {
    name: "CJK and emoji",
    tools: [],
    command: `bash -c '
      printf "漢字かな交じり文 한국어 ﾊﾝｶｸ\\r\\n👍🏽 👩‍👩‍👧‍👦 🇩🇪 ❤️ ☎ e\\u0301 n\\u0303 x\\u20dd\\r\\n"
      while read -rsn1 key; do
        case $key in
          w) printf "\\e[5;79H漢字 wraps at the edge\\r\\n" ;;
          o) printf "\\e[1;2Hx\\e[1;5Hyz\\e[2;1H*" ;;
          s) for i in {1..30}; do printf "第%d行 🎉 %s\\r\\n" $i ----; done ;;
          i) printf "\\e[3;3H\\e[2@\\e[4;4H\\e[P\\e[5;2H\\e[X\\e[6;1H\\e[L" ;;
          q) break ;;
        esac
      done'`,
    steps: [["wrapping", "w"], ["halves overwritten", "o"], ["scrolling", "s"], [
      "halves inserted and deleted",
      "i",
    ]],
    leave: "q",
  },
];

for (const { name, tools, command, steps, leave } of PROGRAMS) {
  testWith(["script", ...tools], `a viewer sees ${name} cell for cell`, async () => {
    await using comparison = await Comparison.start(command);
    await comparison.settled("the start");
    for (const [what, keys] of steps) {
      await comparison.host.type(keys);
      await comparison.settled(what);
    }
    await comparison.host.type(leave);
    await comparison.host.exited;
  });
}

testWith(
  ["script", "vim"],
  "a viewer sees vim cell for cell while its terminal is resized",
  async () => {
    await using comparison = await Comparison.start(`vim -u NONE -N -n -R -c 'syntax on' ${TEXT}`);
    await comparison.settled("the start");
    for (const [cols, rows] of [[100, 30], [60, 20], [133, 44], [80, 24]] as const) {
      comparison.resize(cols, rows);
      await comparison.settled(`resizing to ${cols}x${rows}`);
      await comparison.host.type(CTRL("F"));
      await comparison.settled(`paging at ${cols}x${rows}`);
    }
    await comparison.host.type(":q!\r");
  },
);
