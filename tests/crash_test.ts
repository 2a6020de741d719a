import assert from "node:assert/strict";
import { run, startHeadless, startWatch, TestDir } from "./harness.ts";

Deno.test("a host killed with -9 leaves a recording that replays up to the last second", async () => {
  await using dir = new TestDir();
  const cast = dir.file("crash.cast");
  // Ten lines a second, each with its number.
  const count = "i=0; while :; do echo line $((i += 1)) of many; read -rt 0.1 <> <(:); done";
  await using host = startHeadless({ args: ["--record", cast], command: ["bash", "-c", count] });
  await using viewer = startWatch(await host.link());
  const last = (text: string): number =>
    Math.max(0, ...[...text.matchAll(/line (\d+) of many/g)].map(([, n]) => Number(n)));
  await viewer.waitFor(() => last(viewer.text) >= 35, "35 lines");
  const shown = last(viewer.text);
  host.kill("SIGKILL");
  await host.exited;
  const { code, stdout } = await run("replay", [cast, "--screen-at", "10:00:00"]);
  assert.equal(code, 0);
  const kept = last(stdout);
  assert.ok(kept >= shown - 12, `line ${kept} of ${shown} is the last that was kept`);
});

Deno.test("an existing file is not overwritten unless asked", async () => {
  await using dir = new TestDir();
  const cast = dir.file("kept.cast");
  await Deno.writeTextFile(cast, "precious\n");
  const host = ["--headless", "--record", cast, "--", "true"];
  const refused = await run("host", host);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /exists/);
  assert.equal(refused.stderr.trimEnd().split("\n").length, 1);
  assert.equal(await Deno.readTextFile(cast), "precious\n");
});

Deno.test("a recording whose directory vanishes is told, and the session goes on", async () => {
  await using dir = new TestDir();
  const recordings = dir.file("recordings");
  await Deno.mkdir(recordings);
  await using host = startHeadless({
    args: ["--record", `${recordings}/gone.cast`],
    // Prints on until it is told to end.
    command: [
      "bash",
      "-c",
      `while [[ ! -e ${dir.file("end")} ]]; do echo on and on; read -rt 0.05 <> <(:); done; exit 5`,
    ],
  });
  await host.link();
  await Deno.remove(recordings, { recursive: true });
  await host.waitFor(({ event }) => event === "recording-error", "the recording's end to be told");
  await Deno.writeTextFile(dir.file("end"), "");
  assert.equal(await host.exited, 5);
});
