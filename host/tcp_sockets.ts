/**
 * The TCP connections that this process has accepted, as the system knows them. An HTTP server shows a connection only
 * once a whole request has come over it.
 *
 * @module
 */
import { canonicalAddress } from "./client_address.ts";
import type { OpenConnection } from "./open_connections.ts";
import { Libc, memory } from "./pty/libc.ts";

/** An accepted connection. */
export interface TcpSocket extends OpenConnection {
  /** Its descriptor; another file's as soon as it is closed. */
  readonly fd: number;
}

/** Descriptors are asked for in groups of so many: the system takes no more than may be open at a time. */
const GROUP = 1_024;
/** After so many groups without one, there are no more: the lowest number that is free is always taken first. */
const EMPTY_GROUPS = 8;
/** Beyond this none is looked for. */
const MAX_FD = 131_072;
/** `struct pollfd`. */
const POLL_BYTES = 8;
/** `POLLNVAL`: it is not open. */
const NOT_OPEN = 0x20;
/** `struct sockaddr_storage`. */
const ADDRESS_BYTES = 128;
const IPV4 = 2;
/** `IPPROTO_TCP`, `TCP_INFO`, and where `tcpi_bytes_received` is in `struct tcp_info` (Linux since 4.1). */
const TCP = 6, TCP_INFO = 11, BYTES_RECEIVED_AT = 128;
/** `SOL_SOCKET`, `SO_RCVBUF` and `SO_LINGER`, on Linux and on macOS (which was not run). */
const OPTIONS = {
  linux: { socket: 1, receiveBuffer: 8, linger: 13 },
  darwin: { socket: 0xffff, receiveBuffer: 0x1002, linger: 0x80 },
} as const;
/** `TCP_NODELAY`, the same on both. */
const NO_DELAY = 1;
/** `SHUT_RDWR`. */
const BOTH_WAYS = 2;

/** Lists and cuts connections. */
export class TcpSockets implements Disposable {
  readonly #libc = Libc.acquire();
  readonly #poll = new DataView(memory(GROUP * POLL_BYTES).buffer);
  readonly #address = memory(ADDRESS_BYTES);
  readonly #length = new Uint32Array(memory(4).buffer);
  readonly #info = new DataView(memory(256).buffer);
  readonly #ipv6: number;

  constructor() {
    this.#ipv6 = this.#libc.platform.os === "linux" ? 10 : 30;
  }

  /** Those that came in at a port of this machine. */
  accepted(localPort: number): TcpSocket[] {
    const found: TcpSocket[] = [];
    for (const fd of this.#all()) {
      const connection = this.#remote(fd, localPort);
      if (connection !== undefined) found.push({ fd, ...connection });
    }
    return found;
  }

