/**
 * Asks a running host something through its control socket.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";
import { type Clock, systemClock } from "./clock.ts";
import { readLines, TOO_LONG, writeAll } from "./ctl_lines.ts";
import { checkSocketDir, type CtlPlace, reason, socketDir, socketPath } from "./ctl_paths.ts";
import {
  ANSWER_MAX_BYTES,
  type AnswerOf,
  type CtlAnswer,
  type CtlRequest,
  encodeLine,
  readAnswer,
} from "./ctl_protocol.ts";
import { chooseSession, runningSessions, type Wanted } from "./ctl_sessions.ts";

/** How long a host may take to answer. */
const ANSWER_MS = 10_000;

/** An answer that is no error. */
export type CtlSuccess = Exclude<CtlAnswer, AnswerOf<"error">>;

/**
 * The path of the control socket of the session that is meant.
 *
 * @throws {CollabError} `no-session`, `ctl-unavailable`; {UsageError} `which-session`
 */
export async function findSocket(place: CtlPlace, wanted: Wanted): Promise<string> {
  const dir = socketDir(place);
  const running = checkSocketDir(dir, place) ? await runningSessions(dir) : [];
  return socketPath(dir, chooseSession(running, wanted, dir));
}

/**
 * Asks a host one thing.
 *
 * @throws {CollabError} with the host's own code when it refuses; `ctl-lost`, `ctl-silent`, `ctl-answer-invalid`
 */
export async function ask(
  path: string,
  request: CtlRequest,
  clock: Clock = systemClock,
): Promise<CtlSuccess> {
  const connection = await open(path);
  let silent = false;
  const cancel = clock.after(ANSWER_MS, () => {
    silent = true;
    connection.close();
  });
  try {
    const line = await writeAll(connection, encodeLine(request))
      ? (await readLines(connection, ANSWER_MAX_BYTES).next()).value
      : undefined;
    if (silent) throw new CollabError("ctl-silent", "Cannot reach the host: it does not answer");
    return successOf(line ?? undefined);
  } finally {
    cancel();
    if (!silent) connection.close();
  }
}

async function open(path: string): Promise<Deno.UnixConn> {
  try {
    return await Deno.connect({ transport: "unix", path });
  } catch (error) {
    throw new CollabError("ctl-lost", `Cannot reach the host at "${path}": ${reason(error)}`);
  }
}

function successOf(line: string | typeof TOO_LONG | undefined): CtlSuccess {
  if (line === undefined) {
    throw new CollabError(
      "ctl-lost",
      "Cannot read the host's answer: it hung up, its session may have ended",
    );
  }
  const answer = line === TOO_LONG ? undefined : readAnswer(line);
  if (answer === undefined) {
    throw new CollabError(
      "ctl-answer-invalid",
      "Cannot read the host's answer: it may be of another version of collab",
    );
  }
  if (answer.kind === "error") throw new CollabError(answer.code, answer.message);
  return answer;
}
