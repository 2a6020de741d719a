/**
 * Runs many sessions in a process of its own and prints what they cost as JSON. The tests start it, as
 * descriptors and processor time are counted for a whole process.
 *
 * `deno run --allow-all host/pty/soak.ts sessions|together|idle COUNT`
 *
 * @module
 */
import process from "node:process";
import type { Pty } from "./mod.ts";
import { readAll, readUntil, start, type } from "./testing.ts";

/** Open descriptors, without sockets: Deno opens some for itself, and a PTY has none. */
function descriptors(): number {
  return [...Deno.readDirSync("/proc/self/fd")].filter(({ name }) => {
    try {
      return !Deno.readLinkSync(`/proc/self/fd/${name}`).startsWith("socket:");
    } catch {
      return false; // the one the directory itself was read through
    }
  }).length;
}

/** Sessions one after the other, half of them ended by hanging up. */
async function sessions(count: number): Promise<object> {
  await readAll(start("true"));
  const before = descriptors();
  for (let i = 0; i < count; i++) {
    await using pty = start("sh", "-c", i % 2 === 0 ? "echo $$" : "echo $$; exec cat");
    if (i % 2 === 0) await readAll(pty);
    else await readUntil(pty, "\n");
  }
  return { before, after: descriptors(), children: children() };
}

/** All at once: each echoes what it is told. */
async function together(count: number): Promise<object> {
  await readAll(start("true"));
  const before = descriptors();
  const ptys = Array.from({ length: count }, () => start("cat"));
  const answers = await Promise.all(ptys.map(async (pty, i) => {
    await type(pty, `number ${i}\n`);
    return (await readUntil(pty, `number ${i}\r\nnumber ${i}\r\n`)).length;
  }));
  await Promise.all(ptys.map((pty) => pty[Symbol.asyncDispose]()));
  return { before, after: descriptors(), answers: answers.length, children: children() };
}

/** All at once and silent, plus one that writes and is not read. Processor time for a second. */
async function idle(count: number): Promise<object> {
  const ptys: Pty[] = Array.from({ length: count }, () => start("cat"));
  const reads = ptys.map((pty) => pty.read());
  ptys.push(start("yes"));
  await new Promise((resolve) => setTimeout(resolve, 200));
  const before = process.cpuUsage();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const used = process.cpuUsage(before);
  for (const pty of ptys) pty[Symbol.dispose]();
  await Promise.all([...reads, ...ptys.map((pty) => pty.exited)]);
  return { cpuMs: (used.user + used.system) / 1000 };
}

/** Children of this process, dead ones that nobody took included. */
function children(): number {
  const own = `${Deno.pid}`;
  return [...Deno.readDirSync("/proc")].filter(({ name }) => {
    try {
      return /^\d+$/.test(name) &&
        / \S (\d+)/.exec(Deno.readTextFileSync(`/proc/${name}/stat`).replace(/\(.*\)/s, ""))
            ?.[1] === own;
    } catch {
      return false;
    }
  }).length;
}

if (import.meta.main) {
  const [mode, count] = [Deno.args[0], Number(Deno.args[1])];
  const run = { sessions, together, idle }[mode ?? ""];
  if (run === undefined) {
    throw new TypeError(`Cannot run "${mode}": expected sessions, together or idle`);
  }
  await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(await run(count)) + "\n"));
  // It ends by itself from here: nothing may keep the process alive.
}
