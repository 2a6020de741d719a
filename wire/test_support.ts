/**
 * What the tests of `wire/` share: time that stands still, transports in memory, a host.
 *
 * @module
 */
import { Admission } from "./admission.ts";
import { type Clock, MAX_DELAY_MS } from "./clock.ts";
import {
  connect,
  type Connection,
  type ConnectionEvent,
  type ConnectOptions,
} from "./connection.ts";
import { acceptViewer, type HostDeps } from "./host_side.ts";
import { createSecret, type Link } from "./link.ts";
import type { WireSocket } from "./socket.ts";
import { StreamSealer } from "./stream.ts";
import { createSessionKeys, mintToken, type TokenOptions } from "./token.ts";
import type { ViewerPeer } from "./viewer_peer.ts";

/** Time that passes only when told to. */
export class FakeClock implements Clock {
  #nowMs = 1_700_000_000_000;
  readonly #timers = new Set<{ atMs: number; callback: () => void }>();

  now(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    if (!(delayMs <= MAX_DELAY_MS)) {
      throw new RangeError(`A real timer would not wait ${delayMs} ms`);
    }
    const timer = { atMs: this.#nowMs + delayMs, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Timers that were neither called nor cancelled. */
  get pending(): number {
    return this.#timers.size;
  }

  /** How many timers are due at a time. */
  dueAt(ms: number): number {
    return [...this.#timers].filter(({ atMs }) => atMs === ms).length;
  }

  /** Lets time pass, timer by timer. */
  advance(ms: number): void {
    const end = this.#nowMs + ms;
    for (;;) {
      const [next] = [...this.#timers].sort((a, b) => a.atMs - b.atMs);
      if (next === undefined || next.atMs > end) break;
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.callback();
    }
    this.#nowMs = end;
  }
}

/** One end of a transport in memory. What it sends arrives a microtask later, in order. */
export class MemorySocket implements WireSocket {
  onmessage: ((message: Uint8Array | string) => void) | null = null;
  onclose: ((code: number, reason: string) => void) | null = null;
  /** How this end was closed, by either side. */
  closed: { code: number; reason: string } | undefined;
  /** What this end sent. */
  readonly sent: Uint8Array[] = [];
  /** Changes what this end sends; the messages returned arrive instead. */
  tamper: (message: Uint8Array) => Uint8Array[] = (message) => [message];
  #other!: MemorySocket;

  static pair(): [MemorySocket, MemorySocket] {
    const a = new MemorySocket(), b = new MemorySocket();
    a.#other = b;
    b.#other = a;
    return [a, b];
  }

  send(message: Uint8Array): void {
    if (this.closed !== undefined) return;
    const copy = message.slice();
    this.sent.push(copy);
    for (const changed of this.tamper(copy)) this.deliver(changed);
  }

  /** Lets something arrive at the other end, whatever this end does. */
  deliver(message: Uint8Array | string): void {
    const other = this.#other;
    queueMicrotask(() => other.closed ?? other.onmessage?.(message));
  }

  close(code = 1000, reason = ""): void {
    if (this.closed !== undefined) return;
    this.closed = { code, reason };
    const other = this.#other;
    queueMicrotask(() => {
      other.closed ??= { code, reason };
      other.onclose?.(code, reason);
      // A real one may say it twice.
      other.onclose?.(code, reason);
    });
  }

  /** Cuts the transport: both ends see it go. */
  cut(): void {
    for (const end of [this, this.#other]) {
      end.closed ??= { code: 1006, reason: "" };
      queueMicrotask(() => end.onclose?.(1006, ""));
    }
  }
}

/** Waits for something, for at most five seconds. */
export async function until(condition: () => boolean, what = "it"): Promise<void> {
  const end = performance.now() + 5_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`Waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Waits until a transport is closed, and returns the reason. */
export async function closedFor(socket: MemorySocket): Promise<string> {
  await until(() => socket.closed !== undefined, "the transport to close");
  return socket.closed!.reason;
}

/** A host in memory, with what happened to it. */
export class TestHost {
  readonly peers: ViewerPeer[] = [];
  readonly refused: string[] = [];
  readonly bugs: unknown[] = [];
  /** The host's ends of all transports so far. */
  readonly sockets: MemorySocket[] = [];
  readonly deps: HostDeps;
  readonly clock: Clock;

  private constructor(deps: Omit<HostDeps, "describe" | "onJoin">, clock: Clock) {
    this.clock = clock;
    this.deps = {
      ...deps,
      clock,
      describe: () => ({ header: '{"version":3,"term":{"cols":80,"rows":24}}', atMs: 0 }),
      onJoin: (peer) => {
        this.peers.push(peer);
        peer.sendDirect('[0,"k","hello"]\n', this.deps.stream.seq, 0);
      },
      onRefused: (code) => this.refused.push(code),
      onBug: (error) => this.bugs.push(error),
    };
  }

  static async start(clock: Clock = new FakeClock()): Promise<TestHost> {
    return new TestHost({
      keys: await createSessionKeys(),
      secret: createSecret(),
      stream: new StreamSealer(),
      admission: new Admission(),
    }, clock);
  }

  /** A link to this host; good for an hour and for viewing, unless told otherwise. */
  async link(options: Partial<TokenOptions> = {}): Promise<Link> {
    const { keys, secret } = this.deps;
    const expiresAtMs = this.clock.now() + 3_600_000;
    const token = await mintToken(keys, { role: "view", expiresAtMs, ...options });
    return { origin: "http://127.0.0.1:1", session: keys.session, secret, token };
  }

  /** A transport to this host: the viewer's end. */
  open(changes: Partial<HostDeps> = {}): MemorySocket {
    const [theirs, ours] = MemorySocket.pair();
    this.sockets.push(ours);
    acceptViewer(ours, { ...this.deps, ...changes });
    return theirs;
  }

  /** Seals event lines and sends them to all who are in step. */
  broadcast(lines: string): void {
    const message = this.deps.stream.seal(lines);
    for (const peer of this.peers) if (peer.closed === undefined) peer.sendStream(message);
  }
}

/** A viewer, with what it was told. */
export class TestViewer {
  readonly events: ConnectionEvent[] = [];
  /** Its ends of all transports so far. */
  readonly sockets: MemorySocket[] = [];
  readonly connection: Connection;

  constructor(host: TestHost, link: Link, options: Partial<ConnectOptions> = {}) {
    this.connection = connect(link, {
      name: "Ada",
      clock: host.clock,
      random: () => 1,
      dial: () => {
        const socket = host.open();
        this.sockets.push(socket);
        return Promise.resolve(socket);
      },
      ...options,
      onEvent: (event) => {
        this.events.push(event);
        if (event.kind === "state" || event.kind === "lines") this.connection.painted(event.seq);
      },
    });
  }

  /** Its current end of the transport. */
  get socket(): MemorySocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error("No transport was opened");
    return socket;
  }

  /** All event lines it got. */
  get lines(): string {
    return this.events.map((event) => "lines" in event ? event.lines : "").join("");
  }

  /** Why it is over, once it is. */
  get ended(): string | undefined {
    const { status } = this.connection;
    return status.kind === "ended" ? status.end.code : undefined;
  }

  /** Waits until it has had so many states. */
  async joined(times = 1): Promise<void> {
    await until(
      () => this.events.filter((event) => event.kind === "state").length >= times,
      `state ${times}, having had ${JSON.stringify(this.events)}`,
    );
  }

  /** Waits until it has all lines of this text. */
  async has(lines: string): Promise<void> {
    await until(() => this.lines.includes(lines), `${lines}, having ${this.lines}`);
  }
}

/** Makes a request a WebSocket that sends back what is binary; a text is the reason for which it closes. */
export function echoing(request: Request): Response {
  const { socket, response } = Deno.upgradeWebSocket(request);
  socket.binaryType = "arraybuffer";
  socket.onmessage = ({ data }) => {
    if (typeof data === "string") socket.close(4012, data);
    else socket.send(data);
  };
  return response;
}
