import assert from "node:assert/strict";
import { startSshRelay } from "./ssh_relay.ts";
import { FakeClock } from "./testing/clock.ts";

/** What opens the port, says so, and ends. */
const SSH = `#!/bin/sh
echo "Allocated port 4000 for remote forward to 127.0.0.1:1" >&2
echo "debug1: forwarding_success: all expected replies received" >&2
echo "Connection to bastion closed by remote host." >&2
`;

Deno.test("a program that is missing for a while, as in an update, is tried again until it is there", async () => {
  const dir = await Deno.makeTempDir({ prefix: "collab-ssh-" });
  const program = `${dir}/ssh`;
  const install = (): Promise<void> => Deno.writeTextFile(program, SSH, { mode: 0o700 });
  try {
    await install();
    const clock = new FakeClock();
    const told: boolean[] = [];
    let heard = Promise.withResolvers<void>();
    const until = async (count: number): Promise<void> => {
      while (told.length < count) await heard.promise;
    };
    const relay = await startSshRelay({
      target: { host: "bastion" },
      localPort: 1,
      clock,
      tell: () => {},
      changed: (up) => {
        told.push(up);
        heard.resolve();
        heard = Promise.withResolvers();
      },
      program,
    });
    assert.equal(relay.port, 4000);
    await until(1);
    await Deno.remove(program);
    clock.advance(1_000);
    clock.advance(2_000);
    assert.deepEqual([told, clock.pending], [[false], 1]);
    await install();
    clock.advance(4_000);
    await until(3);
    assert.deepEqual(told, [false, true, false]);
    await relay.close();
    assert.equal(clock.pending, 0);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
