/**
 * That docs/SECURITY.md names tests that are there, for each of its claims.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { ROOT } from "./harness.ts";

const DOC = await Deno.readTextFile(join(ROOT, "docs", "SECURITY.md"));
/** What an attacker can and cannot do: here every claim has to be held by a test. */
const CLAIMS = DOC.slice(
  DOC.indexOf("## What an attacker can and cannot do"),
  DOC.indexOf("## The keys"),
);

/** A file that is named, and words of the name of a test in it. */
interface Citation {
  readonly path: string;
  readonly words: string | undefined;
}

const CITATION = /`((?:[\w-]+\/)+[\w.-]*)`(?::\s+_([^_]+)_)?/g;

function citations(text: string): Citation[] {
  return [...text.matchAll(CITATION)].map(([, path = "", words]) => ({
    path,
    words: words?.replaceAll(/\s+/g, " "),
  }));
}

/** Paragraphs and list items. */
function blocks(text: string): string[] {
  return text.split(/\n\n|\n(?=- |#)/).map((block) => block.trim()).filter((block) => block !== "");
}

Deno.test("every file that the page names is there, and every test in it", async () => {
  const cited = citations(DOC);
  assert.ok(cited.length > 60, `only ${cited.length} are named`);
  let named = 0;
  for (const { path, words } of cited) {
    const info = await Deno.stat(join(ROOT, path)).catch(() => undefined);
    assert.ok(info !== undefined, `There is no ${path}`);
    if (words === undefined) continue;
    named++;
    const source = await Deno.readTextFile(join(ROOT, path));
    assert.match(path, /(?:_test|_contract)\.ts$/);
    const names = [...source.matchAll(/(?:test|testWith)\(\s*(?:\w+,\s*)?(["`])(.*?)\1/gs)];
    assert.ok(names.length > 0, `There are no tests in ${path}`);
    assert.ok(
      names.some(([, , name]) => name!.includes(words)),
      `No test of ${path} has a name with "${words}"`,
    );
  }
  assert.ok(named > 15, `only ${named} tests are named`);
});

Deno.test("every claim of what cannot be done names what holds it to that", () => {
  const claims = blocks(CLAIMS).filter((block) =>
    !block.startsWith("#") && /^- \*\*|^Can not |cannot |\bnot seen\b/.test(block)
  );
  assert.ok(claims.length > 25, `only ${claims.length} claims`);
  const held = (claim: string): boolean =>
    citations(claim).some(({ path }) => /(?:_test|_contract)\.ts$/.test(path));
  assert.deepEqual(claims.filter((claim) => !held(claim)), []);
});
