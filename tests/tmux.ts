/**
 * A tmux server of a test's own.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { PaneEnd } from "../host/panes.ts";
import { SharedTmux } from "../host/tmux/shared.ts";
import { eventually, SHELL, TestDir } from "./harness.ts";
import { environment } from "./terminal.ts";

/** A tmux server that reads no configuration; disposing of it ends it by its id. */
export class TmuxServer implements AsyncDisposable {
  /** As `tmux -L`. Test files that run side by side are one process. */
  readonly name: string = `collab-test-${crypto.randomUUID().slice(0, 8)}`;
  readonly #dir = new TestDir();
  /** For programs that start or use the server. */
  readonly env: Record<string, string> = {
    ...environment(),
    // No configuration of whoever runs the test, and no prompt of theirs.
    HOME: this.#dir.path,
    DENO_DIR: Deno.env.get("DENO_DIR") ?? join(Deno.env.get("HOME") ?? "", ".cache", "deno"),
    PS1: "$ ",
    HISTFILE: "",
    SHELL: "/bin/sh",
  };

  /** A file in a folder that is the test's own. */
  file(name: string): string {
    return this.#dir.file(name);
  }

  /** Runs a command of tmux; what it printed. */
  async run(...args: string[]): Promise<string> {
    const { out, err, ok } = await this.try(...args);
    assert.ok(ok, `tmux ${args.join(" ")}: ${err}`);
    return out;
  }

  /** Runs a command of tmux, whatever comes of it. */
  async try(
    ...args: string[]
  ): Promise<{ readonly ok: boolean; readonly out: string; readonly err: string }> {
    const { success, stdout, stderr } = await new Deno.Command("tmux", {
      args: ["-L", this.name, ...args],
      clearEnv: true,
      env: this.env,
    }).output();
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes).trimEnd());
    return { ok: success, out: out!, err: err! };
  }

  /** Starts a session, as somebody does who uses tmux without collab. */
  async start(name: string, ...command: readonly string[]): Promise<void> {
    const shell = command.length > 0 ? command : SHELL;
    await this.run(
      "-f",
      "/dev/null",
      "new-session",
      "-d",
      "-s",
      name,
      "-x",
      "80",
      "-y",
      "24",
      ...shell,
    );
    // What a pane runs reads no files of the user's either.
    await this.run("set-option", "-g", "default-command", SHELL.join(" "));
  }

  /** What a pane shows, without trailing blanks. */
  async screen(pane: string): Promise<string> {
    return await this.run("capture-pane", "-p", "-t", pane);
  }

  /** Waits until a pane shows something. */
  async shows(pane: string, text: string | RegExp): Promise<void> {
    await eventually(async () => {
      const { out } = await this.try("capture-pane", "-p", "-J", "-t", pane);
      return (typeof text === "string" ? out.includes(text) : text.test(out)) || undefined;
    }, `${text} in ${pane}`);
  }

  /** The panes of all sessions, with what `format` says of each. */
  async panes(format = "#{pane_id}"): Promise<string[]> {
    const { out } = await this.try("list-panes", "-a", "-F", format);
    return out === "" ? [] : out.split("\n");
  }

  /** A session of this server as a host in this process shares it. */
  async share(
    name: string,
    { paneEnd = "close", headless = true }: {
      readonly paneEnd?: PaneEnd;
      readonly headless?: boolean;
    } = {},
  ): Promise<SharedTmux> {
    const server = { name: this.name };
    return await SharedTmux.find(
      { name, server, command: [], headless, panes: true, paneEnd },
      this.env,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { ok, out } = await this.try("display-message", "-p", "#{pid} #{socket_path}");
    if (ok) {
      const [pid = "", socket = ""] = out.split(" ");
      try {
        Deno.kill(Number(pid), "SIGKILL");
        await Deno.remove(socket);
      } catch {
        // It has ended.
      }
    }
    await this.#dir[Symbol.asyncDispose]();
  }
}
