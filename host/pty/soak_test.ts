import assert from "node:assert/strict";

const ignore = Deno.build.os !== "linux"; // counted through /proc

async function soak(mode: string, count: number): Promise<Record<string, number>> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--allow-all",
      new URL("./soak.ts", import.meta.url).href,
      mode,
      `${count}`,
    ],
    signal: AbortSignal.timeout(60_000),
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test(
  "200 sessions leave no descriptor and no process behind, and the program ends by itself",
  { ignore },
  async () => {
    const { before, after, children } = await soak("sessions", 200);
    assert.equal(after, before);
    assert.equal(children, 0);
  },
);

Deno.test("100 sessions at once work", { ignore }, async () => {
  const { before, after, answers, children } = await soak("together", 100);
  assert.equal(answers, 100);
  assert.equal(after, before);
  assert.equal(children, 0);
});

Deno.test("100 silent sessions and an unread one take no processor time", { ignore }, async () => {
  const { cpuMs } = await soak("idle", 100);
  assert.ok(cpuMs! < 20, `${cpuMs} ms in a second`);
});
