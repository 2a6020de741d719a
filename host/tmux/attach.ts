/**
 * Attaches a client in control mode to a session that is about to be made.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import { ControlClient, type ControlProcess, goneError } from "./control_client.ts";

/** How a client is attached. */
export interface AttachOptions {
  /** Starts a client in control mode, attached to the session. */
  start(): ControlProcess;
  readonly clock: Clock;
  /** Told of notifications. */
  onNews(name: string): void;
  /** Whether nobody waits for it any more. */
  over(): boolean;
  /** Told of the client that is being attached, which can be killed. */
  onClient?(client: ControlClient): void;
}

/** A session that is about to be made is looked for this often, so many times. */
const LOOK_MS = 50, LOOKS = 200;

/** After these notifications, panes may be there or gone. */
export const CHANGES: ReadonlySet<string> = new Set([
  "layout-change",
  "window-add",
  "unlinked-window-add",
  "window-close",
  "unlinked-window-close",
  "window-pane-changed",
  "sessions-changed",
]);

/**
 * Attaches a client; `looks` is how often the session is looked for.
 *
 * @throws {CollabError} `tmux-gone`
 */
export async function attach(
  { start, clock, onNews, over, onClient }: AttachOptions,
  looks = LOOKS,
): Promise<ControlClient> {
  for (let look = 1;; look++) {
    const client = new ControlClient(start(), onNews);
    onClient?.(client);
    try {
      await client.attached;
      return client;
    } catch (error) {
      if (look >= looks || over()) throw error;
    }
    await new Promise<void>((resolve) => void clock.after(LOOK_MS, resolve));
    if (over()) throw goneError();
  }
}
