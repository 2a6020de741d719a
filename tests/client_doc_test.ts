/**
 * The examples of `docs/CLIENT.md`, run as the one program that they are.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "./harness.ts";
import { Session, until } from "./people.ts";

/** The program, and what it says that it prints. */
async function documented(): Promise<{ readonly program: string; readonly prints: string[] }> {
  const text = await Deno.readTextFile(join(ROOT, "docs", "CLIENT.md"));
  const blocks = [...text.matchAll(/^```ts\n([^]*?)^```/gm)].map(([, code]) => code!);
  const program = blocks.join("\n")
    .replace('"./mod.ts"', JSON.stringify(pathToFileURL(join(ROOT, "mod.ts")).href));
  const prints = [...program.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, said]) => said!);
  return { program: `const [link] = Deno.args as [string];\n${program}`, prints };
}

Deno.test("the examples of the client's documentation print what they say", async () => {
  const { program, prints } = await documented();
  assert.ok(prints.length > 15);
  const dir = await Deno.makeTempDir({ prefix: "collab-client-doc-" });
  const file = join(dir, "example.ts");
  await Deno.writeTextFile(file, program);
  await using session = new Session();
  const { url } = await session.link("agent");
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "--allow-all",
      "--config",
      join(ROOT, "deno.json"),
      file,
      url,
    ],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  const live = await session.live;
  await until(() => live.control.requests.length > 0, "the request");
  assert.equal(await session.act({ kind: "grant", id: "helper" }), "done");
  const { stdout, stderr } = await output;
  const decoder = new TextDecoder();
  assert.equal(decoder.decode(stderr), "");
  assert.deepEqual(decoder.decode(stdout).trimEnd().split("\n"), prints);
  await Deno.remove(dir, { recursive: true });
});
