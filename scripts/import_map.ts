/**
 * The project's imports as `deno bundle` can resolve them.
 *
 * @module
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import deno from "../deno.json" with { type: "json" };

/** What the bundle runs on. */
export type Platform = "deno" | "browser";

/** Which file of a package is bundled, and whether our source imports it through a default export. */
interface Module {
  readonly target?: string;
  readonly path: string;
  readonly form: "default" | "named";
}

/** The ES modules of packages that Deno loads as CommonJS, with a default export, and a bundler without one. */
const MODULES: Readonly<Record<string, Module>> = {
  "@xterm/headless": { path: "lib-headless/xterm-headless.mjs", form: "default" },
  "@xterm/addon-unicode11": { path: "lib/addon-unicode11.mjs", form: "default" },
};

/** In a browser the terminal that is seen brings the emulator: the headless one would be the same code once more. */
const BROWSER_MODULES: Readonly<Record<string, Module>> = {
  ...MODULES,
  "@xterm/headless": { target: "@xterm/xterm", path: "lib/xterm.mjs", form: "default" },
  "@xterm/xterm": { path: "lib/xterm.mjs", form: "named" },
  "@xterm/addon-webgl": { path: "lib/addon-webgl.mjs", form: "named" },
};

/**
 * Writes an import map.
 *
 * @param dir where it goes, with the small modules that it names
 * @returns its path
 */
export async function writeImportMap(dir: string, platform: Platform): Promise<string> {
  const modules = platform === "browser" ? BROWSER_MODULES : MODULES;
  const targets: Readonly<Record<string, string>> = deno.imports;
  const imports: Record<string, string> = {};
  for (const [name, target] of Object.entries(targets)) {
    imports[name] = target;
    imports[`${name}/`] = `${target.replace(/^npm:/, "npm:/")}/`;
    const module = modules[name];
    if (module === undefined) continue;
    const file = `${module.target === undefined ? target : targets[module.target]}/${module.path}`;
    imports[name] = file;
    if (module.form === "named") continue;
    const path = join(dir, `${name.replace("/", "-")}.js`);
    await Deno.writeTextFile(path, `import * as all from "${file}";\nexport default all;\n`);
    imports[name] = pathToFileURL(path).href;
  }
  const map = join(dir, "imports.json");
  await Deno.writeTextFile(map, JSON.stringify({ imports }));
  return map;
}
