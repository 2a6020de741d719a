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
import { Browser, type Page, type PageOptions } from "../tests/browser.ts";
import { type as typeOn, waitToDrive } from "../tests/browser_room.ts";
import {
  eventually,
  fromSource,
  type Host,
  ROOT,
  run,
  startHost,
  TestDir,
} from "../tests/harness.ts";
import { Proxy } from "../tests/proxy.ts";

const OUT = join(ROOT, "docs", "screenshots");
const COLS = 96, ROWS = 22;
const SIZE = { width: 1000, height: 540 } as const;
const LIGHT: PageOptions = { ...SIZE, theme: "light" };
const DARK: PageOptions = { ...SIZE, theme: "dark" };
const PHONE: PageOptions = { width: 390, height: 600, theme: "light", touch: true };

/** The shell of the incident: believable, and nothing of this machine. */
const RC = String.raw`
PS1='\[\e[1;32m\]ada@shop\[\e[0m\]:\[\e[1;34m\]~/checkout\[\e[0m\]$ '
ago=6m
kubectl() {
  case "$*" in
    "get pods") printf 'NAME                        READY   STATUS             RESTARTS   AGE\n'
      if [[ -e applied ]]; then
        printf 'checkout-84d5b7c49f-p7d2s   1/1     \e[32mRunning\e[0m            0          9s\n'
      else
        printf 'checkout-7c9f6d8b5c-4x2kq   0/1     \e[31mCrashLoopBackOff\e[0m   6          11m\n'
      fi
      printf 'web-5d4b9c7f9d-hm6vw        1/1     \e[32mRunning\e[0m            0          3d\n'
      printf 'web-5d4b9c7f9d-tq8zn        1/1     \e[32mRunning\e[0m            0          3d\n' ;;
    logs*) printf '\e[36m12:04:31\e[0m \e[33mWARN\e[0m  orders-db:5433 does not answer, attempt 4 of 5\n'
      printf '\e[36m12:04:36\e[0m \e[33mWARN\e[0m  orders-db:5433 does not answer, attempt 5 of 5\n'
      printf '\e[36m12:04:36\e[0m \e[31mERROR\e[0m connect ECONNREFUSED 10.0.3.7:5433\n'
      printf '\e[36m12:04:36\e[0m \e[31mERROR\e[0m checkout stops: no database\n' ;;
    apply*) touch applied; printf 'deployment.apps/checkout configured\n' ;;
  esac
}
`;

const MANIFEST = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: checkout
  labels:
    app: checkout
spec:
  replicas: 1
  selector:
    matchLabels:
      app: checkout
  template:
    metadata:
      labels:
        app: checkout
    spec:
      containers:
        - name: checkout
          image: registry.shop.example/checkout:4711
          env:
            - name: DB_HOST
              value: orders-db
            - name: DB_PORT
              value: "5433"
          ports:
            - containerPort: 8080
