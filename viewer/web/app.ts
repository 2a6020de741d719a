/**
 * A session's live view: what comes goes on the page, what is done on the page goes to the host.
 *
 * @module
 */
import type { InputPart } from "../../wire/input.ts";
import type { Link } from "../../wire/link.ts";
import { systemClock } from "../clock.ts";
import { PointSender } from "../point_sender.ts";
import { isClick, PANE_MOUSE_TEXT, TypingTarget } from "../typing_target.ts";
import { forgetLink, isSingleUse, tabStorage } from "./address.ts";
import {
  type ControlButton,
  controlButtons,
  paneChoice,
  waitingRequests,
} from "./controls_model.ts";
import type { EarlyConnection } from "./early.ts";
import { askName, askNote, confirmDo, showLink } from "./dialogs.ts";
import { Header } from "./header.ts";
import { endModel, headerModel } from "./header_model.ts";
import { InputSource } from "./input/input_source.ts";
import { type MadeLink, MadeLinks } from "./made_links.ts";
import { type MenuItem, openMenu } from "./menu.ts";
import { PeoplePanel } from "./people_panel.ts";
import { Pointing } from "./pointing.ts";
import { PointersLayer } from "./pointers_layer.ts";
import { RequestsBar } from "./requests_bar.ts";
import { Session, type SessionState } from "./session.ts";
import { writeSetting } from "./settings.ts";
import { Shell } from "./shell.ts";
import type { Shortcut } from "./shortcuts.ts";
import type { Cell } from "./stage.ts";
import type { Told } from "./told.ts";

/** What of the page changes as time goes by is looked at so often. */
const TICK_MS = 500;

/** Text that is smaller than this is enlarged for who types on a phone, in CSS pixels; and to what. */
const READABLE_PX = 9, TYPING_PX = 12;

/** The live view of one session. */
export class LiveApp {
  readonly #link: Link;
  readonly #name: string;
  readonly #shell: Shell;
  readonly #session: Session;
  readonly #header: Header;
  readonly #people: PeoplePanel;
  readonly #requests: RequestsBar;
  readonly #pointers: PointersLayer;
  readonly #pointing: Pointing;
  readonly #input: InputSource;
  readonly #target = new TypingTarget();
  readonly #made = new MadeLinks();
  #ended = false;

