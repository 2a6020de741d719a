/**
 * Takes from people what let them in: their place, or their links.
 *
 * @module
 */
import type { Admission } from "../wire/admission.ts";
import type { StreamSealer } from "../wire/stream.ts";
import type { ViewerPeer } from "../wire/viewer_peer.ts";
import type { IssuedLink, Links } from "./links.ts";
import type { Participants } from "./participants.ts";

/** What it takes to remove somebody. */
export interface RemovalsOptions {
  readonly admission: Pick<Admission, "forget" | "revoke">;
  readonly stream: Pick<StreamSealer, "nextEpoch">;
  /** The connections of those who are there, by their ids. */
  readonly peers: ReadonlyMap<string, Pick<ViewerPeer, "close">>;
  readonly participants: Pick<Participants, "forget" | "list">;
  readonly links: Pick<Links, "nowMs">;
}

type Why = "kicked" | "token-revoked";

/** Removes people. Who is removed reads nothing more: what is said from then on is under a key that they do not get. */
export class Removals {
  readonly #options: RemovalsOptions;

  constructor(options: RemovalsOptions) {
    this.#options = options;
  }

  /** Removes somebody, who does not come back in their place. */
  kick(id: string): void {
    this.#options.admission.forget(id);
    this.#remove([id], "kicked");
  }

  /** Takes links back, and removes everybody who came in with them. */
  withdraw(links: readonly IssuedLink[]): void {
    const { admission, participants, links: { nowMs } } = this.#options;
    for (const link of links) admission.revoke(link, nowMs);
    const ids = new Set(links.map(({ id }) => id));
    const gone = participants.list.filter(({ link }) => ids.has(link));
    this.#remove(gone.map(({ id }) => id), "token-revoked");
  }

  #remove(ids: readonly string[], why: Why): void {
    const { peers, participants, stream } = this.#options;
    stream.nextEpoch();
    for (const id of ids) {
      const peer = peers.get(id);
      if (peer === undefined) participants.forget(id, why);
      else peer.close(why);
    }
  }
}
