/**
 * The server of one client, on whatever transport.
 *
 * @module
 */
import deno from "../../deno.json" with { type: "json" };
import { CollabError } from "../../format/errors.ts";
import type { AgentSession } from "../types.ts";
import { INSTRUCTIONS, PROMPTS } from "./prompts.ts";
import type { Recording } from "./recording.ts";
import {
  isResource,
  readResource,
  RESOURCES,
  type ResourceUri,
  Subscriptions,
} from "./resources.ts";
import type { Room } from "./room.ts";
import {
  type CallToolRequest,
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  GetPromptRequestSchema,
  type GetPromptResult,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  Server,
  SubscribeRequestSchema,
  type Transport,
  UnsubscribeRequestSchema,
} from "./sdk.ts";
import { errorText } from "./texts.ts";
import type { ToolContext } from "./tool_context.ts";
import { toolDefinitions } from "./tool_list.ts";
import { Toolbox } from "./toolbox.ts";

/** What servers are made of; all those of one process share it. */
export interface ServerParts {
  readonly room: Room;
  readonly recording: Recording;
  readonly readOnly: boolean;
}

/** Largest prompt argument that is passed on, in UTF-16 units. */
const ARGUMENT_MAX_LENGTH = 4_000;

/** Serves one client until its transport closes. */
export async function serve(parts: ServerParts, transport: Transport): Promise<void> {
  const server = new Server(
    { name: "collab", title: "Shared terminal", version: deno.version },
    {
      capabilities: { tools: {}, resources: { subscribe: true }, prompts: {} },
      instructions: INSTRUCTIONS,
    },
  );
  const resources = new DisposableStack();
  const toolbox = resources.use(new Toolbox(parts.room, parts));
  offerTools(server, toolbox, parts);
  resources.use(offerResources(server, parts));
  offerPrompts(server);
  server.onclose = (): void => resources.dispose();
  await server.connect(transport);
}

function offerTools(server: Server, toolbox: Toolbox, { readOnly }: ServerParts): void {
  const tools = toolDefinitions({ readOnly });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools }));
  server.setRequestHandler(
    CallToolRequestSchema,
    async ({ params }, { signal, sendNotification }): Promise<CallToolResult> => {
      // Who does not hear it any more may still want the answer.
      const progress = teller(params, (said) => void sendNotification(said).catch(() => {}));
      return await toolbox.call(params.name, params.arguments, { signal, progress });
    },
  );
}

type ProgressNotification = {
  readonly method: "notifications/progress";
  readonly params: {
    readonly progressToken: string | number;
    readonly progress: number;
    readonly total: number;
  };
};

/** What tells a client that asked for it how far a call is, in seconds. */
function teller(
  params: CallToolRequest["params"],
  send: (notification: ProgressNotification) => void,
): ToolContext["progress"] {
  const progressToken = params._meta?.progressToken;
  if (progressToken === undefined) return () => {};
  return (elapsedMs, totalMs) =>
    send({
      method: "notifications/progress",
      params: { progressToken, progress: elapsedMs / 1_000, total: totalMs / 1_000 },
    });
}

function offerResources(server: Server, { room, recording }: ServerParts): Disposable {
  server.setRequestHandler(ListResourcesRequestSchema, () => ({ resources: [...RESOURCES] }));
  server.setRequestHandler(ReadResourceRequestSchema, async ({ params }) => {
    const uri = known(params.uri);
    return { contents: [readResource(uri, await joined(room), recording)] };
  });
  const subscriptions = new Subscriptions(
    () => room.joined?.screen().revision,
    (uri) => void server.sendResourceUpdated({ uri }).catch(() => {}),
  );
  server.setRequestHandler(SubscribeRequestSchema, async ({ params }) => {
    const uri = known(params.uri);
    await joined(room);
    subscriptions.add(uri);
    return {};
  });
  server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => {
    subscriptions.delete(known(params.uri));
    return {};
  });
  return subscriptions;
}

/** The session, for a request that has no other answer to an error than an error. */
async function joined(room: Room): Promise<AgentSession> {
  try {
    return await room.session();
  } catch (error) {
    if (!(error instanceof CollabError)) throw error;
    throw new McpError(ErrorCode.InternalError, errorText(error));
  }
}

/** The code for a resource that is not there, as the protocol has it. */
const RESOURCE_NOT_FOUND = -32002;

function known(uri: string): ResourceUri {
  if (isResource(uri)) return uri;
  throw new McpError(RESOURCE_NOT_FOUND, "There is no such resource", { uri });
}

function offerPrompts(server: Server): void {
  server.setRequestHandler(ListPromptsRequestSchema, () => ({
    prompts: Object.entries(PROMPTS).map(([name, { title, description, argument }]) => ({
      name,
      title,
      description,
      arguments: [argument],
    })),
  }));
  server.setRequestHandler(GetPromptRequestSchema, ({ params }): GetPromptResult => {
    const prompt = Object.hasOwn(PROMPTS, params.name) ? PROMPTS[params.name] : undefined;
    if (prompt === undefined) {
      throw new McpError(ErrorCode.InvalidParams, "There is no such prompt");
    }
    const { argument, description } = prompt;
    const said = (params.arguments?.[argument.name] ?? "").slice(0, ARGUMENT_MAX_LENGTH).trim();
    if (said === "" && argument.required) {
      throw new McpError(ErrorCode.InvalidParams, `This prompt needs ${argument.name}`);
    }
    const content = { type: "text" as const, text: prompt.text(said) };
    return { description, messages: [{ role: "user", content }] };
  });
}
