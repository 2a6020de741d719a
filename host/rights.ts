/**
 * Who may do what: the one table.
 *
 * @module
 */
import type { HostAction } from "../wire/actions.ts";
import type { Role } from "../wire/role.ts";

/** Something that a role allows or not: to point, to ask for control and type once it was given, and every action. */
export type Right = "point" | "type" | HostAction["kind"];

type Allowed = Readonly<Record<Right, boolean>>;

const NOTHING: Allowed = {
  point: false,
  type: false,
  grant: false,
  "close-pane": false,
  deny: false,
  take: false,
  "hand-back": false,
  mode: false,
  paste: false,
  pause: false,
  resume: false,
  mark: false,
  kick: false,
  invite: false,
  "revoke-link": false,
  "revoke-all": false,
  stop: false,
};
const EVERYTHING = Object.fromEntries(
  Object.keys(NOTHING).map((right) => [right, true]),
) as Allowed;

/** Role by right. The presenter, and whoever reaches the control socket, may do everything. */
export const RIGHTS: Readonly<Record<Role, Allowed>> = {
  view: { ...NOTHING, point: true },
  control: { ...NOTHING, point: true, type: true, mark: true },
  agent: { ...NOTHING, point: true, type: true, mark: true },
  admin: { ...EVERYTHING, stop: false },
};

/** Whether a role allows something. */
export function may(role: Role, right: Right): boolean {
  return RIGHTS[role][right];
}
