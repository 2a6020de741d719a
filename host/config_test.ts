import assert from "node:assert/strict";
import { join } from "node:path";
import { UsageError } from "../format/errors.ts";
import { defaultPath, loadConfig } from "./config.ts";
import { parseConfig } from "./config_file.ts";
import { type HostArguments, withConfig } from "./host_defaults.ts";

const SECRET = "xyzzy-plugh";

const ARGUMENTS: HostArguments = {
  ...{ command: [], overwrite: false, insecure: false, headless: false, json: false },
  ...{ stdin: false, redact: [], once: false, noConfig: false },
};

async function inTempDir(run: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "collab-config-" });
  try {
    await run(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("a configuration has rules, and flags of the host", async () => {
  await inTempDir(async (dir) => {
    await Deno.writeTextFile(join(dir, "texts"), `${SECRET}\n\nsecond text\n`);
    const config = parseConfig(
      `
      redact-file = "texts"
      default-redactions = false
      [[redact]]
      name = "ticket"
      pattern = 'ticket-\\d+'
      keep = 7
      [[redact]]
      literal = "operation heron"
      [host]
      name = "Ada"
      listen = "0.0.0.0:7777"
      expires = "30m"
      mode = "collaborative"
      menu-key = "ctrl-x"
      per-address = 5
      confirm-paste = true
      cert = "~/cert.pem"
      key = "/etc/key.pem"
      `,
      join(dir, "config.toml"),
      "/home/ada",
    );
    assert.deepEqual(config, {
      redact: [
        { name: "ticket", find: { pattern: "ticket-\\d+" }, keep: 7 },
        { name: "literal 2", find: { literal: "operation heron" } },
        { name: "literal 1", find: { literal: SECRET } },
        { name: "literal 2", find: { literal: "second text" } },
      ],
      defaultRedactions: false,
      host: {
        name: "Ada",
        listen: { hostname: "0.0.0.0", port: 7777 },
        expiresMs: 1_800_000,
        mode: "collaborative",
        menuKey: "ctrl+x",
        perAddress: 5,
        confirmPaste: true,
        cert: "/home/ada/cert.pem",
        key: "/etc/key.pem",
      },
    });
  });
});

Deno.test("an empty configuration says nothing", () => {
  assert.deepEqual(parseConfig("", "c.toml"), { redact: [], host: {} });
});

for (
  const [text, message] of [
    ["literal = ", "line 1: it is not TOML: "],
    [`[[redact]]\nliteral = "${SECRET}`, "line 2: it is not TOML: unfinished string"],
    ["\nredakt = 1", 'line 2: unknown key "redakt"'],
    ["[host]\nname = 'a'\nmood = 'b'", 'line 3: unknown key "host.mood"'],
    ["[[redact]]\nliteral = 5", "line 2: redact.literal: expected a text"],
    [
      `[[redact]]\npattern = 'abc'\n[[redact]]\nliteral = "${SECRET}"\nkeep = -1`,
      "line 5: redact.keep: expected a whole number",
    ],
    [`[[redact]]\nname = "x"`, "line 1: a [[redact]] has either a pattern or a literal"],
    [
      `[[redact]]\npattern = "abc"\nliteral = "${SECRET}"`,
      "line 1: a [[redact]] has either a pattern or a literal",
    ],
    [`[[redact]]\nliteral = "${SECRET}"\nkeep = 2`, "line 3: keep goes with a pattern"],
    ["[[redact]]\nliteral = 'abc'", 'line 2: cannot use redaction "literal 1"'],
    ["[[redact]]\npattern = '(?=a)'", 'line 2: cannot use redaction "(?=a)"'],
    ["[host]\nlisten = 'a b'", 'line 2: host.listen: cannot listen on "a b"'],
    ["[host]\nmode = 'x'", 'line 2: host.mode: expected "presenter"'],
    ["[host]\ntls = 'yes'", "line 2: host.tls: expected true or false"],
    ["host = 3", "line 1: host: expected a table"],
    ["redact = 'a'", "line 1: redact: expected [[redact]], one for each rule"],
    ["redact-file = '/nowhere/at/all'", "line 1: redact-file: cannot read redactions"],
    [`redact = [{ literal = "${SECRET}", keep = [] }]`, "redact.keep: expected a whole number"],
  ] as const
) {
  Deno.test(`a configuration is refused that has ${JSON.stringify(text)}`, () => {
    assert.throws(() => parseConfig(text, "c.toml"), (error: unknown) => {
      assert.ok(error instanceof UsageError);
      assert.equal(error.code, "bad-config");
      const start = `Cannot use the configuration "c.toml": ${message}`;
      assert.equal(error.message.slice(0, start.length), start);
      assert.ok(!error.message.includes("\n") && !error.message.includes(SECRET), error.message);
      return true;
    });
  });
}

Deno.test("a flag wins over the configuration, and that over what holds anyway", () => {
  const config = parseConfig(
    "[host]\nname = 'Ada'\nmode = 'paused'\ntake-on-key = true\nshell-marks = true",
    "c.toml",
  );
  const options = withConfig({ ...ARGUMENTS, mode: "collaborative", name: undefined }, config);
  assert.equal(options.name, "Ada");
  assert.equal(options.mode, "collaborative");
  assert.equal(options.takeOnKey, true);
  assert.equal(options.shellMarks, "possible");
  assert.equal(options.whenGone, "pause");
  assert.equal(options.defaultRedactions, true);
});

Deno.test("default redactions can be turned off by either", () => {
  const off = { redact: [], host: {}, defaultRedactions: false };
  assert.equal(withConfig(ARGUMENTS, off).defaultRedactions, false);
  const flag = withConfig({ ...ARGUMENTS, defaultRedactions: false }, { redact: [], host: {} });
  assert.equal(flag.defaultRedactions, false);
});

Deno.test("the user's configuration is where the user's configurations are", () => {
  const HOME = "/home/ada";
  assert.equal(defaultPath({ HOME }), "/home/ada/.config/collab/config.toml");
  assert.equal(defaultPath({ HOME, XDG_CONFIG_HOME: "/cfg" }), "/cfg/collab/config.toml");
  assert.equal(defaultPath({ HOME, XDG_CONFIG_HOME: "cfg" }), defaultPath({ HOME }));
  assert.equal(defaultPath({}), undefined);
});

Deno.test("the user's configuration is read if it is there, a named one has to be", async () => {
  await inTempDir(async (dir) => {
    const env = { XDG_CONFIG_HOME: dir };
    const args = { noConfig: false };
    assert.deepEqual(await loadConfig(args, env), { redact: [], host: {} });
    const missing = loadConfig({ ...args, config: join(dir, "c.toml") }, env);
    await assert.rejects(missing, { code: "bad-config", message: /there is no such file$/ });
    await Deno.mkdir(join(dir, "collab"));
    await Deno.writeTextFile(join(dir, "collab", "config.toml"), "[host]\nname = 'Ada'\n");
    assert.deepEqual((await loadConfig(args, env)).host, { name: "Ada" });
    assert.deepEqual((await loadConfig({ noConfig: true }, env)).host, {});
    const both = loadConfig({ noConfig: true, config: "x" }, env);
    await assert.rejects(both, { code: "bad-flags" });
  });
});

Deno.test("a configuration that cannot be read is not passed over", async () => {
  await inTempDir(async (dir) => {
    await Deno.mkdir(join(dir, "collab", "config.toml"), { recursive: true });
    const args = { noConfig: false };
    await assert.rejects(loadConfig(args, { XDG_CONFIG_HOME: dir }), {
      code: "bad-config",
      message: /it is a directory$/,
    });
    const path = join(dir, "latin1.toml");
    await Deno.writeFile(path, Uint8Array.of(0xe9));
    await assert.rejects(loadConfig({ ...args, config: path }, {}), {
      code: "bad-config",
      message: /it is not valid UTF-8$/,
    });
  });
});
