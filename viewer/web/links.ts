/**
 * Addresses that stand on the screen as text, as links.
 *
 * @module
 */
import type { ILink, ILinkProvider } from "@xterm/xterm";
import { findUrls } from "./urls.ts";
import type { Stage } from "./stage.ts";

/** Longest text that is looked at for addresses, in lines that wrap. */
const MAX_LINES = 20;

/** Finds addresses on a stage. */
export function urlLinks(stage: Stage, onLink: (uri: string) => void): ILinkProvider {
  return {
    provideLinks: (bufferLine, callback) => {
      const links = linksAt(stage, bufferLine - 1, onLink);
      callback(links.length === 0 ? undefined : links);
    },
  };
}

function linksAt(stage: Stage, line: number, onLink: (uri: string) => void): ILink[] {
  let first = line;
  while (line - first < MAX_LINES && stage.lineAt(first)?.wrapped === true) first--;
  const texts = [stage.lineAt(first)?.text ?? ""];
  while (texts.length < MAX_LINES && stage.lineAt(first + texts.length)?.wrapped === true) {
    texts.push(stage.lineAt(first + texts.length)!.text);
  }
  const placeOf = (index: number): { readonly x: number; readonly y: number } => {
    let at = 0, left = index;
    while (at < texts.length - 1 && left >= texts[at]!.length) left -= texts[at++]!.length;
    return { x: stage.columnOf(first + at, left) + 1, y: first + at + 1 };
  };
  return findUrls(texts.join("")).map(({ start, end, url }) => ({
    text: url,
    range: { start: placeOf(start), end: placeOf(end - 1) },
    activate: () => onLink(url),
  }));
}
