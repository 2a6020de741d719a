/**
 * The cursors of panes in a real tmux, as their owners and everybody else see them.
 */
import assert from "node:assert/strict";
import { CELL, INVERSE } from "../format/row.ts";
import { run, startHost, startWatch } from "./harness.ts";
import { testWith } from "./needs.ts";
import type { Terminal } from "./terminal.ts";
import { TmuxServer } from "./tmux.ts";

testWith(
  ["tmux"],
  "the cursor of a pane goes with what its owner types: it is their own, and a cell in colour for others",
  async () => {
    await using tmux = new TmuxServer();
    const { env } = tmux;
    await tmux.start("work");
    const args = ["--tmux", "work", "-L", tmux.name, "--panes", "--name", "Grace"];
    await using host = startHost({ args, command: [], env });
    const link = await host.link();
    await using ada = startWatch(link, { args: ["--name", "Ada"], env });
    await using bo = startWatch(link, { args: ["--name", "Bo"], env });
    for (const viewer of [ada, bo]) await viewer.waitForText("Grace drives");
    const session = new URL(link).pathname.split("/").at(-1)!;
    const { code, stderr } = await run("ctl", ["pane", "open", "ada", "--session", session], {
      env,
    });
    assert.equal(code, 0, stderr);
    await tmux.shows("%1", /^\$/m);
    const prompt = await cursorOf(tmux);
    await ada.waitFor(() => isAt(ada, prompt), "the cursor in the pane");
    await ada.type("echo 日本");
    const typed = { x: prompt.x + "echo ".length + 4, y: prompt.y };
    await ada.waitFor(() => isAt(ada, typed), "the cursor after what was typed");
    await bo.waitFor(() => isMarked(bo, typed), "the cell in colour");
    await host.waitFor(() => isMarked(host, typed), "the cell in colour");
    assert.deepEqual(await cursorOf(tmux), typed);
    // What the presenter's own pane has is the cursor for all but the pane's owner, who sees it in colour.
    const own = await cursorOf(tmux, "%0");
    await bo.waitFor(() => isAt(bo, own), "the cursor of the session");
    await ada.waitFor(() => isMarked(ada, own), "the presenter's cursor in colour");
  },
);

interface Place {
  readonly x: number;
  readonly y: number;
}

async function cursorOf(tmux: TmuxServer, pane = "%1"): Promise<Place> {
  const format = "#{e|+:#{pane_left},#{cursor_x}} #{e|+:#{pane_top},#{cursor_y}}";
  const [x, y] = (await tmux.run("display-message", "-p", "-t", pane, format)).split(" ").map(
    Number,
  );
  return { x: x!, y: y! };
}

function isAt({ frame: { cursor } }: Terminal, { x, y }: Place): boolean {
  return cursor.visible && cursor.x === x && cursor.y === y;
}

function isMarked({ frame }: Terminal, { x, y }: Place): boolean {
  return (frame.lines[y]!.cells[x * CELL + 1]! & INVERSE) !== 0;
}
