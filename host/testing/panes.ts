/**
 * Panes for tests: nothing is divided, and what is typed is remembered.
 *
 * @module
 */
import type { HostProcess } from "../host.ts";
import type { PaneEnd, PaneHost, PaneInfo, PaneOwner } from "../panes.ts";

/** See the module. */
export class FakePanes implements PaneHost {
  onGone: (id: string) => void = () => {};
  onCursors: PaneHost["onCursors"] = () => {};
  /** What was done, in order: `open p1`, `keep p1`, `p1: text` … */
  readonly done: string[] = [];
  /** Whether there is room for another one. */
  room = true;
  readonly #panes = new Map<string, PaneInfo>();
  #opened = 0;

  get list(): readonly PaneInfo[] {
    return [...this.#panes.values()];
  }

  open({ id, name }: PaneOwner): Promise<string> {
    if (!this.room) return Promise.reject(new Error("no room"));
    const kept = this.#panes.get(id);
    const pane = kept?.pane ?? `%${++this.#opened}`;
    this.#panes.set(id, { pane, id, name });
    this.done.push(`open ${id}`);
    return Promise.resolve(pane);
  }

  write(id: string, bytes: Uint8Array): boolean {
    this.done.push(`${id}: ${new TextDecoder().decode(bytes)}`);
    return true;
  }

  changed(): void {}

  watch(): Promise<never> {
    return Promise.reject(new Error("nothing to see"));
  }

  drop(id: string): void {
    this.done.push(`drop ${id}`);
  }

  release(id: string, end: PaneEnd): void {
    this.done.push(`${end} ${id}`);
    if (end === "close") this.#panes.delete(id);
  }

  end(keep: PaneEnd): Promise<readonly PaneInfo[]> {
    this.done.push(`end ${keep}`);
    return Promise.resolve([]);
  }
}

/** A tmux session that is none: a command, and panes beside it. */
export function fakeTmux(
  panes: PaneHost,
  command: readonly string[],
): NonNullable<HostProcess["tmux"]> {
  return {
    name: "work",
    command,
    attachCommand: ["tmux", "attach"],
    paneEnd: "close",
    startPanes: () => panes,
    watchInput: () => {
      throw new Error("There is nothing to watch");
    },
    howEnded: () => Promise.resolve("ended"),
  };
}
