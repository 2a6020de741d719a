/**
 * Tests that need a program of the system say so, and say so again when they are left out.
 *
 * @module
 */
import { join } from "node:path";

/** A test that needs the programs `tools`. A missing one skips it with a line that says why; in CI it fails. */
export function testWith(
  tools: readonly string[],
  name: string,
  fn: (t: Deno.TestContext) => void | Promise<void>,
): void {
  const missing = tools.filter((tool) => which(tool) === undefined);
  if (missing.length === 0) {
    Deno.test(name, fn);
    return;
  }
  const reason = `needs ${missing.join(", ")}, which this machine does not have`;
  if (Deno.env.has("CI")) {
    Deno.test(name, () => {
      throw new Error(`This test ${reason}: add it to ".ci/run"`);
    });
    return;
  }
  // deno-lint-ignore no-console
  console.warn(`skipped: ${name}: ${reason}`);
  Deno.test.ignore(name, fn);
}

/** The path of a program in `$PATH`. */
export function which(program: string): string | undefined {
  for (const dir of (Deno.env.get("PATH") ?? "").split(":")) {
    const path = join(dir, program);
    try {
      const info = Deno.statSync(path);
      if (info.isFile && ((info.mode ?? 0) & 0o111) !== 0) return path;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}
