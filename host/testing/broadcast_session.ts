/**
 * A session whose viewers are fakes, for tests.
 *
 * @module
 */
import { passThroughRedactor } from "../../redact/redactor.ts";
import { Broadcast } from "../broadcast.ts";
import { Session, type SessionStatus } from "../session.ts";
import { FakeClock } from "./clock.ts";
import { FakePeer, FakeStream } from "./peer.ts";
import { FakePty } from "./pty.ts";

/** A session of a fake program of 80 by 24, that viewers watch. */
export class BroadcastSession implements AsyncDisposable {
  readonly pty = new FakePty();
  readonly clock = new FakeClock();
  readonly stream = new FakeStream();
  readonly session: Session;
  readonly broadcast: Broadcast;
  readonly status: Promise<SessionStatus>;
  /** How many participants there are. */
  present = 0;
  readonly #peers: FakePeer[] = [];

  constructor(options: { readonly everyLine?: boolean } = {}) {
    this.session = new Session({
      pty: this.pty,
      cols: 80,
      rows: 24,
      redactor: passThroughRedactor(),
      clock: this.clock,
      ...options,
      onSinkError: (_, error) => {
        throw error;
      },
    });
    this.broadcast = new Broadcast({
      stream: this.stream,
      clock: this.clock,
      roster: () => ({ kind: "roster", count: this.present }),
      control: () => ({ kind: "state", mode: "presenter", turn: 0, requests: [] }),
    });
    this.session.add(this.broadcast);
    this.status = this.session.run();
  }

  /** A viewer comes. */
  join(options: ConstructorParameters<typeof FakePeer>[0] = {}): FakePeer {
    const peer = new FakePeer(options);
    this.#peers.push(peer);
    this.broadcast.join(peer);
    return peer;
  }

  /** The program prints something, long enough after what came before that it is shown at once. */
  async print(text: string): Promise<void> {
    this.clock.advance(100);
    await this.pty.print(text);
    await this.pass(0);
  }

  /** Lets time pass; what was told in one turn has left after it. */
  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.pty.end();
    await this.status;
    for (const peer of this.#peers) peer[Symbol.dispose]();
  }
}
