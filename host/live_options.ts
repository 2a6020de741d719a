/**
 * What a live session is made of.
 *
 * @module
 */
import type { Header } from "../format/header.ts";
import type { Recorder } from "../record/recorder.ts";
import type { CountingRedactor, Redactor } from "../redact/redactor.ts";
import type { SessionKeys } from "../wire/token.ts";
import type { Clock } from "./clock.ts";
import type { ControlOptions } from "./control.ts";
import type { DrivingOptions } from "./driving.ts";
import type { Reporter } from "./events.ts";
import type { Links } from "./links.ts";
import type { PaneHost } from "./panes.ts";
import type { SessionPty } from "./session.ts";

/** What a live session is made of. */
export interface LiveOptions {
  readonly pty: SessionPty;
  /** The header of the recording that the session is; its size is the session's first one. */
  readonly header: Header;
  readonly redactor: Redactor;
  /** Session time: it starts at 0. */
  readonly clock: Clock;
  readonly keys: SessionKeys;
  /** The secret in the session's links. */
  readonly secret: Uint8Array;
  readonly links: Links;
  /** Who may type in the beginning, and what changes that. */
  readonly control: ControlOptions;
  /** Opens panes for participants, where there are any to be had. */
  readonly panes?: PaneHost | undefined;
  /** Ends the session's command. */
  hangUp(): void;
  /** What the presenter is called. */
  readonly presenter: string;
  readonly recorder: Recorder | undefined;
  readonly reporter: Reporter;
  /** Somebody types this: it goes to the program next, or to a pane of their own. */
  readonly onTyped?: DrivingOptions["onTyped"] | undefined;
  /** What the redactor masks, for the presenter, who sees it as it is. */
  readonly masking?: Pick<CountingRedactor, "total" | "spans">;
  /** How much was masked, by the name of the rule. */
  readonly redactions?: () => ReadonlyMap<string, number>;
}
