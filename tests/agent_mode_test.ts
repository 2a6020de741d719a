/**
 * A presenter at a real terminal, and an agent: one key takes control from it, and the same hands it back.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { joinSession } from "../agent/client.ts";
import { AgentError } from "../agent/errors.ts";
import type { AgentSession, SessionEvent } from "../agent/types.ts";
import { eventually, type Host, run, startHost } from "./harness.ts";

const F12 = "\x1b[24~", MENU = "\x1c";

/** The link in a block of configuration. */
const LINK = /"COLLAB_LINK": "([^"]+)"/;

/** The status line, which says who drives when nothing has just happened. */
function status(host: Host): string {
  return host.text.split("\n").at(-1)!;
}

async function statusIs(host: Host, pattern: RegExp): Promise<void> {
  await host.waitFor(() => pattern.test(status(host)), String(pattern));
}

/** Types lines until it cannot any more; says how many, and why. */
async function typeLines(agent: AgentSession): Promise<{ typed: number; error: AgentError }> {
  for (let typed = 0;; typed++) {
    try {
      await agent.type(`line ${typed}\n`);
    } catch (error) {
      if (error instanceof AgentError) return { typed, error };
      throw error;
    }
  }
}

/** What is said with control when it comes. */
async function noteOf(
  events: AsyncIterable<SessionEvent>,
  agent: AgentSession,
): Promise<string | undefined> {
  for await (const event of events) {
    if (event.kind === "control" && event.holder.person?.id === agent.you.id) return event.note;
  }
  return undefined;
}

Deno.test("F12 takes control from an agent that types, no byte comes after it, and F12 hands it back", async () => {
  const dir = await Deno.makeTempDir({ prefix: "collab-test-" });
  try {
    const log = join(dir, "log");
    const args = ["--name", "Grace", "--mode", "agent"];
    const command = ["sh", "-c", 'cat > "$0"', log];
    await using host = startHost({ args, command });
    const link = await host.link();
    await statusIs(host, /you drive until an agent comes/);
    await using agent = await joinSession(link, { name: "Claude" });
    await statusIs(host, /Claude drives until you take control back/);
    assert.ok(agent.holder.you);
    const typing = typeLines(agent);
    await host.waitForText(/line 20\n/);
    await host.type(F12);
    const { typed, error } = await typing;
    assert.ok(typed >= 20);
    assert.match(error.code, /^(?:control-lost|not-in-control)$/);
    assert.equal(error.holder?.person?.name, "Grace");
    // What the presenter types comes after all that the agent did, and nothing of it comes later.
    await statusIs(host, /F12 hands back to Claude/);
    await host.type("MINE\r");
    const read = (): Promise<string> => Deno.readTextFile(log);
    await eventually(async () => (await read()).endsWith("MINE\n") || undefined, "the line");
    await assert.rejects(agent.type("late\n"), { code: "not-in-control" });
    const lines = (await read()).split("\n").slice(0, -2);
    const mixed = lines.findIndex((line, i) => line !== `line ${i}`);
    // The last one may have been cut where control was taken.
    assert.ok(mixed === -1 || mixed === lines.length - 1, lines.slice(mixed).join("\n"));

    await statusIs(host, /LIVE {2}you drive/);
    await host.type(F12);
    await statusIs(host, /Claude drives until you take control back/);
    await agent.waitFor({ quiet: 1 });
    assert.ok(agent.holder.you);
    await agent.type("mine again\n");
    await eventually(async () => (await read()).endsWith("mine again\n") || undefined, "the line");
    assert.doesNotMatch(await read(), /late/);
    // Taking it works at once, however short a time ago it was handed back.
    await host.type(F12);
    await statusIs(host, /F12 hands back to Claude/);
    await assert.rejects(agent.type("late\n"), { code: /^(?:control-lost|not-in-control)$/ });
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("an agent's link from ctl lets in one, who says something with control, and mode agent waits for the next", async () => {
  const dir = await Deno.makeTempDir({ prefix: "collab-test-" });
  try {
    const env = { XDG_RUNTIME_DIR: dir };
    await using host = startHost({ args: ["--name", "Grace", "--agent"], env });
    await host.waitForText(/For most MCP clients, in the client's mcp.json:/);
    await host.type("\x1b");
    await statusIs(host, /LIVE {2}you drive/);
    const { stdout } = await run("ctl", ["agent", "claude"], { env });
    const [, link] = /'COLLAB_LINK=([^']+)'/.exec(stdout)!;
    const json = await run("ctl", ["agent"], { env });
    const [, other] = LINK.exec(json.stdout)!;
    const agent = await joinSession(link!, { name: "Claude" });
    await assert.rejects(joinSession(link!, { name: "Eve" }), { reason: "token-spent" });
    const mode = await run("ctl", ["mode", "agent"], { env });
    assert.equal(mode.stdout, "May type: Claude\n");
    await statusIs(host, /Claude drives/);
    await agent.leave();
    await statusIs(host, /you drive until an agent comes/);
    await using second = await joinSession(other!, { name: "Otto" });
    await statusIs(host, /Otto drives/);
    assert.ok(second.holder.you);
    const heard = second.events();

    await host.type(`${MENU}t`);
    await statusIs(host, /F12 hands back to Otto/);
    await host.type(`${MENU}bthe port is 8080\r`);
    assert.equal(await noteOf(heard, second), "the port is 8080");
    await second.yieldControl({ note: "it listens now" });
    await host.waitForText(/Otto gave control back[^]*it listens now/);
    const taken = await run("ctl", ["hand-back"], { env });
    assert.match(taken.stderr, /There is nobody to hand control back to \[nothing-taken\]/);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
