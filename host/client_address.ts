/**
 * Addresses of those who connect.
 *
 * @module
 */

/** The other end of a connection, as far as the transport knows it. */
export interface Client {
  /** Its IP address, as {@link canonicalAddress} writes it. */
  readonly address: string;
  readonly port: number;
  /** What its certificate calls it, where it had to show one. */
  readonly name?: string;
}

/** Somebody whose WebSocket has just opened. */
export interface Caller extends Client {
  /** To be called once they are let in: longer messages are taken from them then. */
  letIn(): void;
}

/**
 * The one way to write an IP address: IPv6 in its shortest form, IPv4 as such even where it comes in through IPv6.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.equal(canonicalAddress("2001:DB8:0::1"), "2001:db8::1");
 * assert.equal(canonicalAddress("::ffff:192.0.2.7"), "192.0.2.7");
 * ```
 */
export function canonicalAddress(text: string): string {
  if (!text.includes(":")) return text;
  const address = shortest(text.replace(/%.*$/, ""));
  const mapped = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(address);
  if (mapped === null) return address;
  const [high, low] = [Number.parseInt(mapped[1]!, 16), Number.parseInt(mapped[2]!, 16)];
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join(".");
}

/** Whether an address, written canonically, is this machine's own. */
export function isLoopbackAddress(address: string): boolean {
  return address === "::1" || /^127\.\d+\.\d+\.\d+$/.test(address);
}

/**
 * Who counts as one: an IPv4 address, or the 64 bits of an IPv6 address that one machine may fill up as it likes.
 *
 * @param address written canonically
 */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.split("::");
  const groups = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  if (tail !== undefined) {
    while (groups.length + after.length < 8) groups.push("0");
  }
  return `${[...groups, ...after].slice(0, 4).join(":")}::/64`;
}

function shortest(address: string): string {
  try {
    return new URL(`http://[${address}]`).hostname.slice(1, -1);
  } catch {
    return address;
  }
}
