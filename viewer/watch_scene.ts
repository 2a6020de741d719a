/**
 * Everything that `watch` draws around the session's screen and over it, and what it asks of the local terminal.
 *
 * @module
 */
import { DEFAULT_MODES, type Frame, type Modes } from "../format/frame.ts";
import type { Header } from "../format/header.ts";
import { PRESENTER_ID } from "../format/session_data.ts";
import type { EventLog } from "../record/event_log.ts";
import type { ReconnectState } from "../wire/reconnect.ts";
import type { Size } from "./device.ts";
import { type Decor, type Display, OWN_MODES } from "./display.ts";
import { leftMs } from "./drive_text.ts";
import { personStyle } from "./person_style.ts";
import { startMs } from "./player.ts";
import { cursorMarks, type PointerMark, pointerMarks } from "./pointers.ts";
import { lagChangesInMs, lagMs, type Pulse } from "./pulse.ts";
import { type Pointer, POINTER_MS, type SessionFacts, shownPointers } from "./session_facts.ts";
import type { SessionHistory } from "./session_history.ts";
import { type Timeline, timelineDrives } from "./timeline.ts";
import type { Toasts } from "./toasts.ts";
import type { WatchInput } from "./watch_input.ts";
import { isTyping, panelOverlay, typingInto, type ViewerFacts } from "./watch_panels.ts";
import { linkOf, type WatchFacts, watchRow } from "./watch_view.ts";

/** What a scene is made of. */
export interface WatchSceneFacts extends ViewerFacts {
  readonly display: Pick<Display, "frame" | "player" | "glyphs" | "cropped">;
  readonly size: Size;
  readonly input: WatchInput;
  readonly status: ReconnectState | undefined;
  readonly header: Header | undefined;
  readonly log: EventLog | undefined;
  readonly history: SessionHistory | undefined;
  readonly pulse: Pulse;
  readonly toasts: Pick<Toasts, "text" | "leftMs">;
  readonly menuKey: string;
  /** Of the local clock. */
  readonly nowMs: number;
  /** Of the clock that the connection's waits are told in. */
  readonly connectionNowMs: number;
  /** Of the session's. */
  readonly sessionNowMs: number | undefined;
}

/** A place of a log. */
interface Shown {
  readonly facts: SessionFacts;
  readonly atMs: number;
  readonly past: boolean;
}

/** Redrawn as often as this while time itself is shown. */
const TICK_MS = 500;

/** What is drawn now. */
export function watchScene(scene: WatchSceneFacts): Decor {
  const { display, size, input, session, you, menuKey } = scene;
  const { glyphs } = display;
  const shown = shownPlace(scene);
  const facts = statusFacts(scene, shown);
  const typing = typingInto(scene);
  const panel = { session: shown.facts, you: you?.id, past: shown.past, menuKey, typing };
  const area = { cols: size.cols, rows: size.rows - 1 };
  const cursor = typing === "pane" && !shown.past ? session.cursors.get(you!.id) : undefined;
  return {
    footer: [watchRow(size.cols, facts, glyphs)],
    overlay: panelOverlay(input.panel, panel, { area, glyphs }),
    pointers: [...cursorsOf(scene, shown, cursor), ...pointersOf(scene, shown)],
    cursor,
    modes: localModes(display.frame, {
      pointing: input.pointing !== undefined,
      typing: typing === "session" && !shown.past,
    }),
    title: `${facts.title || "collab"} (${
      typing && session.turn.holder === you?.id ? "driving" : "watching"
    })`,
    refreshMs: refreshMs(scene, shown, facts),
  };
}

/** What is known of the place that is shown: of the present, or of what is looked back at. */
function shownPlace({ display, session, history, sessionNowMs }: WatchSceneFacts): Shown {
  const { player } = display;
  if (player === undefined || player.mode === "following" || history === undefined) {
    return { facts: session, atMs: sessionNowMs ?? 0, past: false };
  }
  const atMs = player.positionMs;
  return { facts: history.at(player.index, atMs), atMs, past: true };
}

