/**
 * A person and an agent repair a program together, in a session that records itself.
 *
 * ```sh
 * deno task demo            # leaves demo.cast
 * collab replay demo.cast
 * ```
 *
 * Both are scripts, and everything else is real: the host, its control socket, the agent's client, the shell, the tests.
 * The agent decides by what it reads.
 *
 * @module
 */
import { resolve } from "node:path";
import { AgentError } from "../agent/errors.ts";
import { joinSession } from "../agent/client.ts";
import type { AgentSession, RunResult } from "../agent/types.ts";
import type { HostAction } from "../wire/actions.ts";
import { DemoHost } from "./demo_host.ts";
import { makeProject } from "./demo_project.ts";

/** How a demo is made. */
export interface DemoOptions {
  /** Where the recording goes; what is there is written over. */
  readonly record: string;
  /** How much of the time that people take is taken: 0 for none. */
  readonly pace: number;
  /** Gets each thing that happens, as a line. */
  tell(line: string): void;
}

/** What came of it. */
export interface DemoResult {
  /** The exit status of the tests, before and after. */
  readonly tests: readonly (number | undefined)[];
  /** What the agent wanted to type when control was taken from it, and what of it is on the screen. */
  readonly interrupted: { readonly wanted: string; readonly typed: string };
  /** What the agent had missed when it got control back. */
  readonly missed: string;
  /** The exit code of the session. */
  readonly code: number;
}

const TEST = "deno test -q --no-check";
/** It would change the line that declares the sum as well. */
const CARELESS = "sed -i 's/sum = /sum += /' total.ts && " + TEST;
const CAREFUL = "sed -i 's/sum = Number/sum += Number/' total.ts";
/** How the two take their time, in milliseconds. */
const KEY_MS = 45, THOUGHT_MS = 1_200, READING_MS = 2_200;

/** Makes the recording. */
export async function demo(options: DemoOptions): Promise<DemoResult> {
  await using project = await makeProject();
  await using host = await DemoHost.start({
    record: resolve(options.record),
    dir: project.dir,
    env: project.env,
  });
  await using agent = await joinSession(await host.agentLink(), { name: "Claude" });
  return await new Scene(host, agent, options).play();
}

/** The two, and what they do. */
class Scene {
  readonly #host: DemoHost;
  readonly #agent: AgentSession;
  readonly #options: DemoOptions;

  constructor(host: DemoHost, agent: AgentSession, options: DemoOptions) {
    this.#host = host;
    this.#agent = agent;
    this.#options = options;
  }

  async play(): Promise<DemoResult> {
    await this.#agent.waitFor({ promptReturns: true });
    await this.#adaTypes("# The tests fail since this morning. Claude, can you have a look?");
    await this.#agentAsks("run the failing test and fix it", "go ahead");
    const before = await this.#agentRuns(TEST);
    await this.#pause(READING_MS);
    const alone = before.output.includes("3 !== 6");
    await this.#agent.mark(alone ? "Only the last number counts" : "The tests ran");
    const interrupted = await this.#agentIsInterrupted();
    const missed = await this.#handedBack();
    await this.#agentRuns(CAREFUL);
    const after = await this.#agentRuns(TEST);
    await this.#pause(READING_MS);
    await this.#agentYields(
      after.status === 0
        ? "Both tests pass. In total.ts the sum was set, not added to: line 5"
        : "The tests still fail: please have a look",
    );
    await this.#adaTypes("# Thank you. Bye!");
    await this.#adaTypes("exit");
    const code = await this.#host.ended;
    return { tests: [before.status, after.status], interrupted, missed, code };
  }

  async #agentAsks(reason: string, note: string): Promise<void> {
    await this.#pause(THOUGHT_MS);
    const answer = async (): Promise<void> => {
      await this.#host.event("request");
      this.#tell("Claude", `asks for control for 10 min: ${reason}`);
      await this.#pause(THOUGHT_MS);
      await this.#adaActs({ kind: "grant", id: "Claude", note }, `gives it: ${note}`);
    };
    await Promise.all([this.#agent.requestControl({ reason, forMs: 10 * 60_000 }), answer()]);
  }

  async #agentRuns(command: string): Promise<RunResult> {
    await this.#pause(THOUGHT_MS);
    const result = await this.#agent.run(command);
    const { status, by } = result;
    this.#tell("Claude", `runs ${command}: status ${status ?? "unknown"}, by ${by}`);
    return result;
  }

  /** The agent types something rash, a few characters at a time; Ada sees it and takes control. */
  async #agentIsInterrupted(): Promise<DemoResult["interrupted"]> {
    await this.#pause(THOUGHT_MS);
    const stop = "sed -i 's/sum = /sum += /'";
    let typed = "";
    try {
      for (let at = 0; at < CARELESS.length; at += 2) {
        await this.#agent.type(CARELESS.slice(at, at + 2));
        typed = CARELESS.slice(0, at + 2);
        await this.#pause(KEY_MS);
        if (typed.length !== stop.length) continue;
        await this.#agent.waitFor({ text: stop });
        const note = "wait: line 3 matches too";
        await this.#adaActs({ kind: "take", note }, `takes control: ${note}`);
      }
    } catch (error) {
      if (!(error instanceof AgentError)) throw error;
      this.#tell("Claude", `cannot go on: ${error.message} [${error.code}]`);
    }
    return { wanted: CARELESS, typed };
  }

  /** Ada shows what she means and hands back; the agent, who asked for control again, reads what it missed. */
  async #handedBack(): Promise<string> {
    const asking = this.#agent.requestControl({ reason: "finish the fix" });
    const [{ missed, note: heard }] = await Promise.all([asking, this.#adaShows()]);
    this.#tell("Claude", `hears "${heard}", and missed:`);
    for (const line of missed.lines) this.#options.tell(`               | ${line}`);
    return missed.text;
  }

  async #adaShows(): Promise<void> {
    await this.#host.event("request", 2);
    await this.#pause(THOUGHT_MS);
    await this.#host.type("\x15");
    await this.#adaTypes("grep -n 'sum = ' total.ts", "5:    sum = Number");
    await this.#pause(READING_MS);
    const note = "match only the line with Number";
    await this.#adaActs({ kind: "hand-back", note }, `hands back: ${note}`);
  }

  async #agentYields(note: string): Promise<void> {
    await this.#agent.yieldControl({ note });
    this.#tell("Claude", `gives control back: ${note}`);
    await this.#pause(READING_MS);
  }

  /** Ada types a line at her own speed, and waits for what it leads to. */
  async #adaTypes(line: string, shows = line): Promise<void> {
    for (const character of line) {
      await this.#host.type(character);
      await this.#pause(KEY_MS);
    }
    await this.#pause(THOUGHT_MS / 3);
    await this.#host.type("\r");
    this.#tell("Ada", `types ${line}`);
    await this.#agent.waitFor([{ text: shows }, { exit: true }]);
  }

  async #adaActs(action: HostAction, text: string): Promise<void> {
    this.#tell("Ada", text);
    await this.#host.act(action);
  }

  #tell(who: string, text: string): void {
    this.#options.tell(`${who.padEnd(8)} ${text}`);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms * this.#options.pace));
  }
}

if (import.meta.main) {
  const fast = Deno.args.includes("--fast");
  const [record = "demo.cast"] = Deno.args.filter((arg) => !arg.startsWith("--"));
  const write = (line: string): void => {
    Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
  };
  await demo({ record, pace: fast ? 0 : 1, tell: write });
  write(`\nRecorded: collab replay ${record}`);
}
