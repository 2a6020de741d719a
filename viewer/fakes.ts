/**
 * Terminals for tests: nothing is written anywhere, and time passes when the test says so.
 *
 * @module
 */
import { type Capabilities, FULL_CAPABILITIES } from "./capabilities.ts";
import type { Clock } from "./clock.ts";
import type { Size, TerminalDevice, TerminalSignal } from "./device.ts";
import type { Terminal, TerminalEvents } from "./terminal.ts";

/** Time that passes only when told to. */
export class FakeClock implements Clock {
  #nowMs = 5_000_000;
  readonly #timers = new Set<{ readonly atMs: number; readonly run: () => void }>();

  now(): number {
    return this.#nowMs;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { atMs: this.#nowMs + ms, run: callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** How many timers wait. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets time pass, timer by timer. */
  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const due = [...this.#timers].filter(({ atMs }) => atMs <= endMs);
      const next = due.sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.run();
    }
    this.#nowMs = endMs;
  }
}

/** A terminal that takes writes when told to. */
export class FakeTerminal implements Terminal {
  size: Size;
  readonly capabilities: Capabilities;
  /** Every write, in order. */
  readonly written: string[] = [];
  /** Whether a write stays in flight until {@link FakeTerminal.drain}. */
  stalled = false;
  #events: TerminalEvents | undefined;
  #flight: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  constructor(size: Size, capabilities: Capabilities = FULL_CAPABILITIES) {
    this.size = size;
    this.capabilities = capabilities;
  }

  get busy(): boolean {
    return this.#flight !== undefined;
  }

  get idle(): Promise<void> {
    return this.#flight?.promise ?? Promise.resolve();
  }

  listen(events: TerminalEvents): void {
    this.#events = events;
  }

  /** Types, as if a key sent each text. */
  type(...texts: string[]): void {
    for (const text of texts) this.#events?.input(new TextEncoder().encode(text));
  }

  /** Gives the window another size. */
  resize(cols: number, rows: number): void {
    this.size = { cols, rows };
    this.#events?.resize(this.size);
  }

  /** Closes the window. */
  hangUp(): void {
    this.#events?.gone?.();
  }

  /** All that was written. */
  get output(): string {
    return this.written.join("");
  }

  write(data: string): Promise<void> {
    if (this.#flight !== undefined) throw new Error("A write to the terminal is in flight");
    this.written.push(data);
    if (!this.stalled) return Promise.resolve();
    this.#flight = Promise.withResolvers<void>();
    return this.#flight.promise;
  }

  /** Completes the write in flight, and lets what waited for it run. */
  async drain(): Promise<void> {
    const flight = this.#flight;
    this.#flight = undefined;
    flight?.resolve();
    await settled();
  }
}

/** A device under a test's control: partial writes, stalls, signals and a clock. */
export class FakeDevice implements TerminalDevice {
  raw = false;
  closed = false;
  window: Size = { cols: 80, rows: 24 };
  output = "";
  /** How many bytes one write takes; 0 stalls, -1 fails. */
  writeBytes = Infinity;
  exited: { readonly code: number; readonly message: string | undefined } | undefined;
  #clock = 0;
  readonly #timers = new Map<number, { readonly at: number; readonly run: () => void }>();
  readonly #signals = new Map<TerminalSignal, Set<() => void>>();
  readonly #crash = new Set<(error: unknown) => void>();
  readonly #exit = new Set<() => void>();
  readonly #decoder = new TextDecoder();
  #reader: ((bytes: Uint8Array | null) => void) | undefined;
  #writer: (() => void) | undefined;
  #nextTimer = 0;

  async write(data: Uint8Array): Promise<number> {
    if (this.writeBytes === 0) {
      await new Promise<void>((resolve) => this.#writer = resolve);
      this.#writer = undefined;
    }
    if (this.writeBytes < 0) throw new Error("Input/output error (os error 5)");
    return this.writeSync(data.subarray(0, Math.max(1, this.writeBytes)));
  }

  writeSync(data: Uint8Array): number {
    if (this.#writer !== undefined) throw new Error("Resource busy");
    this.output += this.#decoder.decode(data, { stream: true });
    return data.length;
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    const bytes = await new Promise<Uint8Array | null>((resolve) => this.#reader = resolve);
    if (bytes !== null) buffer.set(bytes);
    return bytes?.length ?? null;
  }

  setRaw(raw: boolean): void {
    this.raw = raw;
  }

  size(): Size {
    return this.window;
  }

  onSignal(signal: TerminalSignal, handler: () => void): () => void {
    const handlers = this.#signals.get(signal) ?? new Set();
    this.#signals.set(signal, handlers.add(handler));
    return () => handlers.delete(handler);
  }

  onCrash(handler: (error: unknown) => void): () => void {
    this.#crash.add(handler);
    return () => this.#crash.delete(handler);
  }

  onExit(handler: () => void): () => void {
    this.#exit.add(handler);
    return () => this.#exit.delete(handler);
  }

  after(ms: number, callback: () => void): () => void {
    const id = this.#nextTimer++;
    this.#timers.set(id, { at: this.#clock + ms, run: callback });
    return () => this.#timers.delete(id);
  }

  exit(code: number, message?: string): void {
    for (const handler of [...this.#exit]) handler();
    this.exited ??= { code, message };
  }

  close(): void {
    this.closed = true;
  }

  /** How many listeners and timers are left. */
  get held(): number {
    const signals = [...this.#signals.values()].reduce((sum, set) => sum + set.size, 0);
    return signals + this.#crash.size + this.#exit.size + this.#timers.size;
  }

  async type(text: string | null): Promise<void> {
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.(text === null ? null : new TextEncoder().encode(text));
    await settled();
  }

  async signal(signal: TerminalSignal): Promise<void> {
    for (const handler of [...this.#signals.get(signal) ?? []]) handler();
    await settled();
  }

  async crash(error: unknown): Promise<void> {
    for (const handler of [...this.#crash]) handler(error);
    await settled();
  }

  /** Lets the stalled write go on. */
  async unstall(writeBytes = Infinity): Promise<void> {
    this.writeBytes = writeBytes;
    this.#writer?.();
    await settled();
  }

  async advance(ms: number): Promise<void> {
    this.#clock += ms;
    for (const [id, timer] of [...this.#timers]) {
      if (timer.at > this.#clock || !this.#timers.delete(id)) continue;
      timer.run();
    }
    await settled();
  }
}

/** Lets everything that is ready run. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}
