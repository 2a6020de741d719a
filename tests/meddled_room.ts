/**
 * A host whose viewers have somebody in between.
 *
 * @module
 */
import { connect, type Connection, type ConnectionEvent } from "../wire/connection.ts";
import { parseLink } from "../wire/link.ts";
import { type Host, startHost, TestDir } from "./harness.ts";
import { type Meddle, Meddler } from "./meddler.ts";

/** Prints what it is typed in capital letters, and nothing else. */
const SHOUTS = ["bash", "-c", 'stty -echo; echo ready; while read -r a; do echo "<${a^^}>"; done'];

/** A host at a terminal. */
export class Room implements AsyncDisposable {
  readonly host: Host;
  readonly link: string;
  readonly #dir: TestDir;

  private constructor(host: Host, link: string, dir: TestDir) {
    this.host = host;
    this.link = link;
    this.#dir = dir;
  }

  static async open(args: readonly string[] = []): Promise<Room> {
    const dir = new TestDir();
    const log = ["--log-json", "--log-file", dir.file("log")];
    const host = startHost({ rows: 25, command: SHOUTS, args: [...args, ...log] });
    return new Room(host, await host.link(), dir);
  }

  /** How many viewers were cut off for a reason, by the host's log: what passes on its screen may be too short to see. */
  async departures(why: string): Promise<number> {
    const log = await Deno.readTextFile(this.#dir.file("log")).catch(() => "");
    return log.split("\n").filter((line) => line.includes(`"why":"${why}"`)).length;
  }

  async type(line: string): Promise<void> {
    await this.host.type(`${line}\r`);
    await this.host.waitForText(`<${line.toUpperCase()}>`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The program's end is the session's, at once.
    await this.host.type("\x04");
    await this.host.exited;
    await this.host[Symbol.asyncDispose]();
    await this.#dir[Symbol.asyncDispose]();
  }
}

/** A viewer in this process, with somebody in between. */
export class Viewer implements AsyncDisposable {
  readonly meddler: Meddler;
  readonly connection: Connection;
  readonly events: ConnectionEvent[] = [];
  /** All that it was shown. */
  shown = "";
  #changed = Promise.withResolvers<void>();

  constructor(link: string, meddle?: Meddle) {
    this.meddler = new Meddler(new URL(link).host);
    if (meddle !== undefined) this.meddler.meddle = meddle;
    this.connection = connect(parseLink(this.meddler.link(link)), {
      name: "Ada Lovelace",
      onEvent: (event) => {
        this.events.push(event);
        if (event.kind === "state" || event.kind === "lines") {
          this.shown += event.lines;
          this.connection.painted(event.seq);
        }
        this.lookAgain();
      },
    });
  }

  /** Why its connections were lost. */
  get losses(): string[] {
    return this.events.flatMap((event) =>
      event.kind === "status" && event.status.kind === "waiting" ? [event.status.why] : []
    );
  }

  get end(): string | undefined {
    const { status } = this.connection;
    return status.kind === "ended" ? status.end.code : undefined;
  }

  /** Whether it has the screen, in this connection. */
  get isIn(): boolean {
    const last = this.events.findLast(({ kind }) => kind === "state" || kind === "welcome");
    return this.connection.status.kind === "live" && last?.kind === "state";
  }

  /** How often it was welcomed. */
  get welcomes(): number {
    return this.events.filter(({ kind }) => kind === "welcome").length;
  }

  /** Something changed that {@link Viewer.until} may wait for. */
  lookAgain(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  async until(look: () => boolean, what: string): Promise<void> {
    const deadline = setTimeout(() => this.#changed.reject(new Error(`No ${what}`)), 30_000);
    try {
      while (!look()) await this.#changed.promise;
    } finally {
      clearTimeout(deadline);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.connection.close();
    await this.meddler[Symbol.asyncDispose]();
  }
}