`;

/** A session with its presenter, and with those who came. */
class Incident implements AsyncDisposable {
  readonly dir = new TestDir();
  readonly cast: string = this.dir.file("incident.cast");
  readonly host: Host;
  readonly #browser: Browser;
  readonly #env = { XDG_RUNTIME_DIR: this.dir.path, HOME: this.dir.path };

  constructor(browser: Browser) {
    this.#browser = browser;
    Deno.writeTextFileSync(this.dir.file("rc"), RC);
    Deno.writeTextFileSync(this.dir.file("deploy.yaml"), MANIFEST);
    this.host = startHost({
      args: ["--name", "Ada", "--title", "Checkout is down", "--record", this.cast],
      command: ["bash", "--noprofile", "--rcfile", this.dir.file("rc"), "-i"],
      cols: COLS,
      rows: ROWS + 1,
      cwd: this.dir.path,
      env: this.#env,
    });
  }

  async ctl(...args: string[]): Promise<string> {
    return (await run("ctl", args, { env: this.#env })).stdout.trim();
  }

  /** Ada types, and waits for what comes of it. */
  async type(text: string, until: string): Promise<void> {
    await this.host.type(text);
    await this.host.waitForText(until);
  }

  async join(name: string, options: PageOptions, link?: string): Promise<Page> {
    const page = await this.#browser.open(link ?? await this.host.link(), { ...options, name });
    await page.waitForState("Live");
    return page;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host[Symbol.asyncDispose]();
    await this.dir[Symbol.asyncDispose]();
  }
}

async function shoot(page: Page, name: string): Promise<void> {
  await page.page.screenshot({ path: join(OUT, `${name}.png`) });
}

/** Waits until nothing is told in passing any more. */
async function quiet(page: Page): Promise<void> {
  const told = page.page.locator(".toast");
  await eventually(async () => await told.count() === 0 || undefined, "the toasts to go");
}

/** Points at the cell after a text. */
async function point(page: Page, text: string): Promise<void> {
  const rows = (await page.text()).split("\n");
  const y = rows.findIndex((row) => row.includes(text));
  const x = rows[y]!.indexOf(text) + text.length;
  const box = (await page.page.locator(".stage-layers").boundingBox())!;
  await page.page.mouse.click(
    box.x + (x + 0.5) * box.width / COLS,
    box.y + (y + 0.5) * box.height / ROWS,
  );
}

/** The states of a live session, in the order of the story. */
async function live(incident: Incident): Promise<void> {
  const { host } = incident;
  const link = await host.link();
  await using proxy = new Proxy(new URL(link).host);
  await host.type("clear\r");
  await host.waitFor(() => /^\S+\$\s*$/m.test(host.text.split("\n")[0]!), "a clear screen");
  await incident.type("kubectl get pods\r", "hm6vw");
  await incident.type("kubectl logs checkout-7c9f6d8b5c-4x2kq\r", "no database");
  const bo = await incident.join("Bo", LIGHT);
  const grace = await incident.join("Grace", DARK, proxy.link(link));
  const lin = await incident.join("Lin", LIGHT, await incident.ctl("invite", "--role", "admin"));
  const ken = await incident.join("Ken", PHONE);
  await incident.ctl("mark", "the database refuses");
  for (const page of [bo, lin, ken]) await quiet(page);
  await point(bo, "10.0.3.7:5433");
  await ken.page.locator(".pointer").waitFor();
  await shoot(ken, "phone");
  await point(bo, "10.0.3.7:5433");
  await shoot(lin, "watching-light");
  await shoot(grace, "watching-dark");
  await grace.button("Request control: for how long").click();
  await grace.page.getByRole("menuitem", { name: "15 minutes" }).click();
  await lin.page.getByText("Grace asks for control for 15 minutes").first().waitFor();
  await quiet(lin);
  await shoot(lin, "request-waiting");
  await lin.button("Allow Grace").click();
  await edit(incident, grace);
  await quiet(grace);
  await shoot(grace, "in-control-dark");
  await lin.button(/^Who is here/).click();
  await quiet(lin);
  await shoot(lin, "people-light");
  proxy.refuse();
  await grace.waitForState("Reconnecting");
  await shoot(grace, "reconnecting");
  proxy.flow();
  await waitToDrive(grace);
  await typeOn(grace, "55432");
  await grace.page.keyboard.press("Escape");
  await typeOn(grace, ":wq\n");
  await typeOn(grace, "kubectl apply -f deploy.yaml\n");
  await grace.waitForText("configured");
  await incident.ctl("mark", "the port is corrected");
  await incident.ctl("grant", "Ken");
  await waitToDrive(ken);
  await quiet(ken);
  await typeOn(ken, "kubectl get");
  await ken.waitForText("kubectl get");
  await shoot(ken, "phone-in-control");
  await typeOn(ken, " pods\n");
  await ken.waitForText("p7d2s");
  await incident.ctl("take");
  await host.waitForText("you drive");
  await incident.type("exit\r", "exit");
  await bo.waitForState("Ended");
  await quiet(bo);
  await shoot(bo, "ended");
}

/** Grace opens the manifest, and goes to what is wrong in it. */
async function edit({ host }: Incident, grace: Page): Promise<void> {
  await waitToDrive(grace);
  await typeOn(grace, "clear; vim deploy.yaml\n");
  await grace.waitForText('"deploy.yaml" ');
  await typeOn(grace, ":set number | syntax on\n");
  await typeOn(grace, "/5433\n");
  await host.waitForText("24,23");
}

async function replay(browser: Browser, cast: string): Promise<void> {
  const [program, ...args] = fromSource("replay", "--web", cast);
  const child = new Deno.Command(program!, { args, stdout: "piped", stderr: "null" }).spawn();
  try {
    let said = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      said += text;
      if (/http:\S+\s/.test(said)) break;
    }
    for (const theme of ["light", "dark"] as const) {
      const page = await browser.open(/http:\S+/.exec(said)![0], { ...SIZE, theme });
      await page.page.locator(".clock").waitFor();
      await page.page.keyboard.press("Space");
      await page.waitForState("Paused");
      const keys = theme === "light" ? ["Home", "m"] : ["Home", "m", "m", "ArrowLeft"];
      for (const key of keys) await page.page.keyboard.press(key);
      await page.waitForText(theme === "light" ? "ECONNREFUSED" : "DB_PORT");
      await quiet(page);
      await shoot(page, `replay-${theme}`);
    }
  } finally {
    child.kill("SIGTERM");
    await child.status;
  }
}

async function main(): Promise<void> {
  await Deno.mkdir(OUT, { recursive: true });
  await using browser = await Browser.start();
  await using incident = new Incident(browser);
  await live(incident);
  await replay(browser, incident.cast);
}

if (import.meta.main) await main();
