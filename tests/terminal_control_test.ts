/**
 * Control in terminals: real hosts, real viewers, each in a terminal of its own.
 */
import assert from "node:assert/strict";
import { eventually, type Host, startHost, startWatch, type Terminal } from "./harness.ts";

/** How long the presenter is asked before the first answer counts is theirs to know: they answer until it does. */
const ANSWER_AGAIN_MS = 300;

/** Lets a viewer ask for control, and the presenter give it. */
async function handOver(host: Host, viewer: Terminal): Promise<void> {
  await viewer.waitForText(/Grace drives/);
  await viewer.type("r");
  await host.waitForText(/Bo asks for control/);
  let answeredMs = -Infinity;
  await eventually(async (): Promise<true | undefined> => {
    if (/you drive \d/.test(viewer.text)) return true;
    if (Date.now() - answeredMs >= ANSWER_AGAIN_MS) {
      answeredMs = Date.now();
      await host.type("\x1by");
    }
    return undefined;
  }, "the viewer to drive");
}

Deno.test("a viewer asks, is given control, types into the shell and gives control back", async () => {
  await using host = startHost({ args: ["--name", "Grace"], rows: 25 });
  await using viewer = startWatch(await host.link(), { args: ["--name", "Bo"], rows: 25 });
  await handOver(host, viewer);
  await viewer.type("echo what $((6 * 7)) is\r");
  await viewer.waitForText("what 42 is");
  await host.waitForText("what 42 is");
  await viewer.type("\x1d");
  await viewer.waitForText("Give control back");
  await viewer.type("y");
  await viewer.waitForText(/Grace drives/);
  await viewer.type("w");
  await viewer.waitForText(/Grace +presenter, drives/);
});

Deno.test("what a viewer types is what the program's modes make of it, not what the viewer's terminal sends", async () => {
  const program = "stty raw -echo; printf '\\e[?1h\\e[?2004h\\e[?1000h\\e[?1006hREA''DY\\r\\n'; " +
    "head -c 3 | od -An -c; head -c 17 | od -An -c -w20; head -c 9 | od -An -c; sleep 1000";
  await using host = startHost({ args: ["--name", "Grace"], rows: 25 });
  await using viewer = startWatch(await host.link(), { args: ["--name", "Bo"], rows: 25 });
  await handOver(host, viewer);
  await viewer.type(`${program}\r`);
  await viewer.waitForText("READY");
  await viewer.type("\x1b[A");
  await viewer.waitForText(/033 +O +A/);
  await viewer.type("\x1b[200~a\r\nb c\x1b[201~");
  await viewer.waitForText(/033 +\[ +2 +0 +0 +~ +a +\\r +b + c +033 +\[ +2 +0 +1 +~/);
  await viewer.type("\x1b[<0;7;5M");
  await viewer.waitForText(/033 +\[ +< +0 +; +7 +; +5 +M/);
});

Deno.test("taking control back in mid-typing lets nothing more through", async () => {
  await using host = startHost({ args: ["--name", "Grace"], rows: 25 });
  await using viewer = startWatch(await host.link(), { args: ["--name", "Bo"], rows: 25 });
  await handOver(host, viewer);
  await viewer.type("echo before");
  await host.waitForText("echo before");
  await host.type("\x1b[24~"); // F12
  await viewer.waitForText(/Grace has taken control back/);
  await viewer.type("after rpq");
  await host.type(" mine\r");
  await viewer.waitForText(/^before mine/m);
  assert.doesNotMatch(host.text, /after|rpq/);
  assert.doesNotMatch(viewer.text, /asking|pointing/);
});
