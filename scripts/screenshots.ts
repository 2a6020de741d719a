/**
 * Makes the pictures of the guides: real pages of a real session, in headless Chromium.
 *
 * ```sh
 * deno task screenshots
 * ```
 *
 * @module
 */
import { join } from "node:path";
import { Browser, type Page } from "../tests/browser.ts";
import { Room, type as typeOn, waitToDrive } from "../tests/browser_room.ts";
import { fromSource, ROOT, TestDir } from "../tests/harness.ts";
import { Proxy } from "../tests/proxy.ts";

const OUT = join(ROOT, "docs", "screenshots");
const SIZE = { width: 1100, height: 700 } as const;

/** What was done in the incident: believable, and nothing of this machine. */
const RC = String.raw`
PS1='\[\e[1;32m\]ada@shop\[\e[0m\]:\[\e[1;34m\]~/api\[\e[0m\]$ '
kubectl() {
  case "$*" in
    "get pods") printf 'NAME                   READY   STATUS             RESTARTS   AGE\n'
      printf 'api-7c9f6d8b5c-4x2kq   0/1     \e[31mCrashLoopBackOff\e[0m   6          11m\n'
      printf 'api-7c9f6d8b5c-tq8zn   1/1     \e[32mRunning\e[0m            0          3d\n'
      printf 'web-5d4b9c7f9d-hm6vw   1/1     \e[32mRunning\e[0m            0          3d\n' ;;
    logs*) printf '\e[2m12:04:31\e[0m \e[33mWARN\e[0m  pool exhausted, 20 of 20 connections in use\n'
      printf '\e[2m12:04:36\e[0m \e[31mERROR\e[0m cannot reach orders-db: timeout after 5s\n'
      printf '\e[2m12:04:36\e[0m \e[31mERROR\e[0m exiting: 予期しないエラー 🔥\n' ;;
  esac
}
`;

async function shoot(page: Page, name: string): Promise<void> {
  await page.page.screenshot({ path: join(OUT, `${name}.png`) });
}

async function main(): Promise<void> {
  await Deno.mkdir(OUT, { recursive: true });
  await using dir = new TestDir();
  const rc = dir.file("rc"), cast = dir.file("incident.cast");
  await Deno.writeTextFile(rc, RC);
  await using browser = await Browser.start();
  {
    await using room = await Room.open(browser, {
      args: ["--size", "100x28", "--title", "Incident 4711", "--name", "Ada", "--record", cast],
      command: ["bash", "--noprofile", "--rcfile", rc, "-i"],
    });
    await live(room);
  }
  await replay(browser, cast);
}

/** The states of a live session, in the order of the story. */
async function live(room: Room): Promise<void> {
  const light = { ...SIZE, theme: "light" } as const, dark = { ...SIZE, theme: "dark" } as const;
  await using proxy = new Proxy(new URL(await room.link()).host);
  const grace = await room.join("Grace", dark, proxy.link(await room.link()));
  const bo = await room.join("Bo", light);
  const linus = await room.admin("Linus", light);
  await grace.button(/^Request control/).first().click();
  await linus.page.getByText(/Grace asks/).first().waitFor();
  await shoot(linus, "request-waiting");
  await room.ctl("grant", "Grace", "--for", "5m");
  await waitToDrive(grace);
  await typeOn(grace, "kubectl get pods\n");
  await grace.waitForText("web-5d4b9c7f9d");
  await typeOn(grace, "kubectl logs api-7c9f6d8b5c-4x2kq\n");
  await grace.waitForText("exiting");
  await room.ctl("mark", "the pool is exhausted");
  await grace.page.locator(".toast").first().waitFor({ state: "detached" });
  await shoot(grace, "in-control-dark");
  await point(bo);
  await linus.page.waitForTimeout(400);
  await linus.page.locator(".toast").first().waitFor({ state: "detached" }).catch(() => {});
  await shoot(linus, "watching-light");
  const phone = await room.join("Ken", { width: 390, height: 844, touch: true });
  await phone.waitForText("exiting");
  await shoot(phone, "phone");
  proxy.refuse();
  await grace.waitForState("Reconnecting");
  await shoot(grace, "reconnecting");
  proxy.flow();
  await grace.waitForState("Live");
  await room.ctl("take");
  await room.ctl("stop");
  await bo.waitForState("Ended");
  await shoot(bo, "ended");
}

/** Points at the line that matters. */
async function point(page: Page): Promise<void> {
  await page.page.keyboard.press("p");
  const box = await page.page.locator(".xterm-screen").boundingBox();
  if (box === null) throw new Error("There is no screen");
  await page.page.mouse.move(box.x + box.width * 0.42, box.y + box.height * 0.075);
  await page.page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.09);
}

async function replay(browser: Browser, cast: string): Promise<void> {
  // It prints its address as text, not as JSON.
  const [program, ...args] = fromSource("replay", "--web", cast);
  const child = new Deno.Command(program!, { args, stdout: "piped", stderr: "null" }).spawn();
  try {
    let said = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      said += text;
      if (/http:\S+\s/.test(said)) break;
    }
    for (const theme of ["light", "dark"] as const) {
      const page = await browser.open(/http:\S+/.exec(said)![0], { ...SIZE, theme, name: "Bo" });
      await page.page.keyboard.press("End");
      await page.waitForText("exiting");
      await page.page.waitForTimeout(500);
      await shoot(page, `replay-${theme}`);
    }
  } finally {
    child.kill("SIGTERM");
    await child.status;
  }
}

if (import.meta.main) await main();
