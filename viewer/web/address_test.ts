import assert from "node:assert/strict";
import { toBase64Url, utf8 } from "../../wire/bytes.ts";
import { forgetLink, isSingleUse, type TabStorage, takeLink } from "./address.ts";

const PAGE = { origin: "http://127.0.0.1:8080", pathname: `/s/${"A".repeat(22)}` };
const HASH = `#${"A".repeat(43)}.e30.e30.AA`;

class FakeStorage implements TabStorage {
  readonly kept = new Map<string, string>();

  getItem(key: string): string | null {
    return this.kept.get(key) ?? null;
  }

  removeItem(key: string): void {
    this.kept.delete(key);
  }

  setItem(key: string, value: string): void {
    this.kept.set(key, value);
  }
}

Deno.test("the link is still there after its fragment has left the address bar", () => {
  const storage = new FakeStorage();
  const first = takeLink({ ...PAGE, hash: HASH }, storage);
  assert.equal(first.kind, "link");
  assert.deepEqual(takeLink({ ...PAGE, hash: "" }, storage), first);
});

Deno.test("a kept link is not used for another session", () => {
  const storage = new FakeStorage();
  takeLink({ ...PAGE, hash: HASH }, storage);
  const other = { ...PAGE, pathname: `/s/${"B".repeat(21)}A`, hash: "" };
  assert.equal(takeLink(other, storage).kind, "bad");
});

Deno.test("a new link in the address goes before the kept one", () => {
  const storage = new FakeStorage();
  takeLink({ ...PAGE, hash: HASH }, storage);
  const found = takeLink(
    { ...PAGE, hash: HASH.replace("AA", "BB").slice(0, 44) + ".a.b.c" },
    storage,
  );
  assert.equal(found.kind === "link" && found.link.token, "a.b.c");
});

Deno.test("a link that is cut is told so without repeating it, and is not kept", () => {
  const storage = new FakeStorage();
  const found = takeLink({ ...PAGE, hash: HASH.slice(0, 30) }, storage);
  assert.ok(found.kind === "bad" && !found.why.includes("AAAA"));
  assert.equal(storage.kept.size, 0);
});

Deno.test("a browser that keeps nothing opens links all the same", () => {
  assert.equal(takeLink({ ...PAGE, hash: HASH }, undefined).kind, "link");
});

Deno.test("a token says whether it lets in one participant only", () => {
  const link = (claims: string): boolean => {
    const found = takeLink(
      { ...PAGE, hash: `#${"A".repeat(43)}.e30.${toBase64Url(utf8(claims))}.AA` },
      undefined,
    );
    return found.kind === "link" && isSingleUse(found.link);
  };
  assert.equal(link('{"once":true}'), true);
  assert.equal(link('{"once" : 0}'), false);
  assert.equal(link("odd"), false);
});

Deno.test("a link that was forgotten is not there after a reload", () => {
  const storage = new FakeStorage();
  takeLink({ ...PAGE, hash: HASH }, storage);
  forgetLink(storage);
  assert.equal(takeLink({ ...PAGE, hash: "" }, storage).kind, "bad");
});
