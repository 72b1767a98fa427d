/** A command of the command line, as data: what help, parsing and tests read. */
export interface Command {
  /** What is typed behind `dnpc`. */
  name: string;
  /** In the list of commands, in a line. */
  summary: string;
  /** What else its help says, a paragraph each. */
  about: readonly string[];
  arguments: readonly Argument[];
  /** By their names without the dashes. */
  options: Readonly<Record<string, Option>>;
  examples: readonly Example[];
  /** Does it, and tells the exit code if it is not 0. */
  run(given: Given): Promise<number | void>;
}

/** What is given by its place. */
export interface Argument {
  name: string;
  says: string;
  optional?: true;
  /** Any number of them, the last of all. */
  many?: true;
}

/** What is given by its name. */
export interface Option {
  says: string;
  /** What its value is called; a switch has none. */
  value?: string;
  short?: string;
  /** It may be given more than once. */
  many?: true;
}

/**
 * A line that runs, where `runinfo`, `before` and `after` are, as Parsl left
 * them, and `runs.sqlite3`, made of `runinfo`.
 */
export interface Example {
  says: string;
  line: string;
  /** How it ends, if not with 0. */
  exit?: number;
}

/** What somebody typed, checked against the command. */
export interface Given {
  /** The arguments by their names; of `many`, all. */
  argument(name: string): string;
  optional(name: string): string | undefined;
  all(name: string): readonly string[];
  /** The options by their names. */
  value(name: string): string | undefined;
  values(name: string): readonly string[];
  has(name: string): boolean;
}

/** How a command ends. `git bisect run` reads them in the same way. */
export const exitCodes = {
  success: 0,
  failedCheck: 1,
  usage: 2,
  error: 3,
  cannotTest: 125,
} as const;
