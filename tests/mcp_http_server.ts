/**
 * A real `collab mcp --http`, for tests.
 *
 * @module
 */
import assert from "node:assert/strict";
import { fromSource } from "./harness.ts";
import { McpClient } from "./mcp_client.ts";
import { environment } from "./terminal.ts";

/** A server that listens, with what it printed. */
export class HttpServer implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  url = "";
  authorization = "";

  private constructor(link: string, args: readonly string[]) {
    const [program, ...rest] = fromSource("mcp", "--http", "127.0.0.1:0", ...args);
    this.#child = new Deno.Command(program!, {
      args: rest,
      env: environment({ COLLAB_LINK: link }),
      clearEnv: true,
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#lines = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Starts one, on a port that is free. */
  static async start(link: string, ...args: readonly string[]): Promise<HttpServer> {
    const server = new HttpServer(link, args);
    let text = "";
    while (!/^(\S+)\nAuthorization: (.*)\n$/.test(text)) {
      const { value, done } = await server.#lines.read();
      assert.ok(!done, `The server has ended: ${text}`);
      text += value;
    }
    const [url, header] = text.split("\n") as [string, string];
    server.url = url;
    server.authorization = header.replace("Authorization: ", "");
    return server;
  }

  /** A client of it. */
  async client(): Promise<McpClient> {
    return await McpClient.connect(this.url, { authorization: this.authorization });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGTERM");
    while (!(await this.#lines.read()).done);
    await this.#child.status;
  }
}
