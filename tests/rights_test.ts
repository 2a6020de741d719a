/**
 * The table of who may do what, held to what happens: every role tries everything over the wire, at a real host.
 */
import assert from "node:assert/strict";
import type { Live } from "../host/live.ts";
import { FakePanes, fakeTmux } from "../host/testing/panes.ts";
import { may, type Right, RIGHTS } from "../host/rights.ts";
import type { HostAction } from "../wire/actions.ts";
import { type Role, ROLES } from "../wire/role.ts";
import { ROOT } from "./harness.ts";
import { type Guest, Session, until } from "./people.ts";

/** A session in which somebody of a role tries things, and others watch. */
interface Scene {
  readonly session: Session;
  readonly live: Live;
  /** Who tries. */
  readonly actor: Guest;
  /** Who can be given control. */
  readonly bob: Guest;
}

/** How something is tried. */
interface Attempt {
  /** What has to be so before. */
  readonly before?: (scene: Scene) => Promise<unknown>;
  readonly attempt: (scene: Scene) => void;
  /** Whether it was done. */
  readonly done: (scene: Scene) => boolean;
}

function acting(
  action: HostAction | ((scene: Scene) => HostAction),
  done: Attempt["done"],
  before?: Attempt["before"],
): Attempt {
  return {
    attempt: (scene) =>
      scene.actor.say({
        kind: "act",
        action: typeof action === "function" ? action(scene) : action,
      }),
    done,
    ...(before && { before }),
  };
}

/** A scene in which everybody whose link allows it may type. */
async function together({ session, actor }: Scene): Promise<void> {
  await session.act({ kind: "mode", mode: "collaborative" });
  await actor.mode("collaborative");
}

const reported = ({ session }: Scene, name: string): boolean =>
  session.reported.some(({ event }) => event === name);
const lastLink = ({ live }: Scene): string => live.links.list.at(-1)!.id;

/** Every right, tried in each way that there is; in this order in one session. */
const ATTEMPTS: Readonly<Record<Right, readonly Attempt[]>> = {
  point: [{
    attempt: ({ actor }) => actor.say({ kind: "point", at: { x: 1, y: 2 } }),
    done: ({ actor, bob }) => bob.facts.pointers.has(actor.id),
  }],
  type: [
    {
      before: together,
      attempt: ({ actor }) => actor.type("typed\n"),
      done: ({ bob }) => /typed\n+typed/.test(bob.text),
    },
    {
      before: ({ session }) => session.act({ kind: "take" }),
      attempt: ({ actor }) => actor.say({ kind: "request" }),
      done: ({ live, actor }) => live.control.requests.some(({ id }) => id === actor.id),
    },
  ],
  grant: [
    acting(
      ({ bob }) => ({ kind: "grant", id: bob.id, forMs: null }),
      ({ live, bob }) => live.control.turn.holder === bob.id,
    ),
    acting(
      ({ actor }) => ({ kind: "grant", id: actor.id, forMs: null }),
      ({ live, actor }) => live.control.turn.holder === actor.id,
      ({ session }) => session.act({ kind: "take" }),
    ),
  ],
  deny: [acting(
    ({ bob }) => ({ kind: "deny", id: bob.id }),
    ({ live, bob }) => !live.control.requests.some(({ id }) => id === bob.id),
    async ({ session, live, bob }) => {
      await session.act({ kind: "take" });
      bob.say({ kind: "request" });
      await until(() => live.control.requests.some(({ id }) => id === bob.id), "the request");
    },
  )],
  take: [acting(
    { kind: "take" },
    ({ live }) => live.control.turn.mode === "presenter",
    ({ session, bob }) => session.act({ kind: "grant", id: bob.id, forMs: null }),
  )],
  "hand-back": [acting(
    { kind: "hand-back" },
    ({ live }) => live.control.turn.mode === "participant",
    async ({ session, bob }) => {
      await session.act({ kind: "grant", id: bob.id, forMs: null });
      await session.act({ kind: "take" });
    },
  )],
  "close-pane": [acting(
    (scene) => ({ kind: "close-pane", id: scene.bob.id }),
    ({ live }) => live.panes?.length === 0,
    ({ session, bob }) => session.act({ kind: "grant", id: bob.id, pane: true }),
  )],
  mode: (["paused", "agent"] as const).map((mode) =>
    acting(
      { kind: "mode", mode },
      ({ live: { control: { turn } } }) =>
        mode === "agent" ? turn.agent === true : turn.mode === mode,
      ({ session }) => session.act({ kind: "take" }),
    )
  ),
  paste: [true, false].map((allow) =>
    acting(
      { kind: "paste", allow },
      ({ live }) => live.control.paste === undefined,
      async ({ session, live, bob }) => {
        await session.act({ kind: "mode", mode: "collaborative" });
        await bob.mode("collaborative");
        await session.act({ kind: "paste", allow: false });
        const parts = [{ kind: "paste", text: "one\ntwo\n" }] as const;
        bob.say({ kind: "input", turn: bob.turn, parts: [...parts] });
        await until(() => live.control.paste !== undefined, "the paste");
      },
    )
  ),
  pause: [acting(
    { kind: "pause" },
    ({ live }) => live.paused,
    ({ session }) => session.act({ kind: "resume" }),
  )],
  resume: [acting(
    { kind: "resume" },
    ({ live }) => !live.paused,
    ({ session }) => session.act({ kind: "pause" }),
  )],
  mark: [acting({ kind: "mark", label: "here" }, (scene) => reported(scene, "marker"))],
  kick: [acting(
    { kind: "kick", id: "victim" },
    ({ live }) => live.participants.find("victim") === undefined,
    ({ session }) => session.join("victim"),
  )],
  invite: ROLES.map((role) =>
    acting(
      { kind: "invite", role },
      ({ actor, live }) => actor.link === live.links.list.at(-1)!.url,
      async ({ session }) => void await session.link("view"),
    )
  ),
  "revoke-link": [
    acting(
      (scene) => ({ kind: "revoke-link", id: lastLink(scene) }),
      (scene) => !scene.live.links.list.some(({ role }) => role === "agent"),
      async ({ session, live }) => {
        for (const { id, role } of live.links.list) {
          if (role === "agent" && !live.participants.list.some(({ link }) => link === id)) {
            await session.act({ kind: "revoke-link", id });
          }
        }
        await session.link("agent");
      },
    ),
  ],
  stop: [acting({ kind: "stop" }, ({ actor }) => actor.ended === "ended")],
  // The last one: nobody is there after it.
  "revoke-all": [acting({ kind: "revoke-all" }, ({ actor }) => actor.ended === "token-revoked")],
};

