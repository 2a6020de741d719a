import assert from "node:assert/strict";
import { join } from "node:path";
import { demo } from "../scripts/agent_demo.ts";
import { run } from "./harness.ts";

Deno.test("the demo repairs a program with an agent, and leaves a recording of it that replays", async () => {
  const dir = await Deno.makeTempDir({ prefix: "collab-test-" });
  try {
    const record = join(dir, "demo.cast");
    const told: string[] = [];
    const result = await demo({ record, pace: 0, tell: (line) => void told.push(line) });
    assert.deepEqual([result.tests, result.code], [[1, 0], 0], told.join("\n"));
    // Control was taken in the middle of a line, which never ran.
    const { wanted, typed } = result.interrupted;
    assert.ok(typed.length > 0 && typed.length < wanted.length && wanted.startsWith(typed));
    assert.match(result.missed, /grep -n 'sum = ' total.ts\n3: .*\n5: /);
    const lines = (await Deno.readTextFile(record)).trimEnd().split("\n").slice(1);
    const changes = lines.map((line) => JSON.parse(line))
      .filter(([, code]) => code === "c")
      .map(([, , text]) => JSON.parse(text))
      .flatMap(({ kind, why, note }) => [kind, why, note].filter((part) => part !== undefined));
    assert.deepEqual(changes, [
      ...["request", "run the failing test and fix it"],
      ...["grant", "go ahead"],
      ...["revoke", "taken", "wait: line 3 matches too"],
      ...["request", "finish the fix"],
      ...["grant", "match only the line with Number"],
      ...[
        "revoke",
        "yielded",
        "Both tests pass. In total.ts the sum was set, not added to: line 5",
      ],
    ]);
    const { stdout, code } = await run("replay", [record, "--screen-at", "9:59"]);
    assert.equal(code, 0);
    assert.match(stdout, /ok \| 2 passed \| 0 failed/);
    assert.doesNotMatch(stdout, /sum \+= \/'/);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
