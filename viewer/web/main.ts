/**
 * The page's program: at a session's link its live view, at a recording its player.
 *
 * @module
 */
import { connect } from "../../wire/connection.ts";
import { cleanName } from "../../wire/name.ts";
import { tabStorage, takeLink } from "./address.ts";
import { LiveApp } from "./app.ts";
import { askName } from "./dialogs.ts";
import { h } from "./dom.ts";
import { EarlyConnection } from "./early.ts";
import { readSetting, writeSetting } from "./settings.ts";
import { Theme } from "./theme.ts";

async function main(): Promise<void> {
  const { origin, pathname, hash } = location;
  if (pathname.startsWith("/r/")) {
    const { startReplay } = await import("./replay/main.ts");
    return await startReplay();
  }
  const found = takeLink({ origin, pathname, hash }, tabStorage());
  // The secret is seen by nobody who looks at the screen, and is in no history.
  history.replaceState(null, "", pathname);
  addEventListener("hashchange", () => location.reload());
  if (found.kind === "bad") return refuse(found.why);
  const known = cleanName(readSetting("name") ?? "");
  const name = known !== "" ? known : await firstName();
  const connection = new EarlyConnection((options) => connect(found.link, { name, ...options }));
  // The socket opens while the page is put together.
  await Promise.resolve();
  new LiveApp(found.link, name, connection);
}

/** Asks until there is a name. */
async function firstName(): Promise<string> {
  new Theme();
  for (;;) {
    const name = cleanName(await askName({ name: "", action: "Join" }) ?? "");
    if (name === "") continue;
    writeSetting("name", name);
    return name;
  }
}

function refuse(why: string): void {
  new Theme();
  document.title = "Shared terminal";
  document.body.append(
    h(
      "main",
      { class: "alone" },
      h("h1", {}, "This link does not work"),
      h("p", { role: "alert" }, `${why}.`),
    ),
  );
}

await main();
