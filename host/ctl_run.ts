/**
 * Runs `collab ctl` in this process.
 *
 * @module
 */
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
  print(json ? JSON.stringify(answer) : answerText(request, answer, Date.now()));
  return 0;
}

/** A link is like the session's first one when it is not told what it is for. */
async function complete(asked: Asked, socket: string): Promise<CtlRequest> {
  if (asked.kind !== "invite") return asked;
  if (asked.role !== undefined) return { kind: "act", action: { ...asked, role: asked.role } };
  const status = await ask(socket, { kind: "status" });
  const readOnly = status.kind === "status" && status.readOnly;
  return { kind: "act", action: { ...asked, role: readOnly ? "view" : "control" } };
}

function print(text: string): void {
  try {
    const bytes = new TextEncoder().encode(`${text}\n`);
    for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
  } catch {
    // Nobody reads it.
  }
}
