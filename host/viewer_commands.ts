/**
 * What viewers say, carried out.
 *
 * @module
 */
import type { Modes } from "../format/frame.ts";
import type { HostAction } from "../wire/actions.ts";
import type { InputPart } from "../wire/input.ts";
import { cleanNote } from "../wire/name.ts";
import type { ViewerCommand, ViewerPeer } from "../wire/viewer_peer.ts";
import type { Actions } from "./actions.ts";
import type { Driving } from "./driving.ts";
import { encodeInput, pasteLines } from "./encode_input.ts";
import type { Pointers } from "./pointers.ts";
import type { PanePeer } from "./pane_views.ts";
import { PANE_MODES } from "./panes.ts";
import { may } from "./rights.ts";

/** What viewers' commands reach. */
export interface ViewerCommandsOptions {
  readonly session: {
    readonly paused: boolean;
    readonly size: { readonly cols: number; readonly rows: number };
    /** The modes that the session's program has set. */
    readonly modes: Modes;
  };
  readonly driving: Driving;
  readonly pointers: Pointers;
  readonly actions: Actions;
  /** Shows somebody what is in their own pane. */
  follow(peer: PanePeer): void;
}

/** A viewer, as far as its commands need it. */
export type CommandPeer = PanePeer & Pick<ViewerPeer, "claims" | "link">;

type Input = Extract<ViewerCommand, { kind: "input" }>;

/** Carries out what viewers say. */
export class ViewerCommands {
  readonly #options: ViewerCommandsOptions;

  constructor(options: ViewerCommandsOptions) {
    this.#options = options;
  }

  /** Carries out one command. */
  obey(peer: CommandPeer, command: ViewerCommand): void {
    const { driving } = this.#options;
    const { id } = peer;
    switch (command.kind) {
      case "request": {
        const { forMs, pane } = command;
        if (!may(peer.claims.role, "type")) return peer.notice("role-forbids");
        driving.input({
          kind: "request",
          id,
          ...(forMs !== undefined && { forMs }),
          ...(pane && { pane }),
          ...noteOf(command),
        });
        return;
      }
      case "withdraw":
        driving.input({ kind: "withdraw", id });
        return;
      case "yield":
        driving.input({
          kind: "yield",
          id,
          ...noteOf(command),
          ...(command.pane && { pane: command.pane }),
        });
        return;
      case "input":
        return this.#type(peer, command);
      case "follow":
        return this.#options.follow(peer);
      case "point":
        return this.#point(peer, command.at);
      case "act":
        void this.#act(peer, command.action);
        return;
      default:
        return command satisfies never;
    }
  }

  /** What somebody typed, as the program expects it now. Control decides whether it gets there. */
  #type(peer: CommandPeer, { turn, parts, pane }: Input): void {
    const { driving, session } = this.#options;
    let unknown = false;
    const own = pane && { pane };
    for (const part of parts) {
      // Where a cell of the screen is in somebody's own pane is not known here.
      if (part.kind === "mouse" && (own || !isInside(part, session.size))) continue;
      const bytes = encodeInput(part, own ? PANE_MODES : session.modes);
      if (bytes !== undefined) {
        driving.input({ kind: "type", id: peer.id, turn, bytes, ...pasteOf(part), ...own });
      } else unknown ||= part.kind === "key";
    }
    if (unknown) peer.notice("input-unknown");
  }

  #point(peer: CommandPeer, at: { readonly x: number; readonly y: number } | undefined): void {
    const { session, pointers } = this.#options;
    if (session.paused || !may(peer.claims.role, "point")) return;
    pointers.point(peer.id, at !== undefined && isInside(at, session.size) ? at : undefined);
  }

  async #act(peer: CommandPeer, action: HostAction): Promise<void> {
    const outcome = await this.#options.actions.act(peer.id, action);
    if (outcome.kind === "link") peer.link(outcome.link.role, outcome.link.url);
    else if (outcome.kind === "refused") peer.notice(outcome.code);
  }
}

function isInside(
  { x, y }: { readonly x: number; readonly y: number },
  { cols, rows }: { readonly cols: number; readonly rows: number },
): boolean {
  return x < cols && y < rows;
}

function noteOf({ note }: { readonly note?: string | undefined }): { readonly note?: string } {
  const clean = cleanNote(note ?? "");
  return clean === "" ? {} : { note: clean };
}

function pasteOf(part: InputPart): { readonly paste?: { readonly lines: number } } {
  return part.kind === "paste" ? { paste: { lines: pasteLines(part.text) } } : {};
}
