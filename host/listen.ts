/**
 * Where the host listens.
 *
 * @module
 */
import { UsageError } from "../format/errors.ts";

/** An address to listen on. */
export interface Address {
  /** A name or an address; IPv6 without brackets. */
  readonly hostname: string;
  /** 0 takes any that is free. */
  readonly port: number;
}

/** Where a host listens when it is not told. */
export const DEFAULT_ADDRESS: Address = Object.freeze({ hostname: "127.0.0.1", port: 0 });

/**
 * Reads `HOST:PORT`, `HOST`, `:PORT`, `PORT` or `[IPV6]:PORT`. Without a host it is loopback, without a port any.
 *
 * @throws {UsageError} `bad-address`
 *
 * @example
 * ```ts
 * import { parseAddress } from "./listen.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(parseAddress("[::1]:8080"), { hostname: "::1", port: 8080 });
 * assert.deepEqual(parseAddress("8080"), { hostname: "127.0.0.1", port: 8080 });
 * ```
 */
export function parseAddress(text: string): Address {
  const match = /^(?:\[([\da-f:.]+)\]|([\w.-]+))?(?::(\d{1,5}))?$/i.exec(
    /^\d{1,5}$/.test(text) ? `:${text}` : text,
  );
  const port = Number(match?.[3] ?? 0);
  const hostname = match?.[1] ?? match?.[2] ?? DEFAULT_ADDRESS.hostname;
  if (match === null || text === "" || port > 65_535) {
    throw new UsageError(
      "bad-address",
      `Cannot listen on ${
        JSON.stringify(text.slice(0, 80))
      }: write it as "127.0.0.1:8080" or "[::1]:8080"`,
    );
  }
  return { hostname, port };
}

/** Whether only this machine can reach the address. */
export function isLoopback({ hostname }: Address): boolean {
  return hostname === "localhost" || hostname === "::1" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** The origin of links to a server there: an address that stands for all of them becomes this machine's name. */
export function originOf(address: Address, scheme: "http" | "https", machine: string): string {
  const all = address.hostname === "0.0.0.0" || address.hostname === "::";
  const hostname = all ? machine : address.hostname;
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  return new URL(`${scheme}://${host}:${address.port}`).origin;
}
