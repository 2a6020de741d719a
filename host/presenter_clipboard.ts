/**
 * Puts links, and what agents' clients want, on the clipboard of the presenter's terminal.
 *
 * @module
 */
import { utf8 } from "../wire/bytes.ts";
import { type AgentClient, agentConfig, type AgentLaunch } from "./agent_config.ts";
import type { Toast } from "./presenter_toasts.ts";

/** What it is done with. */
export interface ClipboardOptions {
  /** How an agent's client starts `collab mcp`. */
  readonly launch: AgentLaunch;
  /** Writes to the presenter's terminal. */
  send(sequence: string): void;
  /** Tells the presenter. */
  say(toast: Toast): void;
}

/** The clipboard of a terminal that may not allow it to be written. */
export class PresenterClipboard {
  readonly #options: ClipboardOptions;

  constructor(options: ClipboardOptions) {
    this.#options = options;
  }

  /** Copies a text, which the presenter is told of as `what`. */
  copy(text: string, what: string): void {
    const { send, say } = this.#options;
    send(`\x1b]52;c;${btoa(String.fromCharCode(...utf8(text)))}\x07`);
    say({ text: `${what} is on the clipboard, if the terminal allows it`, tone: "news" });
  }

  /** Copies what brings an agent in. */
  copyAgent({ client, url }: { readonly client: AgentClient; readonly url: string }): void {
    const { text, title } = agentConfig(client, { launch: this.#options.launch, url });
    this.copy(text, `What ${title} wants`);
  }
}
