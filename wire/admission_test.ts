import assert from "node:assert/strict";
import { Admission } from "./admission.ts";
import type { Claims } from "./token.ts";

const NOW = 1_700_000_000_000;

function claims(changes: Partial<Claims> = {}): Claims {
  return {
    session: "s",
    role: "view",
    expiresAtMs: NOW + 1_000,
    id: "t",
    single: false,
    ...changes,
  };
}

Deno.test("a token that may be shared lets in any number, each with a seat", () => {
  const admission = new Admission();
  const request = { claims: claims(), ticket: undefined };
  const a = admission.admit(request, NOW), b = admission.admit(request, NOW);
  assert.deepEqual([a.id, b.id], ["p1", "p2"]);
  assert.notEqual(a.ticket, b.ticket);
});

Deno.test("a single-use token lets in one, and that one back in", () => {
  const admission = new Admission();
  const single = claims({ single: true });
  const seat = admission.admit({ claims: single, ticket: undefined }, NOW);
  assert.throws(() => admission.admit({ claims: single, ticket: undefined }, NOW), {
    code: "token-spent",
  });
  assert.throws(() => admission.admit({ claims: single, ticket: "guess" }, NOW), {
    code: "token-spent",
  });
  assert.equal(admission.admit({ claims: single, ticket: seat.ticket }, NOW), seat);
});

Deno.test("not past its expiry", () => {
  const admission = new Admission();
  const { ticket } = admission.admit({ claims: claims(), ticket: undefined }, NOW);
  assert.throws(() => admission.admit({ claims: claims(), ticket }, NOW + 1_000), {
    code: "token-expired",
  });
});

Deno.test("a ticket is good with its own token only", () => {
  const admission = new Admission();
  const seat = admission.admit({ claims: claims({ role: "admin" }), ticket: undefined }, NOW);
  const other = admission.admit({ claims: claims({ id: "u" }), ticket: seat.ticket }, NOW);
  assert.notEqual(other.id, seat.id);
  assert.equal(other.claims.role, "view");
});

Deno.test("a forgotten participant comes back as someone new, or not at all", () => {
  const admission = new Admission();
  const shared = admission.admit({ claims: claims(), ticket: undefined }, NOW);
  admission.forget(shared.id);
  assert.notEqual(admission.admit({ claims: claims(), ticket: shared.ticket }, NOW).id, shared.id);
  const single = claims({ id: "once", single: true });
  const seat = admission.admit({ claims: single, ticket: undefined }, NOW);
  admission.forget(seat.id);
  assert.throws(() => admission.admit({ claims: single, ticket: seat.ticket }, NOW), {
    code: "token-spent",
  });
});

Deno.test("a withdrawn token lets no one in, nor back in", () => {
  const admission = new Admission();
  const { ticket } = admission.admit({ claims: claims(), ticket: undefined }, NOW);
  admission.revoke(claims(), NOW);
  for (const given of [undefined, ticket]) {
    assert.throws(() => admission.admit({ claims: claims(), ticket: given }, NOW), {
      code: "token-revoked",
    });
  }
});

Deno.test("of withdrawn tokens only those are remembered that could still let in", () => {
  const admission = new Admission();
  const other = claims({ id: "u", expiresAtMs: NOW + 2_000 });
  admission.revoke(claims(), NOW);
  admission.revoke(other, NOW + 1_000);
  const later = claims({ expiresAtMs: NOW + 9_000 });
  assert.throws(() => admission.admit({ claims: other, ticket: undefined }, NOW + 1_000), {
    code: "token-revoked",
  });
  admission.admit({ claims: later, ticket: undefined }, NOW + 1_000);
});

Deno.test("a seat has one holder: the former one is told", () => {
  const admission = new Admission();
  const seat = admission.admit({ claims: claims(), ticket: undefined }, NOW);
  const told: string[] = [];
  admission.occupy(seat, () => told.push("first"));
  assert.equal(told.length, 0);
  admission.occupy(seat, () => told.push("second"));
  assert.deepEqual(told, ["first"]);
});
