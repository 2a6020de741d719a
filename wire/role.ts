/**
 * Roles: what the bearer of a token may ask for.
 *
 * @module
 */

/** Every role. */
export const ROLES = ["view", "control", "agent", "admin"] as const;
/** One of {@link ROLES}. */
export type Role = typeof ROLES[number];