function statusFacts(scene: WatchSceneFacts, shown: Shown): WatchFacts {
  const { display, header, input, pulse, nowMs } = scene;
  const { player, frame, cropped } = display;
  return {
    link: linkOf(scene.status, scene.connectionNowMs),
    session: scene.session,
    shown: shown.facts,
    you: scene.you?.id,
    nowMs: scene.sessionNowMs,
    typing: isTyping(scene),
    inPane: typingInto(scene) === "pane",
    pointing: input.pointing !== undefined,
    menuKey: scene.menuKey,
    player,
    timeline: timelineOf(scene, shown),
    title: header?.title ?? (frame?.title || header?.command || ""),
    latencyMs: pulse.latencyMs,
    lagMs: lagMs(pulse, nowMs),
    toast: scene.toasts.text,
    cropped: cropped && frame !== undefined ? { cols: frame.cols, rows: frame.rows } : undefined,
  };
}

function timelineOf({ display, log, history }: WatchSceneFacts, { past }: Shown): Timeline {
  const { player } = display;
  if (player === undefined || log === undefined) {
    return { positionMs: 0, startMs: 0, durationMs: 0, markersMs: [] };
  }
  const from = startMs(player, log);
  return {
    positionMs: player.positionMs,
    startMs: from,
    durationMs: log.durationMs,
    // Looked up when they are shown: a live session is drawn often.
    markersMs: past ? log.markers().map(({ atMs }) => atMs) : [],
    drives: past && history !== undefined ? timelineDrives(history.stretches(from)) : [],
  };
}

/** The cursors of panes; where the cursor is in one's own, the program's is among them instead. */
function cursorsOf(
  { display: { frame }, you }: WatchSceneFacts,
  { facts }: Shown,
  own: Pointer | undefined,
): PointerMark[] {
  if (own === undefined || frame === undefined) return cursorMarks(facts);
  const presenter = facts.people.get(PRESENTER_ID);
  const { x, y, visible } = frame.cursor;
  const mark = { x, y, label: "", style: presenter === undefined ? {} : personStyle(presenter) };
  return [...(visible ? [mark] : []), ...cursorMarks(facts, you?.id)];
}

/** Everyone's pointers; one's own where it is now, rather than where the host has it. */
function pointersOf({ input, you, session }: WatchSceneFacts, shown: Shown): PointerMark[] {
  const { pointing } = input;
  const own = you === undefined ? undefined : session.people.get(you.id);
  const marks = pointerMarks(shown.facts, shown.atMs, pointing && you?.id);
  if (pointing === undefined) return marks;
  const style = own === undefined ? {} : personStyle(own);
  return [...marks, { ...pointing, label: own?.name ?? "", style }];
}

/**
 * The modes of the local terminal: it reports its mouse while that is for something, as much of it as is wanted, and always
 * in SGR, which has no limit of columns.
 */
export function localModes(
  frame: Frame | undefined,
  { pointing, typing }: { readonly pointing: boolean; readonly typing: boolean },
): Modes {
  const mouse = pointing ? "move" : typing ? frame?.modes.mouse ?? "none" : "none";
  const mouseEncoding = mouse === "none" ? DEFAULT_MODES.mouseEncoding : "sgr";
  return { ...OWN_MODES, mouse, mouseEncoding };
}

/** In how many milliseconds something that is shown changes by itself. */
function refreshMs(
  { pulse, toasts, nowMs, session, sessionNowMs }: WatchSceneFacts,
  { facts, atMs, past }: Shown,
  { link, player }: WatchFacts,
): number | undefined {
  const waits: number[] = [];
  if (link.kind === "reconnecting" || player?.mode === "playing") waits.push(TICK_MS);
  if (toasts.leftMs !== undefined) waits.push(toasts.leftMs);
  if (link.kind === "live") {
    waits.push(lagChangesInMs(pulse, nowMs) ?? Infinity);
    const left = leftMs(session, sessionNowMs);
    if (left !== undefined && left > 0) waits.push(left % 1_000 || 1_000);
  }
  if (!past) {
    for (const pointer of shownPointers(facts.pointers, atMs).values()) {
      waits.push(pointer.atMs + POINTER_MS - atMs);
    }
  }
  const soonest = Math.min(...waits);
  return soonest === Infinity ? undefined : Math.max(1, soonest);
}
