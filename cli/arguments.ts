import { parseArgs } from "node:util";
import { didYouMean } from "../display/text/nearest.ts";
import { UsageError } from "./errors.ts";

/** The help of a command, which is also all that the parser knows of it. */
export interface Manual {
  name: string;
  /** Its line in the list of commands. */
  summary: string;
  /** The paragraphs of its help. */
  about: string[];
  arguments: Argument[];
  /** By name, without the dashes. */
  options: Record<string, Option>;
  /**
   * Shell lines that run in a directory with `runinfo`, `before` and `after` as
   * Parsl left them, and `runs.sqlite3`, imported from `runinfo`.
   */
  examples: { help: string; line: string }[];
}

interface Argument {
  name: string;
  /** The name in brackets if it may be missing, with "..." if it may repeat. */
  usage: string;
  help: string;
}

interface Option {
  /** "-o, --output FILE", or "--where NAME=VALUE ..." if it may repeat. */
  usage: string;
  help: string;
  short?: string | undefined;
  /** Whether it takes a value; otherwise it is a switch. */
  hasValue: boolean;
}

/** Whether an argument takes all that remain, or an option may be repeated. */
const isMany = ({ usage }: Argument | Option): boolean => usage.includes("...");

/**
 * Parses the arguments of a command.
 *
 * @throws {UsageError} with the nearest name, for a mistyped one
 */
export function parseArguments(
  command: Manual,
  args: readonly string[],
): Given {
  const { options } = command;
  const { tokens, positionals } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(options).map(([name, { hasValue, short }]) => [
        name,
        { type: hasValue ? "string" : "boolean", ...(short && { short }) },
      ]),
    ),
    // Errors of parseArgs do not name the command or the nearest option.
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const names = new Set(
    Object.entries(options).flatMap(([name, { short }]) => [
      `--${name}`,
      ...short ? [`-${short}`] : [],
    ]),
  );
  const given = new Given();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const { name, rawName, value, inlineValue } = token;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (!option) {
      throw new UsageError(
        `dnpc ${command.name} has no option ${rawName}` +
          didYouMean(name, Object.keys(options), "--"),
      );
    }
    const { hasValue, usage, help } = option;
    const isNext = inlineValue === false && names.has(value);
    if (hasValue && (value === undefined || isNext)) {
      throw new UsageError(`${rawName} needs a value: ${usage}`);
    }
    if (!hasValue && value !== undefined) {
      throw new UsageError(`${rawName} takes no value: ${help}`);
    }
    if (given.has(name) && hasValue && !isMany(option)) {
      throw new UsageError(`${rawName} is given twice`);
    }
    given.getOrInsertComputed(name, () => []).push(value ?? "");
  }
  if (!given.has("help")) addPositionals(given, command, positionals);
  return given;
}

function addPositionals(
  given: Given,
  { name: command, arguments: expected }: Manual,
  rest: string[],
): void {
  for (const argument of expected) {
    const { name, usage, help } = argument;
    if (rest.length > 0) {
      given.set(name, rest.splice(0, isMany(argument) ? rest.length : 1));
    } else if (!usage.startsWith("[")) {
      throw new UsageError(
        `dnpc ${command} needs ${name}: ${help[0]!.toLowerCase()}${
          help.slice(1)
        }`,
      );
    }
  }
  if (rest.length === 0) return;
  throw new UsageError(
    `dnpc ${command} takes ${expected.map(({ name }) => name).join(" ")}; ` +
      `"${rest[0]}" is one too many`,
  );
}

/** The arguments and options of one call, checked against the command. */
export class Given extends Map<string, string[]> {
  /** All values of an argument or option; a switch has one empty text. */
  all(name: string): readonly string[] {
    return this.get(name) ?? [];
  }

  value(name: string): string | undefined {
    return this.get(name)?.[0];
  }

  /** The value of an argument that the command needs. */
  argument(name: string): string {
    return this.value(name)!;
  }

  /** @throws {UsageError} if a value is not a number */
  numbers(option: string): number[] {
    return this.all(option).map((text) => {
      const number = Number(text);
      if (text.trim() !== "" && !Number.isNaN(number)) return number;
      throw new UsageError(`--${option} takes a number, not "${text}"`);
    });
  }

  /** @throws {UsageError} if the value is not one of the names */
  choice<T extends string>(option: string, names: readonly T[]): T | undefined {
    const text = this.value(option);
    const found = names.find((known) => known === text);
    if (text === undefined || found !== undefined) return found;
    throw new UsageError(
      `--${option} takes ${names.slice(0, -1).join(", ")} or ` +
        `${names.at(-1)}, not "${text}"${didYouMean(text, names)}`,
    );
  }

  /**
   * Splits values NAME=VALUE.
   *
   * @throws {UsageError} if a value has no name or no equals sign
   */
  pairs(
    name: string,
    expected = `--${name} takes NAME=VALUE`,
  ): [string, string][] {
    return this.all(name).map((text) => {
      const at = text.indexOf("=");
      if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
      throw new UsageError(`${expected}, not "${text}"`);
    });
  }
}
