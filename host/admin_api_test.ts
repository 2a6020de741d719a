import assert from "node:assert/strict";
import { toBase64Url } from "../wire/bytes.ts";
import { REFUSAL_DELAY_MS } from "../wire/limits.ts";
import { createSecret } from "../wire/link.ts";
import { noticeText } from "../wire/notices.ts";
import {
  createSessionKeys,
  mintToken,
  type SessionKeys,
  type TokenOptions,
} from "../wire/token.ts";
import { AdminApi, type ApiRequest } from "./admin_api.ts";
import { ROUTES } from "./admin_api_routes.ts";
import { answerer } from "./ctl_answers.ts";
import type { CtlAnswer } from "./ctl_protocol.ts";
import { FakeClock } from "./testing/clock.ts";
import { FakeTarget, participant, START_MS } from "./testing/ctl_target.ts";

/** The API of a session that does nothing. */
class SetUp {
  readonly target = new FakeTarget();
  readonly clock = new FakeClock();
  readonly secret = createSecret();
  readonly asked: ApiRequest[] = [];
  readonly api: AdminApi;
  readonly keys: SessionKeys;

  private constructor(keys: SessionKeys) {
    this.keys = keys;
    const { target } = this;
    this.api = new AdminApi({
      bearer: { identity: keys, secret: this.secret, links: target.links, now: () => START_MS },
      clock: this.clock,
      answer: answerer(target, target.about()),
      onRequest: (request) => void this.asked.push(request),
    });
  }

  static async open(): Promise<SetUp> {
    return new SetUp(await createSessionKeys());
  }

  /** A token whose link is listed. */
  async token(options: Partial<TokenOptions> = {}): Promise<string> {
    const id = options.id ?? "link1";
    const expiresAtMs = options.expiresAtMs ?? START_MS + 60_000;
    const { list } = this.target.links;
    list.push({ id, url: "http://x", role: "admin", expiresAtMs, once: false });
    return await mintToken(this.keys, { role: "admin", id, expiresAtMs, ...options });
  }

  /** What stands after the `#` of a link. */
  async fragment(options: Partial<TokenOptions> = {}): Promise<string> {
    return `${toBase64Url(this.secret)}.${await this.token(options)}`;
  }

  async ask(
    method: string,
    path: string,
    options: { readonly bearer?: string; readonly body?: string; readonly type?: string } = {},
  ): Promise<{ status: number; answer: CtlAnswer; headers: Headers }> {
    const { bearer = await this.fragment(), body, type = "application/json" } = options;
    const response = this.api.handle(
      new Request(`http://127.0.0.1:1/api/v1/${path}`, {
        method,
        headers: { authorization: `Bearer ${bearer}`, "content-type": type },
        ...(body !== undefined && { body }),
      }),
    );
    const { status, headers } = await this.#settle(response);
    return { status, headers, answer: await (await response).json() };
  }

  /** Lets the time of a refusal pass. */
  async #settle(response: Promise<Response>): Promise<Response> {
    let done = false, stepMs = REFUSAL_DELAY_MS - 1;
    response.finally(() => done = true);
    while (!done) {
      await new Promise((resolve) => setTimeout(resolve));
      if (this.clock.pending === 0) continue;
      this.clock.advance(stepMs);
      stepMs = 1;
    }
    return await response;
  }
}

Deno.test("every query is answered as ctl answers it", async () => {
  const setUp = await SetUp.open();
  setUp.target.people = [participant("p1", "Ada")];
  const bearer = await setUp.fragment();
  setUp.target.links.primary = setUp.target.links.list[0];
  const answers = answerer(setUp.target, setUp.target.about());
  let count = 0;
  for (const { kind, name } of ROUTES.values()) {
    if (kind !== "query") continue;
    count++;
    const { status, answer } = await setUp.ask("GET", name, { bearer });
    assert.equal(status, 200, name);
    assert.deepEqual(answer, JSON.parse(JSON.stringify(await answers({ kind: name }, "ctl"))));
  }
  assert.equal(count, 6);
});

Deno.test("an action is done with its members, and the answer says how things are then", async () => {
  const setUp = await SetUp.open();
  setUp.target.outcome = () => {
    setUp.target.paused = true;
    return { kind: "done" };
  };
  const body = JSON.stringify({ id: "ada", forMs: 60_000 });
  const { status, answer } = await setUp.ask("POST", "grant", { body });
  assert.equal(status, 200);
  assert.ok(answer.kind === "done" && answer.status.sharing === "paused");
  assert.equal((await setUp.ask("POST", "pause")).status, 200);
  const way = { by: "host", via: "api:link1" };
  assert.deepEqual(setUp.target.acted, [
    { ...way, action: { kind: "grant", id: "ada", forMs: 60_000 } },
    { ...way, action: { kind: "pause" } },
  ]);
});

Deno.test("a refusal has ctl's code, and a status that fits", async () => {
  const setUp = await SetUp.open();
  const refuse = async (
    code: "no-such-participant" | "no-request" | "read-only",
  ): Promise<number> => {
    setUp.target.outcome = () => ({ kind: "refused", code });
    const { status, answer } = await setUp.ask("POST", "deny", { body: '{"id":"p1"}' });
    assert.deepEqual(answer, { kind: "error", code, message: noticeText(code) });
    return status;
  };
  assert.equal(await refuse("no-such-participant"), 404);
  assert.equal(await refuse("no-request"), 409);
  assert.equal(await refuse("read-only"), 403);
});

