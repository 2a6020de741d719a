import assert from "node:assert/strict";
import { PERSON_COLORS } from "../format/person_colors.ts";
import { CELL, COLOR_MASK, COLOR_RGB } from "../format/row.ts";
import { PRESENTER_ID } from "../format/session_data.ts";
import { MemorySocket, until } from "../wire/test_support.ts";
import { Desk, type DeskOptions } from "./testing/desk.ts";

const F12 = "\x1b[24~", MENU = "\x1c", ALT_Y = "\x1by", ALT_N = "\x1bn";
/** Longer than a question has to be shown before a key answers it. */
const SEEN_MS = 700;

/** A desk at which Bo has been given control for five minutes. */
async function withBoDriving(options: DeskOptions = {}): Promise<Desk> {
  const desk = await Desk.open(options);
  await desk.type("\x1b[?62c");
  await desk.guest("Bo");
  await desk.live.act(PRESENTER_ID, { kind: "grant", id: "Bo", forMs: 300_000 });
  return desk;
}

Deno.test("a request rings once, is asked in the status line, and covers nothing of the program", async () => {
  await using desk = await Desk.open();
  await desk.type("x");
  await desk.print("\x1b[2J\x1b[23;1Hthe last row of the program");
  const bo = await desk.guest("Bo");
  bo.send({ kind: "request", forMs: 300_000, note: "fix the pod" });
  await desk.tells(/^ ● LIVE {2}Bo asks for control, 5 min · "fix the pod" +Alt-Y yes · Alt-N no$/);
  assert.match(desk.text, /^the last row of the program$/m);
  assert.equal(desk.frame.bells, 1);
  bo.send({ kind: "withdraw" });
  await desk.tells(/Bo no longer asks/);
  bo.send({ kind: "request" });
  await desk.tells(/Bo asks for control .*Alt-Y/);
  assert.equal(desk.frame.bells, 1);
});

Deno.test("Alt-Y grants what was asked, and the time left is counted down", async () => {
  await using desk = await Desk.open();
  const bo = await desk.guest("Bo");
  bo.send({ kind: "request", forMs: 60_000 });
  await desk.tells(/Bo asks/);
  await desk.advance(SEEN_MS);
  await desk.type(ALT_Y);
  assert.deepEqual(desk.live.control.turn.holder, bo.id);
  assert.match(desk.lastRow, /Bo drives for 1 min/);
  await desk.advance(6_000);
  assert.match(desk.lastRow, /LIVE {2}Bo drives 0:5\d +1 watching/);
  assert.equal(desk.typed, "");
  await desk.advance(25_000);
  assert.match(desk.lastRow, /Bo has 30 s left/);
  await desk.advance(30_000);
  assert.match(desk.lastRow, /The time of Bo is over: you drive/);
});

Deno.test("Alt-N denies, and is the program's again once nothing is asked", async () => {
  await using desk = await Desk.open();
  await desk.type("\x1b[?62c");
  const bo = await desk.guest("Bo");
  bo.send({ kind: "request" });
  await desk.tells(/Bo asks/);
  await desk.advance(SEEN_MS);
  // Over a slow line the two bytes of the key come one by one.
  await desk.type("\x1b");
  await desk.type("n");
  assert.match(desk.lastRow, /Bo was told no/);
  await desk.type(ALT_N);
  assert.equal(desk.typed, ALT_N);
});

Deno.test("a key that was meant for the program just when somebody asks answers nothing", async () => {
  await using desk = await Desk.open();
  await desk.type("\x1b[?62c");
  const bo = await desk.guest("Bo");
  bo.send({ kind: "request" });
  await desk.tells(/Bo asks/);
  await desk.type(ALT_Y);
  assert.equal(desk.typed, ALT_Y);
  assert.equal(desk.live.control.turn.mode, "presenter");
});

