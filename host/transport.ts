/**
 * How a session is reached: its server, plain or with TLS, and the way to it that its links tell.
 *
 * @module
 */
import { UsageError } from "../format/errors.ts";
import type { ClosingCode } from "../wire/closing.ts";
import { formatSshTarget, type Link, type SshTarget } from "../wire/link.ts";
import type { Client } from "./client_address.ts";
import type { Clock } from "./clock.ts";
import type { HostEvent } from "./events.ts";
import { type Address, isLoopback, originOf } from "./listen.ts";
import type { TransportOptions } from "./options.ts";
import { startServer } from "./server.ts";
import type { Server, ServerOptions } from "./server_options.ts";
import type { ServerCertificate } from "./tls/certificate.ts";

/** What a transport is made of. */
export interface TransportSetup extends Pick<ServerOptions, "session" | "accept" | "joined"> {
  readonly options: TransportOptions;
  /** Until when links let people in, in milliseconds since 1970. */
  readonly expiresAtMs: number;
  readonly process: TransportProcess;
  /** Somebody was turned away before there was a socket. */
  refused(code: ClosingCode, from?: Pick<Client, "address">): void;
  report(event: HostEvent): void;
}

/** The process around it. */
export interface TransportProcess {
  /** Milliseconds since 1970. */
  now(): number;
  readonly clock: Clock;
  /** This machine's name. */
  machine(): string;
  /** This machine's IP addresses. */
  addresses(): readonly string[];
  /** The version of Deno that this is. */
  readonly version: string;
  /** A line for whoever started the host, before the session is shown. */
  tell(line: string): void;
}

/** A session that can be reached. */
export interface Transport {
  /** What its links tell of the way. */
  readonly place: Pick<Link, "origin" | "pin" | "ssh">;
  /** Stops: sockets that are closing may finish, those that do not are cut after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/**
 * Refuses what does not go together.
 *
 * @throws {UsageError} `bad-flags`
 */
export function checkTransport(options: TransportOptions): void {
  const { cert, key, clientCa, insecure, listen, sshHost, sshRelay, tls } = options;
  if ((cert === undefined) !== (key === undefined)) {
    throw bad("Cannot use one of --cert and --key without the other");
  }
  const secured = cert !== undefined ? "--cert" : clientCa !== undefined ? "--client-ca" : "--tls";
  if (insecure && (tls === true || secured !== "--tls")) {
    throw bad(`Cannot listen without TLS and with it: leave out --insecure or ${secured}`);
  }
  const ssh = sshRelay !== undefined ? "--ssh-relay" : sshHost !== undefined ? "--ssh-host" : "";
  if (ssh !== "" && (usesTls(options) || !isLoopback(listen))) {
    throw bad(
      `Cannot use ${ssh} and TLS or another address: over SSH only loopback is listened on`,
    );
  }
}

/** Whether the server talks TLS: when it is asked to, and wherever others could come in between otherwise. */
function usesTls(
  { cert, clientCa, insecure, listen, tls }: TransportOptions,
): boolean {
  return tls === true || cert !== undefined || clientCa !== undefined ||
    (!isLoopback(listen) && !insecure);
}

/**
 * Listens, and publishes the port where that is asked for.
 *
 * @throws {CollabError} what files, certificates, ports and `ssh` fail with
 */
export async function openTransport(setup: TransportSetup): Promise<Transport> {
  if (usesTls(setup.options)) return await openSecure(setup);
  const server = startServer(serverOptions(setup));
  try {
    return await openPlain(setup, server);
  } catch (error) {
    await server.close(0);
    throw error;
  }
}

async function openPlain(setup: TransportSetup, server: Server): Promise<Transport> {
  const { sshHost, sshRelay } = setup.options;
  if (sshRelay !== undefined) return await openRelay(setup, server, sshRelay);
  const origin = originOf(server.address, "http", setup.process.machine());
  return {
    place: sshHost === undefined ? { origin } : overSsh(sshHost, server.address.port),
    close: (graceMs) => server.close(graceMs),
  };
}

async function openRelay(
  { options, process, report }: TransportSetup,
  server: Server,
  target: SshTarget,
): Promise<Transport> {
  const { startSshRelay } = await import("./ssh_relay.ts");
  const over = formatSshTarget(target);
  const relay = await startSshRelay({
    target,
    localPort: server.address.port,
    clock: process.clock,
    tell: (line) => process.tell(line),
    changed: (up, why) => report({ event: "relay", up, over, ...(why !== undefined && { why }) }),
  });
  // Others have names of their own there.
  const { host, port } = target;
  const known = options.sshHost ?? { host, ...(port !== undefined && { port }) };
  return {
    place: overSsh(known, relay.port),
    close: async (graceMs) => {
      await server.close(graceMs);
      await relay.close();
    },
  };
}

function overSsh(ssh: SshTarget, port: number): Transport["place"] {
  return { origin: new URL(`http://127.0.0.1:${port}`).origin, ssh };
}

async function openSecure(setup: TransportSetup): Promise<Transport> {
  const { options, process } = setup;
  const tls = await import("./tls/certificate.ts");
  const certificate = await certificateOf(setup, tls);
  const common = { ...serverOptions(setup), certificate };
  let server: Server;
  if (options.clientCa === undefined) {
    server = startServer(common);
  } else {
    const authorities = await tls.readAuthorities(options.clientCa);
    const { startMtlsServer } = await import("./tls/mtls_server.ts");
    server = await startMtlsServer({ ...common, authorities, version: process.version });
  }
  const host = hostName(server.address, certificate, process, tls.isFor);
  return {
    place: {
      origin: originOf({ ...server.address, hostname: host }, "https", process.machine()),
      pin: certificate.fingerprint,
    },
    close: (graceMs) => server.close(graceMs),
  };
}

async function certificateOf(
  { options, expiresAtMs, process }: TransportSetup,
  tls: typeof import("./tls/certificate.ts"),
): Promise<ServerCertificate> {
  const { cert, key, listen } = options;
  const nowMs = process.now();
  if (cert !== undefined && key !== undefined) return await tls.readCertificate(cert, key, nowMs);
  const own = [process.machine(), "localhost", ...process.addresses()];
  const names = standsForAll(listen) ? own : [listen.hostname, ...own];
  return await tls.makeCertificate([...new Set(names)], { nowMs, untilMs: expiresAtMs });
}

/** The host in links: where it listens, or what the certificate calls it if that is another name. */
function hostName(
  address: Address,
  { names }: ServerCertificate,
  process: TransportProcess,
  isFor: (names: readonly string[], host: string) => boolean,
): string {
  const own = standsForAll(address) ? process.machine() : address.hostname;
  if (isFor(names, own)) return own;
  return names.find((name) => !name.startsWith("*.")) ?? own;
}

function standsForAll({ hostname }: Address): boolean {
  return hostname === "0.0.0.0" || hostname === "::";
}

function serverOptions(
  { options, session, accept, joined, refused }: TransportSetup,
): ServerOptions {
  const { listen, perAddress } = options;
  return {
    address: listen,
    session,
    accept,
    joined,
    refused,
    ...(perAddress !== undefined && { limits: { perAddress } }),
  };
}

function bad(message: string): UsageError {
  return new UsageError("bad-flags", message);
}
