import assert from "node:assert/strict";
import { inviteText, leaveText, refusedText, revokeText } from "./event_texts.ts";

Deno.test("a refusal says why in words, from where, and how often", () => {
  const event = "refused";
  const lines: readonly [Parameters<typeof refusedText>[0], string][] = [
    [{ event, code: "token-expired" }, "Somebody was not let in: the link has expired"],
    [
      { event, code: "secret-wrong", address: "192.0.2.7" },
      "Somebody at 192.0.2.7 was not let in: the link's secret is wrong",
    ],
    [
      { event, code: "token-invalid", address: "127.0.0.1", count: 12 },
      "12 tries were not let in: the link is wrong",
    ],
    [{ event, code: "message-too-large" }, "Somebody was not let in: message-too-large"],
  ];
  for (const [given, wanted] of lines) assert.equal(refusedText(given), wanted);
});

Deno.test("who leaves has left, or had to and why", () => {
  const of = (why?: Parameters<typeof leaveText>[0]["why"]): string =>
    leaveText({ event: "leave", id: "p1", name: "Bo", watching: 2, ...(why && { why }) });
  assert.equal(of(), "Bo left (2 watching)");
  assert.equal(of("kicked"), "Bo was removed (2 watching)");
  assert.equal(of("token-expired"), "The link of Bo has expired (2 watching)");
  assert.equal(of("token-revoked"), "The link of Bo was withdrawn (2 watching)");
  assert.equal(of("message-flood"), "Bo was disconnected: message-flood (2 watching)");
});

Deno.test("a link that somebody else made or withdrew is told with what comes of it", () => {
  const invite = { event: "invite", role: "admin", expires: "", once: true } as const;
  assert.equal(inviteText(invite, "host"), "A link was made: role admin, for one person");
  assert.equal(
    inviteText({ ...invite, once: false, by: "host", byName: "grace" }, "host"),
    "A link was made: role admin",
  );
  assert.equal(
    inviteText({ ...invite, by: "p1", byName: "Ada" }, "host"),
    "Ada made a link: role admin, for one person",
  );
  const revoke = { event: "revoke-link", by: "host", byName: "grace" } as const;
  assert.equal(revokeText({ ...revoke, left: 3 }), "All links were withdrawn, 3 had to leave");
  assert.equal(
    revokeText({ ...revoke, link: "t", role: "view", left: 0 }),
    "A link was withdrawn: role view",
  );
  assert.equal(
    inviteText({ ...invite, by: "host", byName: "grace", via: "ctl" }, "host"),
    "A link was made with collab ctl: role admin, for one person",
  );
  assert.equal(
    revokeText({ ...revoke, via: "api:t", left: 0 }),
    "All links were withdrawn over the admin API",
  );
});
