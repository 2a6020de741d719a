/**
 * A link for one agent, with what its client's configuration makes of it.
 *
 * @module
 */
import { PRESENTER_ID } from "../format/session_data.ts";
import type { HostAction } from "../wire/actions.ts";
import type { ActOutcome } from "./actions.ts";
import { type AgentClient, agentConfig, type AgentLaunch } from "./agent_config.ts";
import type { HostEvent } from "./events.ts";

/** What is asked for it: in a read-only session an agent watches, as everybody does. */
export function agentInvite({ readOnly }: { readonly readOnly: boolean }): HostAction {
  return { kind: "invite", role: readOnly ? "view" : "agent", once: true };
}

/** Makes a link for an agent when the session begins, and says what to do with it. */
export async function inviteAgent(
  session: {
    act(by: string, action: HostAction): Promise<ActOutcome>;
    readonly control: { readonly readOnly: boolean };
  },
  { client, launch }: { readonly client: AgentClient; readonly launch: AgentLaunch },
): Promise<Extract<HostEvent, { event: "agent" }> | undefined> {
  const outcome = await session.act(PRESENTER_ID, agentInvite(session.control));
  if (outcome.kind !== "link") return undefined;
  const { id, url } = outcome.link;
  return { event: "agent", link: id, url, ...agentConfig(client, { launch, url }) };
}
