/**
 * What clients can read and follow without a tool: the screen, and the session since this program joined it.
 *
 * @module
 */
import type { AgentSession } from "../types.ts";
import type { Recording } from "./recording.ts";
import { screenText } from "./texts.ts";

/** The resources, as `resources/list` has them. */
export const RESOURCES = [
  {
    uri: "collab://screen",
    name: "screen",
    title: "The shared terminal's screen",
    mimeType: "text/plain",
  },
  {
    uri: "collab://recording",
    name: "recording",
    title: "The session since this server joined it, as an asciicast v3 recording",
    mimeType: "application/x-asciicast",
  },
] as const;

/** A resource's address. */
export type ResourceUri = (typeof RESOURCES)[number]["uri"];

/** Whether there is such a resource. */
export function isResource(uri: string): uri is ResourceUri {
  return RESOURCES.some((resource) => resource.uri === uri);
}

/** What is in a resource now. */
export function readResource(uri: ResourceUri, session: AgentSession, recording: Recording): {
  readonly uri: string;
  readonly mimeType: string;
  readonly text: string;
} {
  const { mimeType } = RESOURCES.find((resource) => resource.uri === uri)!;
  switch (uri) {
    case "collab://screen":
      return { uri, mimeType, text: screenText(session.screen()) };
    case "collab://recording":
      return { uri, mimeType, text: recording.text() };
    default:
      return uri satisfies never;
  }
}

/** How often it is looked whether a resource that somebody follows has changed. */
const LOOK_MS = 500;

/** The resources that one client follows. */
export class Subscriptions implements Disposable {
  readonly #followed = new Set<ResourceUri>();
  readonly #revision: () => number | undefined;
  readonly #tell: (uri: ResourceUri) => void;
  #told: number | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #over = false;

  /**
   * @param revision counts up with what is shown; `undefined` while there is no session
   * @param tell says that a resource has changed
   */
  constructor(revision: () => number | undefined, tell: (uri: ResourceUri) => void) {
    this.#revision = revision;
    this.#tell = tell;
  }

  /** Follows a resource from now on; not for a client that is gone. */
  add(uri: ResourceUri): void {
    if (this.#over) return;
    if (this.#followed.size === 0) this.#told = this.#revision();
    this.#followed.add(uri);
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS);
  }

  delete(uri: ResourceUri): void {
    this.#followed.delete(uri);
    if (this.#followed.size === 0) this.#rest();
  }

  [Symbol.dispose](): void {
    this.#over = true;
    this.#followed.clear();
    this.#rest();
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const revision = this.#revision();
    if (revision === this.#told) return;
    this.#told = revision;
    for (const uri of this.#followed) this.#tell(uri);
  }
}
