/** A command as data, for the parser, the help and the tests. */
export interface Command {
  name: string;
  /** Its line in the list of commands. */
  summary: string;
  /** The paragraphs of its help. */
  about: readonly string[];
  arguments: readonly Argument[];
  /** By name, without the dashes. */
  options: Readonly<Record<string, Option>>;
  examples: readonly Example[];
  /** Returns the exit code, if it is not 0. */
  run(given: Given): Promise<number | void>;
}

export interface Argument {
  name: string;
  help: string;
  optional?: true;
  /** Takes all remaining arguments. */
  many?: true;
}

export interface Option {
  help: string;
  /** Placeholder of its value; a switch has none. */
  value?: string;
  short?: string;
  /** Whether it may be repeated. */
  many?: true;
}

/**
 * A shell line that runs in a directory with `runinfo`, `before` and `after`
 * as Parsl left them, and `runs.sqlite3`, imported from `runinfo`.
 */
export interface Example {
  help: string;
  line: string;
  /** Exit code, if it is not 0. */
  exit?: number;
}

/** The arguments and options of one call, checked against the command. */
export interface Given {
  argument(name: string): string;
  optional(name: string): string | undefined;
  all(name: string): readonly string[];
  has(option: string): boolean;
  value(option: string): string | undefined;
  values(option: string): readonly string[];
  /** @throws {UsageError} if a value is not a number */
  numbers(option: string): number[];
  /** @throws {UsageError} if the value is not one of the names */
  choice<T extends string>(option: string, names: readonly T[]): T | undefined;
}

/** `git bisect run` gives these codes the same meaning. */
export const exitCodes = {
  success: 0,
  failedCheck: 1,
  usage: 2,
  error: 3,
  cannotTest: 125,
} as const;

/** The command was mistyped. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The data cannot answer the command. */
export class DataError extends Error {
  override readonly name = "DataError";
}

/** Whether a user can fix the cause; otherwise the stack matters. */
export const isExpected = (error: unknown): error is Error =>
  error instanceof DataError ||
  error instanceof TypeError || error instanceof RangeError ||
  error instanceof Error &&
    (error.name === "DatabaseError" || isSystemError(error));

const isSystemError = (error: Error): boolean =>
  /^E[A-Z0-9]+$/.test(String((error as { code?: unknown }).code)) ||
  Object.values(Deno.errors).some((kind) => error instanceof kind);

/**
 * Splits NAME=VALUE texts.
 *
 * @throws {UsageError} if a text has no name or no equals sign
 */
export const pairs = (
  what: string,
  texts: readonly string[],
): [string, string][] =>
  texts.map((text) => {
    const at = text.indexOf("=");
    if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
    throw new UsageError(`${what}, not "${text}"`);
  });