Deno.test("who may not ask learns nothing: the same answer after the same time, whatever was asked", async () => {
  const setUp = await SetUp.open();
  const secret = toBase64Url(setUp.secret);
  const strangers = await createSessionKeys();
  const foreign = await mintToken(strangers, { role: "admin", expiresAtMs: START_MS + 60_000 });
  const unlisted = await mintToken(setUp.keys, {
    role: "admin",
    id: "withdrawn",
    expiresAtMs: START_MS + 60_000,
  });
  const good = await setUp.token();
  const bearers = [
    "",
    "x",
    good,
    `${secret}.`,
    `${secret}.x.y.z`,
    `${secret}.${foreign}`,
    `${secret}.${unlisted}`,
    `${toBase64Url(createSecret())}.${good}`,
    `${secret}.${
      good.replace(/\.(.)([^.]*)$/, (_, first, rest) => `.${first === "A" ? "B" : "A"}${rest}`)
    }`,
    await setUp.fragment({ role: "control", id: "c" }),
    await setUp.fragment({ role: "agent", id: "a" }),
    await setUp.fragment({ role: "view", id: "v" }),
    await setUp.fragment({ expiresAtMs: START_MS, id: "e" }),
    await setUp.fragment({ single: true, id: "o" }),
  ];
  const seen = new Set<string>();
  for (const bearer of bearers) {
    for (
      const [method, path] of [["GET", "status"], ["POST", "stop"], ["PUT", "nothing"]] as const
    ) {
      const beganMs = setUp.clock.now();
      const { status, answer, headers } = await setUp.ask(method, path, { bearer });
      assert.equal(setUp.clock.now() - beganMs, REFUSAL_DELAY_MS);
      seen.add(JSON.stringify([status, answer, [...headers]]));
    }
  }
  assert.equal(seen.size, 1);
  assert.match([...seen][0]!, /^\[401,/);
  assert.deepEqual(setUp.target.acted, []);
  assert.deepEqual(setUp.asked, []);
  // And with the right one it works, also as a link with a certificate's fingerprint has it.
  const bearer = `${secret}.${good}`;
  assert.equal((await setUp.ask("GET", "status", { bearer })).status, 200);
  const pinned = `${bearer}.${toBase64Url(createSecret())}`;
  assert.equal((await setUp.ask("GET", "status", { bearer: pinned })).status, 200);
});

Deno.test("what a link of role admin may not do in the session it may not do here", async () => {
  const setUp = await SetUp.open();
  const { status, answer } = await setUp.ask("POST", "stop");
  assert.deepEqual([status, answer.kind === "error" && answer.code], [403, "role-forbids"]);
  assert.deepEqual(setUp.target.acted, []);
});

Deno.test("a request that is not as described is refused, and nothing is done", async () => {
  const setUp = await SetUp.open();
  const faults: readonly [string, string, number, { body?: string; type?: string }?][] = [
    ["GET", "nothing", 404],
    ["GET", "grant", 405],
    ["POST", "status", 405],
    ["POST", "grant", 400],
    ["POST", "grant", 400, { body: "{" }],
    ["POST", "grant", 400, { body: "[]" }],
    ["POST", "grant", 400, { body: '{"id":"p1","more":1}' }],
    ["POST", "grant", 400, { body: '{"id":"p1","kind":"stop"}' }],
    ["POST", "grant", 400, { body: '{"id":""}' }],
    ["POST", "grant", 415, { body: '{"id":"p1"}', type: "text/plain" }],
    ["POST", "mark", 413, { body: JSON.stringify({ label: "x".repeat(70_000) }) }],
  ];
  for (const [method, path, expected, options] of faults) {
    const { status, answer } = await setUp.ask(method, path, options);
    assert.deepEqual([status, answer.kind], [expected, "error"], `${method} ${path}`);
  }
  assert.deepEqual(setUp.target.acted, []);
});

Deno.test("a body that does not come to its end does nothing, even if what came of it would", async () => {
  const setUp = await SetUp.open();
  const wanted = Promise.withResolvers<void>();
  const pieces = ["{}"];
  const body = new ReadableStream<Uint8Array>({
    pull: (stream) => {
      const piece = pieces.shift();
      if (piece === undefined) wanted.resolve();
      else stream.enqueue(new TextEncoder().encode(piece));
    },
  }, { highWaterMark: 0 });
  const response = setUp.api.handle(
    new Request("http://127.0.0.1:1/api/v1/take", {
      method: "POST",
      headers: {
        authorization: `Bearer ${await setUp.fragment()}`,
        "content-type": "application/json",
      },
      body,
    }),
  );
  await wanted.promise;
  setUp.clock.advance(5_000);
  const { status } = await response, { code } = await (await response).json();
  assert.deepEqual([status, code], [408, "api-request-too-slow"]);
  assert.deepEqual(setUp.target.acted, []);
  assert.equal(setUp.clock.pending, 0);
});

Deno.test("every answer has strict headers, and lets no other site read it", async () => {
  const setUp = await SetUp.open();
  for (const bearer of [await setUp.fragment(), "wrong"]) {
    const { headers } = await setUp.ask("GET", "links", { bearer });
    assert.equal(headers.get("cache-control"), "no-store");
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(
      headers.get("content-security-policy"),
      "default-src 'none'; frame-ancestors 'none'",
    );
    assert.deepEqual([...headers.keys()].filter((name) => name.startsWith("access-control")), []);
  }
});

Deno.test("what was asked is told by the link's name, and by no path that is not ours", async () => {
  const setUp = await SetUp.open();
  await setUp.ask("POST", "pause");
  await setUp.ask("BREW", "some-secret");
  assert.deepEqual(setUp.asked, [
    { method: "POST", path: "/api/v1/pause", status: 200, link: "link1" },
    { method: "other", status: 404, link: "link1" },
  ]);
});
