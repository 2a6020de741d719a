/**
 * A session with people at browsers and terminals, for the tests of the page: a host without a terminal, told what to do
 * through `collab ctl`.
 *
 * @module
 */
import assert from "node:assert/strict";
// @ts-types="npm:axe-core@4.14.1"
import axe from "axe-core";
import type { Browser, Page, PageOptions } from "./browser.ts";
import {
  type HeadlessHost,
  type HostOptions,
  run,
  startHeadless,
  startWatch,
  type Terminal,
  TestDir,
} from "./harness.ts";

/** Who can be let in. */
export type GuestRole = "view" | "control" | "agent" | "admin";

/** A session, and those who came through it. Disposing of it closes their pages and ends the host. */
export class Room implements AsyncDisposable {
  readonly host: HeadlessHost;
  readonly #dir: TestDir;
  readonly #browser: Browser;
  readonly #stack: AsyncDisposableStack;

  private constructor(browser: Browser, host: HeadlessHost, dir: TestDir) {
    this.#browser = browser;
    this.host = host;
    this.#dir = dir;
    this.#stack = new AsyncDisposableStack();
    this.#stack.use(dir);
    this.#stack.use(host);
  }

  /** Starts a session that only this room's `ctl` finds. */
  static async open(browser: Browser, options: HostOptions = {}): Promise<Room> {
    const dir = new TestDir();
    const env = { ...options.env, XDG_RUNTIME_DIR: dir.path };
    const room = new Room(browser, startHeadless({ ...options, env }), dir);
    await room.link();
    return room;
  }

  link(): Promise<string> {
    return this.host.link();
  }

  /** A path in the room's own folder. */
  file(name: string): string {
    return this.#dir.file(name);
  }

  /** Runs `collab ctl`, which has to work. */
  async ctl(...args: string[]): Promise<string> {
    const env = { XDG_RUNTIME_DIR: this.#dir.path };
    const { code, stdout, stderr } = await run("ctl", args, { env });
    assert.deepEqual([code, stderr], [0, ""], `ctl ${args.join(" ")}`);
    return stdout.trimEnd();
  }

  /** Somebody opens the link in a browser. */
  async join(name: string, options: PageOptions = {}, link?: string): Promise<Page> {
    const page = await this.#browser.open(link ?? await this.link(), { ...options, name });
    this.#stack.defer(() => page.page.context().close());
    await page.waitForState("Live");
    return page;
  }

  /** Somebody who may do everything. */
  async admin(name: string, options: PageOptions = {}): Promise<Page> {
    return await this.join(name, options, await this.ctl("invite", "--role", "admin"));
  }

  /** Somebody follows it in a terminal. */
  async watch(name: string, size: { cols?: number; rows?: number } = {}): Promise<Terminal> {
    const { cols = 80, rows = 25 } = size;
    const args = ["--name", name];
    const terminal = this.#stack.use(startWatch(await this.link(), { args, cols, rows }));
    await terminal.waitForText(/drives|typ/);
    return terminal;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

/** Waits until the header says that one drives, and the keys are the session's. */
export async function waitToDrive(page: Page): Promise<void> {
  await page.page.locator(".drive.yours").waitFor();
  await page.page.locator(".stage.typing").waitFor();
}

/** Waits until the header says who drives. */
export async function waitForDriver(page: Page, text: RegExp): Promise<void> {
  await page.page.locator(".drive", { hasText: text }).waitFor();
}

/** Types as a person does: into whatever has the keyboard. */
export async function type(page: Page, text: string): Promise<void> {
  const { keyboard } = page.page;
  for (const line of text.split(/(?=\n)|(?<=\n)/)) {
    if (line === "\n") await keyboard.press("Enter");
    else await keyboard.type(line);
  }
}

/** Pastes with the browser's own key; the page needs {@link CLIPBOARD}. */
export async function paste(page: Page, text: string): Promise<void> {
  await page.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  await page.page.keyboard.press("Control+Shift+V");
}

/** What is in the clipboard; the page needs {@link CLIPBOARD}. */
export async function clipboard(page: Page): Promise<string> {
  return await page.page.evaluate("navigator.clipboard.readText()");
}

/** A page that may use the clipboard. */
export const CLIPBOARD: PageOptions = { permissions: ["clipboard-read", "clipboard-write"] };

/** What stands in the way of somebody, as far as axe knows: a line for each element. */
export async function barriers(page: Page): Promise<string[]> {
  await page.page.evaluate(axe.source);
  // What fades out has less contrast with every picture, and is gone in a moment.
  const going = page.page.locator(".going");
  while (await going.count() > 0) await going.first().waitFor({ state: "detached" });
  return await page.page.evaluate(
    "axe.run(document).then(({ violations }) => violations.flatMap(({ id, nodes }) =>" +
      " nodes.map(({ target, failureSummary }) => `${id}: ${target}: ${failureSummary}`)))",
  );
}
