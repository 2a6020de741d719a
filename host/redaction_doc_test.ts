import assert from "node:assert/strict";
import { createRedactor } from "../redact/redactor.ts";
import { DEFAULT_RULES } from "../redact/rules.ts";
import { environmentRules } from "../redact/user_rules.ts";
import { parseConfig } from "./config_file.ts";
import { literalsOf } from "./redaction.ts";

const DOC = await Deno.readTextFile(new URL("../docs/REDACTION.md", import.meta.url));

/** The cells of the table of rules, by the rule. */
const ROWS = new Map(
  [...DOC.matchAll(/^\| `([\w:-]+)` +\| (.+?) +\| (.+?) +\|$/gm)].map(([, rule, finds, shown]) =>
    [rule!, { finds: finds!, shown: shown! }] as const
  ),
);

/** Made up, and put together here, so that nobody who looks for keys finds one. */
const RANDOM = "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7dE9";
const random = (length: number): string => RANDOM.slice(0, length);

/** What becomes what the table shows. */
const RAW: Readonly<Record<string, string>> = {
  "aws": "AKIA" + "Z7QK3M5N2P4R6S3T",
  "gcp": "AIza" + random(35),
  "azure": `AccountKey=${random(22)}==`,
  "github": "ghp_" + random(36),
  "gitlab": "glpat-" + random(20),
  "slack": "xoxb-" + random(24),
  "stripe": "sk_live_" + random(24),
  "npm": "npm_" + random(36),
  "pypi": "pypi-" + random(40),
  "anthropic": "sk-ant-" + random(37),
  "openai": "sk-proj-" + random(32),
  "vendor": "hf_" + random(34),
  "private-key": "-----BEGIN PRIVATE KEY-----",
  "jwt": `eyJ${btoa('{"alg":"HS256"}').slice(3).replace(/=+$/, "")}.${random(24)}`,
  "url": "postgres://ada:hunter2x@db.example.com/prod",
  "authorization": `Authorization: Bearer ${random(24)}`,
  "cookie": `Cookie: sid=${random(16)}`,
  "command-line": "curl -u ada:hunter2xyz",
  "card": "4242 4242 4242 4242",
  "password": "DB_PASSWORD=hunter2xyz",
  "env:NAME": random(20),
};

Deno.test("the table has every rule, with what it finds, and no other", () => {
  const rules = new Map(DEFAULT_RULES.map(({ name, finds }) => [name, finds]));
  rules.set("env:NAME", ROWS.get("env:NAME")!.finds);
  const table = new Map([...ROWS].map(([rule, { finds }]) => [rule, finds]));
  assert.deepEqual(table, rules);
});

for (const [rule, raw] of Object.entries(RAW)) {
  Deno.test(`what ${rule} masks looks as the table shows it`, () => {
    const rules = [...DEFAULT_RULES, ...environmentRules({ A_TOKEN: RAW["env:NAME"]! })];
    const shown = createRedactor(rule === "env:NAME" ? rules.slice(-1) : DEFAULT_RULES).text(raw);
    assert.ok(ROWS.get(rule)!.shown.startsWith(`\`${shown}\``), shown);
  });
}

Deno.test("the example of a configuration is one", async () => {
  const [, toml = ""] = /^```toml\n([^]*?)^```/m.exec(DOC)!;
  const dir = await Deno.makeTempDir({ prefix: "collab-config-doc-" });
  try {
    await Deno.writeTextFile(`${dir}/secrets.txt`, "xyzzy plugh\n");
    const { redact, host, defaultRedactions } = parseConfig(toml, `${dir}/config.toml`);
    assert.equal(defaultRedactions, true);
    assert.deepEqual(redact.map(({ name }) => name), ["ticket", "project", "literal 1"]);
    assert.deepEqual(redact[2], literalsOf(`${dir}/secrets.txt`)[0]);
    assert.deepEqual(Object.keys(host).length, 7);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("the keys for the host that are listed are those there are", () => {
  const [, list = ""] = /^`\[host\]` takes ([^]*?):/m.exec(DOC)!;
  const keys = [...list.matchAll(/`([\w-]+)`/g)].map(([, key]) => key!);
  assert.ok(keys.length > 20);
  for (const key of keys) {
    assert.throws(() => parseConfig(`[host]\n${key} = {}`, "c.toml"), {
      message: new RegExp(`line 2: host\\.${key}: expected `),
    });
  }
});
