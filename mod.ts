/**
 * `collab` for programs: {@link joinSession} gives a program what a participant of a session has.
 *
 * @module
 */
export { joinSession } from "./agent/client.ts";
export { AgentError, type AgentErrorCode } from "./agent/errors.ts";
export type * from "./agent/types.ts";
export type { Person, PersonType } from "./format/session_data.ts";
export type { Role } from "./wire/role.ts";
