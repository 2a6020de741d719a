import assert from "node:assert/strict";

interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly { readonly code?: { readonly specifier: string } }[];
}

/** All that a file imports, and what that imports, as URLs. */
async function reached(file: string): Promise<string[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", new URL(file, import.meta.url).href],
    cwd: new URL("..", import.meta.url),
    stdout: "piped",
    stderr: "piped",
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as { modules: Module[] };
  return modules.flatMap(({ specifier, dependencies = [] }) => [
    specifier,
    ...dependencies.flatMap(({ code }) => code === undefined ? [] : [code.specifier]),
  ]);
}

Deno.test("a viewer's half can be part of a browser page", async () => {
  const modules = await reached("connection.ts");
  assert.ok(modules.some((module) => module.endsWith("/client_handshake.ts")));
  assert.deepEqual(modules.filter((module) => /^node:|npm:\/?(jose|@xterm)/.test(module)), []);
});

Deno.test("a relay's half cannot open anything", async () => {
  for (const file of ["envelope.ts", "token.ts"]) {
    const modules = await reached(file);
    assert.deepEqual(
      modules.filter((module) =>
        /\/(seal|stream|stream_opener|key_schedule|\w*handshake|messages)\.ts$|@noble\/ciphers/
          .test(
            module,
          )
      ),
      [],
      file,
    );
  }
});

Deno.test("a viewer's half uses nothing that only Deno has", async () => {
  for (const url of await reached("connection.ts")) {
    if (!url.startsWith("file:")) continue;
    const source = await Deno.readTextFile(new URL(url));
    assert.doesNotMatch(source, /\bDeno\./, url);
    assert.doesNotMatch(source, /crypto\.subtle/, `${url}: a page over plain HTTP has none`);
  }
});
