/**
 * What `collab host` does when it is not told: by a flag, or by the configuration file.
 *
 * @module
 */
import { DEFAULT_ADDRESS } from "./listen.ts";
import type { HostOptions } from "./options.ts";
import type { Config, ConfigArguments } from "./config.ts";

/** Settings that a configuration file may have for `collab host`: each has a flag of the same name. */
export type HostDefaults = Pick<
  HostOptions,
  | "name"
  | "listen"
  | "tls"
  | "cert"
  | "key"
  | "clientCa"
  | "sshHost"
  | "sshRelay"
  | "perAddress"
  | "size"
  | "expiresMs"
  | "menuKey"
  | "takeKey"
  | "readOnly"
  | "mode"
  | "confirmPaste"
  | "takeOnKey"
  | "shellMarks"
  | "whenGone"
  | "metrics"
  | "logLevel"
  | "logJson"
  | "logFile"
>;

/** How long a link lets people in when it is not told. */
const EXPIRES_MS = 8 * 3_600_000;

/** Settings that always have a value. */
const DEFAULTS = {
  listen: DEFAULT_ADDRESS,
  tls: false,
  expiresMs: EXPIRES_MS,
  menuKey: "ctrl+\\",
  takeKey: "f12",
  readOnly: false,
  mode: "presenter",
  confirmPaste: false,
  takeOnKey: false,
  whenGone: "pause",
  defaultRedactions: true,
} as const satisfies Partial<HostOptions>;

type Given = keyof typeof DEFAULTS | keyof HostDefaults | "redactRules";

/** Optional keys that may be there without a value. */
type OrUndefined<T> = {
  readonly [K in keyof T]: Record<never, never> extends Pick<T, K> ? T[K] | undefined : T[K];
};

/** What `collab host` was called with: what is absent is for the configuration and the defaults to say. */
export type HostArguments =
  & OrUndefined<Omit<HostOptions, Given>>
  & { readonly [K in Exclude<Given, "redactRules">]?: HostOptions[K] | undefined }
  & ConfigArguments;

/**
 * The settings of a host: flags first, then the configuration, then defaults.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const flags = { command: [], overwrite: false, insecure: false, headless: false, json: false, stdin: false };
 * const args = { ...flags, redact: [], once: false, noConfig: false, mode: "paused" } as const;
 * const options = withConfig(args, { redact: [], host: { name: "Ada", mode: "collaborative" } });
 * assert.deepEqual([options.name, options.mode, options.takeKey], ["Ada", "paused", "f12"]);
 * ```
 */
export function withConfig(args: HostArguments, config: Config): HostOptions {
  const { config: _file, noConfig: _none, ...flags } = args;
  const given = Object.fromEntries(
    Object.entries(flags).filter(([, value]) => value !== undefined),
  ) as typeof flags;
  const { redact: redactRules, defaultRedactions } = config;
  return {
    ...DEFAULTS,
    ...config.host,
    ...(defaultRedactions !== undefined && { defaultRedactions }),
    ...given,
    ...(redactRules.length > 0 && { redactRules }),
  } as HostOptions;
}
