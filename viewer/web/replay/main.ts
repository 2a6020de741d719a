/**
 * The page at `/r/…`: a recording.
 *
 * @module
 */
import { CollabError } from "../../../format/errors.ts";
import { legible } from "../../legible.ts";
import { Theme } from "../theme.ts";
import { Opening } from "./opening.ts";
import { openReplay } from "./open.ts";
import { ReplayView } from "./view.ts";

/** Where the key is kept for a reload, in this tab alone. */
const KEY = "collab.replay";

/** Opens the recording of this page's address, and plays it. */
export async function startReplay(): Promise<void> {
  new Theme();
  const opening = new Opening();
  document.body.append(opening.element);
  document.title = "Recording";
  const { origin, pathname } = location;
  try {
    const { log, info } = await openReplay({
      url: `${origin}${pathname}/recording`,
      key: takeKey(),
      onProgress: (part, { name }) => opening.update(part, legible(name)),
    });
    opening.close();
    new ReplayView(log, { ...info, name: legible(info.name) });
  } catch (error) {
    if (!(error instanceof CollabError)) throw error;
    opening.fail(error.message);
  }
}

/** The key, out of the address and kept for a reload. */
function takeKey(): string {
  const given = location.hash.slice(1);
  const place = `${KEY}${location.pathname}`;
  try {
    if (given === "") return sessionStorage.getItem(place) ?? "";
    sessionStorage.setItem(place, given);
  } catch { /* without storage a reload needs the address again */ }
  history.replaceState(null, "", location.pathname);
  return given;
}
