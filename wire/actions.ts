/**
 * What can be done to a running session: by the presenter's menu, by `collab ctl`, and by participants whose role allows
 * it. All three say it in these objects.
 *
 * @module
 */
import * as v from "valibot";
import {
  CONTROL_MAX_MS,
  EXPIRES_MAX_MS,
  LABEL_MAX_LENGTH,
  NAME_MAX_LENGTH,
  NOTE_MAX_LENGTH,
} from "./limits.ts";
import { ROLES } from "./role.ts";

/** A participant: `p2`; a program that asks a host may also say a name. */
const Who = v.pipe(v.string(), v.minLength(1), v.maxLength(NAME_MAX_LENGTH));
const Duration = v.pipe(v.number(), v.minValue(1), v.maxValue(CONTROL_MAX_MS));
/** What is said with a handoff. */
const Note = v.pipe(v.string(), v.maxLength(NOTE_MAX_LENGTH));
/** Longest name of a link: of its token. */
const LINK_ID_MAX_LENGTH = 64;

/** Something to be done. */
export const HostAction = v.variant("kind", [
  /** Gives control: for so long, until it is taken back (`null`), or, absent, for what was asked or five minutes. */
  v.strictObject({
    kind: v.literal("grant"),
    id: Who,
    forMs: v.optional(v.nullable(Duration)),
    note: v.optional(Note),
    /** Opens a pane of their own instead, until it is given up or taken; so it is, absent, for who asked for one. */
    pane: v.optional(v.literal(true)),
  }),
  /** Closes the pane of somebody, who may be gone, with what runs in it. A pane's own name means it too. */
  v.strictObject({ kind: v.literal("close-pane"), id: Who }),
  /** Answers a request with no. */
  v.strictObject({ kind: v.literal("deny"), id: Who }),
  /** Control goes back to the presenter, from whatever mode. */
  v.strictObject({ kind: v.literal("take"), note: v.optional(Note) }),
  /** Control goes back to the one from whom the presenter took it last. */
  v.strictObject({ kind: v.literal("hand-back"), note: v.optional(Note) }),
  /** Who may type from now on. `agent`: an agent who is there, else the next that comes, until it is taken back. */
  v.strictObject({
    kind: v.literal("mode"),
    mode: v.picklist(["presenter", "agent", "collaborative", "paused"]),
  }),
  /** Types, or drops, the paste that is held back. */
  v.strictObject({ kind: v.literal("paste"), allow: v.boolean() }),
  /** Viewers see nothing of the screen; and see it again. */
  v.strictObject({ kind: v.literal("pause") }),
  v.strictObject({ kind: v.literal("resume") }),
  v.strictObject({
    kind: v.literal("mark"),
    label: v.pipe(v.string(), v.maxLength(LABEL_MAX_LENGTH)),
  }),
  /** Removes a participant, who cannot come back with the same ticket. */
  v.strictObject({ kind: v.literal("kick"), id: Who }),
  /** Makes another link. */
  v.strictObject({
    kind: v.literal("invite"),
    role: v.picklist(ROLES),
    /** How long it lets people in; absent for as long as the first link. */
    expiresMs: v.optional(v.pipe(v.number(), v.minValue(1_000), v.maxValue(EXPIRES_MAX_MS))),
    once: v.optional(v.literal(true)),
  }),
  /** Withdraws a link, by its id or the beginning of it: it lets nobody in, and who came in with it has to leave. */
  v.strictObject({
    kind: v.literal("revoke-link"),
    id: v.pipe(v.string(), v.minLength(1), v.maxLength(LINK_ID_MAX_LENGTH)),
  }),
  /** Withdraws all links, and makes a new first one. */
  v.strictObject({ kind: v.literal("revoke-all") }),
  /** Ends the session, and its command with it. */
  v.strictObject({ kind: v.literal("stop") }),
]);
/** Something to be done. */
export type HostAction = v.InferOutput<typeof HostAction>;
