/**
 * The links that were made on this page, as long as it is open: they can be passed on again, and withdrawn.
 *
 * @module
 */
import { parseLink } from "../../wire/link.ts";
import { tokenId } from "./address.ts";

/** A link that was made here. */
export interface MadeLink {
  readonly url: string;
  readonly role: string;
  /** What the host knows it by; `undefined` when the link does not say. */
  readonly id: string | undefined;
  /** When it was made: `14:03`. */
  readonly time: string;
}

/** Most that are remembered: the latest. */
const MAX_LINKS = 20;

/** See the module. */
export class MadeLinks {
  #list: readonly MadeLink[] = [];

  /** The latest first. */
  get list(): readonly MadeLink[] {
    return this.#list;
  }

  /** One was made. */
  add(url: string, role: string, now: Date): MadeLink {
    const time = now.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    const made = { url, role, id: idOf(url), time };
    this.#list = [made, ...this.#list].slice(0, MAX_LINKS);
    return made;
  }

  /** One was withdrawn. */
  remove(made: MadeLink): void {
    this.#list = this.#list.filter((other) => other !== made);
  }
}

function idOf(url: string): string | undefined {
  try {
    return tokenId(parseLink(url));
  } catch {
    return undefined;
  }
}
