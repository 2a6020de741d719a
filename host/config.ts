/**
 * The configuration file: where it is, and what it says.
 *
 * @module
 */
import { isAbsolute, join } from "node:path";
import { UsageError } from "../format/errors.ts";
import type { UserRule } from "../redact/user_rules.ts";
import type { HostDefaults } from "./host_defaults.ts";

/** What a configuration file says. */
export interface Config {
  /** What is to be masked besides the usual secrets, the texts of a file that it names among it. */
  readonly redact: readonly UserRule[];
  readonly defaultRedactions?: boolean;
  /** Flags of `collab host` that hold when they are not given. */
  readonly host: Partial<HostDefaults>;
}

/** Which configuration file a command is to read. */
export interface ConfigArguments {
  /** The file; without it the user's own is read, if there is one. */
  readonly config?: string | undefined;
  /** Whether none is read. */
  readonly noConfig: boolean;
}

const NOTHING: Config = Object.freeze({ redact: [], host: {} });
/** A larger file is none that somebody wrote. */
const MAX_BYTES = 1024 * 1024;

/**
 * Reads the configuration that a command is to have.
 *
 * @throws {UsageError} `bad-config`: the file is not there though it was named, cannot be read, or is wrong. What a text
 * to be masked is never stands in the message.
 */
export async function loadConfig(
  { config, noConfig }: ConfigArguments,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Config> {
  if (noConfig) {
    if (config === undefined) return NOTHING;
    throw new UsageError("bad-flags", "--config does not go with --no-config");
  }
  const path = config ?? defaultPath(env);
  if (path === undefined) return NOTHING;
  const text = await readConfig(path, config !== undefined);
  if (text === undefined) return NOTHING;
  const { parseConfig } = await import("./config_file.ts");
  return parseConfig(text, path, env.HOME);
}

/** Where the user's configuration file is; `undefined` without a home. */
export function defaultPath(
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const { XDG_CONFIG_HOME: xdg, HOME: home } = env;
  // The specification has relative paths ignored.
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, "collab", "config.toml");
  return home === undefined || home === ""
    ? undefined
    : join(home, ".config", "collab", "config.toml");
}

/** The file's text; `undefined` when it is not there and need not be. */
async function readConfig(path: string, named: boolean): Promise<string | undefined> {
  let bytes: Uint8Array;
  try {
    const { size, isFile } = await Deno.stat(path);
    if (isFile && size > MAX_BYTES) throw configError(path, "it has more than 1 MiB");
    bytes = await Deno.readFile(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (!named && isMissing(error)) return undefined;
    throw configError(path, reasonOf(error));
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw configError(path, "it is not valid UTF-8");
  }
}

/** Says what is wrong with a configuration file. */
export function configError(path: string, what: string, line?: number): UsageError {
  const where = line === undefined ? "" : `line ${line}: `;
  return new UsageError("bad-config", `Cannot use the configuration "${path}": ${where}${what}`);
}

function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}

function reasonOf(error: unknown): string {
  if (isMissing(error)) return "there is no such file";
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  if (error instanceof Deno.errors.IsADirectory) return "it is a directory";
  return error instanceof Error ? error.message : String(error);
}
