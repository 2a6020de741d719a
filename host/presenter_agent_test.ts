import assert from "node:assert/strict";
import { PRESENTER_ID } from "../format/session_data.ts";
import { until } from "../wire/test_support.ts";
import { Desk, type DeskOptions, type Guest } from "./testing/desk.ts";

const F12 = "\x1b[24~", MENU = "\x1c";

/** A desk in mode agent, with Claude, who drives. */
async function withClaude(options: DeskOptions = {}): Promise<{ desk: Desk; claude: Guest }> {
  const desk = await Desk.open({ mode: "agent", ...options });
  await desk.type("\x1b[?62c");
  const claude = await desk.guest("Claude", { role: "agent", agent: true });
  await desk.tells(/Claude drives until you take control back/);
  return { desk, claude };
}

function mode({ live }: Desk): unknown {
  const { mode, holder, agent = false } = live.control.turn;
  return [mode, holder, agent];
}

Deno.test("until an agent comes the presenter drives, and the status line says so", async () => {
  await using desk = await Desk.open({ mode: "agent" });
  await desk.type("l");
  assert.match(desk.lastRow, /LIVE {2}you drive until an agent comes/);
  assert.equal(desk.typed, "l");
  const claude = await desk.guest("Claude", { role: "agent", agent: true });
  await desk.tells(/Claude drives until/);
  await desk.type("x");
  assert.equal(desk.typed, "l");
  claude.connection.close();
  await desk.tells(/Claude left/);
  await desk.advance(5_000);
  assert.match(desk.lastRow, /you drive until an agent comes/);
  await desk.type("x");
  assert.equal(desk.typed, "lx");
});

Deno.test("the take key takes control from the agent, and hands it back once it is meant", async () => {
  const { desk, claude } = await withClaude();
  await using _desk = desk;
  await desk.advance(5_000);
  assert.match(desk.lastRow, /agent Claude drives .* F12 takes back/);
  await desk.type(F12);
  assert.deepEqual(mode(desk), ["presenter", undefined, false]);
  await desk.advance(900);
  await desk.type(F12);
  await desk.advance(300);
  // It was pressed again and again: that is a key that is held down.
  await desk.type(F12);
  assert.deepEqual(mode(desk), ["presenter", undefined, false]);
  await desk.advance(5_000);
  assert.match(desk.lastRow, /F12 hands back to Claude/);
  await desk.type(`ls${F12}`);
  assert.deepEqual(mode(desk), ["participant", claude.id, true]);
  assert.equal(desk.typed, "ls");
});

Deno.test("nothing is handed back to an agent that is not there, nor what was given back by itself", async () => {
  const { desk, claude } = await withClaude();
  await using _desk = desk;
  await desk.type(F12);
  await desk.advance(5_000);
  claude.connection.close();
  await desk.tells(/Claude left/);
  await desk.advance(5_000);
  assert.doesNotMatch(desk.lastRow, /F12/);
  await desk.type(F12);
  assert.equal(desk.typed, F12);
});

Deno.test("control is handed back with a note from the menu", async () => {
  const { desk, claude } = await withClaude();
  await using _desk = desk;
  await desk.type(F12);
  await desk.type(`${MENU}`);
  assert.match(desk.text, /b {2}Hand back to Claude {2,}F12 without a note/);
  await desk.type("bI fixed the import");
  assert.match(desk.text, /Hand back to agent Claude: a note/);
  assert.match(desk.text, /│ I fixed the import/);
  await desk.type("\r");
  assert.deepEqual(mode(desk), ["participant", claude.id, true]);
  assert.match(desk.lastRow, /Claude drives until you take control back: I fixed the import/);
});

Deno.test("what an agent says when it gives control back stays until it was read", async () => {
  const { desk, claude } = await withClaude();
  await using _desk = desk;
  const note = "All tests pass now. I changed parse.ts, line 12: the comma was missing";
  claude.send({ kind: "yield", note });
  await until(() => desk.live.control.turn.mode === "presenter");
  await desk.shows(/Claude gave control back/);
  await desk.advance(60_000);
  assert.match(desk.text, /│ All tests pass now. I changed parse.ts, line 12: the comma │/);
  assert.match(desk.text, /│ was missing/);
  await desk.type("l");
  assert.equal(desk.typed, "l");
  assert.doesNotMatch(desk.text, /gave control back/);
});

Deno.test("an agent who is removed does not come back into control", async () => {
  const { desk, claude } = await withClaude();
  await using _desk = desk;
  await desk.live.act(PRESENTER_ID, { kind: "kick", id: claude.id });
  await until(() => desk.live.participants.list.length === 0);
  assert.deepEqual(mode(desk), ["presenter", undefined, false]);
  await desk.guest("Claude", { role: "agent", agent: true });
  assert.deepEqual(mode(desk), ["presenter", undefined, false]);
});

Deno.test("what brings an agent in is made from the menu, copied, and goes when the agent has come", async () => {
  await using desk = await Desk.open();
  await desk.type("\x1b[?62c");
  await desk.type(`${MENU}a`);
  await desk.shows(/For most MCP clients, in the client's mcp.json:[^]*COLLAB_LINK/);
  const link = desk.links.list.at(-1)!;
  assert.deepEqual([link.role, link.once], ["agent", true]);
  const block = desk.text.slice(desk.text.indexOf("{\n"), desk.text.indexOf(" c copies"));
  // Its rows wrap into one another as a long line does: selecting them gives what is meant.
  assert.deepEqual(JSON.parse(block.replaceAll(/(?<=^.{80})\n/gm, "")), {
    mcpServers: { collab: { command: "collab", args: ["mcp"], env: { COLLAB_LINK: link.url } } },
  });
  await desk.type("\t");
  assert.match(desk.text, /claude mcp add collab --env 'COLLAB_LINK=http/);
  await desk.type("xc\x1b[Z\x1b[Z");
  assert.match(desk.text, /\[mcp_servers.collab\]/);
  assert.equal(desk.typed, "");
  await desk.guest("Claude", { role: "agent", agent: true });
  await desk.tells(/agent Claude joined/);
  assert.doesNotMatch(desk.text, /mcp_servers/);
});

Deno.test("a small terminal says where else there is what brings an agent in", async () => {
  await using desk = await Desk.open({ size: "80x10" });
  await desk.type(`\x1b[?62c${MENU}a`);
  await desk.shows(/too small for it: c copies it, `collab ctl agent` prints it/);
});