  constructor(link: Link, name: string, connection: EarlyConnection) {
    this.#link = link;
    this.#name = name;
    const shell = this.#shell = new Shell({
      label: "The session's screen",
      onShortcut: (shortcut) => this.#shortcut(shortcut),
      onIdle: () => this.#input.focus(),
    });
    this.#header = new Header({
      onControl: (button, forMs) => this.#control(button, forMs),
      onPeople: () => this.#togglePeople(),
      onMenu: () => this.#openMenu(),
    });
    this.#people = new PeoplePanel({
      act: (action) => this.#sent(this.#session.act(action)),
      onKick: (person) => void this.#kick(person.id, person.name),
      onClose: () => this.#togglePeople(),
      madeLinks: () => this.#made.list,
      onMadeLink: (made) => void this.#showMade(made),
    });
    this.#requests = new RequestsBar((action) => this.#sent(this.#session.act(action)));
    this.#pointers = new PointersLayer(shell.stage);
    shell.top.append(this.#header.element);
    shell.side.append(this.#people.element);
    shell.notices.append(this.#requests.element);
    this.#input = this.#makeInput();
    const send = new PointSender(systemClock, (at) => this.#point(at));
    this.#pointing = new Pointing(shell.stage, send, () => this.#input.active);
    this.#session = new Session({
      clock: systemClock,
      connect: (options) => connection.take(options),
      onFrame: (frame, history) => {
        shell.stage.show(frame, history);
        if (this.#input.active && shell.stage.scale.kind !== "fit") shell.stage.revealCursor();
        shell.ready();
        shell.find.refresh();
      },
      onState: (state) => this.#update(state),
      onTold: (told) => shell.toasts.tell(told),
      onLink: (url, role) => void this.#showMade(this.#made.add(url, role, new Date())),
    });
    this.#update(this.#session.state);
    this.#listen();
  }

  #makeInput(): InputSource {
    const { stage, bottom, toasts } = this.#shell;
    return new InputSource({
      stage,
      keyRow: bottom,
      onInput: (parts) => {
        const sent = this.#type(parts);
        if (sent) stage.scrollToPresent();
        this.#sent(sent);
      },
      onLeave: () => this.#openMenu(),
      copySelection: () => this.#shell.copySelection(),
      onZoom: (factor, clientX, clientY) => this.#shell.zoom(factor, clientX, clientY),
      say: (text) => toasts.tell({ text, tone: "warn" }),
    });
  }

  /** Sends what was typed, and says whether it could. */
  #type(parts: readonly InputPart[]): boolean {
    const { keysGo: target = "session", state: { facts, you } } = this.#session;
    if (!this.#target.passes(target, systemClock.now())) return true;
    const pane = target === "pane" ? facts.panes.get(you?.id ?? "") : undefined;
    if (pane === undefined) {
      const { turn } = facts.turn;
      return this.#session.send({ kind: "input", turn, parts: [...parts] });
    }
    if (parts.some(isClick)) this.#shell.toasts.tell({ text: PANE_MOUSE_TEXT, tone: "warn" });
    const own = parts.filter(({ kind }) => kind !== "mouse"), { turn } = pane;
    return own.length === 0 ||
      this.#session.send({ kind: "input", turn, parts: own, pane: true });
  }

  #listen(): void {
    setInterval(() => this.#tick(), TICK_MS);
    const retry = (): void => {
      if (!document.hidden) this.#session.retry();
    };
    addEventListener("online", retry);
    document.addEventListener("visibilitychange", retry);
    // A page that is left is not waited for; one that comes back from the browser's memory begins anew.
    addEventListener("pagehide", () => this.#session[Symbol.dispose]());
    addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
  }

  #update(state: SessionState): void {
    // Its first event may come before the session itself is known here.
    const session = this.#session as Session | undefined;
    if (session === undefined) return;
    this.#tick();
    this.#people.update(state);
    this.#requests.update(waitingRequests(state));
    this.#pointers.update(state.facts, session.nowMs ?? 0, state.you?.id);
    this.#setInput(session.mayType);
    const { kind } = state.status ?? {};
    this.#shell.stale = kind === "waiting" || kind === "connecting";
    this.#setEnd(state);
  }

  /** What changes as time goes by. */
  #tick(): void {
    const { state, mayType } = this.#session;
    const model = headerModel(state, {
      sessionMs: this.#session.nowMs,
      connectionMs: Date.now(),
      nowMs: systemClock.now(),
      mayType,
    });
    this.#header.update(model, controlButtons(state));
    document.title = mayType ? `You type: ${model.title}` : `${model.title} (${model.state.text})`;
  }

  #setInput(active: boolean): void {
    const { stage } = this.#shell;
    stage.element.classList.toggle("typing", active);
    if (active === this.#input.active) return;
    this.#input.active = active;
    stage.textarea.setAttribute(
      "aria-label",
      active
        ? "The session's screen: what you type goes there, or to your own pane. Control and right bracket open the menu."
        : "The session's screen",
    );
    const inside = document.activeElement;
    const free = inside === null || inside === document.body || stage.element.contains(inside) ||
      this.#header.element.contains(inside);
    if (!active) return;
    if (free) this.#input.focus();
    // Who types has to read it, also where all of it would be too small.
    if (stage.fontPx >= READABLE_PX || !matchMedia("(pointer: coarse)").matches) return;
    stage.scale = { kind: "size", fontPx: TYPING_PX };
    stage.revealCursor();
  }

  #setEnd(state: SessionState): void {
    const end = endModel(state);
    if ((end !== undefined) === this.#ended) return;
    this.#ended = end !== undefined;
    const { status } = state;
    if (status?.kind === "ended" && status.end.code === "kicked") forgetLink(tabStorage());
    this.#shell.showEnd(end, () => location.reload());
  }

  #control({ kind, id }: ControlButton, forMs: number | undefined): void {
    const session = this.#session;
    const you = session.state.you?.id;
    const { mode } = session.state.facts.turn;
    const time = forMs === undefined ? {} : { forMs };
    switch (kind) {
      case "request":
      case "more":
        return this.#sent(session.send({ kind: "request", ...time }));
      case "withdraw":
        return this.#sent(session.send({ kind: "withdraw" }));
      case "yield":
        return this.#sent(session.send({ kind: "yield" }));
      case "take":
        return this.#sent(session.act({ kind: "grant", id: you!, forMs: null }));
      case "agent":
        return this.#sent(session.act({ kind: "grant", id: id!, forMs: null }));
      case "collaborative": {
        const next = mode === "collaborative" ? "presenter" : "collaborative";
        return this.#sent(session.act({ kind: "mode", mode: next }));
      }
      case "pause": {
        const next = mode === "paused" ? "presenter" : "paused";
        return this.#sent(session.act({ kind: "mode", mode: next }));
      }
      default:
        return kind satisfies never;
    }
  }

  #shortcut(shortcut: Shortcut): void {
    switch (shortcut) {
      case "menu":
        return this.#openMenu();
      case "people":
        return this.#togglePeople();
      case "point":
        return this.#togglePointing();
      case "request": {
        const buttons = controlButtons(this.#session.state);
        const found = buttons.find(({ kind }) => ["request", "withdraw"].includes(kind));
        if (found !== undefined) this.#control(found, undefined);
        return;
      }
      default:
        return;
    }
  }

  #openMenu(): void {
    openMenu(this.#header.menuButton, "Menu", [
      ...this.#controlItems(),
      {
        kind: "item",
        label: "Point with the mouse",
        checked: this.#pointing.on,
        note: "p",
        run: () => this.#togglePointing(),
      },
      { kind: "item", label: "Who is here", note: "w", run: () => this.#togglePeople() },
      { kind: "item", label: "Change your name", run: () => void this.#rename() },
      { kind: "line" },
      ...this.#shell.viewItems(),
    ]);
  }

  /** The buttons again, for the keyboard; and what needs no button. */
  #controlItems(): readonly MenuItem[] {
    const { state } = this.#session;
    const items = controlButtons(state).map((button): MenuItem => ({
      kind: "item",
      label: button.label,
      ...(button.pressed !== undefined && { checked: button.pressed }),
      ...(button.kind === "request" && { note: "r" }),
      run: () => this.#control(button, undefined),
    }));
    const { you, facts, status } = state;
    if (you !== undefined && facts.turn.holder === you.id && status?.kind === "live") {
      const run = (): void => void this.#giveBack();
      items.push({ kind: "item", label: "Give back with a note", run });
    }
    items.push(...this.#paneItems());
    if (you?.role === "admin" && status?.kind === "live") {
      const { agent = false } = facts.turn;
      items.push({
        kind: "item",
        label: "The agent drives, or the next that comes",
        checked: agent,
        run: () => {
          const mode = agent ? "presenter" : "agent";
          this.#sent(this.#session.act({ kind: "mode", mode }));
        },
      });
      const paused = facts.sharingPaused;
      items.push({
        kind: "item",
        label: "Pause sharing",
        checked: paused,
        run: () => this.#sent(this.#session.act({ kind: paused ? "resume" : "pause" })),
      });
    }
    return items.length === 0 ? [] : [...items, { kind: "line" }];
  }

  #paneItems(): readonly MenuItem[] {
    const choice = paneChoice(this.#session.state);
    if (choice === "none") return [];
    const kind = choice === "ask" ? "request" : "yield";
    const label = choice === "ask" ? "Ask for a pane of your own" : "Give up your pane";
    const run = (): void => this.#sent(this.#session.send({ kind, pane: true }));
    return [{ kind: "item", label, run }];
  }

  async #giveBack(): Promise<void> {
    const note = await askNote();
    if (note === undefined) return;
    this.#sent(this.#session.send({ kind: "yield", ...(note !== "" && { note }) }));
  }

  #togglePeople(): void {
    const open = !this.#people.isOpen;
    this.#people.isOpen = open;
    this.#header.peopleButton.setAttribute("aria-expanded", String(open));
    if (open) return;
    if (this.#input.active) this.#input.focus();
    else this.#header.peopleButton.focus();
  }

  #togglePointing(): void {
    this.#pointing.on = !this.#pointing.on;
    const text = this.#pointing.on
      ? "The others see where your mouse is"
      : "The others no longer see where your mouse is; a click still points";
    this.#shell.toasts.tell({ text, tone: "info" });
  }

  async #kick(id: string, name: string): Promise<void> {
    const text = `${name} leaves the session and cannot come back in the same way.`;
    if (await confirmDo(`Remove ${name}?`, text, "Remove")) {
      this.#sent(this.#session.act({ kind: "kick", id }));
    }
  }

  async #showMade(made: MadeLink): Promise<void> {
    const { id, role, url } = made;
    const canWithdraw = id !== undefined;
    if (!await showLink(url, role, { canWithdraw }) || id === undefined) return;
    const text = "It lets nobody in any more, and who came in with it has to leave.";
    if (!await confirmDo("Withdraw this link?", text, "Withdraw")) return;
    const sent = this.#session.act({ kind: "revoke-link", id });
    if (sent) this.#made.remove(made);
    this.#sent(sent);
  }

  async #rename(): Promise<void> {
    const name = await askName({ name: this.#name, action: "Save" });
    if (name === undefined || name === this.#name) return;
    writeSetting("name", name);
    if (!isSingleUse(this.#link)) return location.reload();
    const text = "Your link works once: the new name counts from the next session on";
    this.#shell.toasts.tell({ text, tone: "info" });
  }

  #point(at: Cell | undefined): void {
    this.#session.send({ kind: "point", ...(at !== undefined && { at }) });
  }

  #sent(sent: boolean): void {
    if (sent || this.#session.state.status?.kind === "ended") return;
    const told: Told = { text: "Not sent: the connection is being made again", tone: "warn" };
    this.#shell.toasts.tell(told);
  }
}