Deno.test("one key takes control back, and what is typed after it is typed", async () => {
  await using desk = await withBoDriving();
  await desk.type("a");
  assert.match(desk.lastRow, /Bo drives: F12 takes control back/);
  assert.equal(desk.typed, "");
  await desk.type(`${F12}ls`);
  assert.equal(desk.live.control.turn.mode, "presenter");
  assert.equal(desk.typed, "ls");
  assert.match(desk.lastRow, /You drive/);
  await desk.type(F12);
  assert.equal(desk.typed, "ls");
  await desk.live.act(PRESENTER_ID, { kind: "mode", mode: "presenter" });
  await desk.advance(1_500);
  await desk.type(F12);
  assert.equal(desk.typed, `ls${F12}`);
});

Deno.test("what is typed before something is done is typed before it", async () => {
  await using desk = await Desk.open();
  await desk.type(`a${MENU}onb`);
  assert.deepEqual([desk.typed, desk.live.control.turn.mode], ["a", "paused"]);
});

Deno.test("a terminal that shows no question takes no key for it", async () => {
  await using desk = await Desk.open({ size: "80x1" });
  const bo = await desk.guest("Bo");
  bo.send({ kind: "request" });
  await until(() => desk.live.control.requests.length > 0);
  await desk.advance(SEEN_MS);
  await desk.type(ALT_Y);
  assert.deepEqual([desk.typed, desk.live.control.turn.mode], [ALT_Y, "presenter"]);
});

Deno.test("by choice any key takes control back, and is typed", async () => {
  await using desk = await withBoDriving({ takeOnKey: true });
  await desk.type("a");
  assert.equal(desk.typed, "a");
  assert.equal(desk.live.control.turn.mode, "presenter");
});

Deno.test("names stand in their colours", async () => {
  await using desk = await withBoDriving();
  await desk.advance(5_000);
  const { lines } = desk.frame;
  const x = desk.lastRow.indexOf("Bo drives");
  const color = lines.at(-1)!.cells[x * CELL + 1]! & COLOR_MASK;
  const { color: index } = desk.live.participants.list[0]!;
  const [r, g, b] = PERSON_COLORS[index]!;
  assert.equal(color, COLOR_RGB | r << 16 | g << 8 | b);
});

Deno.test("where somebody points is seen, until it fades", async () => {
  await using desk = await Desk.open();
  await desk.type("x");
  await desk.print("\x1b[2J\x1b[5;10Hfailing pod");
  const bo = await desk.guest("Bo");
  bo.send({ kind: "point", at: { x: 17, y: 4 } });
  await desk.shows(/failing p Bo/);
  await desk.advance(6_000);
  assert.match(desk.text, /failing pod/);
});

Deno.test("an agent is shown as one", async () => {
  await using desk = await Desk.open();
  const claude = await desk.guest("Claude", { role: "agent", agent: true });
  await desk.tells(/agent Claude joined/);
  claude.send({ kind: "request", note: "run the tests" });
  await desk.tells(/agent Claude asks for control · "run the tests"/);
  await desk.advance(SEEN_MS);
  await desk.type(ALT_Y);
  await desk.advance(5_000);
  assert.match(desk.lastRow, /agent Claude drives 4:5\d/);
});

Deno.test("several who ask are told, and answered in their order", async () => {
  await using desk = await Desk.open({ size: "120x24" });
  const bo = await desk.guest("Bo"), al = await desk.guest("Al");
  bo.send({ kind: "request" });
  await desk.tells(/Bo asks/);
  al.send({ kind: "request" });
  await desk.tells(/Bo asks for control .*1 more asking/);
  await desk.advance(SEEN_MS);
  await desk.type(ALT_N);
  await desk.tells(/Al asks for control/);
  await desk.advance(SEEN_MS);
  await desk.type(ALT_Y);
  assert.equal(desk.live.control.turn.holder, al.id);
});

