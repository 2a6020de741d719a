/**
 * Settings of a host for tests.
 *
 * @module
 */
import { DEFAULT_ADDRESS } from "../listen.ts";
import type { HostOptions } from "../options.ts";

/** A host without a terminal, of the user's shell, as it is without any other flag. */
export const HEADLESS: HostOptions = {
  command: [],
  overwrite: false,
  listen: DEFAULT_ADDRESS,
  expiresMs: 3_600_000,
  headless: true,
  json: true,
  insecure: false,
  stdin: false,
  menuKey: "ctrl+\\",
  takeKey: "f12",
  redact: [],
  defaultRedactions: true,
  readOnly: false,
  once: false,
  mode: "presenter",
  confirmPaste: false,
  takeOnKey: false,
  whenGone: "pause",
};
