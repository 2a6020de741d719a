/**
 * Pseudo-terminals through the C library: nothing native to ship, one `poll()` for all of them.
 *
 * @module
 */
export { childEnvironment } from "./environment.ts";
export type { ExitStatus } from "./child.ts";
export type { EchoState } from "./echo.ts";
export { MAX_READ_BYTES, type Pty, spawnPty } from "./pty.ts";
export { MAX_WAITING_BYTES } from "./input.ts";
export type { SpawnOptions } from "./spawn.ts";