  /**
   * Bounds what the system keeps for each connection that will come in at a port until it is read, and with it what can
   * come between two looks.
   */
  boundBuffers(localPort: number, bytes: number): void {
    for (const fd of this.#listeners(localPort)) this.#set(fd, "receiveBuffer", [bytes]);
  }

  /**
   * Sends what is written to each connection that will come in at a port at once. The runtime does so by itself, but not
   * over TLS: there what was written would wait until the other side has confirmed what went before, which takes up to
   * 40 ms.
   */
  sendAtOnce(localPort: number): void {
    for (const fd of this.#listeners(localPort)) {
      this.#libc.call.setsockopt(fd, TCP, NO_DELAY, numbers([1]), 4);
    }
  }

  /**
   * How many bytes a connection has brought since it began, read or not; `undefined` where the system does not say, or the
   * connection is gone.
   */
  receivedBytes({ fd }: TcpSocket): number | undefined {
    if (this.#libc.platform.os !== "linux") return undefined;
    this.#length[0] = this.#info.byteLength;
    const info = new Uint8Array(this.#info.buffer as ArrayBuffer);
    const length = new Uint8Array(this.#length.buffer);
    if (this.#libc.call.getsockopt(fd, TCP, TCP_INFO, info, length) !== 0) return undefined;
    if (this.#length[0]! < BYTES_RECEIVED_AT + 8) return undefined;
    return Number(this.#info.getBigUint64(BYTES_RECEIVED_AT, true));
  }

  /** Ends a connection, if it still is the one. Whoever reads it sees its end. */
  cut(socket: TcpSocket, localPort: number): void {
    if (this.#isStill(socket, localPort)) this.#libc.call.shutdown(socket.fd, BOTH_WAYS);
  }

  /** Cuts a connection, if it still is the one, and drops what is still on its way, in both directions. */
  reset(socket: TcpSocket, localPort: number): void {
    if (!this.#isStill(socket, localPort)) return;
    // Closing it then waits for nothing, and tells the other side.
    this.#set(socket.fd, "linger", [1, 0]);
    this.#libc.call.shutdown(socket.fd, BOTH_WAYS);
  }

  [Symbol.dispose](): void {
    this.#libc.release();
  }

  #isStill({ fd, address, port }: TcpSocket, localPort: number): boolean {
    const now = this.#remote(fd, localPort);
    return now?.address === address && now.port === port;
  }

  #set(fd: number, option: "receiveBuffer" | "linger", values: readonly number[]): void {
    const { socket, ...options } = OPTIONS[this.#libc.platform.os];
    const bytes = numbers(values);
    this.#libc.call.setsockopt(fd, socket, options[option], bytes, bytes.length);
  }

  /** What accepts connections at a port: they have their options from it. */
  *#listeners(localPort: number): Generator<number> {
    for (const fd of this.#all()) {
      const isOfPort = this.#name("getsockname", fd)?.port === localPort;
      if (isOfPort && this.#name("getpeername", fd) === undefined) yield fd;
    }
  }

  /** All descriptors that are open. */
  *#all(): Generator<number> {
    for (let first = 0, empty = 0; first < MAX_FD && empty < EMPTY_GROUPS; first += GROUP) {
      const open = this.#open(first);
      empty = open.length === 0 ? empty + 1 : 0;
      yield* open;
    }
  }

  /** The open ones of a group of descriptors. */
  #open(first: number): number[] {
    const poll = this.#poll;
    for (let i = 0; i < GROUP; i++) {
      poll.setInt32(i * POLL_BYTES, first + i, true);
      poll.setInt32(i * POLL_BYTES + 4, 0, true);
    }
    const buffer = new Uint8Array(poll.buffer as ArrayBuffer);
    if (this.#libc.call.pollNow(buffer, BigInt(GROUP), 0) < 0) return [];
    const open: number[] = [];
    for (let i = 0; i < GROUP; i++) {
      if ((poll.getInt16(i * POLL_BYTES + 6, true) & NOT_OPEN) === 0) open.push(first + i);
    }
    return open;
  }

  /** The other end of a connection that came in at a port; `undefined` for anything else. */
  #remote(fd: number, localPort: number): OpenConnection | undefined {
    if (this.#name("getsockname", fd)?.port !== localPort) return undefined;
    return this.#name("getpeername", fd);
  }

  #name(call: "getsockname" | "getpeername", fd: number): OpenConnection | undefined {
    this.#length[0] = ADDRESS_BYTES;
    const length = new Uint8Array(this.#length.buffer);
    if (this.#libc.call[call](fd, this.#address, length) !== 0) return undefined;
    const bytes = this.#address;
    // The family's two bytes: on macOS the first of them is the length.
    const family = this.#libc.platform.os === "linux" ? bytes[0]! | bytes[1]! << 8 : bytes[1]!;
    const port = bytes[2]! << 8 | bytes[3]!;
    if (family === IPV4) return { address: bytes.subarray(4, 8).join("."), port };
    if (family !== this.#ipv6) return undefined;
    const groups: string[] = [];
    for (let at = 8; at < 24; at += 2) groups.push((bytes[at]! << 8 | bytes[at + 1]!).toString(16));
    return { address: canonicalAddress(groups.join(":")), port };
  }
}

/** Numbers as C has them in an array of `int`. */
function numbers(values: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = memory(4 * values.length);
  values.forEach((value, i) => new DataView(bytes.buffer).setInt32(4 * i, value, true));
  return bytes;
}
