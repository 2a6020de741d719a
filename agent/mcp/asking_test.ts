import assert from "node:assert/strict";
import { AgentError } from "../errors.ts";
import { Asking, type Wish } from "./asking.ts";
import { FakeSession } from "./testing/fake_session.ts";

/** What is asked for, and what becomes of it. */
class Asked {
  requests = 0;
  withdrawn = false;
  readonly answer = Promise.withResolvers<string>();
  readonly wish: Wish<string> = {
    request: ({ signal }) => {
      this.requests++;
      signal.addEventListener("abort", () => this.withdrawn = true);
      return this.answer.promise;
    },
    holds: () => true,
  };
}

Deno.test("a request that several wait for stays until the last of them calls it off", async () => {
  const asking = new Asking<string>(), session = new FakeSession(), asked = new Asked();
  const one = new AbortController(), other = new AbortController();
  const ask = ({ signal }: AbortController): Promise<unknown> =>
    asking.ask(session, asked.wish, { timeoutMs: 60_000, signal });
  const waiting = [ask(one), ask(other)] as const;
  one.abort();
  await assert.rejects(waiting[0], { code: "aborted" });
  assert.deepEqual([asked.requests, asked.withdrawn], [1, false]);
  other.abort();
  await assert.rejects(waiting[1], { code: "aborted" });
  assert.ok(asked.withdrawn);
});

Deno.test("nobody is asked for a call that was called off before", async () => {
  const asked = new Asked();
  const options = { timeoutMs: 60_000, signal: AbortSignal.abort() };
  await assert.rejects(new Asking<string>().ask(new FakeSession(), asked.wish, options), {
    code: "aborted",
  });
  assert.equal(asked.requests, 0);
});

Deno.test("what was given and taken before anybody looked is asked for again, or told who asked", async () => {
  const asking = new Asking<string>(), session = new FakeSession();
  const first = new Asked(), second = new Asked();
  const signal = new AbortController().signal, lost = new AgentError("control-lost", "Taken");
  const pending = await asking.ask(session, first.wish, { timeoutMs: 0, signal });
  assert.equal(pending.kind, "pending");
  first.answer.reject(lost);
  const again = asking.ask(session, second.wish, { timeoutMs: 60_000, signal });
  second.answer.reject(lost);
  await assert.rejects(again, { code: "control-lost" });
  assert.deepEqual([first.requests, second.requests], [1, 1]);
});

Deno.test("what was answered while one called it off is for the other", async () => {
  const asking = new Asking<string>(), session = new FakeSession(), asked = new Asked();
  const one = new AbortController(), options = { timeoutMs: 60_000 };
  const gone = asking.ask(session, asked.wish, { ...options, signal: one.signal });
  const there = asking.ask(session, asked.wish, {
    ...options,
    signal: new AbortController().signal,
  });
  one.abort();
  asked.answer.resolve("yours");
  await assert.rejects(gone, { code: "aborted" });
  assert.deepEqual(await there, { kind: "granted", value: "yours" });
});