Deno.test("a held paste is asked about before requests, with a look at it", async () => {
  await using desk = await withBoDriving({ confirmPaste: true, size: "120x24" });
  const al = await desk.guest("Al");
  al.send({ kind: "request" });
  await desk.tells(/Al asks/);
  const [bo] = desk.guests;
  bo!.send({
    kind: "input",
    turn: desk.live.control.turn.turn,
    parts: [{ kind: "paste", text: "cd /srv\nrm -rf old\n" }],
  });
  await desk.tells(/Bo pastes \d lines · "cd \/srv".*Alt-Y types it · Alt-N drops it/);
  await desk.advance(SEEN_MS);
  await desk.type(ALT_Y);
  assert.match(desk.typed, /cd \/srv/);
  await desk.tells(/Al asks/);
});

Deno.test("the menu hands over, tells the mode, and takes back", async () => {
  await using desk = await Desk.open();
  const bo = await desk.guest("Bo");
  await desk.type(MENU);
  assert.match(desk.text, /h {2}Hand over control/);
  await desk.type("h");
  assert.match(desk.text, /Hand over to/);
  await desk.type("\r");
  assert.match(desk.text, /f {2}15 min/);
  await desk.type("u");
  assert.equal(desk.live.control.turn.holder, bo.id);
  await desk.advance(5_000);
  assert.match(desk.lastRow, /Bo drives +1 watching .* F12 takes back/);
  await desk.type(MENU);
  assert.match(desk.text, /t {2}Take control back +F12/);
  await desk.type("t");
  assert.equal(desk.live.control.turn.mode, "presenter");
  await desk.type(`${MENU}oe`);
  await desk.advance(5_000);
  assert.match(desk.lastRow, /everyone may type/);
  await desk.type(`${MENU}on`);
  await desk.advance(5_000);
  assert.match(desk.lastRow, /‖ INPUT PAUSED {2}nobody types/);
});

Deno.test("who is here is listed with what they do, and removed after a question", async () => {
  await using desk = await withBoDriving();
  const zoe = await desk.guest("Zoë", { role: "view" });
  const al = await desk.guest("Al 日本", { agent: true });
  al.send({ kind: "request" });
  await desk.tells(/Al 日本 asks/);
  await desk.advance(65_000);
  await desk.type(`${MENU}w`);
  assert.match(desk.text, /│ Bo {7}drives {2}control +1 min/);
  assert.match(desk.text, /│ Zoë +view +1 min/);
  assert.match(desk.text, /│ Al 日本 +(asks +)?agent, control/);
  await desk.type("\x1b[B");
  await desk.type("k");
  assert.match(desk.text, /Remove Zoë/);
  await desk.type("y");
  assert.equal(desk.live.participants.get(zoe.id), undefined);
  await desk.shows(/Who is here/);
  assert.doesNotMatch(desk.text, /│ Zoë/);
});

Deno.test("a new link is made, shown and copied; the first one stays", async () => {
  await using desk = await Desk.open();
  await desk.type(`${MENU}l`);
  assert.match(desk.text, /role control, lets in people for 59 min|1 h/);
  await desk.type("iv2o");
  await desk.tells(/The new link is on the clipboard/);
  const invite = desk.links.list.at(-1)!;
  assert.deepEqual([invite.role, invite.once], ["view", true]);
  assert.ok(desk.device.output.includes(`\x1b]52;c;${btoa(invite.url)}\x07`));
  assert.match(
    desk.text,
    /Link 2 of 2 \(up, down\): role view, lets in one person for (2 h|1 h 59 min)/,
  );
  assert.ok(desk.text.replaceAll("\n", "").includes(invite.url));
});

Deno.test("the selected link is withdrawn after a question, and who came in with it is gone", async () => {
  await using desk = await Desk.open();
  const bo = await desk.guest("Bo"), al = await desk.guest("Al", { role: "view" });
  await desk.type(`${MENU}l\x1b[Bw`);
  assert.match(desk.text, /Withdraw the link: role control/);
  assert.match(desk.text, /1 who came in with it has to leave then/);
  await desk.type("\r");
  await desk.shows(/Link 2 of 2 \(up, down\): role view/);
  assert.match(desk.lastRow, /The link of Bo was withdrawn \(1 watching\)/);
  assert.equal(desk.live.participants.get(bo.id), undefined);
  assert.ok(desk.live.participants.get(al.id) !== undefined);
});

