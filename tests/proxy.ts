/**
 * A TCP proxy on loopback that counts what passes and can be a bad network: it stalls, cuts, throttles, delays and
 * loses.
 *
 * @module
 */

/** How long TCP takes to find out that something was lost, and to send it again. */
const RESEND_MS = 300;

/** Sends every connection on to `target` (`host:port`) until disposed. */
export class Proxy implements AsyncDisposable {
  /** Bytes from the target to its clients. */
  bytesDown = 0;
  /** Bytes from the clients to the target. */
  bytesUp = 0;
  /** Connections accepted so far. */
  accepted = 0;
  /** What passes to a client in a second, at most. */
  bytesPerSecond: number = Infinity;
  /** How long everything is on its way, in each direction. */
  delayMs = 0;
  /**
   * How much of it is lost on the way, from 0 to 1. TCP sends it again, so that it and all behind it come
   * {@link RESEND_MS} later.
   */
  loss = 0;
  /** Told of all that passes, in either direction. */
  onBytes: (bytes: Uint8Array) => void = () => {};
  readonly #listener: Deno.TcpListener;
  readonly #target: { hostname: string; port: number };
  readonly #connections = new Set<Deno.TcpConn>();
  readonly #running = new Set<Promise<void>>();
  #gate: PromiseWithResolvers<void> | undefined;
  #refusing = false;

  constructor(target: string) {
    const { hostname, port } = new URL(`tcp://${target}`);
    this.#target = { hostname, port: Number(port) };
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.#track(this.#accept());
  }

  /** `127.0.0.1:PORT` of the proxy. */
  get address(): string {
    return `127.0.0.1:${this.#listener.addr.port}`;
  }

  /** The same link through the proxy. */
  link(link: string): string {
    const url = new URL(link);
    url.host = this.address;
    return url.href;
  }

  /** Lets nothing pass in either direction until {@link flow}; connections stay open. */
  stall(): void {
    this.#gate ??= Promise.withResolvers();
  }

  /** Ends {@link stall} and {@link refuse}. */
  flow(): void {
    this.#refusing = false;
    this.#gate?.resolve();
    this.#gate = undefined;
  }

  /** Closes what is open; new connections pass. */
  cut(): void {
    for (const connection of this.#connections) close(connection);
  }

  /** Closes what is open, and everything new at once, until {@link flow}. */
  refuse(): void {
    this.#refusing = true;
    this.cut();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.flow();
    this.cut();
    await Promise.all(this.#running);
  }

  async #accept(): Promise<void> {
    for await (const client of this.#listener) {
      this.accepted++;
      if (this.#refusing) client.close();
      else this.#track(this.#serve(client));
    }
  }

  async #serve(client: Deno.TcpConn): Promise<void> {
    this.#connections.add(client);
    client.setNoDelay();
    let server: Deno.TcpConn | undefined;
    try {
      server = await Deno.connect(this.#target);
      server.setNoDelay();
      this.#connections.add(server);
      await Promise.all([
        this.#copy(client, server, (bytes) => {
          this.bytesUp += bytes;
        }),
        this.#copy(server, client, async (bytes) => {
          this.bytesDown += bytes;
          const ms = bytes / this.bytesPerSecond * 1000;
          if (ms >= 1) await new Promise((resolve) => setTimeout(resolve, ms));
        }),
      ]);
    } catch {
      // One side is gone: so is the connection.
    } finally {
      for (const connection of [client, server]) {
        if (connection === undefined) continue;
        this.#connections.delete(connection);
        close(connection);
      }
    }
  }

  async #copy(
    from: Deno.TcpConn,
    to: Deno.TcpConn,
    passed: (bytes: number) => void | Promise<void>,
  ): Promise<void> {
    const buffer = new Uint8Array(16384);
    let arrivesMs = 0;
    let onTheWay: Promise<void> = Promise.resolve();
    const deliver = async (data: Uint8Array): Promise<void> => {
      await this.#gate?.promise;
      for (let sent = 0; sent < data.length;) sent += await to.write(data.subarray(sent));
      await passed(data.length);
    };
    try {
      for (;;) {
        await this.#gate?.promise;
        const bytes = await from.read(buffer);
        if (bytes === null) break;
        this.onBytes(buffer.slice(0, bytes));
        if (this.delayMs === 0 && this.loss === 0) {
          await deliver(buffer.subarray(0, bytes));
          continue;
        }
        const lostMs = Math.random() < this.loss ? RESEND_MS : 0;
        // Nothing overtakes.
        arrivesMs = Math.max(arrivesMs, performance.now() + this.delayMs + lostMs);
        const data = buffer.slice(0, bytes), atMs = arrivesMs;
        onTheWay = onTheWay.then(async () => {
          await until(atMs);
          await deliver(data);
        });
        onTheWay.catch(() => close(from));
      }
      await onTheWay;
    } finally {
      close(to);
      close(from);
    }
  }

  #track(work: Promise<void>): void {
    this.#running.add(work);
    work.finally(() => this.#running.delete(work)).catch(() => {});
  }
}

async function until(atMs: number): Promise<void> {
  const leftMs = atMs - performance.now();
  if (leftMs > 0) await new Promise((resolve) => setTimeout(resolve, leftMs));
}

function close(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // Already closed.
  }
}
