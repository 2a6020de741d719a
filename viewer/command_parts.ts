/**
 * What the viewer's commands share in how they are called.
 *
 * @module
 */
import { lineBreak, type Message, message, text } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import { option } from "@optique/core/primitives";
import type { Suggestion } from "@optique/core/parser";
import type { Usage } from "@optique/core/usage";
import { string, type ValueParser, type ValueParserResult } from "@optique/core/valueparser";
import { CollabError, UsageError } from "../format/errors.ts";
import { cleanName } from "../wire/name.ts";

/** What follows a command's name in its help: its flags stand below it, each with what it does. */
export function usage(line: string): Usage {
  return [{ type: "literal", value: line }];
}

/** Examples fit a terminal of 80 columns; what a line longer than this is good for stands below it. */
const MAX_COLS = 78, MAX_LINE = 44;

/** A list of command lines and what each is good for, for `--help`. */
export function examples(lines: readonly (readonly [line: string, what: string])[]): Message {
  const width = Math.max(0, ...lines.map(([{ length }]) => length <= MAX_LINE ? length : 0)) + 3;
  const fits = (line: string, what: string): boolean =>
    line.length < width && 2 + width + what.length <= MAX_COLS;
  const rows = lines.flatMap(([line, what]) =>
    fits(line, what)
      ? [`  ${line.padEnd(width)}${what}`]
      : [`  ${line}`, ...(what === "" ? [] : [`      ${what}`])]
  );
  return [text("Examples:"), ...rows.flatMap((row) => [lineBreak(), text(row.trimEnd())])];
}

/** A value that one of our own functions reads; what it throws for a user is what the user is told. */
export function value<T>(
  metavar: "LINK" | "TIME" | "SPEED" | "KEY" | "NAME" | "TEXT",
  read: (input: string) => T,
): ValueParser<"sync", T> {
  return {
    mode: "sync",
    metavar,
    placeholder: undefined as T,
    parse(input): ValueParserResult<T> {
      try {
        return { success: true, value: read(input) };
      } catch (error) {
        if (!(error instanceof CollabError)) throw error;
        return { success: false, error: [{ type: "text", text: error.message }] };
      }
    },
    format: String,
  };
}

/** A path, completed by the shell. */
export function file(metavar: "FILE"): ValueParser<"sync", string> {
  return {
    ...string({ metavar }),
    *suggest(prefix): Iterable<Suggestion> {
      yield { kind: "file", pattern: prefix, type: "file", extensions: [".cast", ".gz"] };
    },
  };
}

/** The flags of who shows a certificate; to be spread among the others. */
export const certificateFlags = {
  clientCert: optional(option("--client-cert", string({ metavar: "FILE" }), {
    description: message`The certificate that is shown to a host that asks for one, in PEM.`,
  })),
  clientKey: optional(option("--client-key", string({ metavar: "FILE" }), {
    description: message`Its key, in PEM.`,
  })),
} as const;

/** What the {@link certificateFlags} name. Throws a {@link UsageError}: `bad-flags`. */
export function certificateOf(
  { clientCert, clientKey }: { readonly clientCert?: string; readonly clientKey?: string },
): { readonly cert: string; readonly key: string } | undefined {
  if (clientCert === undefined && clientKey === undefined) return undefined;
  if (clientCert !== undefined && clientKey !== undefined) {
    return { cert: clientCert, key: clientKey };
  }
  throw new UsageError(
    "bad-flags",
    "Cannot use one of --client-cert and --client-key without the other",
  );
}

/** Absent keys instead of undefined ones. */
export function withoutUndefined<T extends object>(
  options: T,
):
  & { [K in keyof T as undefined extends T[K] ? never : K]: T[K] }
  & {
    [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
  } {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as ReturnType<typeof withoutUndefined<T>>;
}

/** Reads what somebody wants to be called. Throws a {@link UsageError}: `bad-name`. */
export function readName(text: string): string {
  const name = cleanName(text);
  if (name !== "") return name;
  throw new UsageError("bad-name", "A name needs at least one character that can be seen");
}
