/**
 * Commands that a program runs in the shells that people use, with the shell's marks and without.
 */
import assert from "node:assert/strict";
import { joinSession } from "../mod.ts";
import { testWith } from "./needs.ts";
import { Session } from "./people.ts";

const WORDS = "abc ".repeat(40).trimEnd();
/** Commands, what they write, and their status. */
const COMMANDS: readonly (readonly [command: string, output: string, status: number])[] = [
  ["echo hi", "hi", 0],
  ["printf x", "x", 0],
  ["false", "", 1],
  ["seq 3", "1\n2\n3", 0],
  [`echo ${WORDS}`, WORDS, 0],
  ["clear", "", 0],
  ["cd /tmp", "", 0],
  ["pwd", "/tmp", 0],
];

for (
  const { shell, plain } of [
    { shell: "bash", plain: ["--norc", "--noprofile"] },
    { shell: "zsh", plain: ["-f"] },
    { shell: "fish", plain: ["--no-config"] },
  ]
) {
  for (const by of ["marks", "prompt"] as const) {
    const how = by === "marks" ? "that marks its commands" : "as it is";
    testWith([shell], `a program has what commands write in ${shell} ${how}`, async () => {
      await using session = new Session({
        command: [shell, ...(by === "marks" ? [] : plain)],
        ...(by === "marks" && { shellMarks: "required" }),
      });
      await using agent = await joinSession((await session.link("agent")).url, { name: "bot" });
      await session.act({ kind: "grant", id: agent.you.id });
      await agent.requestControl();
      await agent.waitFor({ promptReturns: true });
      for (const [command, output, status] of COMMANDS) {
        const ran = await agent.run(command);
        assert.deepEqual(
          { output: ran.output, status: ran.status, finished: ran.finished, by: ran.by },
          { output, status: by === "marks" ? status : undefined, finished: true, by },
          command,
        );
      }
    });
  }
}
