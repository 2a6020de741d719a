/**
 * A line of an audit log does not follow from the one before it: what has been done to the log?
 *
 * @module
 */
import { encodeLine, hashOf } from "./line.ts";
import type { CheckedLog, GoodLine, ReadLine } from "./verify.ts";
import type { Broken } from "./verdict.ts";

/** The line that does not fit, the one after it, and all others. */
export interface Misfit {
  readonly line: Exclude<ReadLine, { kind: "cut-off" }>;
  readonly following: ReadLine | undefined;
  readonly rest: AsyncIterable<ReadLine>;
}

/** Says which line is the first that is not as it was written. */
export async function explain(log: CheckedLog, misfit: Misfit): Promise<Broken> {
  const { line, following } = misfit;
  const number = log.length + 1;
  if (log.follows(following)) return await stray(log, misfit);
  if (line.kind === "bad") {
    // Nothing of a log was found yet: it may be anything.
    return number === 1 && following?.kind !== "good"
      ? log.broken("not-a-log", 1, "is not the start of an audit log")
      : log.broken(line.fault, number, line.what);
  }
  if (line.prev === (log.last?.hash ?? startHash(line))) {
    return log.broken("changed", number, "was changed: its number");
  }
  if (line.seq > number) return await gap(log, line, misfit);
  if (line.seq < number) return await surplus(log, line, misfit);
  if (number === 1) {
    return line.event === "start"
      ? log.broken("changed", 1, "was changed: its hash is not the session's")
      : log.broken("not-a-log", 1, "is not the start of an audit log");
  }
  return await misfits(log, line, following);
}

/** The line after it fits: this one does not belong there. */
async function stray(log: CheckedLog, { line, rest }: Misfit): Promise<Broken> {
  const number = log.length + 1;
  if (line.kind === "good" && line.seq > number) {
    const again = await isAmong(rest, ({ hash }) => hash === line.hash);
    if (!again) return log.broken("reordered", number, `was moved: it was line ${line.seq}`);
  }
  const what = isStart(log, line) ? "begins the log of another session" : "was inserted";
  return log.broken(isStart(log, line) ? "foreign-session" : "inserted", number, what);
}

/** The line has a higher number than it should have. */
async function gap(log: CheckedLog, line: GoodLine, misfit: Misfit): Promise<Broken> {
  const number = log.length + 1;
  const missing = await isAmong(misfit.rest, (other) => log.follows(other));
  if (missing) return log.broken("reordered", number, `was moved: it was line ${line.seq}`);
  const last = line.seq - 1;
  const what = last === number ? "was removed" : `and all others up to ${last} were removed`;
  return log.broken("removed", number, what);
}

/** The line has a number that another line had before it. */
async function surplus(
  log: CheckedLog,
  line: GoodLine,
  { following }: Misfit,
): Promise<Broken> {
  const number = log.length + 1;
  const { last, before } = log;
  if (isStart(log, line)) {
    return log.broken("foreign-session", number, "begins the log of another session");
  }
  const rivals = line.seq === last?.seq && line.hash !== last.hash && line.prev === before?.hash;
  if (rivals && await isVouchedFor(log, line, following)) {
    return log.broken("inserted", number - 1, "was inserted");
  }
  return log.broken("inserted", number, "was inserted");
}

/** The line has the right number, and another hash than the line before it has now. */
async function misfits(
  log: CheckedLog,
  line: GoodLine,
  following: ReadLine | undefined,
): Promise<Broken> {
  const number = log.length + 1;
  const prev = log.last!.hash;
  if (log.signed === number - 1) {
    return log.broken(
      "changed",
      number,
      `does not follow from line ${number - 1}, which is signed`,
    );
  }
  if (await isVouchedFor(log, line, following)) {
    return log.broken("changed", number - 1, "was changed");
  }
  const repaired = encodeLine({ ...line, prev }, line.members, line.sig);
  const fits = following?.kind === "good" && following.prev === hashOf(repaired);
  if (fits || await log.isSigned(line, prev) === true) {
    return log.broken("changed", number, "was changed: its hash of the line before it");
  }
  return following?.kind === "good"
    ? log.broken("changed", number, `was changed, and maybe line ${number - 1} as well`)
    : log.broken("changed", number - 1, `or line ${number} was changed`);
}

/** Whether the line after it, or its own signature, says that a line is as it was written. */
async function isVouchedFor(
  log: CheckedLog,
  line: GoodLine,
  following: ReadLine | undefined,
): Promise<boolean> {
  if (following?.kind === "good" && following.prev === line.hash) return true;
  return await log.isSigned(line) === true;
}

/** What the hash before a first line has to be. */
function startHash({ event, members: { session } }: GoodLine): string | undefined {
  return event === "start" && typeof session === "string" ? hashOf(session) : undefined;
}

function isStart(log: CheckedLog, line: ReadLine): boolean {
  return line.kind === "good" && line.event === "start" && log.last !== undefined &&
    line.members.session !== log.session;
}

async function isAmong(
  rest: AsyncIterable<ReadLine>,
  matches: (line: GoodLine) => boolean,
): Promise<boolean> {
  for await (const line of rest) if (line.kind === "good" && matches(line)) return true;
  return false;
}
