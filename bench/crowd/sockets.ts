/**
 * Thousands of sockets in one thread at a few microseconds a message: non-blocking TCP and epoll through libc. A load
 * generator on the machine that it loads must cost little. Linux only.
 *
 * @module
 */

const LIBC = {
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  connect: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  epoll_create1: { parameters: ["i32"], result: "i32" },
  epoll_ctl: { parameters: ["i32", "i32", "i32", "buffer"], result: "i32" },
  epoll_wait: { parameters: ["i32", "buffer", "i32", "i32"], result: "i32" },
  read: { parameters: ["i32", "buffer", "usize"], result: "i32" },
  write: { parameters: ["i32", "buffer", "usize"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
} as const;

const AF_INET = 2, SOCK_STREAM = 1, SOCK_CLOEXEC = 0o2000000;
const IPPROTO_TCP = 6, TCP_NODELAY = 1, EPOLL_CTL_ADD = 1, EPOLL_CTL_DEL = 2, EPOLLIN = 1;
/** `struct epoll_event` is packed on x86-64 and aligned elsewhere. */
const EVENT_BYTES = Deno.build.arch === "x86_64" ? 12 : 16;
const DATA_AT = EVENT_BYTES - 8;
const MAX_EVENTS = 256, READ_BYTES = 1 << 18, READ_SIZE = BigInt(READ_BYTES);

/** Gets what a socket receives. */
export interface Receiver {
  /** Bytes that came; valid during the call only. */
  receive(bytes: Uint8Array): void;
  /** The other side closed. */
  closed(): void;
}

/** A set of connected sockets that are polled together. */
export class Sockets implements Disposable {
  readonly #library = Deno.dlopen("libc.so.6", LIBC);
  readonly #libc = this.#library.symbols;
  readonly #epoll = this.#libc.epoll_create1(0);
  readonly #receivers = new Map<number, Receiver>();
  readonly #events = new Uint8Array(new ArrayBuffer(EVENT_BYTES * MAX_EVENTS));
  readonly #view = new DataView(this.#events.buffer);
  readonly #buffer = new Uint8Array(new ArrayBuffer(READ_BYTES));

  /** Connects to an address on 127.0.0.1 and gives the socket. */
  connect(port: number, receiver: Receiver): number {
    const fd = this.#libc.socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const address = new Uint8Array(new ArrayBuffer(16));
    new DataView(address.buffer).setUint16(0, AF_INET, true);
    address.set([port >>> 8, port & 255, 127, 0, 0, 1], 2);
    // Blocking until it is connected, which on loopback is at once; reads never wait, for epoll said there is something.
    if (fd < 0 || this.#libc.connect(fd, address, 16) < 0) {
      throw new Error(`Cannot connect to port ${port}`);
    }
    const one = new Uint8Array(new ArrayBuffer(4));
    one[0] = 1;
    this.#libc.setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, one, 4);
    this.#receivers.set(fd, receiver);
    this.watch(fd, true);
    return fd;
  }

  /** Reads from a socket, or leaves it alone from now on. */
  watch(fd: number, reading: boolean): void {
    const event = new Uint8Array(new ArrayBuffer(EVENT_BYTES));
    const view = new DataView(event.buffer);
    view.setUint32(0, EPOLLIN, true);
    view.setInt32(DATA_AT, fd, true);
    this.#libc.epoll_ctl(this.#epoll, reading ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, fd, event);
  }

  /** Sends all of `bytes`: small, to a peer that reads. */
  send(fd: number, bytes: Uint8Array): void {
    for (let sent = 0; sent < bytes.length;) {
      const count = this.#libc.write(
        fd,
        bytes.subarray(sent) as Uint8Array<ArrayBuffer>,
        BigInt(bytes.length - sent),
      );
      if (count < 0) return;
      sent += count;
    }
  }

  /** Waits at most `timeoutMs` for something to read, and passes it on. */
  poll(timeoutMs: number): void {
    const count = this.#libc.epoll_wait(this.#epoll, this.#events, MAX_EVENTS, timeoutMs);
    for (let i = 0; i < count; i++) {
      const fd = this.#view.getInt32(i * EVENT_BYTES + DATA_AT, true);
      const receiver = this.#receivers.get(fd);
      if (receiver === undefined) continue;
      const bytes = this.#libc.read(fd, this.#buffer, READ_SIZE);
      if (bytes > 0) receiver.receive(this.#buffer.subarray(0, bytes));
      else this.#close(fd, receiver);
    }
  }

  [Symbol.dispose](): void {
    for (const fd of this.#receivers.keys()) this.#libc.close(fd);
    this.#libc.close(this.#epoll);
    this.#library.close();
  }

  #close(fd: number, receiver: Receiver): void {
    this.#receivers.delete(fd);
    this.#libc.close(fd);
    receiver.closed();
  }
}
