import assert from "node:assert/strict";
import type { CountingRedactor } from "../redact/redactor.ts";
import { passThroughRedactor } from "../redact/redactor.ts";
import { BEGIN_MS, KEYS, TestLog } from "./audit/testing/logs.ts";
import { type Audited, openAudit, REDACTIONS_MS } from "./audited.ts";
import type { HostEvent } from "./events.ts";
import type { Stage } from "./host.ts";

/** A redactor that has masked what it is told. */
class Masking {
  readonly counts = new Map<string, number>();

  get total(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  mask(rule: string): void {
    this.counts.set(rule, (this.counts.get(rule) ?? 0) + 1);
  }

  get redactor(): CountingRedactor {
    const { counts } = this;
    const total = (): number => this.total;
    return Object.create(passThroughRedactor(), {
      counts: { value: counts },
      total: { get: total },
    });
  }
}

const STAGE: Stage = {
  size: { cols: 80, rows: 24 },
  announce: () => {},
  begin: () => {},
  end: () => Promise.resolve(),
  report: () => {},
};

function open(log: TestLog, { redactor }: Masking, stage: Stage = STAGE): Promise<Audited> {
  return openAudit(stage, {
    path: log.path,
    keys: KEYS,
    redactor,
    clock: log.clock,
    now: () => BEGIN_MS + log.clock.now(),
    presenter: "Ada",
  });
}

Deno.test("each minute in which something was masked, it is told how much was, and at the end", async () => {
  await using log = new TestLog();
  const masking = new Masking();
  const audited = await open(log, masking);
  log.clock.advance(REDACTIONS_MS);
  masking.mask("jwt");
  masking.mask("jwt");
  log.clock.advance(REDACTIONS_MS - 1);
  audited.stage.report({ event: "marker", label: "not told yet", by: "host" });
  log.clock.advance(1);
  log.clock.advance(3 * REDACTIONS_MS);
  masking.mask("url");
  audited.stage.report({ event: "exit", code: 0 });
  await audited.close();
  assert.equal(log.clock.pending, 0);
  const told = (await log.entries()).filter(({ event }) => event !== "checkpoint");
  assert.deepEqual(told.slice(1), [
    { event: "marker", by: { id: "host", name: "Ada" }, label: "not told yet" },
    { event: "redactions", count: 2, rules: { jwt: 2 } },
    { event: "redactions", count: 3, rules: { jwt: 2, url: 1 } },
    { event: "end", status: 0 },
  ]);
});

Deno.test("what was masked last is told as well where a session ends without saying so", async () => {
  await using log = new TestLog();
  const masking = new Masking();
  const audited = await open(log, masking);
  masking.mask("jwt");
  await audited.close();
  assert.deepEqual((await log.entries()).map(({ event }) => event), ["start", "redactions", "end"]);
});

Deno.test("what is reported reaches the log and the stage", async () => {
  await using log = new TestLog();
  const shown: HostEvent[] = [];
  const audited = await open(log, new Masking(), {
    ...STAGE,
    report: (event) => void shown.push(event),
  });
  audited.stage.report({ event: "pause", by: "host", via: "ctl" });
  await audited.close();
  assert.deepEqual(shown, [{ event: "pause", by: "host", via: "ctl" }]);
  assert.deepEqual((await log.entries())[1], {
    event: "pause",
    by: { id: "ctl", name: "collab ctl" },
  });
});
