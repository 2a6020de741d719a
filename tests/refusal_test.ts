import assert from "node:assert/strict";
import { run, startHeadless, startHost, startWatch } from "./harness.ts";

/** Refused: one line on stderr, exit code 1, nothing on stdout, no stack. */
async function assertRefused(link: string, wanted: RegExp, code = 1): Promise<void> {
  const { stdout, stderr, code: got } = await run("watch", ["--cast", link]);
  assert.match(stderr, wanted);
  assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
  assert.equal(stdout, "");
  assert.equal(got, code);
}

const flip = (text: string): string => (text[0] === "A" ? "B" : "A") + text.slice(1);

Deno.test("links that are not the session's are refused in one line, and the session does not notice", async () => {
  await using host = startHost({ rows: 25 });
  await using other = startHeadless({ command: ["bash", "-c", "read -t 100 < <(sleep 100)"] });
  const link = await host.link();
  const foreign = await other.link();
  const [page, secret, token] = /^(.*)#([\w-]+)\.(.*)$/.exec(link)!.slice(1) as [
    string,
    string,
    string,
  ];
  const [head, claims, signature] = token.split(".") as [string, string, string];
  const [, foreignToken] = /#[\w-]+\.(.*)$/.exec(foreign)! as unknown as [string, string];
  await Promise.all([
    assertRefused(`${page}#${flip(secret)}.${token}`, /secret/),
    assertRefused(`${page}#${secret}.${head}.${claims}.${flip(signature)}`, /not valid/),
    assertRefused(`${page}#${secret}.${foreignToken}`, /another session|not valid/),
    assertRefused(link.replace(/\/s\/[\w-]+/, new URL(foreign).pathname), /no such session/i),
  ]);
  await assertRefused(page, /link/i, 2);
  await assertRefused("http://127.0.0.1:1/x", /link/i, 2);
  await using viewer = startWatch(link, { rows: 25 });
  await host.type("echo still $((40 + 2)) here\r");
  await viewer.waitForText("still 42 here");
});

Deno.test("an expired link lets nobody in, and lets those go who are in", async () => {
  await using host = startHeadless({ args: ["--expires", "3s"] });
  const link = await host.link();
  await using viewer = startWatch(link);
  await viewer.waitForText("$");
  await viewer.waitForText(/expired/);
  await assertRefused(link, /expired/);
  assert.ok(!host.all.some(({ event }) => event === "exit"), "the session goes on");
});
