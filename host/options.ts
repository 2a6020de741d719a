/**
 * What `collab host` can be told.
 *
 * @module
 */
import { UsageError } from "../format/errors.ts";
import { isValidSize } from "../format/limits.ts";
import type { UserRule } from "../redact/user_rules.ts";
import { parseMenuKey } from "../viewer/menu_key.ts";
import { parseSshTarget, type SshTarget } from "../wire/link.ts";
import type { AgentClient } from "./agent_config.ts";
import type { Address } from "./listen.ts";
import type { LogLevel } from "./log.ts";

export { parseMenuKey };

/** Columns and rows of a terminal. */
export interface Size {
  readonly cols: number;
  readonly rows: number;
}

/** The modes that a session can begin in. */
export const START_MODES = ["presenter", "agent", "collaborative", "paused"] as const;
/** One of {@link START_MODES}. */
export type StartMode = typeof START_MODES[number];
/** What can become of control when the presenter's terminal goes away. */
export const WHEN_GONE = ["pause", "continue"] as const;
/** One of {@link WHEN_GONE}. */
export type WhenGone = typeof WHEN_GONE[number];

/** What can become of a pane whose owner is gone, or gives it up. */
export const PANE_ENDS = ["close", "keep"] as const;
/** One of {@link PANE_ENDS}. */
export type PaneEnd = typeof PANE_ENDS[number];

/** How a session is reached. */
export interface TransportOptions {
  readonly listen: Address;
  /** Whether it may listen in the clear on any address. */
  readonly insecure: boolean;
  /** Whether it talks TLS on loopback too. */
  readonly tls?: boolean;
  /** Files with the certificate and its key, in PEM; without them one is made where TLS needs it. */
  readonly cert?: string;
  readonly key?: string;
  /** A file with the certificates of those who may issue a client's, in PEM: clients have to show one. */
  readonly clientCa?: string;
  /** What the machine is called by those who reach it over SSH: links lead there. */
  readonly sshHost?: SshTarget;
  /** The machine on which `ssh` publishes the session's port. */
  readonly sshRelay?: SshTarget;
  /** How many sockets one address may have open. */
  readonly perAddress?: number;
}

/** Settings of a host. */
export interface HostOptions extends TransportOptions {
  /** The command and its arguments; empty for the user's shell. */
  readonly command: readonly string[];
  readonly record?: string;
  readonly overwrite: boolean;
  readonly title?: string;
  /** What the presenter is called. */
  readonly name?: string;
  /** The session's size; without it that of the presenter's terminal. */
  readonly size?: Size;
  /** How long the link lets people in, in milliseconds. */
  readonly expiresMs: number;
  readonly headless: boolean;
  readonly json: boolean;
  /** Headless: whether standard input is typed into the session. */
  readonly stdin: boolean;
  /** The key that opens the menu, as `ctrl+\`. */
  readonly menuKey: string;
  /** Where who did and typed what is written, with a proof that it is whole. */
  readonly audit?: string;
  /** Patterns of what is to be masked, in RE2's syntax. */
  readonly redact: readonly string[];
  /** Rules of the configuration file. */
  readonly redactRules?: readonly UserRule[];
  /** A file of texts to mask, one a line. */
  readonly redactFile?: string;
  /** Whether the built-in rules, and those for the host's own environment, hold. */
  readonly defaultRedactions: boolean;
  /** The key that takes control back, as `f12`. */
  readonly takeKey: string;
  /** Whether nobody but the presenter can ever type. */
  readonly readOnly: boolean;
  /** Whether the link lets in one participant only. */
  readonly once: boolean;
  /** Who may type in the beginning. */
  readonly mode: StartMode;
  /** Whether pastes of several lines wait for the presenter's answer. */
  readonly confirmPaste: boolean;
  /** Whether any key of the presenter takes control back. */
  readonly takeOnKey: boolean;
  /**
   * Whether the shell is started so that it marks its prompts and commands: where that can be, or else it does not start.
   */
  readonly shellMarks?: "possible" | "required";
  /** The client whose agent a link is made for when the session begins; without it there is none. */
  readonly agent?: AgentClient;
  /** What becomes of control when the presenter's terminal goes away. */
  readonly whenGone: WhenGone;
  /** The tmux session that is shared; its command is that of a new one. */
  readonly tmux?: string;
  /** The tmux server, by its name or its socket. */
  readonly tmuxName?: string;
  readonly tmuxSocket?: string;
  /** Whether participants can be given a pane of their own in the tmux session. */
  readonly panes?: boolean;
  /** What becomes of a pane whose owner is gone. */
  readonly paneEnd?: PaneEnd;
  /** Where metrics are served. */
  readonly metrics?: Address;
  /** Where the admin API is. */
  readonly adminApi?: Address;
  /** The least that is logged. Nothing is, without this and the next two. */
  readonly logLevel?: LogLevel;
  /** Whether each line of the log is a JSON object. */
  readonly logJson?: true;
  /** The file that the log is added to; without it, standard error. */
  readonly logFile?: string;
}

/** The size of a session without a terminal, when it is not told. */
export const HEADLESS_SIZE: Size = Object.freeze({ cols: 80, rows: 24 });
/** The smallest session: a wide character needs two columns. */
const MIN_COLS = 2;

/**
 * Reads a size written as `80x24`.
 *
 * @throws {UsageError} `bad-size`
 *
 * @example
 * ```ts
 * import { parseSize } from "./options.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(parseSize("120x40"), { cols: 120, rows: 40 });
 * ```
 */
export function parseSize(text: string): Size {
  const match = /^(\d{1,5})[x×](\d{1,5})$/i.exec(text);
  const cols = Number(match?.[1]), rows = Number(match?.[2]);
  if (match !== null && cols >= MIN_COLS && isValidSize(cols, rows)) return { cols, rows };
  throw new UsageError(
    "bad-size",
    `Cannot use the size ${JSON.stringify(text.slice(0, 40))}: write it as "80x24"`,
  );
}

/**
 * Reads the name of the key that takes control back: `f1` to `f12`, or a control character as {@link parseMenuKey} does.
 *
 * @throws {UsageError} `bad-take-key`
 */
export function parseTakeKey(text: string): string {
  if (/^f(?:[1-9]|1[0-2])$/i.test(text)) return text.toLowerCase();
  try {
    return parseMenuKey(text);
  } catch {
    throw new UsageError(
      "bad-take-key",
      `Cannot use the take key ${JSON.stringify(text.slice(0, 40))}: write it as "f12" or "ctrl-x"`,
    );
  }
}

/**
 * Reads whom `ssh` is to call, as `ada@box.example:2222`.
 *
 * @throws {UsageError} `bad-ssh-target`
 */
export function parseSshHost(text: string): SshTarget {
  const target = parseSshTarget(text);
  if (target !== undefined) return target;
  throw new UsageError(
    "bad-ssh-target",
    `Cannot use ${JSON.stringify(text.slice(0, 80))} with ssh: write it as "box" or "ada@box:22"`,
  );
}

/**
 * Reads how many sockets one address may have open.
 *
 * @throws {UsageError} `bad-number`
 */
export function parsePerAddress(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new UsageError(
    "bad-number",
    `Cannot use ${JSON.stringify(text.slice(0, 40))}: write a number from 1 to 99999`,
  );
}
