/**
 * Real pages in a real browser: Debian's Chromium, without a window.
 *
 * @module
 */
import assert from "node:assert/strict";
import {
  type Browser as Chromium,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page as ChromiumPage,
} from "playwright-core";
import { eventually } from "./harness.ts";
import { which } from "./needs.ts";
import { DEADLINE_MS } from "./terminal.ts";

/** How a page is opened. */
export interface PageOptions {
  /** What the browser remembers as the person's name; without it the page asks. */
  readonly name?: string;
  readonly width?: number;
  readonly height?: number;
  readonly theme?: "light" | "dark";
  /** A phone or a tablet: a finger in the place of a mouse, and sharper. */
  readonly touch?: boolean;
  /** Which part of xterm draws. Default: the one that keeps the text in the page. */
  readonly renderer?: "dom" | "webgl";
  /** A script that runs before the page's own. */
  readonly before?: string;
  /** Whether to go on where the browser does not know who issued the certificate. */
  readonly anyCertificate?: boolean;
  /** What Chromium may do: `clipboard-read`. */
  readonly permissions?: readonly string[];
}

/** A browser. Disposing of it closes every page. */
export class Browser implements AsyncDisposable {
  readonly #chromium: Chromium;
  readonly #pages: Page[] = [];

  private constructor(chromium: Chromium) {
    this.#chromium = chromium;
  }

  static async start(): Promise<Browser> {
    const executablePath = which("chromium")!;
    // The tests may run as root, where Chromium's sandbox does not work.
    return new Browser(await chromium.launch({ executablePath, args: ["--no-sandbox"] }));
  }

  /** Opens an address as a person with a browser of their own. */
  async open(address: string, options: PageOptions = {}): Promise<Page> {
    const { name, width = 1280, height = 800, theme = "light", touch = false } = options;
    const settings: BrowserContextOptions = {
      viewport: { width, height },
      colorScheme: theme,
      hasTouch: touch,
      isMobile: touch,
      deviceScaleFactor: touch ? 3 : 1,
      permissions: [...options.permissions ?? []],
      ignoreHTTPSErrors: options.anyCertificate ?? false,
    };
    const context = await this.#chromium.newContext(settings);
    const remembered = JSON.stringify({ name, renderer: options.renderer ?? "dom" });
    await context.addInitScript(
      // A page that could not be loaded has no storage.
      `try { for (const [key, value] of Object.entries(${remembered})) ` +
        "if (localStorage.getItem(`collab.${key}`) === null) " +
        "localStorage.setItem(`collab.${key}`, value); } catch {}",
    );
    if (options.before !== undefined) await context.addInitScript(options.before);
    const page = new Page(await context.newPage());
    this.#pages.push(page);
    await page.page.goto(address);
    return page;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // As people close them: a page that is killed has not left its session.
    await Promise.all(this.#pages.map(({ page }) => page.close()));
    await this.#chromium.close();
    for (const { errors } of this.#pages) assert.deepEqual(errors, [], "the page reported errors");
  }
}

/** A page, as the person in front of it sees it. */
export class Page {
  readonly page: ChromiumPage;
  /** What the page reported as an error. There should be nothing. */
  readonly errors: string[] = [];

  constructor(page: ChromiumPage) {
    this.page = page;
    page.setDefaultTimeout(DEADLINE_MS);
    page.on("pageerror", (error) => this.errors.push(String(error)));
    page.on("console", (message) => {
      // That a host is gone is what some tests are about.
      const text = message.text();
      if (message.type() === "error" && !/WebSocket connection|ERR_CONNECTION/.test(text)) {
        this.errors.push(text);
      }
    });
  }

  /** The session's screen as it is drawn, without trailing blanks. */
  async text(): Promise<string> {
    return await this.page.evaluate(SCREEN_TEXT);
  }

  /** Waits until the session's screen has a text. */
  async waitForText(text: string | RegExp): Promise<void> {
    const has = (shown: string): boolean =>
      text instanceof RegExp ? text.test(shown) : shown.includes(text);
    // Not by a function in the page: its policy lets nothing be evaluated there.
    let shown = "";
    try {
      await eventually(async () => has(shown = await this.text()) || undefined, String(text));
    } catch (cause) {
      throw new Error(`The page does not show ${text}; it shows:\n${shown}`, { cause });
    }
  }

  /** The header's word on where the session is: `Live`. */
  get state(): Locator {
    return this.page.locator(".state-text");
  }

  /** Waits until the header says where the session is. */
  async waitForState(state: string): Promise<void> {
    await this.page.locator(".state-text", { hasText: new RegExp(`^${state}$`) }).waitFor();
  }

  button(name: string | RegExp): Locator {
    const exact = typeof name === "string";
    return this.page.getByRole("button", { name, exact });
  }

  /** Waits until something is told in passing. */
  async waitForToast(text: string | RegExp): Promise<void> {
    await this.page.locator(".toast", { hasText: text }).first().waitFor();
  }
}

/** Reads the screen out of the page. */
const SCREEN_TEXT = '[...document.querySelectorAll(".xterm-rows > div")]' +
  '.map((row) => row.textContent.replaceAll("\\u00a0", " ").trimEnd()).join("\\n").trimEnd()';
