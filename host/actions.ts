/**
 * What the presenter, `collab ctl` and participants with the right can do to a running session.
 *
 * @module
 */
import type { CastEvent } from "../format/events.ts";
import { PRESENTER_ID } from "../format/session_data.ts";
import type { HostAction } from "../wire/actions.ts";
import { cleanNote } from "../wire/name.ts";
import type { NoticeCode } from "../wire/notices.ts";
import type { Driving } from "./driving.ts";
import type { Reporter, Via } from "./events.ts";
import type { IssuedLink, Links } from "./links.ts";
import type { Participants } from "./participants.ts";
import { may } from "./rights.ts";

/** What came of an action. */
export type ActOutcome =
  | { readonly kind: "done" }
  | { readonly kind: "link"; readonly link: IssuedLink }
  | { readonly kind: "refused"; readonly code: NoticeCode };

/** What actions act on. */
export interface ActionsOptions {
  readonly session: {
    readonly paused: boolean;
    pause(): void;
    resume(): void;
    note(event: CastEvent): void;
  };
  readonly driving: Driving;
  readonly participants: Participants;
  readonly links: Links;
  readonly reporter: Reporter;
  /** Removes a participant for good. */
  kick(id: string): void;
  /** Withdraws links: nobody comes in with them any more, and who did has to leave. */
  withdraw(links: readonly IssuedLink[]): void;
  /** Ends the session's command. */
  hangUp(): void;
}

type ToSomebody = Extract<HostAction, { kind: "grant" | "deny" | "kick" }>;
type Invite = Extract<HostAction, { kind: "invite" }>;

const DONE: ActOutcome = { kind: "done" };

/** Who does something: an id, and how it is done when that is not at the presenter's terminal or by a participant. */
type Actor = { readonly by: string; readonly via?: Via };

/** Does what is asked, of those who may ask for it. */
export class Actions {
  readonly #options: ActionsOptions;

  constructor(options: ActionsOptions) {
    this.#options = options;
  }

  /**
   * Does something. `by` is the presenter's id, or that of a participant whose role has to allow it; `via` says how, when
   * somebody counts as the presenter.
   */
  async act(by: string, action: HostAction, via?: Via): Promise<ActOutcome> {
    const { driving, participants, hangUp, reporter } = this.#options;
    const actor: Actor = { by, ...(via !== undefined && { via }) };
    const role = participants.get(by)?.role;
    if (by !== PRESENTER_ID && (role === undefined || !may(role, action.kind))) {
      return refused("role-forbids");
    }
    switch (action.kind) {
      case "grant":
        return await this.#grant(actor, action);
      case "close-pane":
        return this.#closePane(actor, action.id);
      case "deny":
      case "kick":
        return this.#toSomebody(actor, action);
      case "take":
      case "hand-back":
      case "mode":
      case "paste":
        return outcomeOf(driving.input({ ...action, by }, via));
      case "pause":
        return this.#share(actor, false);
      case "resume":
        return this.#share(actor, true);
      case "mark":
        return this.#mark(actor, cleanNote(action.label));
      case "invite":
        return await this.#invite(actor, action);
      case "revoke-link":
        return this.#revoke(actor, action.id);
      case "revoke-all":
        return await this.#revokeAll(actor);
      case "stop":
        reporter.report({ event: "stop", ...actor });
        hangUp();
        return DONE;
      default:
        return action satisfies never;
    }
  }

