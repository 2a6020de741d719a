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
  /**
   * Whether the session is there. A client in control mode that connects while a session begins, or a window is chosen, can
   * end tmux itself (3.3a, 3.5a: its news reach a client that is not ready for them). So none is started in vain.
   */
  isThere(): Promise<boolean>;
  readonly clock: Clock;
  /** Told of notifications. */
  onNews(name: string): void;
  /** Told of what panes' programs write, where the client asks for that. */
  onOutput?(pane: string, bytes: Uint8Array): void;
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
  { start, isThere, clock, onNews, onOutput, over, onClient }: AttachOptions,
  looks = LOOKS,
): Promise<ControlClient> {
  for (let look = 1;; look++) {
    if (await isThere()) {
      const client = new ControlClient(start(), onNews, onOutput);
      onClient?.(client);
      try {
        await client.attached;
        return client;
      } catch (error) {
        if (look >= looks) throw error;
      }
    }
    if (look >= looks || over()) throw goneError();
    await new Promise<void>((resolve) => void clock.after(LOOK_MS, resolve));
    if (over()) throw goneError();
  }
}
