/**
 * What a peer may send, so that it cannot take the memory or the time of who reads it. `docs/PROTOCOL.md` has the
 * same numbers.
 *
 * @module
 */

/** The version of the protocol; the first byte of a hello after its envelope. */
export const PROTOCOL_VERSION = 1;
/** How long a socket may take until its join has been opened. */
export const JOIN_TIMEOUT_MS = 5_000;
/** All that a socket may send before its join has been opened. */
export const UNAUTHENTICATED_MAX_BYTES = 4_096;
/** When a refusal is told, counted from the hello: the same for every reason. */
export const REFUSAL_DELAY_MS = 200;
/** Longest token. */
export const TOKEN_MAX_BYTES = 1_024;
/** Longest message from a viewer, sealed. */
export const COMMAND_MAX_BYTES = 1_024 * 1_024;
/** Messages a viewer may send in any second; a burst may be twice as large. */
export const COMMANDS_PER_SECOND = 500;
/** Longest message from a host, sealed. */
export const MESSAGE_MAX_BYTES = 32 << 20;
/** Longest plaintext of a message from a host, inflated: a keyframe of the largest screen. */
export const PLAINTEXT_MAX_BYTES = 64 << 20;
/**
 * Most event lines in a message from a host, and the longest text that they are together, in UTF-16 units: an empty one is
 * three bytes of a body, and some hundred times that once it is an event.
 */
export const LINES_MAX = 65_536, LINES_MAX_LENGTH = 64 << 20;
/** What a viewer keeps for a host that does not read; beyond it, the connection counts as cut. */
export const UNSENT_MAX_BYTES = 16 << 20;
/** Longest answer to the request for a WebSocket, or for a tunnel to one, up to its empty line. */
export const ANSWER_MAX_BYTES = 16 << 10;
/** Longest name, before it is cleaned, in UTF-16 units. */
export const NAME_MAX_LENGTH = 256;
/** Widest name, after it is cleaned. */
export const NAME_MAX_COLUMNS = 32;
/** Largest sequence number. A connection or a stream that gets there ends: a nonce is never used twice. */
export const SEQ_MAX = 0xffff_ffff;
/** Longest paste, in UTF-16 units: as JSON it fits into a command, whatever the characters. */
export const PASTE_MAX_LENGTH = 128 * 1_024;
/** Longest text typed in one part, in UTF-16 units. */
export const TEXT_MAX_LENGTH = 16 * 1_024;
/** Most keys, texts and mouse events in one command. */
export const INPUT_MAX_PARTS = 256;
/** Longest note with a request or a handover, in UTF-16 units. */
export const NOTE_MAX_LENGTH = 500;
/** Longest label of a marker that somebody sets, in UTF-16 units. */
export const LABEL_MAX_LENGTH = 200;
/** Longest time that control can be asked for or given. */
export const CONTROL_MAX_MS = 24 * 3_600_000;
/** Longest time that a link lets people in: a year. */
export const EXPIRES_MAX_MS = 366 * 24 * 3_600_000;