  async #grant(actor: Actor, action: Extract<HostAction, { kind: "grant" }>): Promise<ActOutcome> {
    const { driving, participants } = this.#options;
    const outcome = this.#toSomebody(actor, action);
    const id = participants.find(action.id)?.id;
    const opening = outcome.kind === "done" && id !== undefined ? driving.opening(id) : undefined;
    return opening === undefined || await opening ? outcome : refused("pane-failed");
  }

  /** Closes somebody's pane, or one that was kept for somebody who is gone. */
  #closePane({ by, via }: Actor, who: string): ActOutcome {
    const { driving, participants } = this.#options;
    const name = who.toLowerCase();
    const id = participants.find(who)?.id;
    const pane = driving.panes.find((pane) => pane.id === id) ??
      driving.panes.find((pane) => pane.pane === who || pane.id === who) ??
      driving.panes.find((pane) => pane.name.toLowerCase() === name);
    if (pane === undefined) return refused("no-pane");
    return outcomeOf(driving.input({ kind: "close-pane", id: pane.id, by }, via));
  }

  #toSomebody(actor: Actor, action: ToSomebody): ActOutcome {
    const { driving, participants, kick, reporter } = this.#options;
    const found = participants.find(action.id);
    if (found === undefined) return refused("no-such-participant");
    const { id, name } = found;
    const { by, via } = actor;
    if (action.kind !== "kick") return outcomeOf(driving.input({ ...action, id, by }, via));
    reporter.report({ event: "kick", id, name, ...actor });
    kick(id);
    return DONE;
  }

  #mark(actor: Actor, label: string): ActOutcome {
    const { session, reporter } = this.#options;
    session.note({ kind: "marker", label });
    reporter.report({ event: "marker", label, ...actor });
    return DONE;
  }

  #share(actor: Actor, shown: boolean): ActOutcome {
    const { session, driving, reporter } = this.#options;
    if (session.paused !== shown) return DONE;
    // Nobody types into what they do not see.
    if (!shown) driving.input({ kind: "sharing", paused: true });
    if (shown) session.resume();
    else session.pause();
    if (shown) driving.input({ kind: "sharing", paused: false });
    reporter.report({ event: shown ? "resume" : "pause", ...actor });
    return DONE;
  }

  async #invite(actor: Actor, { role, expiresMs, once }: Invite): Promise<ActOutcome> {
    const { driving, links, participants, reporter } = this.#options;
    if (driving.state.readOnly && role !== "view") return refused("read-only");
    const link = await links.invite({ role, expiresMs, once });
    if (link === undefined) return refused("links-full");
    if (!this.#mayStill(actor.by)) {
      // Removed while it was made: it is not given out, and never let anyone in.
      links.remove(link);
      return refused("role-forbids");
    }
    const { id, expiresAtMs } = link;
    reporter.report({
      event: "invite",
      link: id,
      role,
      expires: new Date(expiresAtMs).toISOString(),
      once: link.once,
      ...actor,
      byName: participants.nameOf(actor.by),
    });
    return { kind: "link", link };
  }

  #mayStill(by: string): boolean {
    return by === PRESENTER_ID || this.#options.participants.get(by) !== undefined;
  }

  #revoke(actor: Actor, id: string): ActOutcome {
    const { links, participants, reporter, withdraw } = this.#options;
    const [link, ...others] = links.find(id);
    if (link === undefined) return refused("no-such-link");
    if (others.length > 0) return refused("link-ambiguous");
    const left = participants.list.filter((participant) => participant.link === link.id).length;
    const byName = participants.nameOf(actor.by);
    const { role } = link;
    reporter.report({ event: "revoke-link", link: link.id, role, left, ...actor, byName });
    links.remove(link);
    withdraw([link]);
    return DONE;
  }

  async #revokeAll(actor: Actor): Promise<ActOutcome> {
    const { links, participants, reporter, withdraw } = this.#options;
    const all = links.list;
    const left = participants.list.length;
    const byName = participants.nameOf(actor.by);
    reporter.report({ event: "revoke-link", left, ...actor, byName });
    for (const link of all) links.remove(link);
    withdraw(all);
    const link = await links.renew();
    const { id, url, role, once, expiresAtMs } = link;
    const expires = new Date(expiresAtMs).toISOString();
    reporter.report({ event: "new-link", link: id, url, role, expires, once, ...actor });
    return { kind: "link", link };
  }
}

function refused(code: NoticeCode): ActOutcome {
  return { kind: "refused", code };
}

function outcomeOf([code]: readonly NoticeCode[]): ActOutcome {
  return code === undefined ? DONE : refused(code);
}