/** All of a session that attempts could change. */
function stateOf({ live, session, bob, actor }: Scene): unknown {
  const { turn, requests, paste } = live.control;
  return {
    turn,
    requests: requests.map(({ id }) => id),
    paste: paste?.lines,
    paused: live.paused,
    links: live.links.list.map(({ id }) => id),
    people: live.participants.list.map(({ id }) => id),
    markers: session.reported.filter(({ event }) => event === "marker").length,
    typed: live.measure().inputBytes,
    ended: [bob.ended, actor.ended],
    link: actor.link,
  };
}

const refusals = ({ actor }: Scene): number =>
  actor.notices.filter((code) => code === "role-forbids").length;

for (const role of ROLES) {
  Deno.test(`role ${role} can do over the wire what the table says, and nothing else`, async (t) => {
    await using session = new Session(
      { confirmPaste: true },
      fakeTmux(new FakePanes(), ["cat"]),
    );
    const live = await session.live;
    const bob = await session.join("bob");
    const actor = await session.join("actor", role);
    const scene: Scene = { session, live, bob, actor };
    for (const [right, attempts] of Object.entries(ATTEMPTS) as [Right, readonly Attempt[]][]) {
      const allowed = may(role, right);
      await t.step(`${right}: ${allowed ? "allowed" : "refused"}`, async () => {
        for (const attempt of attempts) await tryOut(scene, attempt, allowed);
      });
    }
  });
}

async function tryOut(scene: Scene, attempt: Attempt, allowed: boolean): Promise<void> {
  await attempt.before?.(scene);
  assert.ok(!attempt.done(scene), "what is tried has not been done yet");
  const told = refusals(scene), state = stateOf(scene);
  attempt.attempt(scene);
  if (allowed) {
    await until(() => attempt.done(scene), "it to be done");
    assert.equal(refusals(scene), told);
  } else {
    await until(() => refusals(scene) > told, "the refusal");
    assert.deepEqual(stateOf(scene), state, "nothing has changed");
  }
}

Deno.test("the table in the documentation is the one that holds", async () => {
  const text = await Deno.readTextFile(`${ROOT}/docs/SECURITY.md`);
  const section = text.split("## What each link can do")[1]?.split("\n## ")[0] ?? "";
  const [heads, , ...rows] = section.split("\n").filter((line) => line.startsWith("|"))
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim().replaceAll("`", "")));
  assert.deepEqual(heads?.slice(2), ROLES);
  const documented = new Map(rows.map(([right = "", , ...cells]) => [right, cells]));
  const cell = (role: Role, right: Right): string => RIGHTS[role][right] ? "yes" : "no";
  const wanted = new Map(
    (Object.keys(RIGHTS.view) as Right[]).map((right) => [
      right as string,
      ROLES.map((role) => cell(role, right)),
    ]),
  );
  assert.deepEqual([...documented].sort(), [...wanted].sort());
});
