/**
 * A session for tests of its control socket: it does nothing, and remembers what it was told.
 *
 * @module
 */
import { PRESENTER_ID } from "../../format/session_data.ts";
import type { HostAction } from "../../wire/actions.ts";
import type { ActOutcome } from "../actions.ts";
import { type ControlState, firstControl } from "../control_state.ts";
import type { CtlAbout, CtlTarget } from "../ctl_answers.ts";
import type { Via } from "../events.ts";
import type { IssuedLink } from "../links.ts";
import type { Participant } from "../participants.ts";

/** When sessions of tests begin, in milliseconds since 1970. */
export const START_MS: number = Date.UTC(2026, 0, 2, 3, 4, 5);

/** A session's id. */
export const SESSION = "AAAAAAAAAAAAAAAAAAAAAA";

/** See the module. */
export class FakeTarget implements CtlTarget {
  readonly acted: { readonly by: string; readonly action: HostAction; readonly via: Via }[] = [];
  /** What actions come to. */
  outcome: () => ActOutcome | Promise<ActOutcome> = () => ({ kind: "done" });
  control: ControlState = firstControl({
    readOnly: false,
    confirmPaste: false,
    takeOnKey: false,
    whenGone: "pause",
  });
  people: Participant[] = [];
  readonly links: { list: IssuedLink[]; primary: IssuedLink | undefined } = {
    list: [],
    primary: undefined,
  };
  panes: CtlTarget["panes"] = [];
  paused = false;
  recording = false;
  readonly session = { nowMs: 0, size: { cols: 80, rows: 24 } };

  get participants(): CtlTarget["participants"] {
    const list = this.people;
    return {
      list,
      watching: list.filter(({ peer }) => peer !== undefined).length,
      nameOf: (id) => id === PRESENTER_ID ? "grace" : list.find((p) => p.id === id)?.name ?? id,
    };
  }

  async act(by: string, action: HostAction, via: Via): Promise<ActOutcome> {
    this.acted.push({ by, action, via });
    return await this.outcome();
  }

  /** What does not change about it. */
  about(about: Partial<CtlAbout> = {}): CtlAbout {
    return { session: SESSION, pid: 4242, now: () => START_MS + this.session.nowMs, ...about };
  }
}

/** Somebody who can be given control, and who came after a minute. */
export function participant(
  id: string,
  name: string,
  more: Partial<Participant> = {},
): Participant {
  return {
    id,
    name,
    role: "control",
    type: "person",
    color: 1,
    link: "t",
    sinceMs: 60_000,
    peer: undefined,
    ...more,
  };
}

/** Leaves a socket that nobody listens at, as a host that is killed does. */
export function leaveSocket(path: string): void {
  // Under another name: Deno removes the file of a listener that is closed.
  using _listener = Deno.listen({ transport: "unix", path: `${path}.bound` });
  Deno.renameSync(`${path}.bound`, path);
}
