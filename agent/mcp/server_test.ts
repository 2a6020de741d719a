import assert from "node:assert/strict";
import type { AgentSession } from "../types.ts";
import { Recording } from "./recording.ts";
import { Room } from "./room.ts";
import type { Transport } from "./sdk.ts";
import { serve } from "./server.ts";
import { FakeSession } from "./testing/fake_session.ts";

type Message = Parameters<Transport["send"]>[0];

/** A client that takes no notifications: it has gone from the stream that they were for. */
class Client implements Transport {
  onmessage?: Transport["onmessage"];
  onclose?: () => void;
  readonly #answers: ((message: Message) => void)[] = [];

  start(): Promise<void> {
    return Promise.resolve();
  }

  send(message: Message): Promise<void> {
    if ("method" in message) return Promise.reject(new Error("Nobody listens"));
    this.#answers.shift()?.(message);
    return Promise.resolve();
  }

  /** Asks the server; resolves to its answer. */
  ask(method: string, params: Record<string, unknown>): Promise<Message> {
    const { promise, resolve } = Promise.withResolvers<Message>();
    this.#answers.push(resolve);
    this.onmessage?.({ jsonrpc: "2.0", id: 1, method, params });
    return promise;
  }

  close(): Promise<void> {
    this.onclose?.();
    return Promise.resolve();
  }
}

async function served(join: () => Promise<AgentSession>): Promise<Client> {
  const room = new Room({ join, tell: () => {}, now: () => 0 });
  const client = new Client();
  await serve({ room, recording: new Recording(), readOnly: false }, client);
  return client;
}

Deno.test("a call goes on when nobody hears any more how far it is", async () => {
  const client = await served(() => Promise.resolve(new FakeSession()));
  const answer = await client.ask("tools/call", {
    name: "wait",
    arguments: { quiet: 1 },
    _meta: { progressToken: 7 },
  });
  assert.match(JSON.stringify(answer), /timeout: not yet/);
  await client.close();
});

Deno.test("who leaves before the session is joined follows nothing in it", async () => {
  const joining = Promise.withResolvers<AgentSession>();
  const client = await served(() => joining.promise);
  // The answer has nowhere to go.
  void client.ask("resources/subscribe", { uri: "collab://screen" });
  await Promise.resolve();
  await client.close();
  joining.resolve(new FakeSession());
  // The sanitizer tells of a timer that is left.
  await joining.promise;
  for (let i = 0; i < 50; i++) await Promise.resolve();
});
