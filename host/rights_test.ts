import assert from "node:assert/strict";
import { type Role, ROLES } from "../wire/role.ts";
import { may, type Right, RIGHTS } from "./rights.ts";

/** Right by role, in the order of `ROLES`: `+` allowed, `-` not. */
const TABLE: Readonly<Record<Right, string>> = {
  //       view control agent admin
  point: "  +    +       +     +",
  type: "   -    +       +     +",
  grant: "  -    -       -     +",
  "close-pane": "- -     -     +",
  deny: "   -    -       -     +",
  take: "   -    -       -     +",
  "hand-back": "- -      -     +",
  mode: "   -    -       -     +",
  paste: "  -    -       -     +",
  pause: "  -    -       -     +",
  resume: " -    -       -     +",
  mark: "   -    +       +     +",
  kick: "   -    -       -     +",
  invite: " -    -       -     +",
  "revoke-link": "- -    -     +",
  "revoke-all": " - -    -     +",
  stop: "   -    -       -     -",
};

Deno.test("each role may do what the table says, cell by cell", () => {
  const roles: readonly Role[] = ["view", "control", "agent", "admin"];
  assert.deepEqual(ROLES, roles);
  for (const [right, row] of Object.entries(TABLE) as [Right, string][]) {
    const cells = row.trim().split(/ +/);
    assert.equal(cells.length, roles.length);
    for (const [i, role] of roles.entries()) {
      assert.equal(may(role, right), cells[i] === "+", `${role}: ${right}`);
    }
  }
});

Deno.test("no right is left out of the table", () => {
  for (const role of ROLES) {
    assert.deepEqual(Object.keys(RIGHTS[role]).sort(), Object.keys(TABLE).sort(), role);
  }
});
