/**
 * A link that is asked for, on a real terminal.
 */
import assert from "node:assert/strict";
import { fromSource, startHost, startWatch } from "./harness.ts";
import { Terminal } from "./terminal.ts";

Deno.test("a link that is asked for is not shown, and then the session is", async () => {
  await using host = startHost({ rows: 25 });
  const link = await host.link();
  await using viewer = startWatch("-", { rows: 25 });
  await viewer.waitForText("Link:");
  await viewer.type(`${link}\r`);
  await viewer.waitForText("$");
  await host.type("echo hello $((40 + 2))\r");
  await viewer.waitForText("hello 42");
  const secret = link.slice(link.indexOf("#") + 1);
  assert.ok(!viewer.raw.includes(secret.slice(0, 20)), "the link was shown");
});

Deno.test("a link that comes through a pipe leaves the terminal's keys to who watches", async () => {
  await using host = startHost({ rows: 25 });
  const link = await host.link();
  const command = fromSource("watch", "-").map((word) => `'${word}'`).join(" ");
  await using viewer = new Terminal(["sh", "-c", `printf '%s\n' "$LINK" | ${command}`], {
    rows: 25,
    env: { LINK: link },
  });
  await viewer.waitForText("$");
  await viewer.type("w");
  await viewer.waitForText("Who is here");
});
