import assert from "node:assert/strict";
import { formatLink, type Link } from "../wire/link.ts";
import { type LinkInput, parseLinkArgument, readLink } from "./link_input.ts";

const TEXT = `http://127.0.0.1:8080/s/${"A".repeat(22)}#${"A".repeat(43)}.e30.e30.AA`;

/** An input that gives these parts, one after the other, and its story. */
function inputOf(parts: readonly string[], isTerminal = false): LinkInput & { story: string[] } {
  const left = parts.map((part) => new TextEncoder().encode(part));
  const story: string[] = [];
  return {
    isTerminal,
    story,
    // deno-lint-ignore require-await
    read: async (buffer) => {
      const part = left.shift();
      if (part === undefined) return null;
      buffer.set(part);
      return part.length;
    },
    setRaw: (raw) => void story.push(raw ? "raw" : "as it was"),
    tell: (text) => void story.push(text),
  };
}

async function read(input: LinkInput): Promise<string> {
  return formatLink(await readLink(input));
}

Deno.test("a link is the first line of the input, however it comes and ends", async () => {
  for (const parts of [[`${TEXT}\n`], [TEXT], [...`${TEXT}\r\nmore`], ["", `  ${TEXT}  \nmore`]]) {
    assert.equal(await read(inputOf(parts)), TEXT);
  }
  const { story } = inputOf([TEXT]);
  assert.deepEqual(story, []);
});

Deno.test("on a terminal it is asked for, can be corrected, and is not shown", async () => {
  const input = inputOf([`nonsense\x15x\x7f${TEXT}y\b\r`], true);
  assert.equal(await read(input), TEXT);
  assert.deepEqual(input.story, ["raw", "Link: ", "as it was", "\n"]);
});

Deno.test("a terminal is given back where there is no link, or nobody wants to give one", async () => {
  for (const [typed, code] of [["\r", "link-invalid"], [`${TEXT}\x03`, "interrupted"]] as const) {
    const input = inputOf([typed], true);
    await assert.rejects(readLink(input), { code });
    assert.deepEqual(input.story.slice(-2), ["as it was", "\n"]);
  }
});

Deno.test("what is no line is not read without end, and nothing of it is told", async () => {
  const endless: LinkInput = {
    ...inputOf([]),
    read: (buffer) => Promise.resolve(buffer.fill(0x41).length),
  };
  await assert.rejects(readLink(endless), (error) => {
    assert.ok(error instanceof Error);
    assert.doesNotMatch(error.message, /AAA/);
    return true;
  });
});

Deno.test("a dash stands for a link that is asked for", () => {
  assert.equal(parseLinkArgument("-"), "-");
  assert.equal(formatLink(parseLinkArgument(TEXT) as Link), TEXT);
});
