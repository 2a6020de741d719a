import assert from "node:assert/strict";
import { join } from "node:path";
import { checkSocketDir, makeSocketDir, sessionOf, socketDir, socketPath } from "./ctl_paths.ts";
import { SESSION } from "./testing/ctl_target.ts";

const uid = Deno.uid();
const NOBODY = 65_534;

class Folder implements Disposable {
  readonly path: string = Deno.makeTempDirSync({ prefix: "collab-ctl-" });

  at(...parts: string[]): string {
    return join(this.path, ...parts);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

Deno.test("sockets are in the user's own runtime folder, else in one in /tmp with the user's number", () => {
  using folder = new Folder();
  const place = (XDG_RUNTIME_DIR?: string): string => socketDir({ env: { XDG_RUNTIME_DIR }, uid });
  assert.equal(place(folder.path), folder.at("collab"));
  const fallback = `/tmp/collab-${uid}`;
  assert.equal(place(), fallback);
  assert.equal(place(""), fallback);
  assert.equal(place("relative/path"), fallback);
  assert.equal(place(folder.at("not-there")), fallback);
  Deno.chmodSync(folder.path, 0o770);
  assert.equal(place(folder.path), fallback, "others can put things into it");
});

Deno.test("a runtime folder of somebody else is left alone, as after su", () => {
  using folder = new Folder();
  assert.equal(
    socketDir({ env: { XDG_RUNTIME_DIR: folder.path }, uid: NOBODY }),
    `/tmp/collab-${NOBODY}`,
  );
});

Deno.test("a path that is too long for a socket is not used", () => {
  using folder = new Folder();
  for (const length of [10, 60, 61, 62, 63, 64, 65, 100]) {
    const dir = join(folder.path, "x".repeat(length));
    Deno.mkdirSync(dir);
    const path = socketPath(socketDir({ env: { XDG_RUNTIME_DIR: dir }, uid }), SESSION);
    assert.ok(path.length <= 103, `${path.length}`);
    assert.equal(path.startsWith(dir), join(dir, "collab", `${SESSION}.sock`).length <= 103);
  }
});

Deno.test("the folder is made for its owner alone, and taken as it is the next time", () => {
  using folder = new Folder();
  const dir = folder.at("collab");
  assert.equal(checkSocketDir(dir, { uid }), false);
  makeSocketDir(dir, { env: {}, uid });
  assert.equal(Deno.statSync(dir).mode! & 0o777, 0o700);
  makeSocketDir(dir, { env: {}, uid });
  assert.equal(checkSocketDir(dir, { uid }), true);
});

Deno.test("a folder that others can enter, of somebody else, or that is none is refused", () => {
  using folder = new Folder();
  const refused = (dir: string, why: RegExp, owner = uid): void => {
    const error = { code: "ctl-unavailable", message: why };
    assert.throws(() => makeSocketDir(dir, { env: {}, uid: owner }), error);
    assert.throws(() => checkSocketDir(dir, { uid: owner }), error);
  };
  for (const mode of [0o710, 0o701, 0o740, 0o777]) {
    const dir = folder.at(mode.toString(8));
    Deno.mkdirSync(dir);
    Deno.chmodSync(dir, mode);
    refused(dir, new RegExp(`its mode is 0${mode.toString(8)} and must be 0700`));
  }
  Deno.mkdirSync(folder.at("good"), { mode: 0o700 });
  refused(folder.at("good"), /belongs to somebody else/, NOBODY);
  Deno.symlinkSync(folder.at("good"), folder.at("link"));
  refused(folder.at("link"), /not a directory/);
  Deno.writeTextFileSync(folder.at("file"), "");
  refused(folder.at("file"), /not a directory/);
});

Deno.test("what cannot be made is one short reason", () => {
  using folder = new Folder();
  const dir = folder.at("missing", "collab");
  assert.throws(() => makeSocketDir(dir, { env: {}, uid }), {
    code: "ctl-unavailable",
    message: `Cannot use "${dir}" for control sockets: No such file or directory`,
  });
});

Deno.test("a socket's name is its session's, and nothing else is a socket", () => {
  assert.equal(sessionOf(`${SESSION}.sock`), SESSION);
  for (
    const name of [SESSION, `${SESSION}.new`, ".sock", "a.sock", `${SESSION}x.sock`, "../.sock"]
  ) {
    assert.equal(sessionOf(name), undefined, name);
  }
});
