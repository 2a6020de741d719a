/**
 * A `collab host` without a terminal, in a process of its own, and its presenter: types, and does what a menu does.
 *
 * @module
 */
import { resolve } from "node:path";
import { ask, findSocket } from "../host/ctl_client.ts";
import type { HostEvent } from "../host/events.ts";
import type { HostAction } from "../wire/actions.ts";

/** What is shared, and where it is recorded. */
export interface DemoHostOptions {
  readonly record: string;
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
}

const MAIN = resolve(import.meta.dirname!, "..", "main.ts");
const SIZE = "80x24";

/** See the module. */
export class DemoHost implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #keys: WritableStreamDefaultWriter<Uint8Array>;
  readonly #env: DemoHostOptions["env"];
  readonly #events: HostEvent[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #read: Promise<void>;
  #over = false;

  private constructor({ record, dir, env }: DemoHostOptions) {
    const flags = ["--headless", "--json", "--stdin", "--agent", "--overwrite", "--record", record];
    const about = ["--size", SIZE, "--name", "Ada", "--title", "fix the sum", "--", "bash"];
    this.#env = env;
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--allow-all", MAIN, "host", ...flags, ...about],
      cwd: dir,
      env,
      clearEnv: true,
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#keys = this.#child.stdin.getWriter();
    this.#read = this.#readEvents();
  }

  /** Starts it, and waits until it is there. */
  static async start(options: DemoHostOptions): Promise<DemoHost> {
    const host = new DemoHost(options);
    await host.event("ready");
    return host;
  }

  /** The link that lets in the agent. */
  async agentLink(): Promise<string> {
    return (await this.event("agent")).url;
  }

  /** Resolves to the session's exit code. */
  get ended(): Promise<number> {
    return this.#child.status.then(({ code }) => code);
  }

  /** The event of a kind, or so many of them, when there is one. */
  async event<Kind extends HostEvent["event"]>(
    kind: Kind,
    count = 1,
  ): Promise<Extract<HostEvent, { event: Kind }>> {
    for (;;) {
      const found = this.#events.filter(({ event }) => event === kind)[count - 1];
      if (found !== undefined) return found as Extract<HostEvent, { event: Kind }>;
      if (this.#over) throw new Error(`The host ended before there was "${kind}"`);
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Types for the presenter. */
  type(text: string): Promise<void> {
    return this.#keys.write(new TextEncoder().encode(text));
  }

  /** Does what the presenter's menu can. */
  async act(action: HostAction): Promise<void> {
    const { session } = await this.event("ready");
    const socket = await findSocket({ env: this.#env, uid: Deno.uid() }, {
      prefix: session,
      own: undefined,
    });
    await ask(socket, { kind: "act", action });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      if (!this.#over) this.#child.kill();
    } catch { /* it has ended by itself */ }
    await this.#keys.close().catch(() => {});
    await this.#read;
    await this.#child.status;
  }

  async #readEvents(): Promise<void> {
    let rest = "";
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      this.#events.push(...lines.map((line) => JSON.parse(line)));
      this.#wake();
    }
    this.#over = true;
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}
