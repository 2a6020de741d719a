/**
 * Runs `collab ctl` in this process.
 *
 * @module
 */
import { agentConfig } from "./agent_config.ts";
import { ownLaunch } from "./agent_launch.ts";
import { ask, findSocket } from "./ctl_client.ts";
import type { Asked } from "./ctl_command.ts";
import { currentPlace } from "./ctl_paths.ts";
import type { CtlRequest } from "./ctl_protocol.ts";
import { answerText } from "./ctl_text.ts";

/** What `collab ctl` was called with. */
export interface CtlOptions {
  /** The beginning of the session's id. */
  readonly session: string | undefined;
  readonly json: boolean;
  readonly request: Asked;
}

/**
 * Asks the host of a session, and prints what it answers. Resolves to the exit code.
 *
 * @throws {CollabError} with the host's own code when it refuses, and as `ask` and `findSocket` do.
 */
export async function runCtl({ session, json, request: asked }: CtlOptions): Promise<number> {
  const env = Deno.env.toObject();
  const socket = await findSocket(currentPlace(env), {
    prefix: session,
    own: env.COLLAB_SESSION,
  });
  const request = await complete(asked, socket);
  const answer = await ask(socket, request);
  if (asked.kind === "agent" && answer.kind === "link") {
    const config = agentConfig(asked.client, { launch: ownLaunch(), url: answer.url });
    tell(`For ${config.title}, ${config.where}. The link lets in one agent, once.`);
    print(json ? JSON.stringify({ ...answer, ...config }) : config.text);
    return 0;
  }
  print(json ? JSON.stringify(answer) : answerText(request, answer, Date.now()));
  return 0;
}

/** A link is like the session's first one when it is not told what it is for; an agent in a read-only one watches. */
async function complete(asked: Asked, socket: string): Promise<CtlRequest> {
  if (asked.kind !== "invite" && asked.kind !== "agent") return asked;
  const { expiresMs, kind } = asked;
  const about = expiresMs === undefined ? {} : { expiresMs };
  const role = kind === "invite" ? asked.role : undefined;
  const usual = kind === "invite" ? "control" : "agent";
  const once = kind === "agent" || asked.once === true;
  const invited = role ?? (await isReadOnly(socket) ? "view" : usual);
  const action = { kind: "invite" as const, role: invited, ...about, ...(once && { once }) };
  return { kind: "act", action };
}

async function isReadOnly(socket: string): Promise<boolean> {
  const status = await ask(socket, { kind: "status" });
  return status.kind === "status" && status.readOnly;
}

/** Tells whoever is at a terminal; what is printed may go elsewhere. */
function tell(text: string): void {
  if (Deno.stderr.isTerminal()) Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`));
}

function print(text: string): void {
  try {
    const bytes = new TextEncoder().encode(`${text}\n`);
    for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
  } catch {
    // Nobody reads it.
  }
}
