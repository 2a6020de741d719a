/**
 * Why a connection closes: one name, one WebSocket close code and one line for people each.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";

interface Closing {
  /** WebSocket close code, 4000 to 4999. */
  readonly closeCode: number;
  /** Whether connecting again with the same link is pointless. */
  readonly final: boolean;
  /** What a viewer is shown. */
  readonly text: string;
}

/** Every reason, by its name. The name is also the reason string of the WebSocket's close frame. */
const CLOSINGS = {
  // Said by the host under seal before it closes.
  "ended": closing(4000, true, "The session has ended"),
  "kicked": closing(4001, true, "The presenter has removed you from the session"),
  "superseded": closing(4002, true, "This viewer was opened again elsewhere"),
  "token-expired": closing(4015, true, "The link has expired: ask the presenter for a new one"),
  "token-revoked": closing(4017, true, "The presenter has withdrawn this link"),
  // Refusals of a join.
  "hello-malformed": closing(4010, true, "The host did not understand this viewer's greeting"),
  "version-unsupported": closing(
    4011,
    true,
    "The host speaks another version of the protocol: use the same version of collab",
  ),
  "session-unknown": closing(4012, true, "There is no such session on this server"),
  "token-invalid": closing(4013, true, "The link's token is not valid: copy the whole link"),
  "token-foreign": closing(4014, true, "The link's token is for another session"),
  "token-spent": closing(
    4016,
    true,
    "The link works once and has been used: ask the presenter for a new one",
  ),
  "secret-wrong": closing(4018, true, "The link's secret is wrong: copy the whole link"),
  "join-timeout": closing(4019, false, "The join took too long"),
  "session-full": closing(4020, false, "The session has as many viewers as it allows"),
  // Faults of a peer.
  "message-malformed": closing(4030, false, "A message was not well-formed"),
  "message-unknown": closing(4031, false, "A message was of a kind that is not known"),
  "message-too-large": closing(4032, false, "A message was too large"),
  "message-out-of-place": closing(4033, false, "A message came at the wrong time"),
  "seal-broken": closing(4034, false, "A message was changed on its way"),
  "sequence-broken": closing(4035, false, "A message was lost, repeated or out of order"),
  "message-flood": closing(4036, false, "Too many messages came at once"),
  "unresponsive": closing(4037, false, "The other side does not answer"),
  "sequence-exhausted": closing(4038, false, "The connection was used for too long"),
  "host-unproven": closing(
    4050,
    true,
    "The server did not prove that it is the host of this session",
  ),
  // Before there is a WebSocket: a viewer's own findings, never sent.
  "certificate-wrong": closing(
    4051,
    true,
    "The server's certificate is not the one in the link: somebody may be in between, or the link is another session's",
  ),
  "certificate-required": closing(
    4052,
    true,
    "The host wants to see a client certificate: add --client-cert and --client-key",
  ),
  "certificate-refused": closing(4053, false, "The host did not accept the client certificate"),
  // Before there is a WebSocket: what a host tells its presenter, never sent.
  "origin-foreign": closing(4054, true, "A page of another site asked for the session"),
  "internal": closing(4090, false, "The other side failed"),
} as const satisfies Record<string, Closing>;

/** The name of a reason for closing. */
export type ClosingCode = keyof typeof CLOSINGS;

/** The reasons for which a host refuses a join, all after the same delay. */
const REFUSALS: ReadonlySet<ClosingCode> = new Set<ClosingCode>([
  "session-unknown",
  "token-invalid",
  "token-foreign",
  "token-expired",
  "token-spent",
  "token-revoked",
  "secret-wrong",
  "session-full",
]);

/** Whether a join is refused for this reason only after the fixed delay, so that time tells nothing. */
export function isRefusal(code: ClosingCode): boolean {
  return REFUSALS.has(code);
}

/** The reasons that come of guessing, or of trying out what a host does. */
const GUESSES: ReadonlySet<ClosingCode> = new Set<ClosingCode>([
  "hello-malformed",
  "token-invalid",
  "token-foreign",
  "secret-wrong",
]);

/** Whether who is refused for this reason may have guessed: an honest mistake is not made again and again. */
export function isGuess(code: ClosingCode): boolean {
  return GUESSES.has(code);
}

/** The reasons that a host tells under seal before it closes. */
export const BYE_CODES = [
  "ended",
  "kicked",
  "superseded",
  "token-expired",
  "token-revoked",
] as const;
/** One of {@link BYE_CODES}. */
export type ByeCode = typeof BYE_CODES[number];

function closing(closeCode: number, final: boolean, text: string): Closing {
  return { closeCode, final, text };
}

const BY_NUMBER: ReadonlyMap<number, ClosingCode> = new Map(
  Object.entries(CLOSINGS).map(([code, { closeCode }]) => [closeCode, code as ClosingCode]),
);

/** What is known of a reason. */
export function closingOf(code: ClosingCode): Closing {
  return CLOSINGS[code];
}

/** The reason that a WebSocket close code stands for, or `undefined` for a code that is not ours. */
export function closingByNumber(closeCode: number): ClosingCode | undefined {
  return BY_NUMBER.get(closeCode);
}

/** What a peer did that ends its connection, and only that. `code` names it for people, logs and the close frame. */
export class PeerError extends CollabError {
  override readonly name = "PeerError";
  declare readonly code: ClosingCode;

  /** @param detail what exactly; it is for a log and not sent to the peer */
  constructor(code: ClosingCode, detail?: string, options?: ErrorOptions) {
    const { text } = CLOSINGS[code];
    super(code, detail === undefined ? text : `${text}: ${detail}`, options);
  }

  /** The WebSocket close code. */
  get closeCode(): number {
    return CLOSINGS[this.code].closeCode;
  }
}
