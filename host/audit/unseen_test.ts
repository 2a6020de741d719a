import assert from "node:assert/strict";
import { isHidden, SILENT_MS, type TypedInto, unansweredNow, wasUnseen } from "./unseen.ts";

const EDITOR: TypedInto = { echo: "editor", printed: 10, beforeCursor: "$ " };

/** Whether what is typed at the end of a line is hidden. */
function hides(beforeCursor: string, typed = ""): boolean {
  return isHidden({ ...EDITOR, beforeCursor }, typed);
}

Deno.test("what is typed where a program asks for something secret is hidden", () => {
  const questions = [
    "Password: ",
    "Password:",
    "[sudo] password for ada: ",
    "[sudo] password for ada: ****",
    "ada@db1's password: ",
    "Password for 'https://ada@git.example.org': ",
    "Enter passphrase for key '/home/ada/.ssh/id_ed25519': ",
    "? Enter password: [hidden] ",
    "Password: (press TAB for no echo) ••••",
    "Enter PIN: ",
    "Verification code: ",
    "Kennwort: ",
    "Mot de passe : ",
    "Hasło: ",
    "Lösenord: ",
    "密码：",
  ];
  for (const question of questions) assert.ok(hides(question), question);
});

Deno.test("what is typed elsewhere is not hidden, also in a line that speaks of passwords", () => {
  const lines = ["$ ", "", "$ cat password.txt ", "Password: x", "ada: ", "$ spin: ", "$ echo ***"];
  for (const line of lines) assert.ok(!hides(line), line);
});

Deno.test("a question that was typed by the one who goes on is none", () => {
  assert.ok(!hides('$ curl -H "token: ', 'curl -H "token: '));
  assert.ok(hides("Password: ", "ls"));
});

Deno.test("what the line discipline shows is shown, and what it hides is hidden, whatever is asked", () => {
  assert.ok(!isHidden({ echo: "echo", beforeCursor: "Password: " }, ""));
  assert.ok(isHidden({ echo: "password", beforeCursor: "$ " }, ""));
  assert.ok(!isHidden({ echo: "editor" }, ""), "of a pane nothing is known");
});

Deno.test("what nothing has come of for a while was not shown", () => {
  const unanswered = unansweredNow(undefined, EDITOR, 1_000);
  const unseen = (into: TypedInto, nowMs: number): boolean =>
    wasUnseen(into, { typed: "abc", unanswered, nowMs });
  assert.ok(!unseen(EDITOR, 1_000 + SILENT_MS - 1));
  assert.ok(unseen(EDITOR, 1_000 + SILENT_MS));
  assert.ok(!unseen({ ...EDITOR, printed: 11 }, 5_000));
  assert.ok(!unseen({ echo: "echo", printed: 10 }, 5_000));
});

Deno.test("what is typed on is as old as the first of it that nothing has come of", () => {
  const first = unansweredNow(undefined, EDITOR, 1_000);
  assert.equal(unansweredNow(first, EDITOR, 2_000), first);
  assert.deepEqual(unansweredNow(first, { ...EDITOR, printed: 11 }, 2_000), {
    printed: 11,
    sinceMs: 2_000,
  });
  assert.equal(unansweredNow(first, { echo: "editor" }, 2_000), undefined);
});

Deno.test("what only masks were drawn for was not shown", () => {
  const unseen = (typed: string, beforeCursor: string): boolean =>
    wasUnseen({ ...EDITOR, beforeCursor }, { typed, unanswered: undefined, nowMs: 0 });
  assert.ok(unseen("abc", "Key> ***"));
  assert.ok(unseen("abc", "Key> ••• "));
  assert.ok(!unseen("abc", "Key> **"));
  assert.ok(!unseen("rm **", "$ rm **"));
  assert.ok(!unseen("**", "$ **"));
  assert.ok(!unseen("a", "$ ls *"), "one may be anything");
});

Deno.test("a line that was drawn to take long takes no time", () => {
  const many = (text: string): string => text.repeat(20_000);
  const beganMs = performance.now();
  for (const line of [`pin${many(":")}${many(" ")}x`, `${many("*")}x`, `${many("pin: (")}x`]) {
    assert.ok(!hides(line));
  }
  assert.ok(performance.now() - beganMs < 1_000);
});
