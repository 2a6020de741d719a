/**
 * MCP clients for tests: the SDK's own, on the standard input of a real `collab mcp` and over HTTP.
 *
 * @module
 */
// @ts-types="@modelcontextprotocol/sdk/client/index"
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
// @ts-types="@modelcontextprotocol/sdk/client/stdio"
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
// @ts-types="@modelcontextprotocol/sdk/client/streamableHttp"
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
// @ts-types="@modelcontextprotocol/sdk/shared/transport"
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { type Collab, DEADLINE_MS, fromSource } from "./harness.ts";
import { environment } from "./terminal.ts";

/** What a tool answered. */
export interface ToolAnswer {
  /** All of it, a notice first. */
  readonly text: string;
  /** What stands before the answer itself. */
  readonly notice: string | undefined;
  readonly isError: boolean;
  readonly data: Readonly<Record<string, unknown>> | undefined;
  /** As it came. */
  readonly raw: unknown;
}

/** How a call goes on. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: { progress: number; total?: number | undefined }) => void;
}

/** A client of `collab mcp`. */
export class McpClient implements AsyncDisposable {
  readonly sdk: Client = new Client({ name: "test", version: "1" });
  readonly #transport: Transport;
  #stderr = "";

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** What the server printed on its standard error. */
  get stderr(): string {
    return this.#stderr;
  }

  /** Starts a server of its own. */
  static async start(
    options: {
      readonly link: string;
      readonly args?: readonly string[];
      readonly env?: Readonly<Record<string, string>>;
      readonly collab?: Collab;
    },
  ): Promise<McpClient> {
    const { link, args = [], env = {}, collab = fromSource } = options;
    const [command, ...rest] = collab("mcp", ...args);
    const transport = new StdioClientTransport({
      command: command!,
      args: rest,
      env: environment({ ...env, COLLAB_LINK: link }),
      stderr: "pipe",
    });
    const client = new McpClient(transport);
    transport.stderr?.on("data", (data) => client.#stderr += String(data));
    await client.sdk.connect(transport);
    return client;
  }

  /** Connects to a server that listens. */
  static async connect(url: string, headers: Readonly<Record<string, string>>): Promise<McpClient> {
    const transport = new StreamableHTTPClientTransport(new URL(url), {
      requestInit: { headers: { ...headers } },
    });
    const client = new McpClient(transport as Transport);
    await client.sdk.connect(client.#transport);
    return client;
  }

  /** Calls a tool. */
  async call(
    name: string,
    args: Readonly<Record<string, unknown>> = {},
    options: CallOptions = {},
  ): Promise<ToolAnswer> {
    const result = await this.sdk.callTool({ name, arguments: { ...args } }, undefined, {
      timeout: DEADLINE_MS,
      resetTimeoutOnProgress: true,
      ...options,
    });
    const texts = (result.content as { readonly text: string }[]).map(({ text }) => text);
    return {
      text: texts.join("\n"),
      notice: texts.length > 1 ? texts[0] : undefined,
      isError: result.isError === true,
      data: result.structuredContent as ToolAnswer["data"],
      raw: result,
    };
  }

  /** Ends its session with a server that listens. */
  async terminate(): Promise<void> {
    await (this.#transport as StreamableHTTPClientTransport).terminateSession();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const pid = this.#transport instanceof StdioClientTransport ? this.#transport.pid : null;
    if (pid === null) return await this.sdk.close();
    // The SDK would leave timers behind: it goes by itself when its server does.
    const { promise, resolve } = Promise.withResolvers<void>();
    this.sdk.onclose = resolve;
    Deno.kill(pid, "SIGTERM");
    await promise;
  }
}
