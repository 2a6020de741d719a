/**
 * Logs of real hosts: what is in them, and what never is.
 */
import assert from "node:assert/strict";
import { eventually, type Ran, run, startHeadless, startHost, TestDir } from "./harness.ts";
import { Guest, until } from "./people.ts";

/** Texts that a log must not have, in every place where they could come from. */
const SECRETS = {
  argument: "argument-Kx81mQ",
  title: "title-Pw93zR",
  shown: "shown-Vb27tY",
  typed: "typed-Jd56cL",
  pasted: "pasted-Hf40gN",
  note: "note-Qs74kE",
  marker: "marker-Zu05bT",
};

Deno.test("a log at debug level has nothing that lets anyone in, nor what anyone typed, saw or wrote", async () => {
  await using dir = new TestDir();
  const file = dir.file("collab.log");
  const env = { XDG_RUNTIME_DIR: dir.path };
  const shell = `export X=${SECRETS.argument}; exec bash --norc --noprofile`;
  const host = startHeadless({
    env,
    args: [
      ...["--log-level", "debug", "--log-json", "--log-file", file],
      ...["--metrics", "0", "--admin-api", "0", "--title", SECRETS.title],
      ...["--mode", "collaborative", "--record", dir.file("a.cast")],
    ],
    command: ["bash", "-c", shell],
  });
  const ctl = async (...args: string[]): Promise<string> => {
    const ran = await run("ctl", args, { env });
    assert.equal(ran.code, 0, ran.stderr);
    return ran.stdout.trim();
  };
  const links = [await host.link()];
  const ada = new Guest(links[0]!, "Ada");
  try {
    await until(() => ada.facts.people.size > 0, "Ada to be in");
    ada.type(`echo ${SECRETS.typed}; printf '\\033]0;%s\\007' ${SECRETS.shown}\n`);
    await ada.sees(new RegExp(`^${SECRETS.typed}$`, "m"));
    ada.say({
      kind: "input",
      turn: ada.turn,
      parts: [{ kind: "paste", text: `echo ${SECRETS.pasted}\n` }],
    });
    await ctl("mode", "presenter");
    ada.say({ kind: "request", note: SECRETS.note });
    await until(() => ada.facts.requests.length === 1, "the request");
    await ctl("grant", "ada", "--note", SECRETS.note);
    await ctl("mark", SECRETS.marker);
    links.push(await ctl("invite", "--role", "admin"));
    const { apiUrl, metricsUrl } = JSON.parse(await ctl("status", "--json"));
    const [, admin] = links as [string, string];
    for (const link of [admin, admin.replace(/#.{5}/, "#wrong")]) {
      const headers = { authorization: `Bearer ${link.slice(link.indexOf("#") + 1)}` };
      const paths = ["status", "links", "some-path-with-a-secret", `who?token=${link}`];
      for (const path of paths) await (await fetch(`${apiUrl}/${path}`, { headers })).text();
    }
    await (await fetch(metricsUrl)).text();
    const stranger = new Guest(links[0]!.replace(/#.{5}/, "#wrong"), "Eve");
    await until(() => stranger.ended !== undefined, "Eve to be refused");
    stranger.leave();
    await ctl("revoke-link", "all");
    links.push(await ctl("link"));
    await ctl("stop");
    assert.equal(await host.exited, 129);
  } finally {
    ada.leave();
    await host[Symbol.asyncDispose]();
  }
  const log = await Deno.readTextFile(file);
  const fragments = links.flatMap((link) => {
    const fragment = link.slice(link.indexOf("#") + 1);
    return [fragment, ...fragment.split(".")];
  });
  assert.ok(fragments.length >= 15 && fragments.every((part) => part.length >= 20));
  for (const secret of [...Object.values(SECRETS), ...fragments, "some-path-with-a-secret"]) {
    assert.equal(log.includes(secret), false, `the log has ${secret}`);
    assert.equal(host.stderr.includes(secret), false);
  }
  // And it is a log.
  const lines = log.trimEnd().split("\n").map((line) => JSON.parse(line));
  const kinds = new Set(lines.map(({ event }) => event));
  for (
    const kind of [
      ...["start", "ready", "join", "request", "control", "marker", "invite", "api", "refused"],
      ...["revoke-link", "new-link", "leave", "exit"],
    ]
  ) assert.ok(kinds.has(kind), `no ${kind} in ${[...kinds]}`);
  assert.match(lines[0]["@timestamp"], /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  assert.equal(lines.find(({ event }) => event === "join").name, "Ada");
  assert.equal((await Deno.stat(file)).mode! & 0o777, 0o600);
});

/** Runs a headless host to its end. */
function headless(...args: string[]): Promise<Ran> {
  return run("host", ["--headless", ...args, "--", "sh", "-c", "exit 3"]);
}

Deno.test("a host is quiet until it is told to log; without a terminal it logs on standard error", async () => {
  const quiet = await headless("--json");
  assert.deepEqual([quiet.code, quiet.stderr], [3, ""]);
  const { stdout, stderr, code } = await headless("--json", "--log-level", "info");
  assert.equal(code, 3);
  assert.match(stderr, /^\S+Z \[INF\] collab: collab "[\d.]+" starts\n/);
  assert.match(stderr, /\[INF\] collab: The session has ended with status 3\n$/);
  for (const line of stdout.trimEnd().split("\n")) assert.ok(JSON.parse(line).event);
  const json = (await headless("--json", "--log-json")).stderr.trimEnd().split("\n");
  assert.deepEqual(json.map((line) => JSON.parse(line).event), ["start", "ready", "exit"]);
  assert.equal((await headless("--json", "--log-level", "error")).stderr, "");
});

Deno.test("a log file is added to, and says what made a host fail", async () => {
  await using dir = new TestDir();
  const file = dir.file("collab.log");
  await headless("--log-file", file);
  await run("host", ["--headless", "--log-file", file, "--", "no-such-command"]);
  const log = await Deno.readTextFile(file);
  assert.equal(log.match(/ starts$/gm)?.length, 2);
  assert.match(log, /\[ERR\] collab: The host has failed: "command-not-found"\n$/);
});

Deno.test("a log that cannot be written is one error before anything begins", async () => {
  await using dir = new TestDir();
  for (const file of [dir.file("none/collab.log"), dir.path]) {
    const { code, stdout, stderr } = await headless("--log-file", file);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /^collab: Cannot write a log to ".*": .*\[log-failed\]\n$/);
  }
});

Deno.test("a terminal that is shared is not logged to, but to a file", async () => {
  await using dir = new TestDir();
  for (const flag of ["--log-json", "--log-level=debug"]) {
    await using refused = startHost({ args: [flag] });
    assert.equal((await refused.exited).code, 2);
    assert.match(refused.raw, /add --log-file FILE \[bad-flags\]/);
  }
  const file = dir.file("collab.log");
  await using host = startHost({ args: ["--log-file", file] });
  await host.link();
  await host.type("exit\r");
  assert.equal((await host.exited).code, 0);
  const log = await eventually(() => Deno.readTextFile(file), "the log");
  assert.match(log, /Listening on "http:\/\/127\.0\.0\.1:\d+"\n/);
  assert.match(log, /ended with status 0\n$/);
  assert.doesNotMatch(host.raw, /\[INF\]/);
});
