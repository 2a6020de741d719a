/**
 * The admin API of real sessions, over HTTP, and the examples in its documentation.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fromSource, ROOT, run, startHeadless, TestDir } from "./harness.ts";
import { testWith } from "./needs.ts";
import { Guest, Session, until } from "./people.ts";
import { connectTo } from "./raw_http.ts";

const ANY_PORT = { hostname: "127.0.0.1", port: 0 };

/** Where a session's API is. */
async function urlOf(session: Session): Promise<string> {
  const url = (): string | undefined =>
    session.reported.flatMap((event) => event.event === "ready" ? [event.apiUrl] : [])[0];
  await until(() => url() !== undefined, "the address of the API");
  return url()!;
}

/** What a link's bearer shows. */
function bearer(link: string): string {
  return `Bearer ${link.slice(link.indexOf("#") + 1)}`;
}

testWith(["bash", "curl", "jq"], "the examples of the documentation do what they say", async () => {
  await using dir = new TestDir();
  const env = { XDG_RUNTIME_DIR: dir.path };
  await using host = startHeadless({ args: ["--admin-api", "0"], env });
  const ada = new Guest(await host.link(), "Ada");
  try {
    await until(() => ada.facts.people.size > 0, "Ada to be in");
    const examples = await documented();
    assert.ok(examples.length >= 8, `only ${examples.length} examples`);
    const command = fromSource("ctl").map((word) => `'${word}'`).join(" ");
    // One shell for all, as who follows the documentation has.
    const script = [
      "set -eo pipefail",
      `collab() { [ "$1" = ctl ]; shift; ${command} "$@"; }`,
      ...examples.map(({ shell }, i) => `{ ${shell}\n} > ${dir.file(String(i))}`),
    ].join("\n");
    const ran = await new Deno.Command("bash", {
      args: ["-c", script],
      env,
      stdin: "null",
      stderr: "piped",
    }).output();
    assert.ok(ran.success, new TextDecoder().decode(ran.stderr));
    for (const [i, { shell, answer }] of examples.entries()) {
      const printed = await Deno.readTextFile(dir.file(String(i)));
      if (answer !== undefined) assertLike(JSON.parse(printed), JSON.parse(answer), shell);
    }
    await until(() => ada.facts.turn.turn >= 2, "control to have come and gone");
  } finally {
    ada.leave();
  }
});

interface Example {
  readonly shell: string;
  /** What it prints, more or less. */
  readonly answer: string | undefined;
}

/** The examples of the documentation, but for the one that starts the host. */
async function documented(): Promise<Example[]> {
  const text = await Deno.readTextFile(join(ROOT, "docs", "API.md"));
  const section = text.slice(text.indexOf("\n## Examples"), text.indexOf("\n## What there is"));
  return [...section.matchAll(/```sh\n([^]*?)\n```(?:\n\n```json\n([^]*?)\n```)?/g)]
    .map(([, shell, answer]) => ({ shell: shell!, answer }));
}

/** Whether a value has all members of another, of the same types; kinds, codes, names and the like are the same. */
function assertLike(actual: unknown, expected: unknown, where: string): void {
  assert.equal(typeof actual, typeof expected, where);
  if (typeof expected !== "object" || expected === null) return;
  for (const [name, value] of Object.entries(expected)) {
    const found = (actual as Record<string, unknown>)[name];
    if (["kind", "code", "message", "name", "role", "mode", "openapi", "title"].includes(name)) {
      assert.equal(found, value, where);
    } else assertLike(found, value, `${where}: ${name}`);
  }
}

Deno.test("the documentation has every path, and no other", async () => {
  await using session = new Session({ adminApi: ANY_PORT });
  const url = await urlOf(session);
  const { url: link } = await session.link("admin");
  const response = await fetch(`${url}/openapi.json`, { headers: { authorization: bearer(link) } });
  const { paths } = await response.json() as { paths: Record<string, Record<string, unknown>> };
  const served = Object.entries(paths).map(([path, methods]) =>
    `${Object.keys(methods)[0]!.toUpperCase()} ${path.replace("/api/v1/", "")}`
  );
  const text = await Deno.readTextFile(join(ROOT, "docs", "API.md"));
  const documented = [...text.matchAll(/`((?:GET|POST) [a-z-]+)(?:\.json)?`/g)].map(([, path]) =>
    path!
  );
  assert.deepEqual(documented.sort(), [...served, "GET openapi"].sort());
});

Deno.test("an admin's link does things; another's, a page's, a withdrawn one does nothing", async () => {
  await using session = new Session({ adminApi: ANY_PORT });
  const url = await urlOf(session);
  const admin = await session.link("admin"), control = await session.link("control");
  const ada = await session.join("Ada");
  const post = async (link: string, headers: Record<string, string> = {}): Promise<number> => {
    const response = await fetch(`${url}/grant`, {
      method: "POST",
      body: JSON.stringify({ id: "ada" }),
      headers: { authorization: bearer(link), "content-type": "application/json", ...headers },
    });
    await response.body?.cancel();
    return response.status;
  };
  assert.equal(await post(control.url), 401);
  assert.equal(await post(admin.url, { origin: "http://evil.example" }), 401);
  assert.equal(await post(admin.url, { origin: new URL(url).origin }), 401);
  assert.equal(await post(admin.url, { "sec-fetch-site": "same-origin" }), 401);
  // The token without the secret, as who listens to a join has it.
  assert.equal(await post(admin.url.replace(/#[\w-]{43}\./, "#")), 401);
  assert.equal(ada.facts.turn.mode, "presenter");
  assert.equal(await post(admin.url), 200);
  await ada.mode("participant");
  assert.equal(await session.act({ kind: "take" }), "done");
  assert.equal(await session.act({ kind: "revoke-link", id: admin.id }), "done");
  assert.equal(await post(admin.url), 401);
});

Deno.test("a preflight of another site's page is refused like everything else", async () => {
  await using session = new Session({ adminApi: ANY_PORT });
  const response = await fetch(`${await urlOf(session)}/status`, {
    method: "OPTIONS",
    headers: {
      origin: "http://evil.example",
      "access-control-request-method": "GET",
      "access-control-request-headers": "authorization",
    },
  });
  await response.body?.cancel();
  assert.equal(response.status, 401);
  const allowed = [...response.headers.keys()].filter((name) => name.startsWith("access-control"));
  assert.deepEqual(allowed, []);
});

Deno.test("a site whose name leads here is answered like a stranger", async () => {
  await using session = new Session({ adminApi: ANY_PORT });
  const url = new URL(await urlOf(session));
  const { url: link } = await session.link("admin");
  const ask = (host: string): Promise<number> =>
    connectTo(url, [
      "GET /api/v1/status HTTP/1.1",
      `Host: ${host}`,
      `Authorization: ${bearer(link)}`,
      "Connection: close",
    ]);
  assert.equal(await ask("evil.example"), 401);
  assert.equal(await ask(url.host), 200);
});

Deno.test("the admin API is for this machine alone, whatever the network is", async () => {
  for (const more of [[], ["--insecure"]]) {
    const args = ["--headless", "--admin-api", "0.0.0.0:0", ...more, "--", "true"];
    const ran = await run("host", args);
    assert.deepEqual([ran.code, ran.stdout], [2, ""]);
    assert.match(ran.stderr, /^collab: .*\[admin-api-remote\]\n$/);
  }
});
