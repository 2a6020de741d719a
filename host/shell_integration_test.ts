import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { markedShell } from "./shell_integration.ts";

Deno.test("a shell that somebody types into is started with marks, others are left alone", async () => {
  for (const command of [["bash"], ["/bin/zsh", "-il"], ["fish", "--login"], ["bash", "-i"]]) {
    await using shell = await markedShell(command, {});
    assert.equal(shell?.command[0], command[0]);
  }
  for (
    const command of [[], ["sh"], ["dash"], ["vim"], ["bash", "-c", "ls"], ["zsh", "-f"], [
      "bash",
      "script.sh",
    ]]
  ) {
    assert.equal(await markedShell(command, {}), undefined, command.join(" "));
  }
});

Deno.test("a shell's files are the user's alone, and go away", async () => {
  const shell = await markedShell(["zsh"], { ZDOTDIR: "/home/ada/zsh" });
  assert.equal(shell?.env.COLLAB_ZDOTDIR, "/home/ada/zsh");
  const dir = shell.env.ZDOTDIR!;
  assert.equal((await stat(dir)).mode & 0o777, 0o700);
  assert.equal((await stat(`${dir}/.zshenv`)).mode & 0o777, 0o600);
  await shell[Symbol.asyncDispose]();
  await assert.rejects(stat(dir), { code: "ENOENT" });
  await shell[Symbol.asyncDispose]();
});

Deno.test("a login bash is not told to be one: it would read nothing of ours", async () => {
  await using shell = await markedShell(["bash", "--login"], {});
  const [program, flag, file, ...others] = shell!.command;
  assert.deepEqual([program, flag, others], ["bash", "--rcfile", []]);
  assert.match(await Deno.readTextFile(file!), /\/etc\/profile/);
  assert.notEqual(dirname(file!), Deno.cwd());
});