Deno.test("all links are withdrawn, and the new one is shown and copied", async () => {
  await using desk = await Desk.open();
  await desk.guest("Bo");
  const before = desk.links.primary!.url;
  await desk.type(`${MENU}lwa`);
  await desk.tells(/The new link is on the clipboard/);
  const { url } = desk.links.primary!;
  assert.notEqual(url, before);
  assert.deepEqual(desk.links.list.map((link) => link.url), [url]);
  assert.ok(desk.text.replaceAll("\n", "").includes(url));
  assert.ok(desk.device.output.includes(`\x1b]52;c;${btoa(url)}\x07`));
  assert.equal(desk.live.participants.list.length, 0);
});

Deno.test("the link that is shown at first is the new one, once that was withdrawn from elsewhere", async () => {
  await using desk = await Desk.open();
  await desk.live.act("host", { kind: "revoke-all" });
  await desk.shows(/Others can watch with this link/);
  assert.ok(desk.text.replaceAll("\n", "").includes(desk.links.primary!.url));
});

Deno.test("removing somebody says that their link lets them come back, and withdraws it if wanted", async () => {
  await using desk = await Desk.open();
  const bo = await desk.guest("Bo");
  await desk.type(`${MENU}wk`);
  assert.match(desk.text, /Their link lets them come back, unless you withdraw it/);
  await desk.type("w");
  assert.equal(desk.live.participants.get(bo.id), undefined);
  assert.equal(desk.links.list.length, 1);
  await desk.guest("Al");
});

Deno.test("those who are not let in are told as one with a count, not one by one", async () => {
  await using desk = await Desk.open();
  const refuse = (): void => {
    const [theirs, ours] = MemorySocket.pair();
    desk.live.accept(ours, { address: "192.0.2.7" });
    theirs.send(new Uint8Array(100));
  };
  for (let i = 0; i < 8; i++) refuse();
  await desk.tells(/Somebody at 192\.0\.2\.7 was not let in: it was no viewer that called *$/);
  await desk.advance(10_000);
  await desk.tells(/7 tries from 192\.0\.2\.7 were not let in: it was no viewer/);
});

Deno.test("a link is a QR code where there is room, and said to need it where not", async () => {
  await using desk = await Desk.open();
  await desk.type(`${MENU}lq`);
  assert.match(desk.text, /too small for it/);
  await desk.resize(100, 60);
  assert.doesNotMatch(desk.text, /too small/);
  assert.match(desk.text, /█▀▀▀▀▀█/);
});

Deno.test("nothing of a small terminal is covered by more than it has", async () => {
  await using desk = await withBoDriving({ size: "40x10" });
  const al = await desk.guest("日本語の名前 is long enough", { agent: true });
  al.send({ kind: "request", forMs: 60_000, note: "please let me" });
  await desk.tells(/agent 日.*Alt-Y yes/);
  assert.match(desk.lastRow, /Alt-Y yes/);
  for (const keys of [MENU, "\x1b", `${MENU}w`, "\x1b", `${MENU}h`, "\r", "\x1b", `${MENU}l`]) {
    await desk.type(keys);
    await desk.advance(100);
    assert.ok(desk.text.split("\n").length <= 10);
    assert.match(desk.lastRow, /Alt-Y yes/);
  }
  assert.match(desk.text, /too long for this terminal/);
  await desk.type(`\x1b`);
  await desk.advance(100);
  await desk.type(`${MENU}w`);
  assert.match(desk.text, /│ Bo +drives {2}control {8}│/);
  assert.match(desk.text, /│ 日本語.*… +asks {4}agent, control │/);
});
